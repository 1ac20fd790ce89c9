import { Router } from "express";
import { prisma } from "../lib/prisma";

const router = Router();

router.get("/sales", async (_req, res) => {
  try {
    res.json(await prisma.order.findMany({ include: { user: true } }));
  } catch (error) {
    res.status(500).json({ error: (error as Error).message });
  }
});

export default router;
