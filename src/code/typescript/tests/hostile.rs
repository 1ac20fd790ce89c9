//! Nothing that a file says may panic, overflow a stack or run away.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::code::{Expr, Module, Stmt, parse};

/// What nests: what comes before the inside, and after it.
const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("x={a:", "}"),
    ("f(", ")"),
    ("f(()=>{", "})"),
    ("`${", "}`"),
    ("!", ""),
    ("typeof ", ""),
    ("await ", ""),
    ("new ", ""),
    ("- ", ""),
    ("x=>", ""),
    ("async (x)=>", ""),
    ("a=", ""),
    ("a?b:", ""),
    ("a?(b):c=>", ""),
    ("a?(", "):b"),
    ("(a=", ")"),
    ("(a=", ")=>1"),
    ("a<", ">()"),
    ("a<(", ")"),
    ("async<(", ""),
    ("a<a", ""),
    ("if(a){}else ", ""),
    ("if(a)", ""),
    ("for(;;)", ""),
    ("do ", " while(1)"),
    ("a:", ""),
    ("try{", "}catch{}"),
    ("function f(a=", "){}"),
    ("class A{a(){", "}}"),
    ("class A extends ", "{}"),
    ("<a>", "</a>"),
    ("<a b={", "}/>"),
    ("<a>{", "}</a>"),
    ("<", ""),
    ("let x:A<", ">"),
    ("let x:(", ")"),
    ("let x:", "[]"),
    ("type X=A extends B?C:", ""),
    ("let {a:", "}=1"),
    ("let [", "]=1"),
    ("({a:", "}=1)"),
    ("namespace A{", "}"),
    ("a.b", ""),
    (".b()", ""),
    ("+a", ""),
    ("&&a", ""),
    ("a**", ""),
    ("!", "!"),
    (" as A", ""),
    ("module.exports=", ""),
    ("@a(", ")"),
    ("t``", "``"),
    ("[...", "]"),
    ("'", "'"),
    ("/*", "*/"),
    ("/", "/"),
    ("<<<<<<< a\n", ">>>>>>> b\n"),
    ("\u{2028}typeof\u{a0}", ""),
    ("\0", ""),
    ("import(", ")"),
];

const PATHS: &[&str] = &["a.ts", "a.tsx", "a.js", "a.cjs", "a.d.ts", "a.vue", "a.svelte", "a.astro"];

fn nested((before, after): (&str, &str), inside: &str, times: usize) -> String {
    format!("{}{inside}{}", before.repeat(times), after.repeat(times))
}

/// The deepest tree in a module, without going into functions.
fn deepest(module: &Module) -> usize {
    let of_values = module.values.iter().map(expr_depth);
    let of_bodies = module.functions.iter().map(|function| stmts_depth(&function.body));
    of_values.chain(of_bodies).max().unwrap_or(0)
}

fn stmts_depth(list: &[Stmt]) -> usize {
    list.iter().map(stmt_depth).max().unwrap_or(0)
}

fn stmt_depth(stmt: &Stmt) -> usize {
    1 + match stmt {
        Stmt::If { then, otherwise, .. } => stmts_depth(then).max(stmts_depth(otherwise)),
        Stmt::Block(body) | Stmt::Loop { body, .. } | Stmt::Try { body, .. } => stmts_depth(body),
        Stmt::Expr(value) | Stmt::Return(Some(value), _) => expr_depth(value),
        _ => 0,
    }
}

fn expr_depth(expr: &Expr) -> usize {
    1 + match expr {
        Expr::Member(member) => expr_depth(&member.object),
        Expr::Call(call) => call.args.iter().chain([&call.callee]).map(expr_depth).max().unwrap_or(0),
        Expr::List(items) | Expr::Other(items) | Expr::Template(_, items) => {
            items.iter().map(expr_depth).max().unwrap_or(0)
        }
        Expr::Not(value) | Expr::Await(value) | Expr::TypeOf(value) => expr_depth(value),
        Expr::Binary(_, sides) => expr_depth(&sides[0]).max(expr_depth(&sides[1])),
        Expr::Assign(assign) => expr_depth(&assign.value),
        _ => 0,
    }
}

#[test]
fn deep_nesting_is_cut_or_refused() {
    // The stack of a test's thread is that of a worker: 2 MB.
    for (place, nest) in NESTS.iter().enumerate() {
        let path = PATHS[place % 3];
        for times in [60, 400, 2_500] {
            let module = parse(path, &nested(*nest, "a", times));
            assert!(deepest(&module) < 1_000, "{nest:?} {times}");
        }
    }
}

