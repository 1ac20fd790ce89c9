//! What a value is there for, where its place says more than its name: for a build, or for a server that a pipeline starts.

use std::ops::Range;

use super::file::File;
use super::judge::Judged;
use super::names::Sort;
use super::shape::contains;

/// What is left of a judgement: what nothing outside of a build or a test run ever uses opens nothing.
pub(super) fn tempered(judged: Judged, sort: Sort, text: &[u8], value: &Range<usize>, file: &File) -> Judged {
    match judged {
        Judged::Placeholder(_, true) if is_for_build(text, value, file) => {
            Judged::Placeholder("only a build uses it", false)
        }
        Judged::Secret if file.syntax.settings && is_sealed(text, value) => {
            Judged::Placeholder("only the cluster can open it", false)
        }
        Judged::Secret | Judged::Placeholder(_, true)
            if matches!(sort, Sort::Signing | Sort::Password) && is_of_test_server(text, value, file) =>
        {
            Judged::Placeholder(OF_TEST_SERVER, false)
        }
        other => other,
    }
}

/// Why a value opens nothing of which [`is_of_test_server`] is true.
pub(in crate::secrets) const OF_TEST_SERVER: &str = "a pipeline gives it to a server that it starts itself";

/// How far up a comment stands that speaks of all settings below it.
const ABOVE: usize = 600;

/// Whether the value, or in scripts and pipelines what stands above it, says that it is there so that a build goes through.
fn is_for_build(text: &[u8], value: &Range<usize>, file: &File) -> bool {
    const SAYS: &[&[u8]] = &[b"build-time", b"build time", b"buildtime", b"build_time", b"build-only"];
    const STEPS: &[&[u8]] =
        &[b"--build-arg", b"docker build", b"for the build", b"during build", b"during the build"];
    let lower = |part: Range<usize>| text.get(part).unwrap_or_default().to_ascii_lowercase();
    let own = lower(value.clone());
    if SAYS.iter().any(|says| contains(&own, says)) {
        return true;
    }
    let script = file.syntax.bare && !file.syntax.settings && !file.syntax.prose;
    if !script && !file.pipeline {
        return false;
    }
    let line =
        text.get(..value.start).and_then(|before| memchr::memrchr(b'\n', before)).map_or(0, |at| at + 1);
    // What a Dockerfile takes as an argument is gone when the image runs.
    let argument =
        text.get(line..value.start).is_some_and(|line| line.trim_ascii_start().starts_with(b"ARG "));
    let above = lower(value.start.saturating_sub(ABOVE)..value.start);
    argument || SAYS.iter().chain(STEPS).any(|says| contains(&above, says))
}

/// How much of a block of settings is looked at, above the value and below it.
const BLOCK: usize = 4096;

/// Whether a pipeline's file sets the value beside an address of the machine that it runs on: of a server that is gone
/// after the test.
pub(in crate::secrets) fn is_of_test_server(text: &[u8], value: &Range<usize>, file: &File) -> bool {
    const HERE: &[&[u8]] = &[b"://localhost", b"://127.0.0.1", b"@localhost", b"@127.0.0.1", b"://0.0.0.0"];
    if !file.pipeline {
        return false;
    }
    let above = text.get(value.start.saturating_sub(BLOCK)..value.start).unwrap_or_default();
    let below = text.get(value.end..text.len().min(value.end.saturating_add(BLOCK))).unwrap_or_default();
    let mut above = above.rsplit(|byte| *byte == b'\n');
    let Some(own) = above.next().map(indent) else { return false };
    // The settings of one block have one indentation; blank lines and comments are between them.
    let beside = |line: &&[u8]| {
        let start = line.trim_ascii_start();
        start.is_empty() || start.starts_with(b"#") || indent(line) == own
    };
    let here = |line: &[u8]| HERE.iter().any(|here| contains(line, here));
    above.take_while(beside).any(here)
        || below.split(|byte| *byte == b'\n').skip(1).take_while(beside).any(here)
}

