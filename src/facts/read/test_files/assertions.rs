//! What counts as an assertion in a test of JavaScript.

use std::sync::LazyLock;

use regex::Regex;

use crate::facts::kinds::TestLevel;
use crate::facts::mask::Masked;

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static ASSERTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:function\s+|(?:[0-9A-Za-z_$\x{80}-\x{10FFFF}]\s*\.\s*)?)(?-u:\b)(?:(?:expect|assert|verify[A-Z_])[0-9A-Za-z_]*|check)\s*[(.]|\.\s*should(?-u:\b)|(?-u:\b)cy\s*\.\s*contains\s*\(|(?-u:\b)t\s*\.\s*(?:is|isNot|not|deepEqual|notDeepEqual|like|true|false|truthy|falsy|assert|equal|equals|notEqual|same|strictEqual|deepStrictEqual|ok|notOk|pass|fail|throws|throwsAsync|notThrows|rejects|doesNotThrow|match|regex|snapshot|error|ifError)\s*\(",
    )
    .expect("a valid pattern")
});

/// Queries of Testing Library that throw where nothing fits: `screen.getByRole(…)`, `await findByText(…)`.
#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static QUERY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:get|find)(?:All)?By(?:Role|Text|LabelText|PlaceholderText|DisplayValue|AltText|Title|TestId)\s*\(")
        .expect("a valid pattern")
});

/// The names that a module of assertions is imported under.
#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static MODULE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?:import|const|let|var)\s+([A-Za-z0-9_$ \t\r\n{},:*]+?)\s*(?:from|=\s*require\s*\()\s*["'](?:node:)?(?:assert|assert/strict|chai|power-assert|uvu/assert)["']"#,
    )
    .expect("a valid pattern")
});

/// Counts them.
pub(super) fn count(masked: &Masked, level: TestLevel) -> u32 {
    let code = masked.code.as_str();
    // `function expectOk(` defines; `x.assert(` of a library counts, `t.is(` has no name here.
    let named = ASSERTION.find_iter(code).filter(|found| !found.as_str().starts_with("function")).count();
    // In a browser test the same names only look something up.
    let library = level == TestLevel::Unit && masked.text.contains("testing-library");
    let queries = if library { QUERY.find_iter(code).count() } else { 0 };
    u32::try_from(named + queries + renamed(masked)).unwrap_or(u32::MAX)
}

/// Calls of assertions under names of the file's own: `import { equal as same } from "node:assert"`.
fn renamed(masked: &Masked) -> usize {
    let mut names: Vec<&str> = MODULE
        .captures_iter(&masked.text)
        .filter_map(|c| c.get(1))
        .flat_map(|list| list.as_str().split([',', '{', '}']))
        .filter_map(|item| item.split([' ', ':', '\n', '\t']).rfind(|word| !word.is_empty()))
        .filter(|name| name.len() < 60 && !ASSERTION.is_match(&format!("{name}(")))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.truncate(40);
    let pattern: Vec<String> = names.iter().map(|name| regex::escape(name)).collect();
    if pattern.is_empty() {
        return 0;
    }
    let calls = Regex::new(&format!(r"(?:^|[^\w$.])(?:{})\s*[(.]", pattern.join("|")));
    calls.map_or(0, |calls| calls.find_iter(&masked.code).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::mask::{Syntax, mask};

    fn unit(text: &str) -> u32 {
        count(&mask(text, Syntax::Js), TestLevel::Unit)
    }

    #[test]
    fn assertions_by_their_own_names() {
        assert_eq!(unit("expect(1).toBe(1); assert.match(a, /b/); t.assert.equal(1, 1); t.is(1, 1)"), 4);
        assert_eq!(unit("function expectOk() {}"), 0);
    }

    #[test]
    fn modules_of_assertions_under_other_names() {
        assert_eq!(unit("import check from 'node:assert/strict'\ncheck.equal(1, 1)\n"), 1);
        assert_eq!(unit("import { strict as a, deepEqual } from 'assert'\na.ok(x)\ndeepEqual(1, 1)\n"), 2);
        assert_eq!(unit("const { equal: same } = require('node:assert')\nsame(1, 1)\n"), 1);
        assert_eq!(unit("import { equal } from './maths'\nequal(1, 1)\n"), 0);
    }

    #[test]
    fn queries_that_throw() {
        let query = "import { screen } from '@testing-library/react'\nawait screen.findByRole('button')\nscreen.queryByText('x')\n";
        assert_eq!(unit(query), 1);
        assert_eq!(count(&mask(query, Syntax::Js), TestLevel::E2e), 0, "a browser test only looks up");
        assert_eq!(unit("page.getByRole('button').click()"), 0);
    }
}
