import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { rateLimiter } from "hono-rate-limiter";
import OpenAI from "openai";
import { z } from "zod";
import type { Env } from "../middleware/session";

const openai = new OpenAI();
const limit = rateLimiter<Env>({ windowMs: 60_000, limit: 10, keyGenerator: (c) => c.get("user").id });

export const ai = new Hono<Env>();

ai.post("/complete", limit, zValidator("json", z.object({ prompt: z.string().max(2_000) })), async (c) => {
  const { prompt } = c.req.valid("json");
  const answer = await openai.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: prompt }],
  });
  return c.json({ text: answer.choices[0].message.content });
});
