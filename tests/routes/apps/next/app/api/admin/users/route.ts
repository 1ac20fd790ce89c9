import { NextResponse } from "next/server";
import { prisma } from "@/lib/prisma";

export async function GET() {
  const users = await prisma.user.findMany({ select: { id: true, email: true, role: true } });
  return NextResponse.json(users);
}

export async function DELETE(request: Request) {
  const { id } = await request.json();
  await prisma.user.delete({ where: { id } });
  return NextResponse.json({ ok: true });
}
