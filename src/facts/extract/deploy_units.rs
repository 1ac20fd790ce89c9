//! What is deployed: as the files say it, with the scripts that are started followed. The app of each is filled in by
//! a join.

#[path = "deploy_builds.rs"]
mod builds;

use std::collections::BTreeSet;

use crate::facts::kinds::{Answer, DeployUnit, Evidence, UnitKind, Unknown};
use crate::facts::shell::Scripts;
use crate::facts::{Facts, Input};

/// Programs with which a script that starts as root gives that up.
const DROPS_ROOT: &[&str] = &["gosu", "su-exec", "setpriv", "s6-setuidgid", "runuser", "chroot"];

/// Fills `deploy_units`, by file and line.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let scripts = Scripts::of(input.notes);
    // Shell scripts that give up root, by name: an image has them at a path of its own.
    let dropping: BTreeSet<&str> = input
        .notes
        .iter()
        .filter(|n| n.targets.iter().any(|t| DROPS_ROOT.iter().any(|program| t.command.contains(program))))
        .filter_map(|n| n.path.rsplit('/').next())
        .collect();
    for note in input.notes {
        for unit in &note.deploy {
            let mut unit = unit.clone();
            through_scripts(&mut unit, &scripts);
            builds::tell(&mut unit, note, input);
            let entrypoint = unit.command.as_str().split([' ', '/']).any(|word| dropping.contains(word));
            if unit.runs_as_root == Answer::Yes && entrypoint {
                unit.runs_as_root = Answer::Unknown;
                unit.evidence.retain(|e| e.cell != "runs_as_root");
                let reason = "it starts as root, and its entry point can change to another user";
                unit.unknowns.push(Unknown::new("runs_as_root", reason));
            }
            facts.deploy_units.push(unit);
        }
    }
    facts.deploy_units.sort_by(|a, b| (&a.file, a.line, &a.name).cmp(&(&b.file, b.line, &b.name)));
    stay_down(&mut facts.deploy_units);
}

/// Gathers the services of each compose file that nothing starts again, with the first of them.
fn stay_down(units: &mut [DeployUnit]) {
    let folder = |unit: &DeployUnit| unit.file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let serves = |unit: &DeployUnit| {
        unit.platform == "compose"
            && unit.development == Answer::No
            && matches!(unit.kind, UnitKind::Web | UnitKind::Database | UnitKind::Cache)
    };
    // A file beside it that completes the service may say it.
    let completed: BTreeSet<(String, String)> = units
        .iter()
        .filter(|u| u.restarts == Answer::Yes)
        .map(|u| (folder(u), u.name.as_str().to_owned()))
        .collect();
    for index in 0..units.len() {
        let Some(first) = units.get(index) else { return };
        let down: Vec<(crate::secrets::Excerpt, Evidence)> = units
            .iter()
            .filter(|u| u.file == first.file && serves(u) && u.restarts == Answer::No)
            .filter(|u| !completed.contains(&(folder(u), u.name.as_str().to_owned())))
            .map(|u| {
                let says = format!("`{}` has no restart policy, and stays down", u.name);
                (u.name.clone(), Evidence::new("stay_down", &u.file, u.line, &says))
            })
            .collect();
        if down.first().is_none_or(|(name, _)| *name != first.name) {
            continue;
        }
        if let Some(unit) = units.get_mut(index) {
            (unit.stay_down, unit.evidence) = down.into_iter().fold(
                (Vec::new(), std::mem::take(&mut unit.evidence)),
                |(mut names, mut evidence), (name, says)| {
                    names.push(name);
                    evidence.push(says);
                    (names, evidence)
                },
            );
            unit.stay_down.sort();
        }
    }
}

/// `npm start` is a development server if the script is one.
fn through_scripts(unit: &mut DeployUnit, scripts: &Scripts<'_>) {
    if unit.dev_server != Answer::No || unit.command.is_empty() {
        return;
    }
    let folder = unit.file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let ran = scripts.run(unit.command.as_str(), &unit.file, unit.line, folder);
    if let Some(run) = ran.iter().find(|r| r.indirect && r.act.dev_server) {
        unit.dev_server = Answer::Yes;
        unit.evidence.retain(|e| e.cell != "dev_server");
        let says = format!("starts a development server: `{}`", run.words.join(" "));
        unit.evidence.push(Evidence::new("dev_server", &run.file, run.line, &says));
    } else if let Some(run) = ran.iter().find(|r| !r.opaque.is_empty()) {
        unit.dev_server = Answer::Unknown;
        unit.evidence.retain(|e| e.cell != "dev_server");
        unit.unknowns.push(Unknown::new("dev_server", &run.opaque));
    }
}
