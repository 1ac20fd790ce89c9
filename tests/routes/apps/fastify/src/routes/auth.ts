import rateLimit from "@fastify/rate-limit";
import argon2 from "argon2";
import type { FastifyInstance } from "fastify";
import { prisma } from "../lib/prisma";

const credentials = {
  type: "object",
  required: ["email", "password"],
  properties: { email: { type: "string", format: "email" }, password: { type: "string", minLength: 10 } },
} as const;

export default async function routes(app: FastifyInstance) {
  await app.register(rateLimit, { max: 10, timeWindow: "1 minute" });

  app.post("/login", { schema: { body: credentials } }, async (request, reply) => {
    const { email, password } = request.body as { email: string; password: string };
    const user = await prisma.user.findUnique({ where: { email } });
    if (!user || !(await argon2.verify(user.passwordHash, password))) {
      return reply.code(401).send({ error: "Wrong e-mail or password" });
    }
    return { token: app.jwt.sign({ id: user.id, role: user.role }) };
  });
}
