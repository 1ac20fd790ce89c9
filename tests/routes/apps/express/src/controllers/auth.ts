import bcrypt from "bcryptjs";
import type { Request, Response } from "express";
import jwt from "jsonwebtoken";
import { z } from "zod";
import { prisma } from "../lib/prisma";

const credentials = z.object({ email: z.string().email(), password: z.string().min(10) });

const tokenFor = (user: { id: string; role: string }) =>
  jwt.sign({ id: user.id, role: user.role }, process.env.JWT_SECRET!, { expiresIn: "1h" });

export async function login(req: Request, res: Response) {
  const { email, password } = credentials.parse(req.body);
  const user = await prisma.user.findUnique({ where: { email } });
  if (!user || !(await bcrypt.compare(password, user.passwordHash))) {
    res.status(401).json({ error: "Wrong e-mail or password" });
    return;
  }
  res.json({ token: tokenFor(user) });
}

export async function register(req: Request, res: Response) {
  const { email, password } = credentials.parse(req.body);
  const user = await prisma.user.create({ data: { email, passwordHash: await bcrypt.hash(password, 12) } });
  res.status(201).json({ token: tokenFor(user) });
}
