use super::print::{binding, body, function};
use super::{ts, tsx};
use crate::code::{Expr, Stmt, parse};

fn lowered(text: &str) -> String {
    body(&ts(text))
}

#[test]
fn expressions() {
    for (text, expected) in [
        ("a.b?.['c']?.(1)[2][v]", "a.b?.c(1).2[v]"),
        ("(x as A)!.y satisfies B", "x.y"),
        ("(<T>x)()", "x()"),
        ("new Stripe(key, ...more)", "new Stripe(key, ...more)"),
        ("`a`; `a${b}c${d}`; sql`x ${y}`", "\"a\"; `a|c|`(b, d); sql(`x |`(y))"),
        (
            "a === b; a != b; a < b; a + b; a in b; a instanceof B; a * b",
            "(a Equal b); (a NotEqual b); (a Less b); (a Add b); (a In b); (a InstanceOf B); (a Other b)",
        ),
        ("a && b || c; a ?? b", "((a And b) Or c); (a Coalesce b)"),
        (
            "!a; typeof a; -1; -a; void 0; void f(); delete a.b",
            "!a; typeof a; -1; other(a); undefined; other(f()); other(a.b)",
        ),
        (
            "a = 1; a.b += 2; i++; [c, d.e] = f; ({ g, h: i = 1, ...j } = k)",
            "at a = 1; at a.b += 2; at i += 1; [at c, at d.e] = f; {g: at g, h: at i = 1, *: at j} = k",
        ),
        ("a ? b : c; (a, b())", "(a ? b : c); other(a, b())"),
        ("undefined; null; true; 1.5; /a[/]b/g; 10n", "undefined; null; true; 1.5; /a[/]b/; other()"),
        (
            "x = { a, 'b': 1, 2: 2, [c]: 3, [d()]: 4, e() {}, get f() { return 1 }, ...g }",
            "at x = {a: a, b: 1, 2: 2, : 3, : d(), : 4, e: f1, f: other(f2), ...g}",
        ),
        ("[a, , ...b]", "[a, undefined, ...b]"),
        ("import.meta.env.KEY; import(`./a`); import(b)", "import.meta.env.KEY; import(./a); import(b)"),
        ("this.a; class A extends B { constructor() { super() } }", "this.a"),
        ("x = class { #a = 1; b() { return #a in this } }", "at x = c0"),
    ] {
        assert_eq!(lowered(text), expected, "{text}");
    }
}

#[test]
fn statements() {
    for (text, expected) in [
        ("if (a) b(); else if (c) { d() }", "if a {b()} else {if c {d()} else {}}"),
        ("try { a() } catch { } finally { b() }", "try {a()} catch  {} finally {b()}"),
        ("try { a() } finally { }", "try {a()} catch  {none} finally {}"),
        (
            "try { a() } catch ({ message }) { b(message) }",
            "try {a()} catch {message: $0} {b($message)} finally {}",
        ),
        ("for (const [k, v] of all()) go(k)", "loop [$0, $1] of all() {go($k)}"),
        ("for await (const x of y) {}", "loop $0 of await y {}"),
        ("for (const k in o) {}", "loop $0 of o {}"),
        (
            "for (let i = 0; i < 3; i++) { go(i); continue }",
            "{let $0 = 0; loop ($i Less 3) {go($i); continue; $0 += 1}}",
        ),
        ("for (;;) break", "loop  {break}"),
        ("while (a) b()", "loop a {b()}"),
        ("do { a() } while (b())", "loop b() {a()}"),
        ("out: for (;;) { break out }", "loop  {break}"),
        ("out: { if (a) break out; b() }", "loop  {if a {break} else {}; b()}"),
        (
            "switch (a) { case 1: b(); case 2: c(); break; default: d() }",
            "switch a 1: {b()} 2: {c(); break} default: {d()}",
        ),
        ("throw new Error('a')", "throw new Error(\"a\")"),
        ("{ a(); ; debugger }", "{a()}"),
        ("let a; var b = a, c = b", "let $0; let $1 = $a; let $2 = $b"),
        ("return a", "return a"),
    ] {
        assert_eq!(lowered(text), expected, "{text}");
    }
    let with = parse("a.cjs", "with (a()) { b() }");
    assert_eq!(body(&with), "a(); {b()}");
}

#[test]
fn declarations_are_hoisted_and_bound() {
    let module = ts(
        "later();\nfunction later() { return user }\nconst { data: { user = none }, ...rest } = await get();\n\
                     const [a, , b = f()] = rest;\nlet c = 1; c = 2;\nvar d = 1; var d = 2;\nfor (const e of a) {}\n\
                     try {} catch (g) {}\nconst { [h]: i, j: [{ k }] } = l;",
    );
    assert!(body(&module).starts_with(
        "$later(); let {data: {user: $1 = none}, *: $2} = await get(); let {0: $3, 2: $4 = f()} = $rest"
    ));
    for (name, expected) in [
        ("later", "f1"),
        ("user", "f0 data.user of await get()"),
        ("rest", "f0 * of await get()"),
        ("a", "f0 0 of $rest"),
        ("b", "f0 2 of $rest"),
        ("c", "f0 1, reassigned"),
        ("d", "f0 1, reassigned"),
        ("e", "other"),
        ("g", "caught in f0"),
        ("i", "other"),
        ("k", "f0 j.0.k of l"),
    ] {
        assert_eq!(binding(&module, name), expected, "{name}");
    }
}

