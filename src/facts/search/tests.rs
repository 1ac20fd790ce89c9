use std::time::{Duration, Instant};

use super::*;
use crate::source::Tree;

/// A pattern body over `keyword`.
fn pattern(keyword: &str, regex: &str, capture: &str, entropy: Option<f64>) -> Arc<Body> {
    body(keyword, Finder::Pattern(Pattern::new(regex).unwrap().showing(capture, entropy)))
}

/// A query body over `keyword` that shows `@it`.
fn query(keyword: &str, syntaxes: &[Syntax], text: &str) -> Arc<Body> {
    syntaxes.iter().for_each(|syntax| Query::check(*syntax, text).unwrap());
    body(keyword, Finder::Query(Query::new(syntaxes, text, "it", &["it".to_owned()])))
}

fn body(keyword: &str, finder: Finder) -> Arc<Body> {
    Arc::new(Body {
        rule: "r".to_owned(),
        keywords: vec![keyword.to_owned()],
        scope: Scope::new(vec![FileRole::Product], &[], &[]).unwrap(),
        finder,
    })
}

/// What `bodies` find in a file.
fn found(name: &str, text: &str, bodies: &[Arc<Body>]) -> Found {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    let tree = Tree::working(folder.path(), &[]).unwrap();
    let file = tree.get(name).unwrap();
    let search = Search::new(bodies.iter().cloned());
    search.run(file, text, &search.scope(file))
}

/// Line, column, last line and text of each match.
fn places(found: &Found) -> Vec<(u32, u32, u32, &str)> {
    found.matches.iter().map(|m| (m.line, m.column, m.end_line, m.text.as_str())).collect()
}

const CALL: &str = r#"((call_expression function: (identifier) @f) @it (#eq? @f "eval"))"#;

#[test]
fn positions_count_characters_over_tabs_line_ends_and_wide_characters() {
    let text = "const é = '😀'; eval(a)\r\n\teval(\r\n\t\tb)\r\n";
    let expected = [(1, 16, 1, "eval(a)"), (2, 2, 3, "eval( b)")];
    assert_eq!(places(&found("a.ts", text, &[pattern("eval", r"eval\([^)]*\)", "", None)])), expected);
    assert_eq!(places(&found("a.ts", text, &[query("eval", &[Syntax::Typescript], CALL)])), expected);
}

#[test]
fn keywords_ignore_case_and_decide_whether_a_file_is_searched() {
    let of = |text: &str| {
        let found = found("a.ts", text, &[pattern("EVAL(", "(?i)eval", "", None)]);
        (found.matches.len(), found.looked)
    };
    assert_eq!(of("x = eval (1)"), (0, vec![(0, false)]), "looked at, and passed over");
    assert_eq!(of("x = Eval(1)"), (1, vec![(0, true)]));
}

#[test]
fn one_keyword_inside_another_counts_for_both() {
    let bodies = [pattern("cors", "c", "", None), pattern("setCorsHeader", "H", "", None)];
    assert_eq!(found("a.ts", "setCorsHeader", &bodies).looked, [(0, true), (1, true)]);
}

#[test]
fn the_capture_is_shown_and_weighed() {
    let text = "key = 'aaaaaaaaaaaa'\nkey = 'a8Xk2Lq9ZmP4'\n";
    let all = pattern("key", "key = '(?<value>[^']*)'", "value", None);
    assert_eq!(found("a.py", text, &[all]).matches.len(), 2);
    let random = pattern("key", "key = '(?<value>[^']*)'", "value", Some(3.5));
    let found = found("a.py", text, &[random]);
    assert_eq!((found.matches[0].line, found.matches[0].column), (2, 8));
    assert_eq!(found.matches.len(), 1);
}

#[test]
fn entropy_in_bits_for_each_character() {
    use super::pattern::entropy;
    assert_eq!(entropy(""), 0.0);
    assert_eq!(entropy("aaaa"), 0.0);
    assert_eq!(entropy("abab"), 1.0);
    assert_eq!(entropy("aéüß"), 2.0);
}

#[test]
fn ends_of_lines_are_those_of_every_system() {
    let of = |text: &str| found("a.py", text, &[pattern("debug", "^debug = 1$", "", None)]).matches.len();
    assert_eq!(of("x\ndebug = 1\ny"), 1);
    assert_eq!(of("x\r\ndebug = 1\r\ny"), 1);
    assert_eq!(of("x = debug = 1\n"), 0);
}

