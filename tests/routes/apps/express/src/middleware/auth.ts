import { timingSafeEqual } from "node:crypto";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import jwt from "jsonwebtoken";

export interface Caller {
  id: string;
  role: string;
}

declare global {
  namespace Express {
    interface Request {
      user?: Caller;
    }
  }
}

export function requireUser(req: Request, res: Response, next: NextFunction) {
  const [scheme, token] = (req.headers.authorization ?? "").split(" ");
  if (scheme !== "Bearer" || !token) {
    return res.status(401).json({ error: "Unauthorized" });
  }
  try {
    req.user = jwt.verify(token, process.env.JWT_SECRET!) as Caller;
  } catch {
    return res.status(401).json({ error: "Unauthorized" });
  }
  next();
}

export function requireRole(role: string): RequestHandler {
  return (req, res, next) => {
    if (req.user?.role !== role) {
      return res.status(403).json({ error: "Forbidden" });
    }
    next();
  };
}

export const requirePartnerKey: RequestHandler = (req, res, next) => {
  const expected = process.env.PARTNER_API_KEY;
  const given = req.get("x-api-key");
  if (!expected || !given || given.length !== expected.length) {
    return res.status(401).json({ error: "Invalid API key" });
  }
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(expected))) {
    return res.status(401).json({ error: "Invalid API key" });
  }
  next();
};
