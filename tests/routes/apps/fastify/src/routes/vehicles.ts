import type { FastifyInstance } from "fastify";
import { prisma } from "../lib/prisma";

const vehicle = {
  type: "object",
  required: ["plate"],
  additionalProperties: false,
  properties: { plate: { type: "string", maxLength: 12 } },
} as const;

export default async function routes(app: FastifyInstance) {
  app.get("/", async (request) => {
    return prisma.vehicle.findMany({ where: { ownerId: request.user.id } });
  });

  app.post("/", { schema: { body: vehicle } }, async (request, reply) => {
    const { plate } = request.body as { plate: string };
    const created = await prisma.vehicle.create({ data: { plate, ownerId: request.user.id } });
    return reply.code(201).send(created);
  });

  app.put("/:id", { schema: { body: vehicle } }, async (request, reply) => {
    const { id } = request.params as { id: string };
    const { plate } = request.body as { plate: string };
    const found = await prisma.vehicle.findUnique({ where: { id } });
    if (found?.ownerId !== request.user.id) {
      return reply.code(404).send({ error: "Not found" });
    }
    return prisma.vehicle.update({ where: { id }, data: { plate } });
  });

  app.delete("/:id", async (request, reply) => {
    const { id } = request.params as { id: string };
    await prisma.vehicle.delete({ where: { id } });
    return reply.code(204).send();
  });
}
