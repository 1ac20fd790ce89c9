import type { NextApiRequest, NextApiResponse } from "next";
import prisma from "@/lib/prisma";

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  if (req.method !== "DELETE") return res.status(405).end();
  await prisma.contact.delete({ where: { id: String(req.query.id) } });
  return res.status(204).end();
}
