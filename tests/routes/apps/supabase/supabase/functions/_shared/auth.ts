import type { User } from "https://esm.sh/@supabase/supabase-js@2.45.0";
import { admin } from "./admin.ts";

export class AuthError extends Error {}

/** Who is calling. Throws if that is nobody. */
export async function requireUser(req: Request): Promise<User> {
  const token = req.headers.get("Authorization")?.replace("Bearer ", "");
  if (!token) throw new AuthError("Missing token");
  const { data, error } = await admin.auth.getUser(token);
  if (error || !data.user) throw new AuthError("Invalid token");
  return data.user;
}
