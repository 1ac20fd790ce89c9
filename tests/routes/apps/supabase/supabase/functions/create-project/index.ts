import { z } from "https://deno.land/x/zod@v3.22.4/mod.ts";
import { admin } from "../_shared/admin.ts";
import { AuthError, requireUser } from "../_shared/auth.ts";
import { corsHeaders, json } from "../_shared/cors.ts";

const Body = z.object({ name: z.string().min(1).max(80) });

Deno.serve(async (req) => {
  if (req.method === "OPTIONS") return new Response("ok", { headers: corsHeaders });
  try {
    const user = await requireUser(req);
    const body = Body.safeParse(await req.json());
    if (!body.success) return json({ error: "Invalid body" }, 400);
    const { data, error } = await admin
      .from("projects")
      .insert({ name: body.data.name, owner_id: user.id })
      .select()
      .single();
    if (error) throw error;
    return json(data, 201);
  } catch (error) {
    if (error instanceof AuthError) return json({ error: "Unauthorized" }, 401);
    console.error("create-project failed", error);
    return json({ error: "Something went wrong" }, 500);
  }
});
