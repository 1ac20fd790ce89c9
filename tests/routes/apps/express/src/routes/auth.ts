import { Router } from "express";
import asyncHandler from "express-async-handler";
import { login, register } from "../controllers/auth";
import { loginLimit } from "../middleware/limits";

const router = Router();

router.post("/login", loginLimit, asyncHandler(login));
router.post("/register", asyncHandler(register));

export default router;
