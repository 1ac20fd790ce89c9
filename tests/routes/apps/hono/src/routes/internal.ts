import { eq } from "drizzle-orm";
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { db } from "../db";
import { notes } from "../db/schema";

export const internal = new Hono();

const token = process.env.INTERNAL_TOKEN;
if (!token) throw new Error("INTERNAL_TOKEN is not set");

internal.use("*", bearerAuth({ token }));

internal.post("/purge", async (c) => {
  const { userId } = await c.req.json();
  await db.delete(notes).where(eq(notes.userId, userId));
  return c.json({ ok: true });
});
