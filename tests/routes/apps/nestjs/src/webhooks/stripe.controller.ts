import { BadRequestException, Controller, Headers, Logger, Post, type RawBodyRequest, Req } from "@nestjs/common";
import type { Request } from "express";
import Stripe from "stripe";
import { Public } from "../auth/public.decorator";
import { PrismaService } from "../prisma.service";

const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!);

@Public()
@Controller("webhooks")
export class StripeController {
  private readonly logger = new Logger(StripeController.name);

  constructor(private readonly prisma: PrismaService) {}

  @Post("stripe")
  async stripe(@Req() request: RawBodyRequest<Request>, @Headers("stripe-signature") signature: string) {
    let event: Stripe.Event;
    try {
      event = stripe.webhooks.constructEvent(request.rawBody!, signature, process.env.STRIPE_WEBHOOK_SECRET!);
    } catch (error) {
      this.logger.warn("Invalid signature");
      throw new BadRequestException("Invalid signature");
    }
    if (event.type === "customer.subscription.deleted") {
      await this.prisma.user.update({ where: { stripeId: event.data.object.customer as string }, data: { plan: "free" } });
    }
    return { received: true };
  }
}
