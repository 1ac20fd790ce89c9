import type { FastifyInstance } from "fastify";
import { prisma } from "../lib/prisma";

export default async function routes(app: FastifyInstance) {
  app.get("/drivers.csv", async (_request, reply) => {
    const drivers = await prisma.driver.findMany();
    reply.type("text/csv");
    return drivers.map((driver) => `${driver.name},${driver.phone}`).join("\n");
  });

  app.get("/mine.csv", { onRequest: [app.authenticate] }, async (request, reply) => {
    const drivers = await prisma.driver.findMany({ where: { employerId: request.user.id } });
    reply.type("text/csv");
    return drivers.map((driver) => `${driver.name},${driver.phone}`).join("\n");
  });
}
