use std::sync::LazyLock;

use regex::Regex;

use super::assertions;
use crate::facts::kinds::TestLevel;
use crate::facts::mask::{Lines, Masked, Partners, Syntax, mask, partners};
use crate::facts::notes::{FileNotes, TestNote};
use crate::source::{File, Role};
use crate::words::Words;

const EXTENSIONS: &[&str] = &["js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts"];

pub(super) fn wants(file: &File) -> bool {
    // Page objects of Playwright live in folders named `fixtures`: no tests there, but assertions.
    (super::own(file) || file.role == Role::Fixture) && EXTENSIONS.contains(&&*file.extension())
}

/// Calls that hold a test case or a group of them, with their modifiers.
#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static CALL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(^|[^0-9A-Za-z_$.\x{80}-\x{10FFFF}])(it|test|specify|xit|fit|xtest|xspecify|describe|suite|context|xdescribe|fdescribe|xcontext|Deno\s*\.\s*test|QUnit\s*\.\s*test)((?:\s*\.\s*[0-9A-Za-z_]+)*)\s*([(`])",
    )
    .expect("a valid pattern")
});

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static IMPORT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["']([^"'\n]+)["']"#)
        .expect("a valid pattern")
});

/// Modules that tell the framework.
const FRAMEWORKS: &[(&str, &str)] = &[
    ("vitest", "vitest"),
    ("@jest/globals", "jest"),
    ("@playwright/test", "playwright"),
    ("node:test", "node:test"),
    ("bun:test", "bun:test"),
    ("ava", "ava"),
    ("tape", "tape"),
    ("tap", "tape"),
    ("mocha", "mocha"),
    ("jasmine", "jasmine"),
    ("@japa/runner", "japa"),
    ("uvu", "uvu"),
    ("cypress", "cypress"),
    ("@wdio/globals", "webdriverio"),
    ("detox", "detox"),
    ("qunit", "qunit"),
    ("@std/testing/bdd", "deno"),
    ("k6", "k6"),
];

fn framework(masked: &Masked) -> &'static str {
    let modules: Vec<&str> =
        IMPORT.captures_iter(&masked.text).filter_map(|c| c.get(1)).map(|m| m.as_str()).collect();
    for (module, framework) in FRAMEWORKS {
        if modules.contains(module) {
            return framework;
        }
    }
    if modules.iter().any(|m| m.starts_with("k6/")) {
        "k6"
    } else if modules.iter().any(|m| m.contains("testing/bdd")) || masked.code.contains("Deno.test") {
        "deno"
    } else if modules.iter().any(|m| m.contains("playwright") && !m.starts_with('.')) {
        "playwright"
    } else if masked.code.contains("cy.") && masked.code.contains("cy.visit") {
        "cypress"
    } else if masked.text.contains("vi.mock(") || masked.text.contains("vi.fn(") {
        "vitest"
    } else if masked.text.contains("jest.mock(") || masked.text.contains("jest.fn(") {
        "jest"
    } else {
        ""
    }
}

fn level(framework: &str) -> TestLevel {
    match framework {
        "playwright" | "cypress" | "webdriverio" | "detox" => TestLevel::E2e,
        "k6" => TestLevel::Load,
        _ => TestLevel::Unit,
    }
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    if !may_hold_tests(text) {
        return;
    }
    let masked = mask(text, Syntax::Js);
    let framework = framework(&masked);
    let mut note =
        TestNote { framework: framework.to_owned(), level: level(framework), ..TestNote::default() };
    match (super::own(file), framework) {
        (false, _) => {}
        (true, "k6") if masked.code.contains("export default") => (note.cases, note.line) = (1, 1),
        (true, _) => cases(&masked.code, framework, &mut note),
    }
    note.assertions = assertions::count(&masked, note.level);
    if note.cases + note.skipped == 0 {
        notes.asserts = note.assertions > 0 && (!framework.is_empty() || masked.code.contains("expect("));
        return;
    }
    notes.test = Some(note);
}

/// Whether a word that starts a test case stands anywhere. Asked of every file, so that few are scanned.
fn may_hold_tests(text: &str) -> bool {
    const WORDS: [&str; 17] = [
        "test(",
        "test.",
        "it(",
        "it.",
        "specify",
        "test (",
        "it (",
        "test<",
        "k6",
        "expect(",
        "xit(",
        "xit.",
        "fit(",
        "xtest(",
        "xspecify(",
        "Deno.test",
        "QUnit.test",
    ];
    static FINDER: LazyLock<Option<Words>> = LazyLock::new(|| Words::new(WORDS));
    let bytes = text.as_bytes();
    let Some(finder) = &*FINDER else { return true };
    let mut from = 0;
    while let Some(at) = finder.find(bytes, from) {
        // `submit(` and `latest.` are other words; in `xit(` there is an `it(` that does not count.
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        if !before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'.')) {
            return true;
        }
        from = at + 1;
    }
    false
}

