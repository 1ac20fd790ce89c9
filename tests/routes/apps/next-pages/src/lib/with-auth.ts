import type { NextApiHandler, NextApiRequest, NextApiResponse } from "next";
import { getSession } from "./session";

export interface AuthedRequest extends NextApiRequest {
  userId: string;
  role: string;
}

type AuthedHandler = (req: AuthedRequest, res: NextApiResponse) => unknown;

export function withAuth(handler: AuthedHandler): NextApiHandler {
  return async (req, res) => {
    const session = await getSession(req, res);
    if (!session.userId) {
      return res.status(401).json({ error: "Unauthorized" });
    }
    const authed = req as AuthedRequest;
    authed.userId = session.userId;
    authed.role = session.role ?? "member";
    return handler(authed, res);
  };
}

export function withAdmin(handler: AuthedHandler): NextApiHandler {
  return withAuth((req, res) => {
    if (req.role !== "admin") {
      return res.status(403).json({ error: "Forbidden" });
    }
    return handler(req, res);
  });
}
