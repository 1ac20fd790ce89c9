import { admin } from "../_shared/admin.ts";
import { corsHeaders, json } from "../_shared/cors.ts";

// The gate has verified the token: its payload may be read.
function callerOf(req: Request): string | null {
  const token = req.headers.get("Authorization")?.split(" ")[1];
  if (!token) return null;
  try {
    return JSON.parse(atob(token.split(".")[1])).sub ?? null;
  } catch {
    return null;
  }
}

Deno.serve(async (req) => {
  if (req.method === "OPTIONS") return new Response("ok", { headers: corsHeaders });
  const userId = callerOf(req);
  if (!userId) return json({ error: "Unauthorized" }, 401);
  const { data, error } = await admin.from("usage").select("day, tokens").eq("user_id", userId);
  if (error) {
    console.error(error);
    return json({ error: "Could not load" }, 500);
  }
  return json(data);
});
