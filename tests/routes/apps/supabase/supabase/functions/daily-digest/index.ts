import { Resend } from "npm:resend@4.0.0";
import { admin } from "../_shared/admin.ts";
import { json } from "../_shared/cors.ts";

const resend = new Resend(Deno.env.get("RESEND_API_KEY"));

Deno.serve(async (req) => {
  const secret = Deno.env.get("CRON_SECRET");
  if (!secret || req.headers.get("x-cron-secret") !== secret) return json({ error: "Forbidden" }, 403);
  const { data: profiles, error } = await admin.from("profiles").select("email").eq("digest", true);
  if (error) {
    console.error(error);
    return json({ error: "Could not load" }, 500);
  }
  for (const profile of profiles) {
    await resend.emails.send({ from: "digest@example.com", to: profile.email, subject: "Today", html: "<p>…</p>" });
  }
  return json({ sent: profiles.length });
});
