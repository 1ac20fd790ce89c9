import { z } from "zod";
import { createTRPCRouter, publicProcedure } from "~/server/trpc";

export const feedbackRouter = createTRPCRouter({
  remove: publicProcedure
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => ctx.db.feedback.delete({ where: { id: input.id } })),

  all: publicProcedure.query(({ ctx }) => ctx.db.feedback.findMany({ include: { author: true } })),
});
