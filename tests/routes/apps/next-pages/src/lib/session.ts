import { getIronSession } from "iron-session";
import type { NextApiRequest, NextApiResponse } from "next";

export interface SessionData {
  userId?: string;
  role?: "member" | "admin";
}

export function getSession(req: NextApiRequest, res: NextApiResponse) {
  return getIronSession<SessionData>(req, res, {
    password: process.env.SESSION_PASSWORD!,
    cookieName: "invoices",
    cookieOptions: { secure: process.env.NODE_ENV === "production" },
  });
}