#[test]
fn named_parts_are_there_even_where_they_hold_nothing() {
    let found = found("a.py", "get(x)\n", &[pattern("get", r"get\((?<a>x)?(?<b>y)?\)|(?<_c>z)", "", None)]);
    let captures: Vec<(&str, &str)> =
        found.matches[0].captures.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(captures, [("a", "x"), ("b", "")]);
}

#[test]
fn every_predicate_has_its_effect() {
    let text = "one(a); two(b, b); three(a, b);";
    let called = |predicate: &str| -> Vec<String> {
        let text_of = format!(
            "((call_expression function: (identifier) @it arguments: (arguments (identifier)+ @args)) {predicate})"
        );
        let found = found("a.js", text, &[query("one", &[Syntax::Javascript], &text_of)]);
        let mut names: Vec<String> = found.matches.iter().map(|m| m.text.as_str().to_owned()).collect();
        names.dedup();
        names
    };
    assert_eq!(called(r#"(#eq? @it "two")"#), ["two"]);
    assert_eq!(called(r#"(#not-eq? @it "two")"#), ["one", "three"]);
    assert_eq!(called(r#"(#match? @it "^t")"#), ["two", "three"]);
    assert_eq!(called(r#"(#not-match? @it "^t")"#), ["one"]);
    assert_eq!(called(r#"(#any-of? @it "one" "three")"#), ["one", "three"]);
    assert_eq!(called(r#"(#not-any-of? @it "one" "three")"#), ["two"]);
    assert_eq!(called(r#"(#any-eq? @args "b")"#), ["two", "three"]);
    assert_eq!(called(r#"(#any-not-eq? @args "b")"#), ["one", "three"]);
    assert_eq!(called(r#"(#any-match? @args "^[b-z]$")"#), ["two", "three"]);
}

#[test]
fn each_syntax_has_its_files() {
    let all = [Syntax::Typescript, Syntax::Tsx, Syntax::Javascript];
    for (name, syntax) in [
        ("a.ts", Syntax::Typescript),
        ("a.mts", Syntax::Typescript),
        ("a.cts", Syntax::Typescript),
        ("a.tsx", Syntax::Tsx),
        ("a.js", Syntax::Javascript),
        ("a.jsx", Syntax::Javascript),
        ("a.mjs", Syntax::Javascript),
        ("a.cjs", Syntax::Javascript),
    ] {
        let found = found(name, "eval(x)", &[query("eval", &all, CALL)]);
        assert_eq!(found.matches[0].language, syntax, "{name}");
    }
    let python = query("eval", &[Syntax::Python], r#"(call function: (identifier) @f (#eq? @f "eval")) @it"#);
    assert_eq!(found("a.py", "eval(x)", &[Arc::clone(&python)]).matches.len(), 1);
    assert!(found("a.ts", "eval(x)", &[python]).looked.is_empty());
}

#[test]
fn scripts_in_components_keep_their_lines() {
    let all = [Syntax::Typescript, Syntax::Javascript];
    let of = |name: &str, text: &str| {
        let found = found(name, text, &[query("eval", &all, CALL)]);
        found.matches.iter().map(|m| (m.line, m.column, m.language)).collect::<Vec<_>>()
    };
    let vue = "<template>eval(no)</template>\n<script setup lang=\"ts\">\nconst x: string = eval(a)\n</script>\n\
               <script>eval(b)</script>\n<style>eval(no)</style>\n";
    assert_eq!(of("a.vue", vue), [(3, 19, Syntax::Typescript), (5, 9, Syntax::Javascript)]);
    assert_eq!(of("a.svelte", "<SCRIPT>\n  eval(a)\n"), [(2, 3, Syntax::Javascript)]);
    let astro = "---\nconst x: string = eval(a)\n---\n<p>eval(no)</p>\n";
    assert_eq!(of("a.astro", astro), [(2, 19, Syntax::Typescript)]);
}

#[test]
fn code_with_a_mistake_is_still_searched() {
    let text = "eval(a)\nconst b = ;\neval(c)\n";
    assert_eq!(found("a.ts", text, &[query("eval", &[Syntax::Typescript], CALL)]).matches.len(), 2);
}

#[test]
fn reformatted_code_has_the_same_essence() {
    let of = |text: &str| {
        let found = found("a.ts", text, &[query("eval", &[Syntax::Typescript], CALL)]);
        found.matches[0].evidence[0].essence.clone()
    };
    assert_eq!(of("eval({ a: 1, b: 'x' })"), of("\n\neval({\n  a: 1,\n  b: \"x\",\n});"));
    assert_ne!(of("eval({ a: 1 })"), of("eval({ a: 2 })"));
}

#[test]
fn a_secret_does_not_leave_through_a_capture() {
    let key = format!("sk_{}{}", "live_", "4eC39HqLyjWDarjtT1zdp7dc");
    let text = format!("client = stripe(\"{key}\")\n");
    let half = pattern("stripe", "live_(?<half>[A-Za-z0-9]+)", "half", None);
    let shown = format!("{:?}", found("a.py", &text, &[half]).matches);
    assert!(!shown.contains("zdp7dc") && shown.contains("•••"), "{shown}");
}

#[test]
fn the_last_match_is_left_out_and_it_is_said() {
    let text = "eval(x)\n".repeat(MOST_MATCHES + 1);
    for body in [pattern("eval", r"eval\(x\)", "", None), query("eval", &[Syntax::Python], "(call) @it")] {
        let found = found("a.py", &text, &[body]);
        assert_eq!(found.matches.len(), MOST_MATCHES);
        assert_eq!(
            found.cut,
            [
                "The rule r did not search a.py to the end: it has more than 1,000 matches; the others were left out."
            ]
        );
    }
}

#[test]
fn matches_beyond_the_first_window_are_found() {
    // The second begins before a window ends and ends after it.
    let before = "é\n".repeat(21_800);
    let text = format!("eval(a)\n{before}eval({})\n{before}eval(c)\n", "b".repeat(500));
    let found = found("a.py", &text, &[pattern("eval", r"eval\(\w+\)", "", None)]);
    assert_eq!(found.matches.iter().map(|m| m.line).collect::<Vec<_>>(), [1, 21_802, 43_603]);
}

/// Time that a search takes at most on a busy machine without optimisation; what these texts would take if something
/// grew with the square of their length is minutes.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn deep_nesting_neither_overflows_nor_takes_forever() {
    let shapes: [(usize, &str, &str); 9] = [
        (100_000, "(", ")"),
        (100_000, "(", ""),
        (10_000, "[", ""),
        (10_000, "{a:", ""),
        (10_000, "", ")"),
        (10_000, ".a(", ""),
        (10_000, "-", ""),
        (10_000, "`${", "}`"),
        (10_000, " ) ] } = eval ", ""),
    ];
    for (name, syntax, text_of) in [
        ("a.ts", Syntax::Typescript, CALL),
        ("a.py", Syntax::Python, r#"((call function: (identifier) @f) @it (#eq? @f "eval"))"#),
    ] {
        for (depth, open, close) in shapes {
            let text = format!("eval({}x{})", open.repeat(depth), close.repeat(depth));
            let start = Instant::now();
            let found = found(name, &text, &[query("eval", &[syntax], text_of)]);
            let took = start.elapsed();
            assert!(took < PATIENCE, "{name} {open}{close}: {took:?}");
            if open == "(" && close == ")" {
                assert_eq!(places(&found)[0].0, 1, "{name}");
            }
        }
    }
}

#[test]
fn a_line_of_two_megabytes_is_searched_in_one_pass() {
    let text = "eval(x);".repeat(250_000);
    for body in [pattern("eval", r"eval\(x\)", "", None), query("eval", &[Syntax::Javascript], CALL)] {
        let start = Instant::now();
        let found = found("a.js", &text, &[body]);
        assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
        assert_eq!(found.matches.len(), MOST_MATCHES);
        assert_eq!(found.matches[999].column, 999 * 8 + 1);
    }
}

#[test]
fn an_expression_that_looks_far_ahead_for_nothing_costs_one_pass() {
    // Every `a` begins a try that runs to the end of what it may see.
    let text = format!("key {}", "a".repeat(2_000_000));
    let start = Instant::now();
    let found = found("a.py", &text, &[pattern("key", "a[a-y]*z|key", "", None)]);
    assert_eq!(found.matches.len(), 1);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}
