import type { FastifyInstance } from "fastify";
import Stripe from "stripe";
import { prisma } from "../lib/prisma";

const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!);

export default async function routes(app: FastifyInstance) {
  app.post("/stripe", { config: { rawBody: true } }, async (request, reply) => {
    let event: Stripe.Event;
    try {
      event = stripe.webhooks.constructEvent(
        request.rawBody!,
        request.headers["stripe-signature"]!,
        process.env.STRIPE_WEBHOOK_SECRET!,
      );
    } catch (error) {
      request.log.warn(error);
      return reply.code(400).send({ error: "Invalid signature" });
    }
    if (event.type === "invoice.paid") {
      await prisma.account.update({ where: { stripeId: event.data.object.customer as string }, data: { paid: true } });
    }
    return { received: true };
  });
}