/// Whether the value stands below `encryptedData:`, in a SealedSecret.
fn is_sealed(text: &[u8], value: &Range<usize>) -> bool {
    let above = text.get(value.start.saturating_sub(BLOCK)..value.start).unwrap_or_default();
    let Some(at) = memchr::memmem::rfind(above, b"encryptedData:") else { return false };
    let start = memchr::memrchr(b'\n', above.get(..at).unwrap_or_default()).map_or(0, |at| at + 1);
    let own = indent(above.get(start..).unwrap_or_default());
    let below = above.get(at..).unwrap_or_default();
    below.split(|byte| *byte == b'\n').skip(1).all(|line| line.is_empty() || indent(line) > own)
}

fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(path: &str, text: &str, value: &str, weak: bool) -> Judged {
        let at = text.find(value).unwrap();
        let judged = if weak { Judged::Placeholder("known", true) } else { Judged::Secret };
        tempered(judged, Sort::Signing, text.as_bytes(), &(at..at + value.len()), &File::of(path))
    }

    #[test]
    fn what_a_pipeline_gives_to_its_own_server() {
        let test = "env:\n  WEB_URL: http://localhost:3000\n  # one\n\n  JWT_SECRET: v4lu3\n";
        let calm = Judged::Placeholder(OF_TEST_SERVER, false);
        assert_eq!(judged(".github/workflows/e2e.yml", test, "v4lu3", false), calm);
        assert_eq!(judged("compose.yml", test, "v4lu3", false), Judged::Secret);
        let after = "env:\n  JWT_SECRET: v4lu3\n  DATABASE_URL: postgres://u:p@localhost/x\n";
        assert_eq!(judged(".github/workflows/e2e.yml", after, "v4lu3", false), calm);
        let other = "env:\n  JWT_SECRET: v4lu3\njobs:\n  x:\n    env:\n      URL: http://localhost:3000\n";
        assert_eq!(judged(".github/workflows/e2e.yml", other, "v4lu3", false), Judged::Secret);
        let deploy = "env:\n  WEB_URL: https://acme.io\n  JWT_SECRET: v4lu3\n";
        assert_eq!(judged(".github/workflows/deploy.yml", deploy, "v4lu3", false), Judged::Secret);
    }

    #[test]
    fn what_only_a_cluster_can_open() {
        let sealed = "kind: SealedSecret\nspec:\n  encryptedData:\n    one: a1\n    API_KEY: v4lu3\n";
        let calm = Judged::Placeholder("only the cluster can open it", false);
        assert_eq!(judged("k8s/a.yaml", sealed, "v4lu3", false), calm);
        let beside = "spec:\n  encryptedData:\n    one: a1\n  env:\n    API_KEY: v4lu3\n";
        assert_eq!(judged("k8s/a.yaml", beside, "v4lu3", false), Judged::Secret);
    }

    #[test]
    fn what_only_a_build_uses() {
        let calm = Judged::Placeholder("only a build uses it", false);
        let loud = Judged::Placeholder("known", true);
        for (path, text, expected) in [
            ("docker/read.sh", "# Build-time fallbacks\nDEFAULT_JWT_SECRET=\"dummy\"\n", calm),
            ("docker/run.sh", "# Starts the server\nJWT_SECRET=\"dummy\"\n", loud),
            ("src/a.ts", "// build-time\nconst JWT_SECRET = \"dummy\";\n", loud),
            ("Dockerfile", "FROM node\nARG JWT_SECRET=dummy\n", calm),
            ("Dockerfile", "FROM node\nENV JWT_SECRET=dummy\n", loud),
        ] {
            assert_eq!(judged(path, text, "dummy", true), expected, "{text}");
        }
        assert_eq!(judged("src/a.ts", "JWT_SECRET = \"build-time-x\"", "build-time-x", true), calm);
    }
}
