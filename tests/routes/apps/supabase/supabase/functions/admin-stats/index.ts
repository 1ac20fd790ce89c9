import { admin } from "../_shared/admin.ts";
import { AuthError, requireUser } from "../_shared/auth.ts";
import { corsHeaders, json } from "../_shared/cors.ts";

Deno.serve(async (req) => {
  if (req.method === "OPTIONS") return new Response("ok", { headers: corsHeaders });
  try {
    const user = await requireUser(req);
    const { data: role } = await admin
      .from("user_roles")
      .select("role")
      .eq("user_id", user.id)
      .eq("role", "admin")
      .maybeSingle();
    if (!role) return json({ error: "Forbidden" }, 403);
    const { data, error } = await admin.from("invoices").select("total, paid_at");
    if (error) throw error;
    return json(data);
  } catch (error) {
    if (error instanceof AuthError) return json({ error: "Unauthorized" }, 401);
    console.error("admin-stats failed", error);
    return json({ error: "Something went wrong" }, 500);
  }
});
