import cors from "@fastify/cors";
import Fastify from "fastify";
import rawBody from "fastify-raw-body";
import auth from "./plugins/auth";
import authRoutes from "./routes/auth";
import adminRoutes from "./routes/admin";
import driverRoutes from "./routes/drivers";
import exportRoutes from "./routes/exports";
import internalRoutes from "./routes/internal";
import vehicleRoutes from "./routes/vehicles";
import webhookRoutes from "./routes/webhooks";

export async function buildApp() {
  const app = Fastify({ logger: true });
  await app.register(cors, { origin: "https://app.example.com" });
  await app.register(rawBody, { global: false });
  await app.register(auth);

  app.setErrorHandler((error, request, reply) => {
    request.log.error(error);
    const status = error.statusCode ?? 500;
    reply.code(status).send({ error: status < 500 ? "Bad request" : "Something went wrong" });
  });

  app.get("/health", async () => ({ status: "ok" }));
  app.register(authRoutes, { prefix: "/auth" });
  app.register(webhookRoutes, { prefix: "/webhooks" });
  app.register(exportRoutes, { prefix: "/exports" });
  app.register(internalRoutes, { prefix: "/internal" });

  app.register(async (api) => {
    api.addHook("onRequest", api.authenticate);
    api.register(vehicleRoutes, { prefix: "/vehicles" });
    api.register(driverRoutes, { prefix: "/drivers" });
    api.register(adminRoutes, { prefix: "/admin" });
  }, { prefix: "/api" });

  return app;
}
