import prisma from "@/lib/prisma";
import { withAdmin } from "@/lib/with-auth";

export default withAdmin(async (req, res) => {
  const users = await prisma.user.findMany({ select: { id: true, email: true } });
  return res.json(users);
});
