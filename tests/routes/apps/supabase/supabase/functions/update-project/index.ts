import { serve } from "https://deno.land/std@0.168.0/http/server.ts";
import { admin } from "../_shared/admin.ts";
import { AuthError, requireUser } from "../_shared/auth.ts";
import { corsHeaders, json } from "../_shared/cors.ts";

serve(async (req) => {
  if (req.method === "OPTIONS") return new Response("ok", { headers: corsHeaders });
  try {
    await requireUser(req);
    const { id, name } = await req.json();
    const { error } = await admin.from("projects").update({ name }).eq("id", id);
    if (error) throw error;
    return json({ ok: true });
  } catch (error) {
    if (error instanceof AuthError) return json({ error: error.message }, 401);
    return json({ error: (error as Error).message }, 500);
  }
});
