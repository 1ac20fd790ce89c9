import type { NextApiRequest, NextApiResponse } from "next";
import prisma from "@/lib/prisma";

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  if (req.method === "DELETE") {
    await prisma.contact.delete({ where: { id: String(req.query.id) } });
    return res.status(204).end();
  }
  return res.json(await prisma.contact.findMany());
}
