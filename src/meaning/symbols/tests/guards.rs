use super::*;

fn guard(text: &str) -> Option<&'static Guard> {
    says(text)?.guard.as_ref()
}

/// Whether asking for a part of the result of a guard tells that it failed.
fn tells(call: &str, part: &str) -> bool {
    let used = used(&format!("{call}{part}"));
    let found = of(&used).expect("a guard");
    let guard = found.entry().guard.as_ref().expect("a guard");
    guard.fails.iter().any(|failure| failure.shown_by(found.rest(&used.path)))
}

#[test]
fn sessions_are_checked_by_what_they_give() {
    let get_user = "@supabase/supabase-js createClient(url, key).auth.getUser(token)";
    assert_eq!(guard(get_user).map(|g| (g.what, g.how)), Some((What::Identity, How::Result)));
    assert!(tells(get_user, ".data.user") && tells(get_user, ".error") && tells(get_user, ".data.user.id"));
    assert!(!tells(get_user, "") && !tells(get_user, ".data"), "the object that holds both is always there");

    assert!(
        tells("next-auth getServerSession(options)", "")
            && tells("next-auth getServerSession(options)", ".user.email")
    );
    assert!(tells("next-auth default(config).auth()", ".user"));
    assert!(tells("@clerk/nextjs/server auth()", ".userId") && !tells("@clerk/nextjs/server auth()", ""));
    assert!(tells("better-auth betterAuth({}).api.getSession({headers: h})", ""));
    assert!(
        tells("iron-session getIronSession(a, b)", ".userId")
            && !tells("iron-session getIronSession(a, b)", "")
    );
}

