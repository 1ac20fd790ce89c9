import type { FastifyInstance } from "fastify";
import { prisma } from "../lib/prisma";

export default async function routes(app: FastifyInstance) {
  app.get("/", async (request) => {
    return prisma.driver.findMany({ where: { employerId: request.user.id } });
  });

  app.post("/:id/messages", async (request, reply) => {
    const { id } = request.params as { id: string };
    const { text } = request.body as { text: string };
    const driver = await prisma.driver.findFirst({ where: { id, employerId: request.user.id } });
    if (!driver) return reply.code(404).send({ error: "Not found" });
    return prisma.message.create({ data: { text, driverId: driver.id } });
  });
}