#[test]
fn functions_are_called_after_what_they_are_the_value_of() {
    let module = ts("const a = () => {}, b = function own() {}; x.c = () => {}; d = async () => {};\n\
                     y = { e: () => {}, f() {}, 'g': function () {} };\nclass H { i = () => {}; static j() {} get k() { return 1 } }\n\
                     const l = wrap(() => {});\nconst m = (() => {}) as Handler;\nconst { n = () => {} } = z;\nconst O = class {};");
    let names: Vec<&str> = module.functions.iter().map(|function| &*function.name).collect();
    assert_eq!(names, ["", "a", "own", "c", "d", "e", "f", "g", "i", "j", "k", "", "m", "n"]);
    assert_eq!(&*module.classes[1].name, "O");
    assert_eq!(binding(&module, "own"), "f2");
}

#[test]
fn parameters() {
    let module =
        ts("async function f(a: NextRequest, { b, c: [d] }: P<T> = {}, e = g(), ...h: Q.R[]) { return b }");
    assert_eq!(
        function(&module, "f"),
        "async ($1: NextRequest, {b: $2, c: [$3]}: P = {}, $4 = g(), ...$5) { return $b }"
    );
    assert_eq!(binding(&module, "d"), "param 1 of f1");
    assert_eq!(binding(&module, "h"), "param 3 of f1");
    assert_eq!(function(&ts("const f = x => x.y"), "f"), "($1) { return $x.y }");
}

#[test]
fn classes() {
    let module = ts("@Controller('users') export class Users extends Base<User> implements A, B.C {\n\
                     @Inject() private repo: Repo<User>;\n  static count = 0;\n  [made()] = 1;\n\
                     constructor(private readonly users: UsersService, @Inject('x') public y: Y, plain: Z) { super() }\n\
                     @Get(':id') @UseGuards(Guard)\n  async one(@Param('id') id: string, @Body() body: CreateDto) {}\n\
                     static { init() }\n}");
    let class = &module.classes[0];
    assert_eq!(class.line, 1);
    assert_eq!(class.extends, Some(Expr::Name("Base".into(), None)));
    assert_eq!(class.implements.iter().map(|name| &**name).collect::<Vec<_>>(), ["A", "B.C"]);
    assert_eq!(super::print::expr(&class.decorators[0]), "Controller(\"users\")");
    let fields: Vec<(&str, &str, u32)> =
        class.fields.iter().map(|f| (&*f.name, &*f.type_name, f.line)).collect();
    assert_eq!(
        fields,
        [
            ("repo", "Repo", 2),
            ("count", "", 3),
            ("", "", 4),
            ("", "", 4),
            ("users", "UsersService", 5),
            ("y", "Y", 5)
        ]
    );
    let methods: Vec<(&str, bool)> = class.methods.iter().map(|m| (&*m.name, m.is_static)).collect();
    assert_eq!(methods, [("constructor", false), ("one", false), ("", true)]);
    let one = &module.functions[class.methods[1].function.0 as usize];
    assert_eq!((one.line, one.end, one.is_async), (7, 7, true));
    assert_eq!(
        one.decorators.iter().map(super::print::expr).collect::<Vec<_>>(),
        ["Get(\":id\")", "UseGuards(Guard)"]
    );
    assert_eq!(function(&module, "one"), "async (@Param(\"id\") $4, @Body() $5: CreateDto) {  }");
}

#[test]
fn markup() {
    let module = tsx(
        "import { Dialog } from './d';\nconst A = ({ id }) => <Dialog.Root open title=\"t\" {...id} onClick={() => go()}>\n\
                      text {id && <b>x</b>} {/* c */} {\" \"}<>{list.map(i => <A key={i}/>)}</></Dialog.Root>;",
    );
    assert_eq!(
        function(&module, "A"),
        "({id: $2}) { return <$Dialog.Root open=true title=\"t\" =$id onClick=f2>(($id And <b>()), <>(list.map(f3))) }"
    );
    assert_eq!(&*module.functions[2].name, "onClick");
}

#[test]
fn directives() {
    let module = ts(
        "'use server';\nexport async function a() { 'use step'; return 1 }\nconst b = async () => { 'use cache' }",
    );
    let texts = |list: &[crate::code::Name]| list.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    assert_eq!(texts(&module.directives), ["use server"]);
    assert_eq!(texts(&module.functions[1].directives), ["use step"]);
    assert_eq!(texts(&module.functions[2].directives), ["use cache"]);
}

#[test]
fn lines() {
    let module = ts(
        "\u{feff}#!/usr/bin/env node\r\nconst a = b\r\n  .c()\r\n  .d(\r\n    1,\r\n  );\r\nif (x) {\r\n  throw y\r\n}",
    );
    let Expr::Call(d) = &module.values[0] else { panic!("a call") };
    let Expr::Member(member) = &d.callee else { panic!("a member") };
    let Expr::Call(c) = &member.object else { panic!("a call") };
    assert_eq!((d.line, member.line, c.line), (4, 4, 3));
    let Stmt::If { line, then, .. } = &module.functions[0].body[1] else { panic!("an if") };
    assert_eq!(*line, 7);
    assert!(matches!(then[0], Stmt::Throw(_, 8)));
    assert_eq!(module.functions[0].end, 9);
}
