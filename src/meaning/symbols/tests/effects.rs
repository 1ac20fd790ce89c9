use super::*;
use EffectKind::{
    DbDelete, DbRead, DbSql, DbWrite, Email, Eval, File, Job, Llm, Payment, PaymentRead, Process, Request,
    Sms, Storage, StorageRead, UserAdmin, UserRead,
};

#[track_caller]
fn does(text: &str, kind: EffectKind, target: &str) {
    assert_eq!(effect(text), Some((kind, target.to_owned())), "{text}");
}

#[test]
fn databases_by_library() {
    let supabase = "@supabase/supabase-js createClient(url, key)";
    does(&format!("{supabase}.from(\"posts\").select().eq(\"id\", id).single()"), DbRead, "posts");
    does(&format!("{supabase}.from(\"posts\").insert(row).select()"), DbWrite, "posts");
    does(&format!("{supabase}.from(\"posts\").delete().eq(\"id\", id)"), DbDelete, "posts");
    does(&format!("{supabase}.schema(\"app\").from(\"posts\").update(row).eq(\"id\", id)"), DbWrite, "posts");
    does(&format!("{supabase}.rpc(\"pay\", {{}})"), DbWrite, "pay");
    does("@prisma/client PrismaClient().user.create({data: row})", DbWrite, "user");
    does("@prisma/client PrismaClient().$extends(x).post.findMany()", DbRead, "post");
    does("@prisma/client PrismaClient().$queryRaw(text)", DbSql, "");
    does("drizzle-orm/postgres-js drizzle(client).select().from(users).where(x)", DbRead, "users");
    does("drizzle-orm/node-postgres drizzle(client).insert(users).values(row).returning()", DbWrite, "users");
    does("drizzle-orm drizzle(client).query.users.findFirst({})", DbRead, "users");
    does("drizzle-orm/d1 drizzle(client).delete(users).where(x)", DbDelete, "users");
    does(
        "kysely Kysely({}).updateTable(\"person\").set({}).where(\"id\", \"=\", id).execute()",
        DbWrite,
        "person",
    );
    does("knex default({})(\"users\").where({id}).first()", DbRead, "users");
    does("knex default({})(\"users\").where({id}).update(row)", DbWrite, "");
    does("knex knex({})(\"users\").where({id}).del()", DbDelete, "");
    does("mongoose model(\"User\", schema).findById(id).lean()", DbRead, "User");
    does("mongoose default.model(\"User\", schema).findByIdAndDelete(id)", DbDelete, "User");
    does("mongoose models.User.create(row)", DbWrite, "User");
    does("mongodb MongoClient(url).db(\"app\").collection(\"users\").updateOne(a, b)", DbWrite, "users");
    does("firebase-admin firestore().collection(\"users\").doc(id).set(row)", DbWrite, "users");
    does(
        "firebase-admin/firestore getFirestore().collection(\"users\").where(a, b, c).get()",
        DbRead,
        "users",
    );
    does("pg Pool({}).query(text)", DbSql, "");
    does("pg default.Pool({}).connect().query(text)", DbSql, "");
    does("postgres default(url)(text)", DbSql, "");
    does("better-sqlite3 default(file).prepare(text).run(id)", DbSql, "");
    does("typeorm DataSource({}).getRepository(User).save(user)", DbWrite, "User");
    does("@aws-sdk/lib-dynamodb DeleteCommand({TableName: \"users\"})", DbDelete, "users");
    does("@upstash/redis Redis.fromEnv().set(key, value)", DbWrite, "key");
}

#[test]
fn services_that_cost_or_reach_people() {
    does("openai default({}).chat.completions.create({model: \"m\"})", Llm, "m");
    does("openai OpenAI({}).images.generate({model: \"m\"})", Llm, "m");
    does("@anthropic-ai/sdk default({}).messages.create({model: \"m\"})", Llm, "m");
    does("ai streamText({model: m, prompt: p})", Llm, "m");
    does("@google/genai GoogleGenAI({}).models.generateContent({model: \"m\"})", Llm, "m");
    does(
        "@google/generative-ai GoogleGenerativeAI(k).getGenerativeModel({model: \"m\"}).generateContent(p)",
        Llm,
        "m",
    );
    does("replicate default({}).run(\"m\", {})", Llm, "m");
    does("stripe default(key).checkout.sessions.create({})", Payment, "sessions");
    does("stripe default(key).customers.create({})", Payment, "customers");
    does("stripe default(key).subscriptions.retrieve(id)", PaymentRead, "subscriptions");
    does("resend Resend(key).emails.send({to: address})", Email, "address");
    does("nodemailer default.createTransport({}).sendMail({to: address})", Email, "address");
    does("@sendgrid/mail default.send({to: address})", Email, "address");
    does("twilio default(a, b).messages.create({to: number})", Sms, "number");
    does("inngest Inngest({}).send({})", Job, "…");
}