#[test]
fn what_takes_the_parser_too_long_is_refused() {
    let started = Instant::now();
    for (nest, times) in [
        (("(a=", ")"), 30_000),
        (("a<", ">()"), 30_000),
        (("a?(b):c=>", ""), 20_000),
        (("async<(", ""), 9_000),
    ] {
        let broken = parse("a.ts", &nested(nest, "b", times)).broken;
        assert_eq!(broken.as_deref(), Some("it is nested too deeply, or too large"), "{nest:?}");
    }
    // Minutes, without the bound.
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn large_data_stays_small() {
    let numbers = format!("export const data = [{}]; after()", "12345,".repeat(300_000));
    let module = parse("a.ts", &numbers);
    let Expr::List(items) = &module.values[0] else { panic!("a list") };
    assert_eq!(items.len(), 1_000);
    assert_eq!(module.functions[0].body.len(), 2, "what comes after is read");

    let mixed = format!("x = [{} call(), () => 1]", "'a',".repeat(5_000));
    assert_eq!(parse("a.ts", &mixed).functions.len(), 2, "what is not constant is kept");

    let sum = parse("a.ts", &format!("x = f(){}", " + 'a'".repeat(100_000)));
    let Stmt::Expr(Expr::Assign(assign)) = &sum.functions[0].body[0] else { panic!("an assignment") };
    assert!(matches!(&assign.value, Expr::Other(operands) if operands.len() == 100_001));

    let long = parse("a.js", &format!("const a = '{}'; f(a)", "x".repeat(2 << 20)));
    assert_eq!(long.broken, None);
    let names =
        parse("a.ts", &format!("const [[[[[[[[[[[[[[[[[[[{}]]]]]]]]]]]]]]]]]]] = y", "a,".repeat(100_000)));
    assert_eq!(names.broken, None);
}

#[test]
fn what_is_broken_says_where_in_plain_words() {
    for (path, text, expected) in [
        ("a.ts", "const a = 1;\nfoo( }", "Unexpected token, line 2, column 6"),
        (
            "a.ts",
            "a();\n<<<<<<< HEAD\nb();\n=======\nc();\n>>>>>>> main\n",
            "Encountered diff marker, line 2, column 1",
        ),
        ("a.ts", "let x = 1\0", "Invalid Character `\\0`, line 1, column 10"),
        ("a.tsx", "<p>é}</p>", "Unexpected token. Did you mean `{`}`}` or `&rbrace;`?, line 1, column 5"),
        ("a.ts", "<p></p>", "Unexpected token, line 1, column 5"),
    ] {
        let module = parse(path, text);
        let broken = module.broken.unwrap_or_default();
        if text.contains('\0') {
            assert!(broken.starts_with("Invalid Character"), "{broken}");
        } else {
            assert_eq!(broken, expected, "{text:?}");
        }
        assert!(module.functions.is_empty() && module.symbols.is_empty());
    }
    let quoted = parse("a.ts", "let a = 0xsk_live_01234567890123456789;").broken.unwrap_or_default();
    assert!(!quoted.contains("0123456789"), "{quoted}");
}

#[test]
fn javascript_with_types_is_read() {
    assert_eq!(parse("a.js", "// @flow\nfunction f(a: string): number { return 1 }").broken, None);
    assert_eq!(parse("a.js", "const a = <b>{c}</b>; return a").broken, None);
    assert_eq!(parse("a.js", "var a = 010; with (b) c(); delete a; await = 1").broken, None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Pieces of code in any order, nested in any way, cut anywhere.
    #[test]
    fn nothing_panics(
        path in 0..PATHS.len(),
        pieces in prop::collection::vec((0..NESTS.len(), 0..4_usize, 0..6_usize), 1..40),
        cut in 0..4_000_usize,
    ) {
        let inside = ["a", "const { a, b: [c = d()] } = e", "<script>", "export default ", "", "'\u{1f600}\\u{d800}'"];
        let mut text = String::new();
        for (nest, times, what) in pieces {
            text = if times % 2 == 0 { nested(NESTS[nest], &text, times) } else { format!("{text}\n{}", nested(NESTS[nest], inside[what], times)) };
        }
        let cut = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        parse(PATHS[path], &text);
        parse(PATHS[path], &text[..cut]);
    }

    /// Any text at all.
    #[test]
    fn no_text_panics(path in 0..PATHS.len(), text in "\\PC{0,200}") {
        parse(PATHS[path], &text);
        parse(PATHS[path], &format!("<script>{text}</script>"));
    }
}
