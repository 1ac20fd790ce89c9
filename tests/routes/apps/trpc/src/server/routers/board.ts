import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { createTRPCRouter, protectedProcedure } from "~/server/trpc";

export const boardRouter = createTRPCRouter({
  list: protectedProcedure.query(({ ctx }) =>
    ctx.db.board.findMany({ where: { ownerId: ctx.session.user.id } }),
  ),

  create: protectedProcedure
    .input(z.object({ name: z.string().min(1).max(80) }))
    .mutation(({ ctx, input }) =>
      ctx.db.board.create({ data: { name: input.name, ownerId: ctx.session.user.id } }),
    ),

  rename: protectedProcedure
    .input(z.object({ id: z.string(), name: z.string().min(1).max(80) }))
    .mutation(async ({ ctx, input }) => {
      const board = await ctx.db.board.findUnique({ where: { id: input.id } });
      if (!board || board.ownerId !== ctx.session.user.id) {
        throw new TRPCError({ code: "NOT_FOUND" });
      }
      return ctx.db.board.update({ where: { id: board.id }, data: { name: input.name } });
    }),

  remove: protectedProcedure
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => ctx.db.board.delete({ where: { id: input.id } })),
});
