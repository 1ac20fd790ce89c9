//! Which runtimes ship, which ones CI tests on, and where the two differ.

use crate::facts::kinds::{Answer, App, Evidence, Runtime, Unknown};
use crate::facts::{Facts, Input};
use crate::secrets::excerpt;

/// Fills what other files decide.
pub(super) fn run(_: &Input<'_>, facts: &mut Facts) {
    let apps = &facts.apps;
    for runtime in &mut facts.runtimes {
        let workflow = facts.ci_workflows.iter().find(|w| w.file == runtime.file);
        runtime.tests =
            workflow.is_some_and(|w| w.jobs.iter().any(|j| j.runs_tests && j.name == runtime.job));
        if runtime.production == Answer::Unknown && platform_takes(runtime, apps) {
            runtime.production = Answer::Yes;
        }
    }
    // Where an image or a platform says what ships, files beside it don't.
    let shipping: Vec<(String, String)> = facts
        .runtimes
        .iter()
        .filter(|r| r.production == Answer::Yes)
        .map(|r| (r.app.clone(), r.language.clone()))
        .collect();
    for runtime in facts.runtimes.iter_mut().filter(|r| r.production == Answer::Unknown) {
        if shipping.iter().any(|(app, language)| *app == runtime.app && *language == runtime.language) {
            runtime.production = Answer::No;
        } else {
            let reason = "which version the platform takes is not in the repository";
            runtime.unknowns.push(Unknown::new("production", reason));
        }
    }
    for index in 0..facts.runtimes.len() {
        let found = differing(&facts.runtimes, index);
        let Some(runtime) = facts.runtimes.get_mut(index) else { continue };
        for (file, line, shown, says) in found {
            runtime.evidence.push(Evidence::new("differs", &file, line, &says));
            runtime.differs.push(excerpt(&shown));
        }
        runtime.differs.sort();
        runtime.differs.dedup();
        runtime.evidence.sort();
        runtime.evidence.dedup();
    }
}

/// Platforms that run what such a file says (<https://vercel.com/docs/functions/runtimes/node-js/node-js-versions>,
/// <https://devcenter.heroku.com/articles/nodejs-support>, <https://render.com/docs/node-version>,
/// <https://docs.netlify.com/build/configure-builds/manage-dependencies/>).
fn platform_takes(runtime: &Runtime, apps: &[App]) -> bool {
    let name = runtime.file.rsplit('/').next().unwrap_or_default();
    let readers: &[&str] = match name {
        "package.json" => &["vercel", "heroku", "render"],
        ".nvmrc" | ".node-version" => &["netlify", "render"],
        ".python-version" => &["heroku", "render"],
        _ => return false,
    };
    let app = apps.iter().find(|a| a.path == runtime.app);
    // With two platforms nobody can say which of them serves customers.
    app.is_some_and(|a| a.hosting.len() == 1 && a.hosting.iter().all(|h| readers.contains(&h.name.as_str())))
}

/// Where the app of the runtime at `index`, which ships, is tested or developed on another release line: file, line,
/// and what to show.
fn differing(runtimes: &[Runtime], index: usize) -> Vec<(String, u32, String, String)> {
    let Some(own) = runtimes.get(index) else { return Vec::new() };
    if own.production != Answer::Yes || own.cycle.is_empty() {
        return Vec::new();
    }
    let mut shipped: Vec<&Runtime> =
        runtimes.iter().filter(|r| r.production == Answer::Yes && r.language == own.language).collect();
    shipped.retain(|r| !r.cycle.is_empty());
    // With several lines in production, each is right somewhere.
    if shipped.iter().any(|r| r.cycle != own.cycle) {
        return Vec::new();
    }
    // Every place that ships shows the same: the first says it.
    if shipped.first().is_some_and(|first| first.subject_key() != own.subject_key()) {
        return Vec::new();
    }
    let alike =
        |r: &&Runtime| r.language == own.language && !r.cycle.is_empty() && r.production != Answer::Yes;
    let tested: Vec<&Runtime> = runtimes.iter().filter(alike).filter(|r| r.tests).collect();
    let tests_differ = !tested.is_empty() && tested.iter().all(|r| r.cycle != own.cycle);
    let tests = tested.into_iter().filter(|_| tests_differ).map(|r| (r, "tests run on"));
    let files = runtimes
        .iter()
        .filter(alike)
        .filter(|r| matches!(r.source.as_str(), "version-file" | "manifest"))
        .filter(|r| r.app == own.app && r.cycle != own.cycle)
        .map(|r| (r, "development uses"));
    tests
        .chain(files)
        .map(|(r, what)| {
            let says = format!("{what} {} {}, and {} ships", r.title, r.cycle, own.cycle);
            (r.file.clone(), r.line, format!("{} in {}", r.cycle, r.file), says)
        })
        .collect()
}

impl Runtime {
    fn subject_key(&self) -> (&str, u32, &str) {
        (&self.file, self.line, self.version.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    const APP: (&str, &str) =
        ("package.json", r#"{"scripts": {"start": "node index.js", "test": "vitest run"}}"#);
    const CODE: (&str, &str) = ("index.js", "1");

    fn ci(version: &str) -> String {
        format!(
            "on: push\njobs:\n  t:\n    steps:\n      - uses: actions/setup-node@v4\n        with:\n          node-version: {version}\n      - run: npm test\n"
        )
    }

    fn differs(files: &[(&str, &str)]) -> Vec<String> {
        let all: Vec<(&str, &str)> = [APP, CODE].into_iter().chain(files.iter().copied()).collect();
        facts(&all).runtimes.iter().flat_map(|r| r.differs.iter().map(|d| d.as_str().to_owned())).collect()
    }

    #[test]
    fn tests_on_another_line_than_ships() {
        let (old, new, both) = (ci("22"), ci("20"), ci("20"));
        let docker = ("Dockerfile", "FROM node:20\n");
        let workflow = ".github/workflows/ci.yml";
        assert_eq!(differs(&[docker, (workflow, &old)]), ["22 in .github/workflows/ci.yml"]);
        assert!(differs(&[docker, (workflow, &new)]).is_empty());
        assert_eq!(differs(&[docker, (".nvmrc", "18")]), ["18 in .nvmrc"]);
        assert!(
            differs(&[docker, (workflow, &old), (".github/workflows/b.yml", &both)]).is_empty(),
            "one of the test runs is on what ships"
        );
        assert!(differs(&[(".nvmrc", "18"), (workflow, &old)]).is_empty(), "nothing says what ships");
    }

    #[test]
    fn what_ships_is_told_by_the_platform() {
        let production = |files: &[(&str, &str)]| {
            let all: Vec<(&str, &str)> = [CODE].into_iter().chain(files.iter().copied()).collect();
            facts(&all).runtimes.iter().map(|r| r.production).collect::<Vec<_>>()
        };
        let manifest = ("package.json", r#"{"scripts": {"start": "node ."}, "engines": {"node": "18.x"}}"#);
        assert_eq!(production(&[manifest]), [Answer::Unknown]);
        assert_eq!(production(&[manifest, ("vercel.json", "{}")]), [Answer::Yes]);
        assert_eq!(production(&[manifest, ("Dockerfile", "FROM node:22\n")]), [Answer::Yes, Answer::No]);
    }
}
