import bcrypt from "bcryptjs";
import type { NextApiRequest, NextApiResponse } from "next";
import * as yup from "yup";
import prisma from "@/lib/prisma";
import { getSession } from "@/lib/session";

const schema = yup.object({ email: yup.string().email().required(), password: yup.string().required() });

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  if (req.method !== "POST") return res.status(405).end();
  const { email, password } = await schema.validate(req.body);
  const user = await prisma.user.findUnique({ where: { email } });
  if (!user || !(await bcrypt.compare(password, user.passwordHash))) {
    return res.status(401).json({ error: "Wrong e-mail or password" });
  }
  const session = await getSession(req, res);
  session.userId = user.id;
  session.role = user.role;
  await session.save();
  return res.json({ ok: true });
}
