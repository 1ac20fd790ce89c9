//! What the checker accepts, refuses and points at, over a small schema with everything that a schema can hold.

use serde_json::{Value, json};

use super::*;

fn types() -> Types {
    let answer = json!({"oneOf": [{"const": "yes", "type": "string"}, {"const": "no", "type": "string"},
        {"const": "unknown", "type": "string"}]});
    let schema = json!({
        "properties": {
            "project": {"$ref": "#/$defs/Project"},
            "routes": {"type": "array", "items": {"$ref": "#/$defs/Route"}},
            "tables": {"type": "array", "items": {"$ref": "#/$defs/Table"}}
        },
        "$defs": {
            "Answer": answer,
            "Method": {"type": "string", "enum": ["GET", "POST"]},
            "Project": {"properties": {"files": {"type": "integer"}}, "required": ["files"]},
            "Table": {"properties": {
                "name": {"type": "string"},
                "search_path": {"type": ["string", "null"]},
                "owner": {"anyOf": [{"$ref": "#/$defs/Owner"}, {"type": "null"}]}
            }, "required": ["name"]},
            "Owner": {"properties": {"name": {"type": "string"}}, "required": ["name"]},
            "Effect": {"properties": {"kind": {"type": "string"}, "line": {"type": "integer"}},
                "required": ["kind", "line"]},
            "Route": {"properties": {
                "path": {"type": "string"},
                "method": {"$ref": "#/$defs/Method"},
                "methods": {"type": "array", "items": {"$ref": "#/$defs/Method"}},
                "line": {"type": "integer"},
                "share": {"type": "number"},
                "open": {"type": "boolean"},
                "authenticated": {"$ref": "#/$defs/Answer"},
                "validated": {"$ref": "#/$defs/Answer"},
                "roles": {"type": "array", "items": {"type": "string"}},
                "effects": {"type": "array", "items": {"$ref": "#/$defs/Effect"}}
            }, "required": ["path", "method", "methods", "line", "share", "open", "authenticated", "validated",
                "roles", "effects"]}
        }
    });
    Types::of(&schema, [("project", "project"), ("route", "routes"), ("table", "tables")])
}

fn compile(text: &str, on: &str) -> Result<Expression, Vec<Mistake>> {
    let types = types();
    Expression::compile(text, types.kind(on).unwrap(), &types)
}

/// Checks that `text` is refused once: what is underlined, the message, the help.
#[track_caller]
fn refused_on(on: &str, text: &str, underlined: &str, message: &str, help: &str) {
    let mistakes = compile(text, on).expect_err("should be refused");
    let [mistake] = mistakes.as_slice() else { panic!("{mistakes:#?}") };
    let shown: String = text.chars().skip(mistake.chars.start).take(mistake.chars.len()).collect();
    assert_eq!(
        (shown.as_str(), mistake.message.as_str(), mistake.help.as_str()),
        (underlined, message, help),
        "{text}"
    );
}

#[track_caller]
fn refused(text: &str, underlined: &str, message: &str, help: &str) {
    refused_on("route", text, underlined, message, help);
}

fn routes() -> Vec<Value> {
    vec![
        json!({"path": "/a", "method": "GET", "methods": ["GET"], "line": 3, "share": 0.9, "open": true,
            "authenticated": "yes", "validated": "no", "roles": [], "effects": []}),
        json!({"path": "/API/b", "method": "POST", "methods": ["GET", "POST"], "line": 0, "share": 1.0, "open": false,
            "authenticated": "unknown", "validated": "yes", "roles": ["admin"],
            "effects": [{"kind": "write", "line": 7}]}),
    ]
}

/// The outcome for both routes.
#[track_caller]
fn outcome(text: &str) -> [bool; 2] {
    let expression = match compile(text, "route") {
        Ok(expression) => expression,
        Err(mistakes) => panic!("{text}: {mistakes:#?}"),
    };
    let mut values = Values::default();
    values.add_list("routes", &routes());
    values.add_single("project", &json!({"files": 12}));
    values.add_list(
        "tables",
        &[json!({"name": "t", "search_path": null}), json!({"name": "u", "search_path": ""})],
    );
    [0, 1].map(|index| expression.holds(&values.fact("routes", index, "route").unwrap()).unwrap())
}

