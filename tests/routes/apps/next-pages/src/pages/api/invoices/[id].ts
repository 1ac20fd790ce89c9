import prisma from "@/lib/prisma";
import { withAuth } from "@/lib/with-auth";

export default withAuth(async (req, res) => {
  if (req.method !== "DELETE") return res.status(405).end();
  const id = String(req.query.id);
  const invoice = await prisma.invoice.findUnique({ where: { id } });
  if (!invoice || invoice.userId !== req.userId) {
    return res.status(404).json({ error: "Not found" });
  }
  await prisma.invoice.delete({ where: { id } });
  return res.status(204).end();
});
