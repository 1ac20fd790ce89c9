import type { NextApiRequest, NextApiResponse } from "next";
import prisma from "@/lib/prisma";
import { getSession } from "@/lib/session";

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  const { userId } = await getSession(req, res);
  if (!userId) return res.status(401).json({ error: "Unauthorized" });
  switch (req.method) {
    case "GET":
      return res.json(await prisma.user.findUnique({ where: { id: userId } }));
    case "PUT":
      return res.json(await prisma.user.update({ where: { id: userId }, data: { name: req.body.name } }));
    default:
      return res.status(405).end();
  }
}
