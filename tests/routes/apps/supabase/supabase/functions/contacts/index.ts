import { admin } from "../_shared/admin.ts";
import { requireUser } from "../_shared/auth.ts";
import { corsHeaders, json } from "../_shared/cors.ts";

async function create(req: Request) {
  const user = await requireUser(req);
  const { name, email } = await req.json();
  const { data } = await admin.from("contacts").insert({ name, email, owner_id: user.id }).select().single();
  return json(data, 201);
}

async function remove(req: Request) {
  const id = new URL(req.url).searchParams.get("id");
  await admin.from("contacts").delete().eq("id", id);
  return json({ ok: true });
}

Deno.serve(async (req) => {
  try {
    switch (req.method) {
      case "OPTIONS":
        return new Response("ok", { headers: corsHeaders });
      case "POST":
        return await create(req);
      case "DELETE":
        return await remove(req);
      default:
        return json({ error: "Method not allowed" }, 405);
    }
  } catch (error) {
    console.error("contacts failed", error);
    return json({ error: "Something went wrong" }, 500);
  }
});
