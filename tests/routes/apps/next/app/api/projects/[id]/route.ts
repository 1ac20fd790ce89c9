import { NextResponse } from "next/server";
import { z } from "zod";
import { prisma } from "@/lib/prisma";
import { withUser } from "@/lib/with-user";

const updateSchema = z.object({ name: z.string().min(1).max(80) });

export const PATCH = withUser(async (request, { params, user }) => {
  const { id } = await params;
  const { name } = updateSchema.parse(await request.json());
  const { count } = await prisma.project.updateMany({ where: { id, ownerId: user.id }, data: { name } });
  if (count === 0) return NextResponse.json({ error: "Not found" }, { status: 404 });
  return NextResponse.json({ ok: true });
});

export const DELETE = withUser(async (_request, { params }) => {
  const { id } = await params;
  await prisma.project.delete({ where: { id } });
  return new NextResponse(null, { status: 204 });
});