#[test]
fn everything_that_a_rule_may_say_is_evaluated() {
    assert_eq!(outcome("route.open"), [true, false]);
    assert_eq!(outcome("!route.open && route.line == 0"), [false, true]);
    assert_eq!(outcome("route.line > 2 || route.share >= 1"), [true, true]);
    assert_eq!(outcome("route.share > 0.8 && route.share < 1.0"), [true, false]);
    assert_eq!(outcome("route.line + 1 == 4"), [true, false]);
    assert_eq!(outcome("double(route.line) / 2.0 > 1.0"), [true, false]);
    assert_eq!(outcome("int(route.share) == 1"), [false, true]);
    assert_eq!(outcome("-route.line < 0"), [true, false]);
    assert_eq!(outcome("route.method == \"GET\""), [true, false]);
    assert_eq!(outcome("route.method in [\"GET\", \"POST\"]"), [true, true]);
    assert_eq!(outcome("\"POST\" in route.methods"), [false, true]);
    assert_eq!(outcome("route.path.startsWith('/a') || route.path.endsWith('/b')"), [true, true]);
    assert_eq!(outcome("route.path.lowerAscii().contains('api')"), [false, true]);
    assert_eq!(outcome("route.path.matches('^/[a-z]$')"), [true, false]);
    assert_eq!(outcome("route.path.matches('^/a') && route.path.matches('a$')"), [true, false]);
    assert_eq!(outcome("route.effects.exists(e, e.kind == 'write' && e.line > 5)"), [false, true]);
    assert_eq!(outcome("route.effects.all(e, e.kind == 'write')"), [true, true]);
    assert_eq!(outcome("route.roles.exists_one(r, r == 'admin')"), [false, true]);
    assert_eq!(outcome("route.effects.filter(e, e.line > 1).size() == 1"), [false, true]);
    assert_eq!(outcome("'write' in route.effects.map(e, e.kind)"), [false, true]);
    assert_eq!(outcome("size(route.effects.map(e, e.line > 1, e.line + 1)) == 1"), [false, true]);
    assert_eq!(outcome("routes.exists(r, r.path != route.path && r.open)"), [false, true]);
    assert_eq!(outcome("routes.filter(r, !r.open).map(r, r.path) == ['/API/b']"), [true, true]);
    assert_eq!(outcome("project.files == 12"), [true, true]);
    assert_eq!(outcome("(route.open ? route.line : 9) == 3"), [true, false]);
    assert_eq!(outcome("route.authenticated == route.validated"), [false, false]);
    assert_eq!(outcome("route.path > '/a'"), [false, false]);
}

#[test]
fn optional_fields_must_be_asked_for_first() {
    for fine in [
        "has(table.search_path) && table.search_path == ''",
        "table.search_path != null && table.search_path == ''",
        "null != table.search_path && table.search_path == ''",
        "table.search_path == null || table.search_path == ''",
        "!has(table.search_path) || table.search_path == ''",
        "has(table.search_path) ? table.search_path == '' : false",
        "has(table.search_path) && table.name != 'x' && table.name != 'y' && table.search_path == ''",
        "tables.exists(t, has(t.search_path) && t.search_path == table.name)",
        "has(table.owner) && table.owner.name == 'x'",
        "(has(table.search_path) && table.name == 'a' || has(table.search_path)) && table.search_path == ''",
        "tables.filter(t, has(t.search_path)).size() > 1",
        "tables.map(t, has(t.search_path), t.search_path).size() > 1",
    ] {
        assert!(compile(fine, "table").is_ok(), "{fine}: {:?}", compile(fine, "table"));
    }
    let help = "ask first: `has(table.search_path) && …`";
    let missing = "`search_path` may be missing";
    refused_on("table", "table.search_path == ''", "table.search_path", missing, help);
    refused_on(
        "table",
        "has(table.search_path) || table.search_path == ''",
        "table.search_path",
        missing,
        help,
    );
    refused_on(
        "table",
        "!has(table.search_path) && table.search_path == ''",
        "table.search_path",
        missing,
        help,
    );
    refused_on(
        "table",
        "table.owner.name == 'x'",
        "table.owner",
        "`owner` may be missing",
        "ask first: `has(table.owner) && …`",
    );
    refused_on(
        "table",
        "tables.exists(t, has(t.search_path)) && tables.exists(t, t.search_path == '')",
        "t.search_path",
        missing,
        "ask first: `has(t.search_path) && …`",
    );
}

