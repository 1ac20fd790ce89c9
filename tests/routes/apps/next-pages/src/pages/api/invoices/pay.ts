import prisma from "@/lib/prisma";
import { withAuth } from "@/lib/with-auth";

async function handler(req: any, res: any) {
  const { id } = req.body;
  await prisma.invoice.update({ where: { id }, data: { paid: true } });
  res.json({ ok: true });
}

export default withAuth(handler);
