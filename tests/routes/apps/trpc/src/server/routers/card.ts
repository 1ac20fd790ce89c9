import { TRPCError } from "@trpc/server";
import OpenAI from "openai";
import { z } from "zod";
import { createTRPCRouter, limitedProcedure, protectedProcedure } from "~/server/trpc";

const openai = new OpenAI();

export const cardRouter = createTRPCRouter({
  mine: protectedProcedure.query(({ ctx }) =>
    ctx.db.card.findMany({ where: { assigneeId: ctx.session.user.id } }),
  ),

  move: protectedProcedure
    .input(z.object({ id: z.string(), column: z.enum(["todo", "doing", "done"]) }))
    .mutation(async ({ ctx, input }) => {
      const { count } = await ctx.db.card.updateMany({
        where: { id: input.id, assigneeId: ctx.session.user.id },
        data: { column: input.column },
      });
      if (count === 0) throw new TRPCError({ code: "NOT_FOUND" });
      return { ok: true };
    }),

  describe: limitedProcedure.input(z.object({ title: z.string().max(200) })).mutation(async ({ input }) => {
    const answer = await openai.chat.completions.create({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: `Describe the task: ${input.title}` }],
    });
    return answer.choices[0]?.message.content;
  }),
});