#[test]
fn null_in_a_fact_is_a_missing_field() {
    let mut values = Values::default();
    values.add_list(
        "tables",
        &[json!({"name": "t", "search_path": null}), json!({"name": "u", "search_path": ""})],
    );
    let holds = |text: &str| {
        let expression = compile(text, "table").unwrap();
        [0, 1].map(|index| expression.holds(&values.fact("tables", index, "table").unwrap()).unwrap())
    };
    assert_eq!(holds("has(table.search_path)"), [false, true]);
    assert_eq!(holds("table.search_path != null"), [false, true]);
    assert_eq!(holds("null == table.search_path"), [true, false]);
    assert_eq!(holds("table.search_path == null || table.search_path == ''"), [true, true]);
    assert_eq!(holds("has(table.search_path) && table.search_path == ''"), [false, true]);
}

#[test]
fn names() {
    let lists = "the fact is `route`; the lists are project, routes, tables";
    refused("rote.open", "rote", "there is nothing called `rote`", "did you mean `route`?");
    refused("xyzzy.open", "xyzzy", "there is nothing called `xyzzy`", lists);
    refused(
        "table.name == 'x'",
        "table",
        "there is nothing called `table`",
        "the rule is `on = \"route\"`: the fact is `route`, and all facts of kind table are in the list `tables`",
    );
    refused(
        "route.effects.exists(e, ef.line > 1)",
        "ef",
        "there is nothing called `ef`",
        "did you mean `e`?",
    );
    refused(
        "route.effects.exists(route, route.line > 1)",
        "route",
        "`route` already names something else",
        "",
    );
}

#[test]
fn fields() {
    refused(
        "route.open && route.authentcated == 'no'",
        "authentcated",
        "`route` has no field `authentcated`",
        "did you mean `authenticated`?",
    );
    refused(
        "route.effects.exists(e, e.lin > 1)",
        "lin",
        "`Effect` has no field `lin`",
        "did you mean `line`?",
    );
    refused("project.zzz == 1", "zzz", "`project` has no field `zzz`", "its fields are files");
    refused(
        "route.effects.kind == 'write'",
        "kind",
        "`route.effects` is a list and has no field `kind`",
        "ask its items: `route.effects.exists(x, x.kind …)`",
    );
    refused("route.path.length > 1", "length", "a string has no field `length`", "");
    refused(
        "has(route.path)",
        "has(route.path)",
        "`path` is always there",
        "none is an empty string: `route.path != \"\"`",
    );
    refused("route.path == null", "route.path", "`route.path` is never null", "none is \"\", 0 or []");
    refused("has(route.pth)", "pth", "`route` has no field `pth`", "did you mean `path`?");
}

#[test]
fn values_of_enums() {
    let one_of = "it is one of \"yes\", \"no\", \"unknown\"";
    let yes = "did you mean \"yes\"? It is one of \"yes\", \"no\", \"unknown\"";
    refused("route.authenticated == 'yess'", "'yess'", "`route.authenticated` is never \"yess\"", yes);
    refused("'nope!' != route.authenticated", "'nope!'", "`route.authenticated` is never \"nope!\"", one_of);
    refused(
        "route.method in ['GET', 'PSOT']",
        "'PSOT'",
        "`route.method` is never \"PSOT\"",
        "did you mean \"POST\"? It is one of \"GET\", \"POST\"",
    );
    refused(
        "'PUT' in route.methods",
        "'PUT'",
        "`route.methods` is never \"PUT\"",
        "it is one of \"GET\", \"POST\"",
    );
    refused(
        "route.authenticated == (route.open ? 'yes' : 'nah')",
        "'nah'",
        "`route.authenticated` is never \"nah\"",
        one_of,
    );
    refused(
        "route.authenticated == route.method",
        "route.authenticated == route.method",
        "can't compare one of \"yes\", \"no\", \"unknown\" with one of \"GET\", \"POST\"",
        "",
    );
    refused(
        "route.authenticated == true",
        "route.authenticated == true",
        "can't compare one of \"yes\", \"no\", \"unknown\" with true or false",
        "what is inferred is \"yes\", \"no\", … in quotes",
    );
    refused(
        "route.authenticated > 'no'",
        "route.authenticated > 'no'",
        "can't compare one of \"yes\", \"no\", \"unknown\" with a string",
        "these strings have no order: use `==` or `in [\"…\", \"…\"]`",
    );
}

