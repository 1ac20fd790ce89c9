use std::sync::Arc;

use super::*;
use crate::code::{Code, FunctionAt, FunctionId, link, parse, walk};

fn repository(files: &[(&str, &str)]) -> Code {
    link(files.iter().map(|(path, text)| Arc::new(parse(path, text))).collect(), &[])
}

/// What is known about the calls in a module, in their order.
fn known<'c>(code: &'c Code, path: &str) -> Vec<(Denoted<'c>, Found)> {
    let module = code.at(path).expect("a module");
    let mut all = Vec::new();
    for (at, function) in code.module(module).functions.iter().enumerate() {
        let at: FunctionAt = (module, FunctionId(at as u32));
        walk::each_expr(code.module(module), &function.body, walk::Inner::Skip, &mut |expr| {
            if let Expr::Call(_) = expr {
                let denoted = code.denote_in(at, expr);
                if let Some(found) = of(&denoted).filter(|found| found.call(&denoted.path).is_some()) {
                    all.push((denoted, found));
                }
            }
        });
    }
    all
}

#[test]
fn a_client_of_the_project_leads_to_its_package() {
    let code = repository(&[
        (
            "lib/supabase.ts",
            "import { createClient } from '@supabase/supabase-js';
             const options = { global: { headers: { Authorization: 'x' } } };
             export const admin = createClient(process.env.URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!);
             export const asUser = () => createClient(process.env.URL!, process.env.ANON!, options);",
        ),
        (
            "app/route.ts",
            "import { admin } from '../lib/supabase';\nexport async function GET() { await admin.from('users').delete().eq('id', 1); }",
        ),
    ]);
    let (denoted, found) = known(&code, "app/route.ts").pop().expect("a call");
    let effect = found.entry().effect.as_ref().expect("an effect");
    assert_eq!(effect.kind, EffectKind::DbDelete);
    let client = found.client().expect("a client");
    let place = client.entry().client.as_ref().and_then(|c| c.key.as_ref()).expect("a key");
    let Some(There::Value(module, key, _)) = place.first(&denoted.path, &client) else {
        panic!("the key is there")
    };
    let key = code.denote(module, key);
    let name = of(&key).and_then(|env| env.entry().env.as_ref()?.first(&key.path, &env)).map(shown);
    assert_eq!(name.as_deref().and_then(super::super::key), Some(Acts::Service));

    let (denoted, found) = known(&code, "lib/supabase.ts").pop().expect("a call");
    let user = &found.entry().client.as_ref().expect("a client").user[0];
    assert_eq!(user.all(&denoted.path, &found).len(), 1);
    assert!(
        matches!(user.all(&denoted.path, &found)[..], [There::Value(_, _, ref keys)] if keys.len() == 3),
        "only in the call"
    );
    assert!(
        matches!(user.all_in(&code, &denoted.path, &found)[..], [There::Value(_, Expr::Text(_), ref keys)] if keys.is_empty())
    );
}

#[test]
fn options_are_followed_to_where_they_are_written() {
    let code = repository(&[(
        "server.ts",
        "import { expressjwt } from 'express-jwt';
         const options = { secret: 's', credentialsRequired: false };
         expressjwt(options);",
    )]);
    let (denoted, found) = known(&code, "server.ts").pop().expect("a call");
    let off = &found.entry().middleware.as_ref().expect("a middleware").off[0];
    assert_eq!(off.holds(&denoted.path, &found), None);
    assert_eq!(off.holds_in(&code, &denoted.path, &found), Some(true));
}

#[test]
fn what_the_project_calls_so_is_its_own() {
    let code = repository(&[(
        "auth.ts",
        "export async function auth() { return { userId: 'anybody' }; }
         const jwt = { verify: (token: string) => token };
         export const check = async () => { await auth(); jwt.verify('x'); };",
    )]);
    assert!(known(&code, "auth.ts").is_empty());
}
