import type { NextRequest } from "next/server";
import { Resend } from "resend";
import { prisma } from "@/lib/prisma";

const resend = new Resend(process.env.RESEND_API_KEY);

export async function GET(request: NextRequest) {
  const secret = process.env.CRON_SECRET;
  if (!secret || request.headers.get("authorization") !== `Bearer ${secret}`) {
    return new Response("Unauthorized", { status: 401 });
  }
  const users = await prisma.user.findMany({ where: { digest: true } });
  for (const user of users) {
    await resend.emails.send({ from: "digest@example.com", to: user.email, subject: "Your week", text: "…" });
  }
  return Response.json({ sent: users.length });
}
