//! Where a value stands: in what ships, in a test, in an example, in a text for people.

use crate::source::{Role, role};

/// What a file is there for, as far as a secret in it is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::secrets) enum Place {
    Product,
    /// Tests, and data that they read.
    Test,
    /// `.env.example`, templates, demos: shows what to fill in.
    Sample,
    Docs,
    /// Texts in a language of people: what stands at a name is what a button says.
    Translation,
    /// Somebody else's code, or what tools wrote.
    Foreign,
}

/// Parts of the names of files that show what to fill in.
const SAMPLES: &[&str] = &[
    ".example",
    ".sample",
    ".template",
    ".dist",
    ".tmpl",
    ".tpl",
    "-example",
    "-sample",
    "_example",
    "_sample",
    ".defaults",
    ".skel",
    "example.",
    "sample.",
];

const TRANSLATIONS: &[&str] = &[
    "locales",
    "locale",
    "i18n",
    "lang",
    "langs",
    "translations",
    "l10n",
    "messages",
    "languages",
    "_locales",
    "nls",
];

/// Ends of the names of files that hold texts and nothing else.
const TEXTS: &[&str] = &[
    ".json",
    ".yml",
    ".yaml",
    ".po",
    ".pot",
    ".strings",
    ".arb",
    ".xliff",
    ".resx",
    ".properties",
    ".php",
    ".ftl",
    ".ts",
    ".js",
];

/// Folders beside those that make a test of what is in them for everybody.
const TESTS: &[&str] = &[
    "stories",
    "storybook",
    "mocks",
    "__mocks__",
    "mock",
    "testutil",
    "testutils",
    "test-utils",
    "testing",
    "testdata",
    "test-data",
    "testhelpers",
    "fakes",
    "stubs",
    "e2e",
    "e2e-tests",
    "integration-tests",
    "integration_tests",
    "cypress",
    "playwright",
    "vcr_cassettes",
    "cassettes",
];

/// The place of the file at `path`.
pub(in crate::secrets) fn place(path: &str) -> Place {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let below = |names: &[&str]| lower.split('/').rev().skip(1).any(|folder| names.contains(&folder));
    let holds = |marks: &[&str]| marks.iter().any(|mark| name.contains(mark));
    let tested = below(TESTS)
        || holds(&[
            ".stories.",
            ".mock.",
            ".spec.",
            ".test.",
            "_test.",
            "cypress.config",
            "playwright.config",
            "vitest",
        ])
        || name.starts_with("test-")
        || name.starts_with("test_")
        || ["jest.", "mock.", "mocks."].iter().any(|start| name.starts_with(start));
    let described = name.ends_with(".postman_collection.json")
        || name.starts_with("openapi")
        || name.starts_with("swagger");
    match role(path) {
        Role::Test | Role::Fixture => Place::Test,
        _ if holds(SAMPLES) => Place::Sample,
        Role::Example => Place::Sample,
        Role::Docs => Place::Docs,
        Role::Vendored | Role::Generated => Place::Foreign,
        // Programs lie in folders with such names as well.
        Role::Product
            if below(TRANSLATIONS)
                && TEXTS.iter().any(|end| name.ends_with(end))
                && (!is_code(name) || names_a_language(path)) =>
        {
            Place::Translation
        }
        Role::Product
            if [".po", ".pot", ".strings", ".arb", ".xliff"].iter().any(|end| name.ends_with(end)) =>
        {
            Place::Translation
        }
        Role::Product if tested => Place::Test,
        Role::Product if described => Place::Docs,
        Role::Product => Place::Product,
    }
}

/// Parts of names that say: only on the machine of a developer, only in a pipeline.
const LOCAL: &[&str] = &[
    "dev",
    "develop",
    "development",
    "local",
    "test",
    "tests",
    "testing",
    "e2e",
    "ci",
    "mock",
    "demo",
    "storybook",
    "sandbox",
];

/// Whether the file serves a developer's machine or a pipeline's tests alone.
pub(in crate::secrets) fn is_local(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let named = name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| LOCAL.contains(&part));
    let tested =
        folders.split('/').any(|folder| ["test", "tests", "integration", ".devcontainer"].contains(&folder));
    let composed = name.starts_with("docker-compose") || name.starts_with("compose.");
    // `.env.local` is where the real ones are.
    named && !name.starts_with(".env.local") || tested || is_pipeline(path) || composed
}

/// Whether the file says what a pipeline does.
pub(in crate::secrets) fn is_pipeline(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    [".github/workflows", ".github/actions", ".circleci", ".buildkite"]
        .iter()
        .any(|folder| folders.contains(folder))
        || [".gitlab-ci.yml", ".travis.yml", "bitbucket-pipelines.yml", "azure-pipelines.yml"].contains(&name)
}

/// Whether a file that may hold the words of an interface is one of code.
pub(in crate::secrets) fn is_code(path: &str) -> bool {
    [".ts", ".js", ".php"].iter().any(|end| path.ends_with(end))
}

/// Whether a file or its folder is named after a language: `locales/pt-BR.json`, `i18n/de/common.yml`.
pub(in crate::secrets) fn names_a_language(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    name.split('.').next().is_some_and(is_language) || parts.next().is_some_and(is_language)
}

/// `de`, `pt-BR`, `zh_Hant_TW`.
fn is_language(name: &str) -> bool {
    let mut parts = name.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    matches!(language.len(), 2 | 3)
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts
            .all(|part| matches!(part.len(), 2..=4) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_whether_its_values_count() {
        for (path, expected) in [
            ("src/auth.ts", Place::Product),
            (".env", Place::Product),
            (".env.local", Place::Product),
            ("src/chat/messages/send.py", Place::Product),
            (".env.example", Place::Sample),
            ("config/app.sample.yml", Place::Sample),
            ("src/auth.test.ts", Place::Test),
            ("e2e/login.ts", Place::Test),
            ("docs/setup.md", Place::Docs),
            ("api/openapi.yaml", Place::Docs),
            ("messages/de.json", Place::Translation),
            ("src/i18n/en.ts", Place::Translation),
            ("src/messages/send.ts", Place::Product),
            ("node_modules/x/index.js", Place::Foreign),
        ] {
            assert_eq!(place(path), expected, "{path}");
        }
        assert!(
            is_local("docker-compose.yml") && is_local(".env.development") && is_local("api/test/setup.ts")
        );
        assert!(!is_local(".env.local") && !is_local(".env.production") && !is_local("src/device.ts"));
    }
}
