import { NextResponse } from "next/server";
import { z } from "zod";
import { auth } from "@/lib/auth";
import { prisma } from "@/lib/prisma";
import { ratelimit } from "@/lib/ratelimit";

const createSchema = z.object({ name: z.string().min(1).max(80) });

export async function GET() {
  const session = await auth();
  if (!session?.user?.id) {
    return NextResponse.json({ error: "Unauthorized" }, { status: 401 });
  }
  const projects = await prisma.project.findMany({ where: { ownerId: session.user.id } });
  return NextResponse.json(projects);
}

export async function POST(request: Request) {
  const session = await auth();
  if (!session?.user?.id) {
    return NextResponse.json({ error: "Unauthorized" }, { status: 401 });
  }
  const { success } = await ratelimit.limit(session.user.id);
  if (!success) {
    return NextResponse.json({ error: "Too many requests" }, { status: 429 });
  }
  try {
    const body = createSchema.safeParse(await request.json());
    if (!body.success) {
      return NextResponse.json({ error: "Invalid body" }, { status: 400 });
    }
    const project = await prisma.project.create({ data: { name: body.data.name, ownerId: session.user.id } });
    return NextResponse.json(project, { status: 201 });
  } catch (error) {
    console.error("Could not create a project", error);
    return NextResponse.json({ error: "Something went wrong" }, { status: 500 });
  }
}
