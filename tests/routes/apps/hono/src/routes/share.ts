import { eq } from "drizzle-orm";
import { Hono } from "hono";
import { db } from "../db";
import { notes } from "../db/schema";

export const share = new Hono();

share.post("/:id/publish", async (c) => {
  await db.update(notes).set({ shared: true }).where(eq(notes.id, c.req.param("id")));
  return c.json({ ok: true });
});
