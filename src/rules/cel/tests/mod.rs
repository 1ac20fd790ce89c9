//! What the checker accepts, refuses and points at, over a small schema with everything that a schema can hold.

mod refused;

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
fn the_day_of_the_audit() {
    let mut values = Values::of_day("2026-01-15");
    values.add_list("routes", &routes());
    let holds = |text: &str| {
        let expression = compile(text, "route").unwrap();
        expression.holds(&values.fact("routes", 0, "route").unwrap()).unwrap()
    };
    assert!(holds("'2025-04-30' < today") && !holds("today < '2026-01-15'"));
    assert!(holds("today == '2026-01-15'") && holds("today.startsWith('2026')"));
    refused(
        "today < 3",
        "today < 3",
        "can't compare a string with a whole number",
        "write the number without quotes",
    );
    refused("tody == 'x'", "tody", "there is nothing called `tody`", "did you mean `today`?");
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
