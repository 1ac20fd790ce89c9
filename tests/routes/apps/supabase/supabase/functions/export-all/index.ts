import { admin } from "../_shared/admin.ts";
import { corsHeaders, json } from "../_shared/cors.ts";

Deno.serve(async (req) => {
  if (req.method === "OPTIONS") return new Response("ok", { headers: corsHeaders });
  try {
    const { data, error } = await admin.from("contacts").select("*");
    if (error) throw error;
    return json(data);
  } catch (error) {
    console.error("export-all failed", error);
    return json({ error: "Something went wrong" }, 500);
  }
});
