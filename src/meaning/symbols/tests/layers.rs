use super::*;

fn middleware(text: &str) -> Option<(&'static Middleware, Vec<Option<bool>>)> {
    let used = used(text);
    let found = of(&used)?;
    let middleware = found.entry().middleware.as_ref()?;
    Some((middleware, middleware.off.iter().map(|c| c.holds(&used.path, &found)).collect()))
}

#[test]
fn what_stands_before_handlers() {
    let (jwt, off) = middleware("express-jwt expressjwt({secret: s, algorithms: a})").expect("known");
    assert_eq!((jwt.establishes.as_slice(), off), ([What::Identity].as_slice(), vec![Some(false)]));
    let (_, off) =
        middleware("express-jwt expressjwt({secret: s, credentialsRequired: false})").expect("known");
    assert_eq!(off, [Some(true)]);
    let (_, off) = middleware("passport default.authenticate([\"jwt\", \"anonymous\"])").expect("known");
    assert!(off.contains(&Some(true)), "anybody passes by the second");
    let (_, off) = middleware("passport default.authenticate(\"jwt\", {session: false})").expect("known");
    assert_eq!(off, [Some(false), Some(false)]);
    let (limit, _) = middleware("express-rate-limit rateLimit({})").expect("known");
    assert!(limit.establishes == [What::Rate] && limit.factory);
    let (validator, _) = middleware("@hono/zod-validator zValidator(\"json\", schema)").expect("known");
    assert_eq!(
        (validator.style, validator.establishes.as_slice()),
        (Style::Hono, [What::Validated].as_slice())
    );
    let (guard, _) = middleware("@nestjs/throttler ThrottlerGuard").expect("known");
    assert_eq!((guard.style, guard.establishes.as_slice()), (Style::NestGuard, [What::Rate].as_slice()));
}

#[test]
fn what_stops_nobody_is_known_to() {
    for text in [
        "@clerk/nextjs/server clerkMiddleware()",
        "@clerk/express clerkMiddleware()",
        "passport default.initialize()",
        "express default.json()",
        "helmet default()",
        "cors default()",
        "@fastify/jwt default",
        "@nestjs/throttler ThrottlerModule.forRoot([])",
        "express-validator body(\"email\").isEmail()",
        "hono/cors cors()",
    ] {
        let known = middleware(text).map(|(m, _)| m.establishes.len());
        assert_eq!(known, Some(0), "{text}");
    }
    assert!(middleware("compression default.filter").is_none(), "another export of the package");
    assert!(middleware("compression filter(a)").is_none());
}

#[test]
fn middleware_of_auth_js_needs_its_callback() {
    let only = |text: &str| {
        let used = used(text);
        let found = of(&used).expect("known");
        found.entry().middleware.as_ref().expect("a middleware").only[0].holds(&used.path, &found)
    };
    assert_eq!(only("next-auth default({callbacks: {authorized: =>}}).auth"), Some(true));
    assert_eq!(only("next-auth ({callbacks: {}}).auth"), Some(false), "required, not imported");
    assert_eq!(only("next-auth default(config).auth"), None);
}

#[test]
fn wrappers_are_switched_off_by_options() {
    let off = |text: &str| {
        let used = used(text);
        let found = of(&used).expect("known");
        let wrapper = found.entry().wrapper.as_ref().expect("a wrapper");
        let off = wrapper.off.iter().map(|c| c.holds(&used.path, &found)).any(|held| held == Some(true));
        (wrapper.handler.first(&used.path, &found).is_some(), wrapper.establishes.len(), off)
    };
    assert_eq!(off("@supabase/server withSupabase({auth: \"user\"}, =>)"), (true, 1, false));
    assert_eq!(off("@supabase/server withSupabase({auth: \"none\"}, =>)"), (true, 1, true));
    assert_eq!(off("@supabase/server withSupabase({auth: [\"user\", \"none\"]}, =>)"), (true, 1, true));
    assert_eq!(off("@supabase/server withSupabase({auth: \"publishable:web\"}, =>)"), (true, 1, true));
    assert_eq!(off("@upstash/qstash/nextjs verifySignatureAppRouter(=>)"), (true, 1, false));
    assert_eq!(off("next-auth default({}).auth(=>)"), (true, 0, false), "the session may be nothing");
}