#[test]
fn clashes() {
    refused(
        "route.path == 3",
        "route.path == 3",
        "can't compare a string with a whole number",
        "write the number without quotes",
    );
    refused(
        "route.line > '3'",
        "route.line > '3'",
        "can't compare a whole number with a string",
        "write the number without quotes",
    );
    refused(
        "route.open == 'true'",
        "route.open == 'true'",
        "can't compare true or false with a string",
        "a boolean is `true` or `false`, without quotes",
    );
    refused(
        "route.effects > 0",
        "route.effects > 0",
        "can't compare a list of `Effect` items with a whole number",
        "compare its size: `list.size()`",
    );
    refused(
        "route.roles == 'admin'",
        "route.roles == 'admin'",
        "can't compare a list of strings with a string",
        "to look in a list write `item in list`",
    );
    refused(
        "3 in route.roles",
        "3 in route.roles",
        "can't look for a whole number in a list of strings",
        "write the number in quotes",
    );
    refused(
        "'a' in route.path",
        "route.path",
        "`in` looks in a list, and this is a string",
        "to look inside a string write `text.contains(\"part\")`",
    );
    refused(
        "route.share + route.line > 1.0",
        "route.share + route.line",
        "can't apply `+` to a fraction and a whole number",
        "write `double(…)` around the whole number",
    );
    refused(
        "(route.line + 'a') == 'b'",
        "route.line + 'a'",
        "can't apply `+` to a whole number and a string",
        "write the number without quotes",
    );
    refused(
        "route.open && route.line",
        "route.line",
        "this is a whole number, not true or false",
        "compare it: `… > 0`",
    );
    refused("!route.path", "route.path", "this is a string, not true or false", "compare it: `… != \"\"`");
    refused("['a', 3].size() > 1", "3", "the items of a list must have one type", "");
    refused(
        "route.effects[0].line > 1",
        "route.effects[0]",
        "an item may not be there",
        "ask the items: `list.exists(x, …)`",
    );
    refused(
        "routes.exists(r, r == route)",
        "r == route",
        "can't compare a whole `route` with a whole `route`",
        "compare one of its fields",
    );
    refused("route.line == 3u", "3u", "facts have no unsigned numbers", "leave out the `u`");
}

#[test]
fn functions() {
    refused(
        "route.path.startWith('/a')",
        "startWith",
        "there is no function `startWith`",
        "did you mean `startsWith`?",
    );
    refused(
        "lenght(route.path) > 1",
        "lenght",
        "there is no function `lenght`",
        "there are size, has, exists, all, exists_one, filter, map, contains, startsWith, endsWith, matches, \
         lowerAscii, double, int",
    );
    refused(
        "route.roles.contains('admin')",
        "contains",
        "a list of strings has no `contains`",
        "to look in a list write `item in list`",
    );
    refused("route.path.contains(3)", "3", "`contains` takes a string", "");
    refused(
        "contains(route.path, 'a')",
        "contains",
        "`contains` is not called like this",
        "write `text.contains(\"part\")`",
    );
    refused(
        "route.effects.exists(e.kind == 'x')",
        "exists",
        "`exists` is not called like this",
        "write `list.exists(x, condition)`",
    );
    refused("route.path.exists(c, c == 'a')", "route.path", "a string is no list", "");
    refused("size(route.line) > 1", "size(route.line)", "a whole number has no size", "");
    refused("double(route.path) > 1.0", "route.path", "`double` takes a number", "");
    refused(
        "route.path.matches('(')",
        "'('",
        "the pattern does not compile",
        "look-around and back-references are not supported: patterns run in linear time",
    );
    refused(
        "route.path.matches(route.path)",
        "route.path",
        "a pattern must be written out",
        "it is compiled once, when the pack is loaded",
    );
    refused(
        "timestamp(route.path) == 3",
        "timestamp",
        "there is no function `timestamp`",
        "there are size, has, exists, all, exists_one, filter, map, contains, startsWith, endsWith, matches, \
         lowerAscii, double, int",
    );
}