#[test]
fn what_throws_by_itself_needs_no_check() {
    for text in [
        "@clerk/nextjs/server auth.protect()",
        "@clerk/nextjs/server auth().protect()",
        "firebase-admin auth().verifyIdToken(token)",
        "firebase-admin/auth getAuth().verifySessionCookie(cookie)",
        "jose jwtVerify(token, key)",
        "jsonwebtoken verify(token, key)",
        "jsonwebtoken default.verify(token, key)",
        "stripe default(key).webhooks.constructEvent(body, signature, secret)",
        "stripe Stripe(key).webhooks.constructEventAsync(body, signature, secret)",
        "svix Webhook(secret).verify(body, headers)",
        "zod z.object({}).strict().parse(body)",
        "zod object({}).parse(body)",
        "rate-limiter-flexible RateLimiterMemory({}).consume(ip)",
        "node:crypto default.timingSafeEqual2()",
    ] {
        let how = guard(text).map(|g| g.how);
        let expected = (!text.contains("timingSafeEqual2")).then_some(How::Throws);
        assert_eq!(how, expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_proof_says_so() {
    let proof = |text| guard(text).map(|g| g.proof);
    assert_eq!(proof("@supabase/ssr createServerClient(a, b, c).auth.getSession()"), Some(Proof::Unverified));
    assert_eq!(proof("jsonwebtoken decode(token)"), Some(Proof::Unverified));
    assert_eq!(proof("jose decodeJwt(token)"), Some(Proof::Unverified));
    assert_eq!(proof("jwt-decode jwtDecode(token)"), Some(Proof::Unverified));
    assert_eq!(proof("better-auth/cookies getSessionCookie(request)"), Some(Proof::Presence));
    assert_eq!(proof("@clerk/nextjs useUser()"), Some(Proof::Client));
    assert_eq!(proof("next-auth/react useSession()"), Some(Proof::Client));
    assert_eq!(proof("@clerk/nextjs/server currentUser()"), Some(Proof::Verified));
}

#[test]
fn a_name_alone_is_nothing() {
    for text in [
        "global auth()",
        "global getUser()",
        "global verify(token)",
        "./lib/auth auth()",
        "some-package getServerSession()",
        "@clerk/nextjs/server protect()",
        "@supabase/supabase-js createClient(a, b).auth.getUserName()",
        "zod-like z.object({}).parse(body)",
    ] {
        assert!(guard(text).is_none(), "{text}");
    }
}

#[test]
fn options_change_what_a_guard_does() {
    let holds = |text: &str, which: fn(&'static Guard) -> &'static [Condition]| {
        let used = used(text);
        let found = of(&used).expect("a guard");
        let guard = found.entry().guard.as_ref().expect("a guard");
        which(guard).iter().map(|c| c.holds(&used.path, &found)).any(|held| held == Some(true))
    };
    assert!(holds("@clerk/nextjs/server auth.protect({role: \"admin\"})", |g| &g.role_if));
    assert!(holds("@clerk/nextjs/server auth.protect(=>)", |g| &g.role_if));
    assert!(!holds("@clerk/nextjs/server auth.protect()", |g| &g.role_if));
    assert!(holds("@stackframe/stack StackServerApp({}).getUser({or: \"redirect\"})", |g| &g.throws_if));
    assert!(!holds("@stackframe/stack StackServerApp({}).getUser()", |g| &g.throws_if));
    assert!(holds("jsonwebtoken verify(token, key, {algorithms: [\"none\"]})", |g| &g.off));
    assert!(!holds("jsonwebtoken verify(token, key, {algorithms: [\"HS256\"]})", |g| &g.off));
    assert!(holds("next-auth/react getSession({req})", |g| &g.verified_if));
}

#[test]
fn an_option_that_is_not_written_down_is_not_known() {
    let used = used("@workos-inc/authkit-nextjs withAuth(options)");
    let found = of(&used).expect("a guard");
    let guard = found.entry().guard.as_ref().expect("a guard");
    assert_eq!(guard.throws_if[0].holds(&used.path, &found), None);
    let spread = super::used("@workos-inc/authkit-nextjs withAuth({...options})");
    assert_eq!(guard.throws_if[0].holds(&spread.path, &of(&spread).expect("a guard")), None);
}

#[test]
fn validators_say_how_failure_shows() {
    assert!(tells("zod z.object({}).safeParse(body)", ".success"));
    assert!(!tells("zod z.object({}).safeParse(body)", ""), "an object, whatever is wrong");
    assert!(tells("joi default.object({}).validate(body)", ".error"));
    assert!(tells("valibot safeParse(schema, body)", ".success"));
    assert!(tells("express-validator validationResult(req)", ".isEmpty()"));
    assert!(tells("ajv default({}).compile(schema)(body)", ""));
    let input = |text: &str| {
        let used = used(text);
        let found = of(&used).expect("a guard");
        let place = found.entry().guard.as_ref().and_then(|g| g.of.as_ref()).expect("it looks at something");
        place.first(&used.path, &found).map(shown)
    };
    assert_eq!(input("zod z.object({}).parse(body)").as_deref(), Some("body"));
    assert_eq!(input("valibot parse(schema, body)").as_deref(), Some("body"));
    assert_eq!(input("zod/mini parse(schema, body)").as_deref(), Some("body"));
    assert_eq!(input("drizzle-zod createInsertSchema(users).omit({}).parse(body)").as_deref(), Some("body"));
}

#[test]
fn limits_count_only_if_they_are_asked() {
    assert!(tells("@upstash/ratelimit Ratelimit({}).limit(ip)", ".success"));
    assert!(!tells("@upstash/ratelimit Ratelimit({}).limit(ip)", ""));
    assert!(tells("@arcjet/next default({}).withRule(rule).protect(request)", ".isDenied()"));
    assert!(tells("@vercel/firewall checkRateLimit(\"id\")", ".rateLimited"));
    assert!(guard("@upstash/ratelimit Ratelimit.slidingWindow(10, \"10 s\")").is_none());
}

#[test]
fn signatures_know_their_secret() {
    let key = |text: &str| {
        let used = used(text);
        let found = of(&used)?;
        found.entry().guard.as_ref()?.key.as_ref()?.first(&used.path, &found).map(shown)
    };
    assert_eq!(
        key("stripe default(k).webhooks.constructEvent(body, signature, secret)").as_deref(),
        Some("secret")
    );
    assert_eq!(key("svix Webhook(secret).verify(body, headers)").as_deref(), Some("secret"));
    let hmac = used("node:crypto createHmac(\"sha256\", secret).update(body).digest(\"hex\")");
    let found = of(&hmac).expect("a digest");
    let place = found.entry().digest.as_ref().expect("a digest");
    assert_eq!(place.first(&hmac.path, &found).map(shown).as_deref(), Some("secret"));
}
