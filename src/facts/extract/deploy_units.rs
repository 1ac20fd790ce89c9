//! What is deployed: as the files say it, with the scripts that are started followed. The app of each is filled in by
//! a join.

#[path = "deploy_builds.rs"]
mod builds;

use std::collections::BTreeSet;

use crate::facts::kinds::{Answer, DeployUnit, Evidence, Unknown};
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
