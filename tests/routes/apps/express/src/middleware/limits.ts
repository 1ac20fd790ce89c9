import rateLimit from "express-rate-limit";

export const loginLimit = rateLimit({ windowMs: 15 * 60 * 1000, limit: 10 });
export const modelLimit = rateLimit({ windowMs: 60 * 1000, limit: 5 });