#[test]
fn files_programs_and_requests() {
    does(
        "@supabase/supabase-js createClient(a, b).storage.from(\"files\").upload(path, file)",
        Storage,
        "files",
    );
    does(
        "@supabase/supabase-js createClient(a, b).storage.from(\"files\").download(path)",
        StorageRead,
        "files",
    );
    does("@aws-sdk/client-s3 PutObjectCommand({Bucket: \"b\"})", Storage, "b");
    does("node:fs/promises writeFile(path, text)", File, "path");
    does("fs default.promises.unlink(path)", File, "path");
    does("node:child_process exec(command)", Process, "command");
    does("global eval(code)", Eval, "code");
    does("global Function(code)()", Eval, "code");
    does("global fetch(address)", Request, "");
    does("global globalThis.fetch(address)", Request, "");
    does("axios default.create({}).post(address, body)", Request, "");
    does("axios default({url: address})", Request, "");
}

#[test]
fn administration_of_users() {
    does("@supabase/supabase-js createClient(a, b).auth.admin.deleteUser(id)", UserAdmin, "id");
    does("@clerk/nextjs/server clerkClient().users.deleteUser(id)", UserAdmin, "id");
    does("@clerk/clerk-sdk-node clerkClient.users.getUser(id)", UserRead, "id");
    does("firebase-admin auth().setCustomUserClaims(id, claims)", UserAdmin, "id");
}

#[test]
fn what_is_not_called_or_not_known_does_nothing() {
    assert_eq!(effect("stripe default(key).checkout.sessions.create"), None, "named, not called");
    assert_eq!(
        effect("@supabase/supabase-js createClient(a, b).from(\"posts\")"),
        None,
        "nothing is asked yet"
    );
    assert_eq!(effect("openai default({}).chat.completions.list()"), None);
    assert_eq!(effect("openai toFile(x)"), None);
    assert_eq!(effect("global create({})"), None);
    assert_eq!(
        effect("@supabase/supabase-js createClient(a, b)[].insert(x)"),
        None,
        "a member that isn't constant"
    );
}

#[test]
fn the_client_at_the_beginning_is_known() {
    let client = |text: &str| {
        let used = used(text);
        let found = of(&used)?.client()?;
        let client = found.entry().client.as_ref()?;
        let at = |place: &'static Place| place.first(&used.path, &found).map(shown);
        Some((client.acts, client.key.as_ref().and_then(at), client.user.iter().any(|p| at(p).is_some())))
    };
    let key = |name: &str| Some(name.to_owned());
    assert_eq!(
        client("@supabase/supabase-js createClient(url, secret).from(\"posts\").select()"),
        Some((Acts::Key, key("secret"), false))
    );
    assert_eq!(
        client(
            "@supabase/supabase-js createClient(url, secret, {global: {headers: {Authorization: token}}}).from(\"posts\").select()"
        ),
        Some((Acts::Key, key("secret"), true))
    );
    assert_eq!(
        client("@supabase/ssr createServerClient(url, anon, {cookies: c}).auth.getUser()"),
        Some((Acts::Key, key("anon"), true))
    );
    assert_eq!(
        client("@supabase/auth-helpers-nextjs createRouteHandlerClient({}).from(\"a\").select()"),
        Some((Acts::User, None, false))
    );
    assert_eq!(client("@prisma/client PrismaClient().user.findMany()"), Some((Acts::Service, None, false)));
    assert_eq!(client("global fetch(url)"), None);
}

#[test]
fn the_name_of_a_key_tells_whose_it_is() {
    assert_eq!(key("SUPABASE_SERVICE_ROLE_KEY"), Some(Acts::Service));
    assert_eq!(key("sb_secret_abc"), Some(Acts::Service));
    assert_eq!(key("NEXT_PUBLIC_SUPABASE_ANON_KEY"), Some(Acts::Anonymous));
    assert_eq!(key("VITE_SUPABASE_PUBLISHABLE_KEY"), Some(Acts::Anonymous));
    assert_eq!(key("SUPABASE_KEY"), None);
}

#[test]
fn an_address_tells_whose_service_is_asked() {
    assert_eq!(of_url("https://api.openai.com/v1/chat/completions"), Some((Llm, "openai")));
    assert_eq!(of_url("https://ai.gateway.lovable.dev/v1/chat/completions"), Some((Llm, "lovable-ai")));
    assert_eq!(of_url("https://api.stripe.com/v1/charges").map(|s| s.0), Some(Payment));
    assert_eq!(of_url("https://api.resend.com/emails"), Some((Email, "resend")));
    assert_eq!(of_url("https://example.com"), None);
}

#[test]
fn what_is_given_to_a_function_is_known() {
    let gives = |text: &str| says(text).and_then(|e| e.callback.first()).map(|c| c.gives.join(" "));
    assert_eq!(gives("@prisma/client PrismaClient().$transaction(=>)").as_deref(), Some("prisma"));
    assert_eq!(gives("@clerk/nextjs/server clerkMiddleware(=>)").as_deref(), Some("clerk-auth next-request"));
    let path = steps("user.delete({where: {id}})");
    let found = within("prisma", &path).expect("known");
    assert_eq!(found.entry().effect.as_ref().map(|e| e.kind), Some(DbDelete));
    let path = steps("protect()");
    assert!(within("clerk-auth", &path).and_then(|f| f.entry().guard.as_ref()).is_some());
    assert_eq!(within("nobody", &path), None);
}
