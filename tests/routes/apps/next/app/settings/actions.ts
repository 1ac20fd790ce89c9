"use server";

import { revalidatePath } from "next/cache";
import { auth } from "@/lib/auth";
import { prisma } from "@/lib/prisma";

export async function updateProfile(formData: FormData) {
  const session = await auth();
  if (!session?.user?.id) throw new Error("Unauthorized");
  await prisma.user.update({ where: { id: session.user.id }, data: { name: String(formData.get("name")) } });
  revalidatePath("/settings");
}

export async function revokeKey(id: string) {
  const session = await auth();
  if (!session?.user) throw new Error("Unauthorized");
  await prisma.apiKey.delete({ where: { id } });
}

export async function setPlan(userId: string, plan: string) {
  await prisma.user.update({ where: { id: userId }, data: { plan } });
}
