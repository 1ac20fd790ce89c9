import { admin } from "../_shared/admin.ts";

// The CRM calls this when a contact changes.
Deno.serve(async (req) => {
  const event = await req.json();
  if (event.type === "contact.updated") {
    await admin.from("contacts").update({ name: event.contact.name }).eq("crm_id", event.contact.id);
  }
  return new Response("ok");
});
