import type { Request, Response } from "express";
import Stripe from "stripe";
import { prisma } from "../lib/prisma";

const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!);

export async function stripeWebhook(req: Request, res: Response) {
  let event: Stripe.Event;
  try {
    event = stripe.webhooks.constructEvent(
      req.body,
      req.headers["stripe-signature"] as string,
      process.env.STRIPE_WEBHOOK_SECRET!,
    );
  } catch (error) {
    console.error("Invalid signature", error);
    res.status(400).send("Invalid signature");
    return;
  }
  if (event.type === "payment_intent.succeeded") {
    await prisma.order.updateMany({ where: { paymentId: event.data.object.id }, data: { paid: true } });
  }
  res.json({ received: true });
}
