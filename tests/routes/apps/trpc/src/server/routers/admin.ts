import { z } from "zod";
import { adminProcedure, createTRPCRouter } from "~/server/trpc";

export const adminRouter = createTRPCRouter({
  users: adminProcedure.query(({ ctx }) => ctx.db.user.findMany()),

  setRole: adminProcedure
    .input(z.object({ id: z.string(), role: z.enum(["user", "admin"]) }))
    .mutation(({ ctx, input }) => ctx.db.user.update({ where: { id: input.id }, data: { role: input.role } })),
});
