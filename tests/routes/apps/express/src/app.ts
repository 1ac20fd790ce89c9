import express from "express";
import helmet from "helmet";
import morgan from "morgan";
import { stripeWebhook } from "./controllers/webhooks";
import { requireRole, requireUser } from "./middleware/auth";
import { onError } from "./middleware/error";
import { registerHealth } from "./routes/health";
import adminRouter from "./routes/admin";
import authRouter from "./routes/auth";
import ordersRouter from "./routes/orders";
import partnersRouter from "./routes/partners";
import reportsRouter from "./routes/reports";

export function createApp() {
  const app = express();
  app.use(helmet());
  app.use(morgan("combined"));
  app.post("/webhooks/stripe", express.raw({ type: "application/json" }), stripeWebhook);
  app.use(express.json());
  registerHealth(app);
  app.use("/auth", authRouter);
  app.use("/partners", partnersRouter);
  app.use("/reports", reportsRouter);
  app.use("/api", requireUser);
  app.use("/api/orders", ordersRouter);
  app.use("/api/admin", requireRole("admin"), adminRouter);
  app.use(onError);
  return app;
}