#[test]
fn responses_have_a_status() {
    let status = |used: &Denoted, found: Option<Found>| {
        let found = found?;
        let response = found.entry().response.as_ref()?;
        let there = response.status.iter().find_map(|place| place.first(&used.path, &found)).map(shown);
        let status = there.map(|text| code(&response.codes, &text).map_or(text, |status| status.to_string()));
        Some((response.takes, status.or(response.fixed.map(|status| status.to_string())).unwrap_or_default()))
    };
    let is = |text: &str, takes, expected: &str| {
        let used = used(text);
        assert_eq!(status(&used, of(&used)), Some((takes, expected.to_owned())), "{text}");
    };
    is("next/server NextResponse.json({}, {status: 401})", Takes::Returned, "401");
    is("next/server NextResponse.json({})", Takes::Returned, "200");
    is("global Response(\"no\", {status: 403})", Takes::Returned, "403");
    is("next/server NextResponse.next()", Takes::Passes, "");
    is("next/navigation redirect(\"/login\")", Takes::Throws, "307");
    is("@trpc/server TRPCError({code: \"UNAUTHORIZED\"})", Takes::Thrown, "401");
    is("firebase-functions/v2/https HttpsError(\"unauthenticated\", \"no\")", Takes::Thrown, "401");
    is("hono/http-exception HTTPException(401, {})", Takes::Thrown, "401");
    is("http-errors default(403)", Takes::Thrown, "403");
    is("@nestjs/common UnauthorizedException()", Takes::Thrown, "401");
    let known = |head: &str, text: &str, takes, expected: &str| {
        let used = Denoted { root: Root::Unknown, path: steps(text) };
        assert_eq!(status(&used, within(head, &used.path)), Some((takes, expected.to_owned())), "{text}");
    };
    known("express-response", "status(401).json({})", Takes::Sent, "401");
    known("express-response", "set(a, b).status(404).send(c)", Takes::Sent, "404");
    known("express-response", "json({})", Takes::Sent, "200");
    known("express-response", "status(401)", Takes::Set, "401");
    known("express-response", "sendStatus(403)", Takes::Sent, "403");
    known("fastify-reply", "code(401).send({})", Takes::Sent, "401");
    known("hono-context", "json({}, 401)", Takes::Returned, "401");
    known("koa-context", "throw(401)", Takes::Throws, "401");
}

#[test]
fn logs_inputs_and_variables() {
    let log = |text| says(text).and_then(|e| e.log);
    assert_eq!(log("global console.error(e)"), Some(Log::Error));
    assert_eq!(log("pino default({}).child({}).warn(x)"), Some(Log::Warn));
    assert_eq!(log("@sentry/nextjs captureException(e)"), Some(Log::Tracker));
    assert_eq!(log("winston createLogger({}).info(x)"), Some(Log::Info));
    let input = |head, text| within(head, &steps(text)).and_then(|found| found.entry().input);
    assert_eq!(input("request", "json()"), Some(Input::Body));
    assert_eq!(input("express-request", "body.email"), Some(Input::Body));
    assert_eq!(input("hono-context", "req.query(\"q\")"), Some(Input::Query));
    assert_eq!(input("express-request", "params.id"), Some(Input::Params));
    assert_eq!(says("next/headers cookies().get(\"session\")").and_then(|e| e.input), Some(Input::Cookies));
    let variable = |text: &str| {
        let used = used(text);
        let found = of(&used)?;
        found.entry().env.as_ref()?.first(&used.path, &found).map(shown)
    };
    assert_eq!(variable("global process.env.SECRET").as_deref(), Some("SECRET"));
    assert_eq!(variable("global Deno.env.get(\"SECRET\")").as_deref(), Some("SECRET"));
    assert_eq!(variable("@t3-oss/env-nextjs createEnv({}).SECRET").as_deref(), Some("SECRET"));
    assert_eq!(variable("global process.env[]"), None);
}
