//! What is refused: the characters that are underlined, the message, the help.

use super::refused;

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
