//! Thirty-odd ways to get a rule with a body, its expressions or its texts wrong: what is underlined, what is said, and
//! what to write instead. What can be wrong with rules without a body stands in `rules_errors.rs`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test may panic")]

use vibecheck::rules::{PackErrors, RuleSet};

const HEAD: &str = r#"[[rule]]
id = "open-door"
title = "{match.file} is open: {match.captures.value}"
area = "access"
severity = "high"
stage = "stabilize"
when = 'match.captures.value != "é"'
why = "w"
fix = "f"
verify = "v"
effort = "hours"
"#;

const PATTERN: &str = r#"
[rule.pattern]
keywords = ["door"]
regex = '''
é*door\s*=\s*(?<value>\w+)'''
capture = "value"
entropy = 2.5
files = ["src/**/*.{ts,py}"]
not_files = ["**/old/**"]
roles = ["product"]
"#;

const QUERY: &str = r#"
[rule.query]
languages = ["typescript", "javascript"]
keywords = ["door"]
query = '''
; é
(call_expression
  function: (identifier) @_f
  arguments: (arguments (_) @value)
  (#match? @_f "^door\\d$")) @call
'''
capture = "call"
"#;

/// One mistake: what is replaced in the right rule and by what; the characters that are pointed at, what is said, and
/// how to put it right.
type Mistake = (&'static str, &'static str, &'static str, &'static str, &'static str);

const IN_PATTERNS: &[Mistake] = &[
    // The expression itself.
    (
        r"(?<value>\w+)",
        r"(?<value>\w+",
        "(",
        "the regex does not compile: unclosed group",
        "the syntax is that of the regex crate; in TOML write it in '''…'''",
    ),
    (
        r"é*door",
        r"é*door(?!x)",
        "(?!",
        "the regex does not compile: look-around, including look-ahead and look-behind, is not supported",
        "look-around and back-references are not supported: patterns run in linear time",
    ),
    (
        r"\s*=",
        r"\1=",
        r"\1",
        "the regex does not compile: backreferences are not supported",
        "look-around and back-references are not supported: patterns run in linear time",
    ),
    (
        "é*door\\s*=\\s*(?<value>\\w+)",
        "(?<value>\\w*)",
        "(?<value>\\w*)",
        "the regex matches the empty string",
        "something in it must be there: `+` instead of `*`",
    ),
    (
        "é*door\\s*=\\s*(?<value>\\w+)",
        "(?<value>[a&&b])",
        "(?<value>[a&&b])",
        "the regex never matches",
        "no text is like that",
    ),
    (
        "é*door\\s*=\\s*(?<value>\\w+)",
        "(?<value>\\w{999}){99}",
        "(?<value>\\w{999}){99}",
        "the regex is too large",
        "make its repetitions shorter, or write `[A-Za-z0-9_]` instead of `\\w`",
    ),
    ("é*door", "(?<a.b>é)door", "a.b", "no expression can name the group `a.b`", "letters, digits and `_`"),
    // What belongs to it.
    (
        "capture = \"value\"",
        "capture = \"valeu\"",
        "\"valeu\"",
        "the pattern has no capture `valeu`",
        "did you mean `value`?",
    ),
    (
        "[\"door\"]",
        "[\"do\", \"door\"]",
        "\"do\"",
        "the keyword `do` is too short",
        "three characters at least: keywords say which files are worth searching",
    ),
    (
        "[\"door\"]",
        "[]",
        "[]",
        "`keywords` is empty",
        "name a text that is in every file worth searching: the others are passed over",
    ),
    (
        "keywords = [\"door\"]\n",
        "",
        "pattern",
        "the pattern has no `keywords`",
        "keywords are texts one of which a file must hold to be searched: they keep the audit fast",
    ),
    (
        "2.5",
        "8.5",
        "8.5",
        "no text has an entropy of 8.5",
        "bits for each character: words have about 3, random keys 4 and more",
    ),
    ("2.5", "'high'", "'high'", "`entropy` must be a number", "bits for each character: `entropy = 3.5`"),
    (
        "src/**/*.{ts,py}",
        "src/[a",
        "\"src/[a\"",
        "the pattern does not compile: unclosed character class; missing ']'",
        "`*` stands for a part of a name, `**` for folders, `{a,b}` for either",
    ),
    (
        "[\"product\"]",
        "[\"products\"]",
        "\"products\"",
        "there is no role `products`",
        "did you mean `product`? There are product, test, fixture, example, docs",
    ),
    (
        "[\"product\"]",
        "[\"vendored\"]",
        "\"vendored\"",
        "there is no role `vendored`",
        "somebody else's code and what tools write is never searched",
    ),
    ("not_files", "no_files", "no_files", "a pattern has no key `no_files`", "did you mean `not_files`?"),
    (
        "roles",
        "languages",
        "languages",
        "a pattern has no key `languages`",
        "only a `query` has it; name the files: `files = [\"*.ts\"]`",
    ),
    // What the rule says of its matches.
    (
        "match.captures.value !=",
        "match.captures.valu !=",
        "valu",
        "the rule has no capture `valu`",
        "did you mean `value`?",
    ),
    (
        "{match.captures.value}",
        "{match.captures.x}",
        "x",
        "the rule has no capture `x`",
        "its captures are value",
    ),
    (
        "'match.captures.value != \"é\"'",
        "'match.language == \"ts\"'",
        "\"ts\"",
        "`match.language` is never \"ts\"",
        "did you mean \"tsx\"? It is one of \"typescript\", \"tsx\", \"javascript\", \"python\", \"other\"",
    ),
    (
        "'match.captures.value != \"é\"'",
        "'matches.exists(m, m.rule == \"open-dor\")'",
        "\"open-dor\"",
        "`m.rule` is never \"open-dor\"",
        "did you mean \"open-door\"? It is one of \"open-door\"",
    ),
    (
        "'match.captures.value != \"é\"'",
        "'matches.exists(m, m.captures.value == \"x\")'",
        "value",
        "the captures of other matches are not known",
        "a rule reads the captures of the match it judges: `match.captures.name`",
    ),
    (
        "when = ",
        "on = \"app\"\nwhen = ",
        "\"app\"",
        "a rule with a `pattern` is about its matches",
        "leave `on` out; to look at `app` facts leave `pattern` out",
    ),
];

const IN_QUERIES: &[Mistake] = &[
    (
        "(call_expression",
        "(call_expresion",
        "call_expresion",
        "typescript and javascript have no node `call_expresion`",
        "did you mean `call_expression`?",
    ),
    (
        "function:",
        "func:",
        "func",
        "typescript and javascript have no field `func`",
        "did you mean `function:`?",
    ),
    (
        "(_) @value",
        "(as_expression) @value",
        "as_expression",
        "javascript has no node `as_expression`",
        "leave `javascript` out of `languages`, or give it a rule of its own",
    ),
    (
        "(identifier) @_f",
        "(class_body) @_f",
        "function",
        "no typescript or javascript code is like that",
        "the grammar never puts this node or field there",
    ),
    (
        "@call\n",
        ") @call\n",
        ")",
        "the query does not parse here",
        "nodes look like `(kind field: (kind) @name)`, texts like `\"async\"`",
    ),
    ("(_) @value)", "(_) @value", "l", "the query does not parse here", "a bracket or a quote is not closed"),
    ("#match?", "#matches?", "#matches?", "there is no predicate `#matches?`", "did you mean `#match?`?"),
    ("#match? @_f", "#match? @_g", "@_g", "the query has no capture `_g`", "did you mean `@_f`?"),
    (
        "^door\\\\d$",
        "^door\\\\d)$",
        ")",
        "the regex does not compile: unopened group",
        "the syntax is that of the regex crate; in TOML write it in '''…'''",
    ),
    (
        "#match? @_f \"^door\\\\d$\"",
        "#eq? \"door\" @_f",
        "\"door\"",
        "`#eq?` begins with a capture",
        "write `(#eq? @name \"text\")`",
    ),
    (
        "#match? @_f \"^door\\\\d$\"",
        "#eq? @_f",
        "#eq?",
        "`#eq?` compares a capture with one text",
        "write `(#eq? @_f \"text\")`",
    ),
    (
        "@call\n",
        "@the.call\n",
        "the.call",
        "no expression can name the capture `the.call`",
        "letters, digits and `_`",
    ),
    (
        "capture = \"call\"",
        "capture = \"cal\"",
        "\"cal\"",
        "the query has no capture `cal`",
        "did you mean `call`?",
    ),
    (
        "capture = \"call\"",
        "",
        "query",
        "the query has several captures",
        "say which one a finding shows: `capture = \"call\"`; there are `call`, `value`",
    ),
    (
        "\"typescript\", ",
        "\"ts\", ",
        "\"ts\"",
        "queries can't ask about `ts`",
        "did you mean `typescript`? There are typescript, tsx, javascript, python",
    ),
    (
        "capture = \"call\"",
        "regex = 'x'\ncapture = \"call\"",
        "regex",
        "a query has no key `regex`",
        "only a `pattern` has it; in a query write `(#match? @x \"…\")`",
    ),
];

/// Underlined characters, message and help of each mistake.
fn mistakes(text: &str) -> Vec<(String, String, String)> {
    let Err(PackErrors { errors }) = RuleSet::from_texts(&[("p.toml", text)]) else { return Vec::new() };
    let told = errors.iter().map(|error| {
        let place = error.place.as_ref().map(|place| place.text()).unwrap_or_default();
        (place.to_owned(), error.message.clone(), error.help.clone().unwrap_or_default())
    });
    told.collect()
}

#[test]
fn each_mistake_is_told_at_its_characters_with_what_to_write() {
    let (pattern, query) = (format!("{HEAD}{PATTERN}"), format!("{HEAD}{QUERY}"));
    assert_eq!(mistakes(&pattern), [], "the pattern has none");
    assert_eq!(mistakes(&query), [], "the query has none");
    assert!(IN_PATTERNS.len() + IN_QUERIES.len() >= 30);
    let all = IN_PATTERNS.iter().map(|one| (&pattern, one)).chain(IN_QUERIES.iter().map(|one| (&query, one)));
    let mut wrong = Vec::new();
    for (rule, (right, instead, underlined, message, help)) in all {
        assert!(rule.contains(right), "{right}");
        let told = mistakes(&rule.replacen(right, instead, 1));
        let expected = vec![((*underlined).to_owned(), (*message).to_owned(), (*help).to_owned())];
        if told != expected {
            wrong.push(format!("{right} → {instead}\n  told     {told:?}\n  expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn bodies_and_kinds_that_do_not_fit() {
    let both = format!("{HEAD}{PATTERN}{QUERY}");
    let told = mistakes(&both);
    assert_eq!(told[0].1, "a rule has one body");
    assert_eq!(told[0].0, "query");
    let neither = HEAD.replace("when =", "on = \"match\"\nwhen =");
    let told = mistakes(&neither);
    assert!(told.iter().any(|(place, message, _)| {
        place == "\"match\"" && message == "the rule says nothing to look for"
    }));
    let text = HEAD.replace("when =", "pattern = 'door'\nwhen =");
    assert_eq!(
        mistakes(&text),
        [(
            "'door'".into(),
            "`pattern` must be a table".into(),
            "write `[rule.pattern]` and its keys below".into()
        )]
    );
}

#[test]
fn several_mistakes_of_a_body_are_told_at_once() {
    let text = format!("{HEAD}{PATTERN}")
        .replace("\"door\"", "\"x\"")
        .replace("2.5", "9")
        .replace("\"product\"", "\"prod\"")
        .replace("(?<value>\\w+)", "(?<value>\\w+");
    let messages: Vec<String> = mistakes(&text).into_iter().map(|(_, message, _)| message).collect();
    assert_eq!(
        messages,
        [
            "the keyword `x` is too short",
            "the regex does not compile: unclosed group",
            "no text has an entropy of 9",
            "there is no role `prod`",
        ]
    );
}
