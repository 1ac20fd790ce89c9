import { admin } from "../_shared/admin.ts";
import { corsHeaders, json } from "../_shared/cors.ts";

Deno.serve(async (req) => {
  if (req.method === "OPTIONS") return new Response("ok", { headers: corsHeaders });
  const token = req.headers.get("Authorization")?.replace("Bearer ", "");
  const { data: { user }, error: authError } = await admin.auth.getUser(token);
  if (authError || !user) return json({ error: "Unauthorized" }, 401);
  const { id } = await req.json();
  const { error } = await admin.from("projects").delete().eq("id", id).eq("owner_id", user.id);
  if (error) {
    console.error("delete-project failed", error);
    return json({ error: "Could not delete" }, 500);
  }
  return json({ ok: true });
});
