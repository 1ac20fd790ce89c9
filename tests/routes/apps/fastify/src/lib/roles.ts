import type { FastifyReply, FastifyRequest } from "fastify";

export function requireRole(role: string) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.user.role !== role) {
      return reply.code(403).send({ error: "Forbidden" });
    }
  };
}
