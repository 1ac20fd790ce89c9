use super::print::{binding, body, exports, imports};
use super::ts;
use crate::code::{handles, parse};

#[test]
fn imports_in_all_forms() {
    let module = ts("import a, { b, c as d, type E } from './x';\nimport * as f from 'npm:stripe@14';\n\
                     import type { G } from './g';\nimport './run';\nimport h = require('h');\nimport i, * as j from 'i';\n\
                     import {} from 'k';\nimport { default as l, 'a-b' as m } from 'm';");
    assert_eq!(
        imports(&module),
        "a <- ./x#default; b <- ./x#b; d <- ./x#c; !E <- ./x#E; f <- npm:stripe@14#*; !G <- ./g#G; _ <- ./run#; \
         h <- h#*; i <- i#default; j <- i#*; _ <- k#; l <- m#default; m <- m#a-b"
    );
    assert_eq!(module.imports[4].line, 2);
    assert_eq!(binding(&module, "d"), "import ./x#c");
}

#[test]
fn require_and_dynamic_import_are_imports() {
    let module = parse(
        "a.js",
        "const a = require('a'), { b, c: d, e: { f } } = require('./b');\nrequire('dotenv').config();\n\
         const g = require('g')(a);\nasync function later() { const h = await import('./h'); return h }\n\
         const own = (require) => require('nothing');\nvar i; i = require(name);",
    );
    assert_eq!(imports(&module), "a <- a#*; b <- ./b#b; d <- ./b#c; _ <- dotenv#; _ <- g#; _ <- ./h#");
    assert_eq!(binding(&module, "a"), "import a#*");
    assert_eq!(binding(&module, "d"), "import ./b#c");
    assert_eq!(binding(&module, "f"), "f0 e.f of import(./b)");
    assert_eq!(binding(&module, "g"), "f0 import(g)($a)");
    assert_eq!(binding(&module, "h"), "f1 await import(./h)");
}

#[test]
fn exports_in_all_forms() {
    let module = ts(
        "export const a = 1, { b, c: [d] } = make();\nexport function e() {}\nexport class F {}\n\
                     export type G = string;\nexport interface H {}\nexport enum I { A }\nconst j = 1;\n\
                     export { j, j as k, e as default };\nexport type { G as G2 };\nexport * from './l';\n\
                     export * as m from './m';\nexport { n, default as o } from './n';\nexport {} from './p';",
    );
    assert_eq!(
        exports(&module),
        "a = $a; b = $b; d = $d; e = $e; F = $F; !G = $G; !H = $H; I = $I; j = $j; k = $j; default = $e; !G2 = $G; \
         * = ./l#*; m = ./m#*; n = ./n#n; o = ./n#default"
    );
    assert_eq!(imports(&module), "_ <- ./p#");
}

#[test]
fn default_exports() {
    for (text, expected) in [
        ("export default function () {}", "default = f1"),
        ("export default async function handler() {}", "default = $handler"),
        ("export default class Users {}", "default = $Users"),
        ("export default class {}", "default = c0"),
        ("const a = 1; export default a", "default = $a"),
        ("export default wrap(() => {})", "default = wrap(f1)"),
        ("export default { fetch() {} } satisfies Handler", "default = {fetch: f1}"),
        ("const a = 1; export = a", "default = $a"),
        ("export = { a: 1 }", "default = {a: 1}; a = 1"),
    ] {
        assert_eq!(exports(&ts(text)), expected, "{text}");
    }
    assert_eq!(body(&ts("export default wrap(1)")), "wrap(1)", "what is called is run as well");
}

#[test]
fn exports_of_commonjs() {
    for (text, expected) in [
        ("module.exports = app", "default = app"),
        ("const app = f(); module.exports = app", "default = $app"),
        (
            "module.exports = { a, b: 1, ...rest, c() {} }",
            "default = {a: a, b: 1, ...rest, c: f1}; a = a; b = 1; c = f1",
        ),
        ("exports.a = () => {}; module.exports.b = 1; module['exports']['c'] = 2", "a = f1; b = 1; c = 2"),
        ("module.exports = exports = { a: 1 }", "default = {a: 1}; a = 1"),
        ("exports.a = exports.b = f", "a = f; b = f"),
        ("module.exports = require('./x')", "default = ./x#default; * = ./x#*"),
        ("module.exports = { ...require('./x') }", "default = {...import(./x)}; * = ./x#*"),
        ("exports.a = require('./x').y", "a = ./x#y"),
        ("function f(module) { exports.a = 1 } exports.b += 1", ""),
        ("const exports = {}; exports.a = 1", ""),
    ] {
        let module = parse("a.cjs", text);
        assert_eq!(module.broken, None);
        assert_eq!(exports(&module), expected, "{text}");
    }
}

#[test]
fn types_and_declarations_run_nothing() {
    let module = ts(
        "declare const a: A;\ndeclare function b(): void;\ndeclare module 'c' { export const d: D }\n\
                     declare global { interface Window {} }\ntype E = F;\nfunction g(x: string): void;\n\
                     function g(x: unknown) { return x }\nabstract class H { abstract i(): void }\nexport as namespace j;",
    );
    assert_eq!(body(&module), "");
    let names: Vec<&str> = module.functions.iter().map(|function| &*function.name).collect();
    assert_eq!(names, ["", "g"]);
    assert_eq!(binding(&module, "g"), "f1");
}

#[test]
fn enums_and_namespaces_lose_no_call() {
    let module = ts("enum Role { Admin = 'admin', Other = compute(), One = 1, Two }\n\
                     namespace N { export const a = call(); export function b() { inner() } }\nimport M = N.a;");
    assert_eq!(
        body(&module),
        "let $0 = {Admin: \"admin\", Other: compute(), One: 1, Two: 2}; {let $6 = call()}; let $8 = $N.a"
    );
    assert_eq!(binding(&module, "Role"), "f0 {Admin: \"admin\", Other: compute(), One: 1, Two: 2}");
    assert_eq!(exports(&module), "");
    assert_eq!(module.functions[1].body.len(), 1);
}

#[test]
fn which_files_are_code() {
    for path in [
        "a.ts", "b/a.tsx", "a.d.ts", "a.js", "a.jsx", "a.mjs", "a.cjs", "a.mts", "a.cts", "a.vue",
        "a.svelte", "a.astro",
    ] {
        assert!(handles(path), "{path}");
        assert_eq!(parse(path, "").broken, None, "{path}");
    }
    for path in ["a.json", "ts", "a.ts/b", "a.css", ""] {
        assert!(!handles(path), "{path}");
        assert!(parse(path, "").broken.is_some(), "{path}");
    }
}
