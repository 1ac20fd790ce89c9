import type { ErrorRequestHandler } from "express";
import { ZodError } from "zod";

export const onError: ErrorRequestHandler = (error, req, res, _next) => {
  if (error instanceof ZodError) {
    res.status(400).json({ error: "Invalid input" });
    return;
  }
  console.error(req.method, req.path, error);
  res.status(500).json({ error: "Something went wrong" });
};