#[test]
fn the_whole_must_be_true_or_false() {
    refused(
        "route.line",
        "route.line",
        "the expression is a whole number, not true or false",
        "compare it: `… > 0`",
    );
    refused(
        "routes",
        "routes",
        "the expression is a list of `route` items, not true or false",
        "ask `….size() > 0`, or `….exists(x, …)`",
    );
    refused(
        "route.authenticated",
        "route.authenticated",
        "the expression is one of \"yes\", \"no\", \"unknown\", not true or false",
        "compare it: `… == \"yes\"`",
    );
}

#[test]
fn what_does_not_parse() {
    let message = "the expression does not parse here";
    refused("route.open && && route.open", "&", message, "write `&&`");
    refused("route.open and route.open", "and", message, "write `&&`");
    refused("route.line = 3", "=", message, "equality is `==`");
    refused("route.open &&", "&&", "the expression ends too early", "");
    refused("(route.open", "(route.open", "the expression ends too early", "");
    refused("'é' == route.path )", ")", message, "");
    refused("has(route)", "route", "`has` takes a field", "write `has(fact.field)`");
    refused("route.path == 'a", "'a", "a string does not end", "");
}

#[test]
fn spans_count_characters_not_bytes() {
    refused(
        "'é→' != '' && routee.open",
        "routee",
        "there is nothing called `routee`",
        "did you mean `route`?",
    );
    refused(
        "route.path == 'ü' ||\n  route.\n    opn",
        "opn",
        "`route` has no field `opn`",
        "did you mean `open`?",
    );
}

#[test]
fn several_mistakes_are_all_reported_in_order() {
    let mistakes = compile("route.opn && route.line == 'x' && zzz", "route").unwrap_err();
    let messages: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`route` has no field `opn`",
            "can't compare a whole number with a string",
            "there is nothing called `zzz`"
        ]
    );
}

#[test]
fn what_an_expression_reads() {
    let text = "route.open && routes.exists(r, r.line > 1 && r.path == route.path) && project.files > 1";
    let reads = compile(text, "route").unwrap().reads().clone();
    assert_eq!(reads.fields.into_iter().collect::<Vec<_>>(), ["open", "path"]);
    assert_eq!(reads.lists.into_iter().collect::<Vec<_>>(), ["project", "routes"]);
}

#[test]
fn a_division_by_zero_is_an_error_of_the_evaluation() {
    let expression = compile("10 / route.line > 1", "route").unwrap();
    let mut values = Values::default();
    values.add_list("routes", &routes());
    assert_eq!(expression.holds(&values.fact("routes", 0, "route").unwrap()), Ok(true));
    assert!(expression.holds(&values.fact("routes", 1, "route").unwrap()).is_err());
}

/// The tree without the numbers of its nodes, which the two parsers count differently.
fn shape(expr: &IdedExpr) -> String {
    let text = format!("{expr:?}");
    let mut parts = text.split("id: ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shape, part| shape + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

#[test]
fn both_parsers_read_the_same() {
    for text in [
        "a && b || !c && (d || e) && f",
        "a.b.c == 'x' && a.d != \"y\\n\" || a.e in ['x', \"y\"]",
        "a ? b : c ? d : e",
        "-a < 3 && a - -3 > 0x1F && 2 * (a + b) % 5 == 1",
        "1.5e3 > a.b && .5 < a.c && -2.5 == a.d",
        "xs.exists(x, x.ys.all(y, y.z == x.z)) && size(xs.filter(x, x.open)) > 0",
        "xs.map(x, x.open, x.name).size() == xs.map(x, x.name).size() && xs.exists_one(x, has(x.name))",
        "a.path.matches('^/a\\\\.b$') || a.path.matches(r'^/a\\.b$')",
        "a == null || true != false",
        "'é→' == a.b // a comment\n && a.c",
        "[1, 2][0] == {'a': 1}['a']",
    ] {
        let fast = PrattParser::new().parse(text).unwrap();
        let slow = Parser::new().parse(text).unwrap();
        assert_eq!(shape(&fast), shape(&slow), "{text}");
    }
}
