use super::*;

#[test]
fn the_longest_symbol_counts() {
    let symbol = |text: &str| says(text).map(|e| e.symbols.join(" ")).unwrap_or_default();
    assert!(symbol("@clerk/nextjs/server auth.protect()").contains("protect"));
    assert!(!symbol("@clerk/nextjs/server auth()").contains("protect"));
    assert!(symbol("@clerk/nextjs/server auth().has({})").contains("has"));
}

#[test]
fn ways_to_import_a_package_are_the_same() {
    for text in ["stripe default(k)", "stripe Stripe(k)", "stripe (k)", "npm:stripe default(k)"] {
        assert!(effect(&format!("{text}.refunds.create({{}})")).is_some(), "{text}");
    }
    for text in ["jsonwebtoken verify(t, k)", "jsonwebtoken default.verify(t, k)"] {
        assert!(says(text).is_some(), "{text}");
    }
    assert!(says("node:fs readFile(a)").is_some() && says("fs readFile(a)").is_some());
    assert!(says("zod/v4 object({}).parse(x)").is_some() && says("zod-extra object({}).parse(x)").is_none());
}

#[test]
fn the_rest_is_what_was_done_with_the_result() {
    let used = used("@supabase/supabase-js createClient(a, b).auth.getUser(token).data.user.id");
    let found = of(&used).expect("known");
    let rest = found.rest(&used.path);
    assert_eq!(rest, steps("data.user.id"));
    let guard = found.entry().guard.as_ref().expect("a guard");
    let left = guard.yields.iter().find_map(|part| part.before(rest));
    assert_eq!(left, Some(steps("id").as_slice()), "of the identity");
    assert_eq!(found.call(&used.path).map(|(_, call)| call.args.len()), Some(1));
}

#[test]
fn what_is_only_named_has_no_call() {
    let used = used("express-rate-limit rateLimit");
    let found = of(&used).expect("known");
    assert!(found.call(&used.path).is_none() && found.rest(&used.path).is_empty());
}

#[test]
fn classes_and_types_are_known_by_what_they_make() {
    assert_eq!(instance(&used("@prisma/client PrismaClient")), Some("prisma"));
    assert_eq!(instance(&used("typeorm Repository")), Some("typeorm-repository"));
    assert_eq!(instance(&used("@nestjs/jwt JwtService")), Some("nest-jwt"));
    assert_eq!(instance(&used("stripe default")), Some("stripe"));
    assert_eq!(head(&used("sequelize Model")), Some("sequelize-model"));
    assert_eq!(head(&used("@supabase/supabase-js createClient(a, b)")), Some("supabase"));
    assert_eq!(instance(&used("left-pad default")), None);
}

#[test]
fn places_are_found_in_the_whole_chain() {
    let text = "@supabase/supabase-js createClient(a, b).from(\"posts\").update(row).eq(\"id\", id).eq(\"user_id\", user)";
    let used = used(text);
    let found = of(&used).expect("known");
    let effect = found.entry().effect.as_ref().expect("an effect");
    let all = |places: &'static [Place]| {
        places.iter().flat_map(|p| p.all(&used.path, &found)).map(shown).collect::<Vec<_>>()
    };
    assert_eq!(all(&effect.filter), ["id", "id", "user_id", "user"]);
    assert_eq!(all(&effect.values), ["row"]);
    let path = steps("user.update({where: filter, data: {name}})");
    let found = within("prisma", &path).expect("known");
    let effect = found.entry().effect.as_ref().expect("an effect");
    assert_eq!(effect.filter[0].first(&path, &found).map(shown).as_deref(), Some("filter"));
}

#[test]
fn long_and_strange_paths_end() {
    let long = format!("@supabase/supabase-js createClient(a, b){}", ".schema(x)".repeat(50_000));
    assert!(of(&used(&long)).is_some());
    let long = format!("zod z{}.parse(x)", ".a".repeat(100));
    assert!(of(&used(&long)).is_some());
    for text in ["", " ", "global ", "zod", "@", "/", "@a/b c"] {
        let _ = of(&used(text));
    }
    assert!(of(&Denoted { root: Root::Unknown, path: steps("auth.getUser()") }).is_none());
}

/// What is said of a symbol counts only if what reads imports calls its package by the same name.
#[test]
fn every_package_is_named_as_its_imports_are() {
    let packages: std::collections::BTreeSet<&str> = (TABLE.entries.iter().flat_map(|e| &e.symbols))
        .filter(|symbol| !symbol.starts_with(['<']) && !symbol.starts_with("global "))
        .map(|symbol| symbol.split(' ').next().unwrap_or_default().trim_end_matches("/*"))
        .collect();
    let mut wrong = Vec::new();
    for package in packages {
        let specifier = match package.strip_prefix("deno.land/x/").and_then(|rest| rest.split_once('/')) {
            Some((name, rest)) => format!("https://deno.land/x/{name}@v1.2.3/{rest}"),
            None => match package.strip_prefix("std/") {
                Some(rest) => format!("https://deno.land/std@0.168.0/{rest}.ts"),
                None => package.to_owned(),
            },
        };
        let text = format!("import x from {specifier:?};\nx();\n");
        let code = crate::code::link(vec![std::sync::Arc::new(crate::code::parse("a.ts", &text))], &[]);
        match code.target(ModuleId(0), &specifier) {
            crate::code::Target::Package(named)
                if pattern::plain_package(&named) == pattern::plain_package(package) => {}
            target => wrong.push(format!("{specifier}: {target:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn modules_of_deno_are_known_by_address_and_by_name() {
    let known = |text: &str| {
        let code = crate::code::link(vec![std::sync::Arc::new(crate::code::parse("a.ts", text))], &[]);
        let module = code.module(ModuleId(0));
        let Some(crate::code::Stmt::Expr(called)) = module.functions[0].body.last() else { panic!("{text}") };
        of(&code.denote(ModuleId(0), called)).is_some()
    };
    for text in [
        "import { verify } from 'https://deno.land/x/djwt@v2.8/mod.ts';\nverify(token, key);",
        "import { getCookies } from 'https://deno.land/std@0.190.0/http/cookie.ts';\ngetCookies(headers);",
        "import { timingSafeEqual } from 'https://deno.land/std@0.177.0/crypto/timing_safe_equal.ts';\ntimingSafeEqual(a, b);",
        "import { timingSafeEqual } from 'jsr:@std/crypto@1/timing-safe-equal';\ntimingSafeEqual(a, b);",
        "import { createHmac } from 'https://deno.land/std@0.177.0/node/crypto.ts';\ncreateHmac('sha256', key).update(body).digest('hex');",
        "import { Pool } from 'https://deno.land/x/postgres@v0.17.0/mod.ts';\nnew Pool(url).connect();",
        "import { compare } from 'https://deno.land/x/bcrypt@v0.4.1/mod.ts';\ncompare(a, b);",
    ] {
        assert!(known(text), "{text}");
    }
}
