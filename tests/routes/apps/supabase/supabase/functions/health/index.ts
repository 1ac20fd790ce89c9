import { json } from "../_shared/cors.ts";

Deno.serve(() => json({ status: "ok", version: "1.4.0" }));
