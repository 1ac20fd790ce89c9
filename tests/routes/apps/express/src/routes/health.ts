import type { Express } from "express";

export function registerHealth(app: Express) {
  app.get("/health", (_req, res) => {
    res.json({ status: "ok" });
  });
}
