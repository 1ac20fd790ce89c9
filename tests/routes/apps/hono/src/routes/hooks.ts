import { eq } from "drizzle-orm";
import { Hono } from "hono";
import { Webhook } from "svix";
import { db } from "../db";
import { users } from "../db/schema";

export const hooks = new Hono();

hooks.post("/mail", async (c) => {
  const body = await c.req.text();
  const webhook = new Webhook(process.env.MAIL_WEBHOOK_SECRET!);
  let event: { type: string; data: { user_id: string; email: string } };
  try {
    event = webhook.verify(body, c.req.header()) as typeof event;
  } catch {
    return c.json({ error: "Invalid signature" }, 400);
  }
  if (event.type === "user.updated") {
    await db.update(users).set({ email: event.data.email }).where(eq(users.id, event.data.user_id));
  }
  return c.json({ received: true });
});

hooks.post("/crm", async (c) => {
  const event = await c.req.json();
  if (event.type === "contact.deleted") {
    await db.delete(users).where(eq(users.email, event.email));
  }
  return c.json({ received: true });
});