fn cases(code: &str, framework: &str, note: &mut TestNote) {
    let partner = partners(code);
    let bytes = code.as_bytes();
    let mut lines = Lines::of(code);
    // The end of the outermost group that is switched off.
    let mut skipped_until = 0_usize;
    for call in CALL.captures_iter(code) {
        let (Some(name), Some(modifiers), Some(open)) = (call.get(2), call.get(3), call.get(4)) else {
            continue;
        };
        let modifiers: Vec<&str> =
            modifiers.as_str().split('.').map(str::trim).filter(|m| !m.is_empty()).collect();
        let group = matches!(
            name.as_str(),
            "describe" | "suite" | "context" | "xdescribe" | "fdescribe" | "xcontext"
        ) || modifiers.first() == Some(&"describe");
        let off = name.as_str().starts_with('x')
            || modifiers.iter().any(|m| matches!(*m, "skip" | "todo" | "fixme" | "ignore"));
        let each = modifiers.iter().any(|m| matches!(*m, "each" | "skipIf" | "runIf" | "for"));
        // `it.each([…])("name", …)`: the second pair of brackets holds the case.
        let Some(open) = (if each { second_call(code, open.start(), &partner) } else { Some(open.start()) })
        else {
            continue;
        };
        if bytes.get(open) != Some(&b'(') {
            continue;
        }
        let close = partner.of(open).unwrap_or(open);
        if group {
            if off {
                skipped_until = skipped_until.max(close);
            }
            continue;
        }
        let known =
            ["only", "skip", "todo", "fixme", "fail", "failing", "fails", "each", "concurrent", "sequential"];
        let more = ["skipIf", "runIf", "for", "serial", "ignore"];
        let plain = modifiers.iter().all(|m| known.contains(m) || more.contains(m));
        if !plain || !is_case(code, open, close, framework, off) {
            continue;
        }
        if note.line == 0 {
            note.line = lines.line(open);
        }
        if off || open < skipped_until {
            note.skipped += 1;
        } else {
            note.cases += 1;
        }
    }
}

/// A case has a name and a function: `it("…", () => …)`. A call of something else that is named `test` has not.
fn is_case(code: &str, open: usize, close: usize, framework: &str, off: bool) -> bool {
    // The head is enough, and keeps calls inside calls from being read over and over.
    let mut end = close.min(open + 4000);
    while !code.is_char_boundary(end) {
        end -= 1;
    }
    let inside = code.get(open + 1..end).unwrap_or_default().trim_start();
    let function = |text: &str| text.contains("=>") || text.contains("function") || text.contains("async");
    match inside.as_bytes().first() {
        Some(b'"' | b'\'' | b'`') => {
            // The name may be all there is (`it.todo("…")`), or the body may be a named function.
            !framework.is_empty() || off || function(inside)
        }
        // `test(title, async () => …)`, `Deno.test({ name, fn })`, `Deno.test(function name() …)`.
        Some(_) if !framework.is_empty() => {
            let head: String = inside.chars().take(200).collect();
            function(&head) || (framework == "deno" && head.contains("fn"))
        }
        _ => false,
    }
}

/// From the bracket or backtick that opens a table to the bracket that follows it.
fn second_call(code: &str, open: usize, partner: &Partners) -> Option<usize> {
    let bytes = code.as_bytes();
    let end = if bytes.get(open) == Some(&b'`') {
        memchr::memchr(b'`', bytes.get(open + 1..)?)? + open + 1
    } else {
        partner.of(open)?
    };
    let rest = code.get(end + 1..)?;
    Some(end + 1 + (rest.len() - rest.trim_start().len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: &str) -> Option<TestNote> {
        let mut notes = FileNotes::default();
        read(&test_file(), text, &mut notes);
        notes.test
    }

    fn test_file() -> File {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.ts"), "x").unwrap();
        crate::source::Tree::working(folder.path(), &[]).unwrap().files()[0].clone()
    }

    #[test]
    fn cases_assertions_and_skips() {
        let found = note(
            "import { it, expect, describe } from 'vitest'\n\
             describe('a', () => {\n  it('b', () => { expect(1).toBe(1) })\n  it.skip('c', () => {})\n\
               it.each([[1, 2]])('d %i', (x) => { expect(x); assertOk(x) })\n  // it('e', () => {})\n\
               it.todo('f')\n  xit('g', () => {})\n})\n\
             describe.skip('h', () => { test('i', () => {}) })\n\
             test('j \"it(\"', async () => { /regex/.test('x') })\n",
        )
        .unwrap();
        assert_eq!((found.cases, found.skipped, found.assertions, found.line), (3, 4, 3, 3));
        assert_eq!(found.framework, "vitest");
    }

    #[test]
    fn what_is_named_like_a_test_and_is_none() {
        assert_eq!(note("if (/x/.test(y)) submit(z)\nexport function test(a) { return a }\n"), None);
        assert_eq!(note("const s = \"it('x', () => {})\"\n/* test('y', () => {}) */"), None);
        assert_eq!(note("await test('connection')\n"), None);
        assert_eq!(note("emit('saved', () => close())\n"), None);
    }

    #[test]
    fn frameworks_without_imports() {
        let cypress =
            note("it('logs in', () => { cy.visit('/'); cy.get('a').should('be.visible') })").unwrap();
        assert_eq!(
            (cypress.framework.as_str(), cypress.level, cypress.assertions),
            ("cypress", TestLevel::E2e, 1)
        );
        let globals = note("test('x', () => { expect(1) })").unwrap();
        assert_eq!((globals.framework.as_str(), globals.cases), ("", 1));
        let node =
            note("import test from 'node:test'\ntest('x', async (t) => { assert.equal(1, 1) })").unwrap();
        assert_eq!((node.framework.as_str(), node.cases, node.assertions), ("node:test", 1, 1));
        let deno = note("Deno.test('x', () => { assertEquals(1, 1) })").unwrap();
        assert_eq!((deno.framework.as_str(), deno.cases, deno.assertions), ("deno", 1, 1));
        let playwright = note(
            "import { test, expect } from '@playwright/test'\ntest.describe('a', () => {\n\
             test.beforeEach(async ({ page }) => {})\ntest('b', async ({ page }) => { await expect(page) })\n\
             test('c', async () => { test.skip(x, 'why') })\n})",
        )
        .unwrap();
        assert_eq!((playwright.cases, playwright.skipped, playwright.level), (2, 0, TestLevel::E2e));
    }
}
