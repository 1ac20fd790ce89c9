import { Router } from "express";
import asyncHandler from "express-async-handler";
import { OrdersController } from "../controllers/orders";
import { modelLimit } from "../middleware/limits";

const router = Router();
const orders = new OrdersController();

router
  .route("/")
  .get(asyncHandler(orders.list))
  .post(asyncHandler(orders.create));
router.get("/:id", asyncHandler(orders.show));
router.patch("/:id", asyncHandler(orders.update));
router.delete("/:id", asyncHandler(orders.remove));
router.post("/:id/summary", modelLimit, asyncHandler(orders.summarize));

export default router;
