import type { NextApiRequest, NextApiResponse } from "next";
import prisma from "@/lib/prisma";
import { getSession } from "@/lib/session";

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  if (req.method === "PUT") {
    const session = await getSession(req, res);
    if (!session.userId || session.role !== "admin") return res.status(403).json({ error: "Forbidden" });
    await prisma.settings.update({ where: { id: 1 }, data: { currency: req.body.currency } });
    return res.json({ ok: true });
  }
  if (req.method === "DELETE") {
    await prisma.settings.delete({ where: { id: 1 } });
    return res.json({ ok: true });
  }
  return res.status(405).end();
}
