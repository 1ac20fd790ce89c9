import { Hono } from "hono";
import { cors } from "hono/cors";
import { logger } from "hono/logger";
import { auth } from "./auth";
import { requireAdmin, requireSession, type Env } from "./middleware/session";
import { admin } from "./routes/admin";
import { ai } from "./routes/ai";
import { hooks } from "./routes/hooks";
import { internal } from "./routes/internal";
import { notes } from "./routes/notes";
import { share } from "./routes/share";

const app = new Hono<Env>();

app.use("*", logger());
app.use("/api/*", cors({ origin: "https://app.example.com", credentials: true }));

app.get("/health", (c) => c.json({ status: "ok" }));
app.on(["GET", "POST"], "/api/auth/*", (c) => auth.handler(c.req.raw));
app.route("/hooks", hooks);
app.route("/share", share);
app.route("/internal", internal);

app.use("/api/*", requireSession);
app.route("/api/notes", notes);
app.route("/api/ai", ai);

app.use("/api/admin/*", requireAdmin);
app.route("/api/admin", admin);

app.onError((error, c) => {
  console.error(c.req.method, c.req.path, error);
  return c.json({ error: "Something went wrong" }, 500);
});

export default app;
