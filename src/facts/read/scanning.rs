//! Programs that look for secrets before they are shared: in hooks and pipelines.

use super::Reader;
use crate::facts::FileNotes;
use crate::facts::notes::ScannerNote;
use crate::source::{File, Role};

/// The reader.
pub static READERS: &[Reader] = &[Reader { name: "secret scanning", wants, read }];

/// Words that only who looks for secrets writes into a hook or a pipeline.
const SCANNERS: &[&str] = &[
    "gitleaks",
    "trufflehog",
    "detect-secrets",
    "secretlint",
    "ggshield",
    "gitguardian",
    "git-secrets",
    "kingfisher",
    "noseyparker",
    "betterleaks",
    "talisman",
    "detect-private-key",
    "detect-aws-credentials",
    "Secret-Detection.gitlab-ci.yml",
    "secret-detection",
    "SECRET_DETECTION",
    "vibecheck audit",
    "vibecheck-action",
];

/// Files by which such a program is configured.
const CONFIGURATION: &[&str] = &[
    ".secrets.baseline",
    ".talismanrc",
    ".gitguardian.yaml",
    ".gitguardian.yml",
    ".secretlintrc.json",
    ".secretlintrc",
];

/// Folders of hooks and pipelines.
const FOLDERS: &[&str] = &[".github/workflows/", ".husky/", ".githooks/", ".circleci/"];

fn is_below_hooks(path: &str) -> bool {
    // Every file is asked, and hardly any stands below a hidden folder.
    let hidden = memchr::memchr_iter(b'.', path.as_bytes())
        .filter(|at| at.checked_sub(1).is_none_or(|before| path.as_bytes().get(before) == Some(&b'/')));
    hidden.filter_map(|at| path.get(at..)).any(|rest| FOLDERS.iter().any(|folder| rest.starts_with(folder)))
}

fn wants(file: &File) -> bool {
    let path = file.path.as_str();
    file.role == Role::Product
        && (is_below_hooks(path)
            || CONFIGURATION.contains(&file.name())
            || matches!(
                file.name(),
                ".pre-commit-config.yaml"
                    | ".pre-commit-config.yml"
                    | "lefthook.yml"
                    | "lefthook.yaml"
                    | ".lintstagedrc"
                    | ".lintstagedrc.json"
                    | "package.json"
                    | ".gitlab-ci.yml"
                    | "bitbucket-pipelines.yml"
                    | "azure-pipelines.yml"
                    | "Jenkinsfile"
                    | "Makefile"
                    | "justfile"
            ))
}

fn read(file: &File, text: &str, notes: &mut FileNotes) {
    if CONFIGURATION.contains(&file.name()) {
        notes.scanner = Some(ScannerNote { name: file.name().to_owned(), line: 0 });
        return;
    }
    for (number, line) in (1_u32..).zip(text.lines()) {
        let line = line.trim_start();
        if line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        if let Some(name) = SCANNERS.iter().find(|name| line.contains(**name)) {
            notes.scanner = Some(ScannerNote { name: (*name).to_owned(), line: number });
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::kinds::Answer;
    use crate::facts::testing::facts;

    fn scanned(path: &str, text: &str) -> bool {
        facts(&[(path, text)]).project.secret_scanning == Answer::Yes
    }

    #[test]
    fn hooks_and_pipelines() {
        assert!(scanned(
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  a:\n    steps:\n      - uses: gitleaks/gitleaks-action@v2\n"
        ));
        assert!(scanned(
            ".pre-commit-config.yaml",
            "repos:\n- repo: https://github.com/Yelp/detect-secrets\n"
        ));
        assert!(scanned(".husky/pre-commit", "vibecheck audit --staged\n"));
        assert!(scanned(".secrets.baseline", "{}"));
        assert!(!scanned(".husky/pre-commit", "# gitleaks protect\nnpm test\n"));
        assert!(!scanned("README.md", "We might run gitleaks one day.\n"));
    }
}
