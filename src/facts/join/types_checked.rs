use crate::facts::ci::Ci;
use crate::facts::kinds::{Answer, App, Evidence, Unknown};
use crate::facts::layout::app_of;
use crate::facts::shell::Ran;
use crate::facts::{Facts, Input};

/// Fills in `app.types_checked`: whether the build, or CI, stops on a type error.
pub(super) fn run(input: &Input<'_>, facts: &mut Facts) {
    let ci = input.ci();
    let mut apps = std::mem::take(&mut facts.apps);
    // Type checks that workflows run: folder, workflow, line, command.
    let mut checks: Vec<(String, String, u32, String)> = Vec::new();
    for note in input.notes.iter().filter(|n| n.workflow.is_some()) {
        for run in ci.runs(note).iter().filter(|r| r.ran.act.types && !r.forgiven) {
            checks.push((run.ran.folder.clone(), note.path.clone(), run.line, run.ran.words.join(" ")));
        }
    }
    let owners: Vec<String> = checks.iter().map(|(folder, ..)| app_of(&apps, folder)).collect();
    for app in &mut apps {
        let typescript = app.languages.iter().any(|l| l == "TypeScript");
        let python = app.languages.first().is_some_and(|l| l == "Python");
        if app.languages.first().is_some_and(|l| l == "Rust" || l == "Go") {
            app.types_checked = Answer::Yes;
            app.evidence.push(Evidence::new("types_checked", &app.file, 0, "the compiler checks types"));
            continue;
        }
        if !typescript && !python {
            app.types_checked = Answer::Na;
            continue;
        }
        let by_ci = checks
            .iter()
            .zip(&owners)
            .find(|((_, _, _, command), owner)| **owner == app.path && (python == is_python_check(command)));
        if let Some(((_, file, line, command), _)) = by_ci {
            app.types_checked = Answer::Yes;
            app.evidence.push(Evidence::new("types_checked", file, *line, &format!("CI runs `{command}`")));
            continue;
        }
        if python {
            // A checker is a choice in Python; without one set up the question does not arise.
            app.types_checked = Answer::Na;
            continue;
        }
        by_build(app, ci, facts);
    }
    facts.apps = apps;
}

fn is_python_check(command: &str) -> bool {
    ["mypy", "pyright", "basedpyright", "ty ", "pyre"].iter().any(|tool| command.starts_with(tool))
}

/// What the build script of the app does.
fn by_build(app: &mut App, ci: &Ci<'_>, facts: &Facts) {
    let folder = if app.path == "." { "" } else { app.path.as_str() };
    let Some((_, file, scripts)) = ci.scripts().packages().find(|(f, ..)| *f == folder) else {
        unknown(app, "its build script is not in a manifest that was read");
        return;
    };
    let Some(build) = scripts.iter().find(|s| s.name == "build") else {
        unknown(app, "its manifest has no build script");
        return;
    };
    let ran = ci.scripts().run(&build.command, file, build.line, folder);
    let ignore = facts.settings.iter().find(|s| {
        s.app == app.path
            && s.key == "typescript.ignoreBuildErrors"
            && s.value.as_str() == "true"
            && s.production
    });
    let strict = ran.iter().find(|r| r.act.types && !r.forgiven && !r.act.tests.contains("cargo"));
    let program = |names: &[&str]| -> Option<&Ran> {
        ran.iter().find(|r| r.words.first().is_some_and(|w| names.contains(&w.as_str())))
    };
    if let Some(check) = strict {
        app.types_checked = Answer::Yes;
        let says = format!("the build runs `{}`", check.words.join(" "));
        app.evidence.push(Evidence::new("types_checked", &check.file, check.line, &says));
    } else if let Some(setting) = ignore {
        app.types_checked = Answer::No;
        let says = "the build goes on in spite of type errors";
        app.evidence.push(Evidence::new("types_checked", &setting.file, setting.line, says));
    } else if let Some(next) = program(&["next", "ng", "react-scripts"]) {
        app.types_checked = Answer::Yes;
        let says = format!("`{}` checks types by itself", next.words.join(" "));
        app.evidence.push(Evidence::new("types_checked", &next.file, next.line, &says));
    } else if let Some(bundler) =
        program(&["vite", "esbuild", "tsup", "webpack", "rollup", "parcel", "swc", "bun"])
    {
        app.types_checked = Answer::No;
        let says =
            format!("`{}` drops types without checking them, and nothing else does", bundler.words.join(" "));
        app.evidence.push(Evidence::new("types_checked", &bundler.file, bundler.line, &says));
    } else {
        unknown(app, "what its build script runs is not known to check types or not to");
    }
}

fn unknown(app: &mut App, reason: &str) {
    app.types_checked = Answer::Unknown;
    app.unknowns.push(Unknown::new("types_checked", reason));
}
