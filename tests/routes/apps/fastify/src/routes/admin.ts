import type { FastifyInstance } from "fastify";
import { prisma } from "../lib/prisma";
import { requireRole } from "../lib/roles";

export default async function routes(app: FastifyInstance) {
  app.addHook("preHandler", requireRole("admin"));

  app.get("/users", async () => prisma.user.findMany({ select: { id: true, email: true } }));

  app.delete("/users/:id", async (request, reply) => {
    const { id } = request.params as { id: string };
    await prisma.user.delete({ where: { id } });
    return reply.code(204).send();
  });
}
