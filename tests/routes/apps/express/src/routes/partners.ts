import { Router } from "express";
import asyncHandler from "express-async-handler";
import { prisma } from "../lib/prisma";
import { requirePartnerKey } from "../middleware/auth";

const router = Router();

router.use(requirePartnerKey);
router.post(
  "/stock",
  asyncHandler(async (req, res) => {
    const { sku, count } = req.body;
    res.json(await prisma.product.update({ where: { sku }, data: { count } }));
  }),
);

export default router;
