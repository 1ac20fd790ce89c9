import { zValidator } from "@hono/zod-validator";
import { and, eq } from "drizzle-orm";
import { Hono } from "hono";
import { z } from "zod";
import { db } from "../db";
import { notes as table } from "../db/schema";
import type { Env } from "../middleware/session";

const body = z.object({ text: z.string().min(1).max(10_000) });

export const notes = new Hono<Env>()
  .get("/", async (c) => {
    const user = c.get("user");
    return c.json(await db.select().from(table).where(eq(table.userId, user.id)));
  })
  .post("/", zValidator("json", body), async (c) => {
    const { text } = c.req.valid("json");
    const [note] = await db
      .insert(table)
      .values({ id: crypto.randomUUID(), text, userId: c.get("user").id })
      .returning();
    return c.json(note, 201);
  })
  .put("/:id", zValidator("json", body), async (c) => {
    const { text } = c.req.valid("json");
    const changed = await db
      .update(table)
      .set({ text })
      .where(and(eq(table.id, c.req.param("id")), eq(table.userId, c.get("user").id)))
      .returning();
    if (changed.length === 0) return c.json({ error: "Not found" }, 404);
    return c.json(changed[0]);
  })
  .delete("/:id", async (c) => {
    await db.delete(table).where(eq(table.id, c.req.param("id")));
    return c.body(null, 204);
  });
