import { Router } from "express";
import asyncHandler from "express-async-handler";
import { prisma } from "../lib/prisma";

const router = Router();

router.get(
  "/users",
  asyncHandler(async (_req, res) => {
    res.json(await prisma.user.findMany({ select: { id: true, email: true } }));
  }),
);

router.delete(
  "/users/:id",
  asyncHandler(async (req, res) => {
    await prisma.user.delete({ where: { id: req.params.id } });
    res.status(204).end();
  }),
);

export default router;
