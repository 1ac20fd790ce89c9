import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { prisma } from "../lib/prisma";

function isMachine(given: string | undefined): boolean {
  const expected = process.env.INTERNAL_TOKEN;
  if (!expected || !given || given.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

export default async function routes(app: FastifyInstance) {
  app.addHook("onRequest", async (request, reply) => {
    if (!isMachine(request.headers["x-internal-token"] as string | undefined)) {
      return reply.code(401).send({ error: "Unauthorized" });
    }
  });

  app.post("/positions", async (request) => {
    const { vehicleId, lat, lng } = request.body as { vehicleId: string; lat: number; lng: number };
    return prisma.position.create({ data: { vehicleId, lat, lng } });
  });
}
