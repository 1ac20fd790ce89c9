import { adminRouter } from "~/server/routers/admin";
import { boardRouter } from "~/server/routers/board";
import { cardRouter } from "~/server/routers/card";
import { feedbackRouter } from "~/server/routers/feedback";
import { createTRPCRouter, publicProcedure } from "~/server/trpc";

export const appRouter = createTRPCRouter({
  health: publicProcedure.query(() => ({ status: "ok" })),
  board: boardRouter,
  card: cardRouter,
  feedback: feedbackRouter,
  admin: adminRouter,
});

export type AppRouter = typeof appRouter;
