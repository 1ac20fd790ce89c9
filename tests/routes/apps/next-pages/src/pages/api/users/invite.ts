import type { NextApiRequest, NextApiResponse } from "next";
import nodemailer from "nodemailer";
import { getSession } from "@/lib/session";

const transport = nodemailer.createTransport({ url: process.env.SMTP_URL });

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  const session = await getSession(req, res);
  if (!session) {
    return res.status(401).json({ error: "Unauthorized" });
  }
  await transport.sendMail({ from: "team@example.com", to: req.body.email, subject: "Join us", text: "Hello" });
  return res.json({ ok: true });
}
