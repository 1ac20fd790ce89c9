import { eq } from "drizzle-orm";
import { Hono } from "hono";
import { db } from "../db";
import { users } from "../db/schema";
import type { Env } from "../middleware/session";

export const admin = new Hono<Env>();

admin.get("/users", async (c) => c.json(await db.select().from(users)));

admin.patch("/users/:id", async (c) => {
  const { role } = await c.req.json();
  await db.update(users).set({ role }).where(eq(users.id, c.req.param("id")));
  return c.json({ ok: true });
});
