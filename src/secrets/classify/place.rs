//! Where a value stands: in what ships, in a test, in an example, in a text for people.

use crate::source::{Role, role};

/// What a file is there for, as far as a secret in it is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::secrets) enum Place {
    Product,
    /// Tests, and data that they read.
    Test,
    /// `.env.example`, templates, demos: shows what to fill in.
    Sample,
    Docs,
    /// A text in a language for people: what stands at a name is what a button says.
    Translation,
    /// Somebody else's code, or what tools wrote.
    Foreign,
}

/// The place of the file at `path`.
pub(in crate::secrets) fn place(path: &str) -> Place {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let marks = [
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
    let sample = marks.iter().any(|mark| name.contains(mark));
    let folders = |names: &[&str]| lower.split('/').rev().skip(1).any(|folder| names.contains(&folder));
    match role(path) {
        Role::Test | Role::Fixture => Place::Test,
        _ if sample => Place::Sample,
        Role::Example => Place::Sample,
        Role::Docs => Place::Docs,
        Role::Vendored | Role::Generated => Place::Foreign,
        Role::Product
            if folders(&[
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
            ]) || name.ends_with(".po")
                || name.ends_with(".pot")
                || name.ends_with(".strings")
                || name.ends_with(".arb")
                || name.ends_with(".xliff")
                || name.ends_with(".resx") =>
        {
            Place::Translation
        }
        Role::Product
            if folders(&[
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
                "cypress",
                "playwright",
            ]) || name.contains(".stories.")
                || name.contains(".mock.")
                || name.contains(".spec.")
                || name.contains(".test.")
                || name.starts_with("test-")
                || name.starts_with("test_")
                || name.contains("_test.") =>
        {
            Place::Test
        }
        Role::Product => Place::Product,
    }
}

/// Whether the file serves a developer's machine or a pipeline's tests alone.
pub(in crate::secrets) fn is_local(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let marks = [
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
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| marks.contains(&part))
        && !name.starts_with(".env.local")
        || lower.contains(".github/workflows/")
        || lower.contains(".circleci/")
        || name == ".gitlab-ci.yml"
        || lower.contains(".devcontainer/")
        || name.starts_with("docker-compose")
        || name.starts_with("compose.")
}
