import { createMiddleware } from "hono/factory";
import { auth } from "../auth";

type User = { id: string; email: string; role?: string | null };
export type Env = { Variables: { user: User } };

export const requireSession = createMiddleware<Env>(async (c, next) => {
  const session = await auth.api.getSession({ headers: c.req.raw.headers });
  if (!session) {
    return c.json({ error: "Unauthorized" }, 401);
  }
  c.set("user", session.user);
  await next();
});

export const requireAdmin = createMiddleware<Env>(async (c, next) => {
  if (c.get("user").role !== "admin") {
    return c.json({ error: "Forbidden" }, 403);
  }
  await next();
});
