"use server";

import { z } from "zod";
import { prisma } from "@/lib/prisma";
import { authActionClient } from "@/lib/safe-action";

export const renameTeam = authActionClient
  .inputSchema(z.object({ id: z.string().uuid(), name: z.string().min(1) }))
  .action(async ({ parsedInput, ctx }) => {
    const member = await prisma.member.findFirst({
      where: { teamId: parsedInput.id, userId: ctx.userId, role: "owner" },
    });
    if (!member) throw new Error("Forbidden");
    await prisma.team.update({ where: { id: parsedInput.id }, data: { name: parsedInput.name } });
    return { ok: true };
  });
