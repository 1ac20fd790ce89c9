import { NextRequest, NextResponse } from "next/server";
import type { User } from "next-auth";
import { auth } from "@/lib/auth";

type Context = { params: Promise<{ id: string }> };
type Handler = (request: NextRequest, context: Context & { user: User }) => Promise<Response>;

export function withUser(handler: Handler) {
  return async (request: NextRequest, context: Context) => {
    const session = await auth();
    if (!session?.user) {
      return NextResponse.json({ error: "Unauthorized" }, { status: 401 });
    }
    try {
      return await handler(request, { ...context, user: session.user });
    } catch (error) {
      console.error(request.method, request.nextUrl.pathname, error);
      return NextResponse.json({ error: "Something went wrong" }, { status: 500 });
    }
  };
}
