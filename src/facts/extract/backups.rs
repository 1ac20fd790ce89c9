//! Evidence of backups: what files configure, and what workflows and scripts run.

use std::collections::BTreeSet;

use crate::facts::ci::{Ci, for_changes_only};
use crate::facts::kinds::{Answer, Backup, BackupKind, CiWorkflow, DeployUnit, Evidence, UnitKind};
use crate::facts::shell::Ran;
use crate::facts::{Facts, FileNotes, Input};
use crate::secrets::{Excerpt, excerpt};

/// Scripts of a package that run when it is deployed or started.
const DEPLOY_SCRIPTS: &[&str] = &[
    "start",
    "prestart",
    "poststart",
    "build",
    "prebuild",
    "postbuild",
    "postinstall",
    "vercel-build",
    "heroku-postbuild",
    "release",
    "deploy",
    "predeploy",
    "start:prod",
    "start:production",
    "build:prod",
    "railway",
];

/// Fills `backups`, by file and line.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let ci = input.ci();
    let kept = kept_targets(input, ci);
    let mut found = Found::default();
    for note in input.notes {
        found.list.extend(note.backups.iter().cloned());
        workflow(note, ci, &kept, &mut found);
    }
    for note in input.notes {
        for unit in &note.deploy {
            deployed(unit, ci, &mut found);
        }
        scripts(note, ci, &mut found);
    }
    for (folder, file, scripts) in ci.scripts().packages() {
        for script in scripts {
            let ran = ci.scripts().run(&script.command, file, script.line, folder);
            if DEPLOY_SCRIPTS.contains(&script.name.as_str()) {
                found.destroys(&ran, &format!("the script `{}`", script.name));
            }
            found.dumps_and_restores(&ran, "");
        }
    }
    facts.backups = found.list;
    facts
        .backups
        .sort_by(|a, b| (&a.file, a.line, a.kind, &a.engine).cmp(&(&b.file, b.line, b.kind, &b.engine)));
}

#[derive(Default)]
struct Found {
    list: Vec<Backup>,
    /// Commands that were said already: a script that a workflow runs is found twice.
    seen: BTreeSet<(String, u32, BackupKind)>,
}

impl Found {
    fn add(
        &mut self,
        kind: BackupKind,
        engine: &str,
        schedule: Excerpt,
        file: &str,
        line: u32,
        evidence: Evidence,
    ) {
        self.list.push(Backup {
            kind,
            negative: kind == BackupKind::DestructiveCommand,
            engine: engine.to_owned(),
            schedule,
            file: file.to_owned(),
            line,
            evidence: vec![evidence],
            ..Backup::default()
        });
    }

    /// Says which command the last piece of evidence is.
    fn about(&mut self, run: &Ran) {
        if let Some(last) = self.list.last_mut() {
            let words: Vec<&str> = run.words.iter().take(12).map(String::as_str).collect();
            last.target = excerpt(&words.join(" "));
        }
    }

    /// Dumps and restores that nothing shows to be run by a schedule.
    fn dumps_and_restores(&mut self, ran: &[Ran], by: &str) {
        for run in ran {
            for (engine, kind, says) in [
                (
                    run.act.dumps,
                    BackupKind::UnscheduledDump,
                    "dumps the database, and nothing shows that it runs regularly",
                ),
                (run.act.restores, BackupKind::Restore, "restores the database"),
            ] {
                let said = (run.file.clone(), run.line, kind);
                let scheduled = (run.file.clone(), run.line, BackupKind::ScheduledDump);
                if engine.is_empty() || self.seen.contains(&scheduled) || !self.seen.insert(said) {
                    continue;
                }
                let says = format!("`{}` {says}{by}", run.words.first().map_or("", String::as_str));
                let evidence = Evidence::new("kind", &run.file, run.line, &says);
                self.add(kind, engine, Excerpt::default(), &run.file, run.line, evidence);
                self.about(run);
            }
        }
    }

    fn destroys(&mut self, ran: &[Ran], by: &str) {
        for run in ran.iter().filter(|r| !r.act.destroys.is_empty()) {
            if !self.seen.insert((run.file.clone(), run.line, BackupKind::DestructiveCommand)) {
                continue;
            }
            let says = format!("{by} runs `{}`, which {}", run.words.join(" "), run.act.destroys);
            let evidence = Evidence::new("kind", &run.file, run.line, &says);
            self.add(BackupKind::DestructiveCommand, "", Excerpt::default(), &run.file, run.line, evidence);
            self.about(run);
        }
    }
}

/// What a workflow dumps, restores or destroys; `kept` are the databases that are not made to be thrown away.
fn workflow(note: &FileNotes, ci: &Ci<'_>, kept: &BTreeSet<String>, found: &mut Found) {
    let Some(workflow) = &note.workflow else { return };
    let runs = ci.runs(note);
    let keeps = runs.iter().find(|r| {
        let push = r.ran.words.starts_with(&["git".to_owned(), "push".to_owned()]);
        r.ran.act.uploads || push
    });
    for run in runs.iter().filter(|r| !r.ran.act.dumps.is_empty()) {
        let Some(schedule) = workflow.schedules.first() else { continue };
        if !found.seen.insert((run.ran.file.clone(), run.ran.line, BackupKind::ScheduledDump)) {
            continue;
        }
        let engine = run.ran.act.dumps;
        // The runner is thrown away after the run, and the dump with it.
        let (kind, says) = match keeps {
            Some(_) => {
                (BackupKind::ScheduledDump, "dumps the database on a schedule and keeps the dump elsewhere")
            }
            None => (
                BackupKind::UnscheduledDump,
                "dumps the database on a schedule, but no step keeps the dump after the run",
            ),
        };
        let evidence = Evidence::new("kind", &note.path, run.line, says);
        found.add(kind, engine, schedule.clone(), &note.path, run.line, evidence);
        found.about(&run.ran);
        if let (Some(keeps), Some(backup)) = (keeps, found.list.last_mut()) {
            let says = "this step keeps what the run made";
            backup.evidence.push(Evidence::new("kind", &note.path, keeps.line, says));
        }
    }
    for run in runs {
        // A test that fills a database from a fixture restores nothing; a dump that is loaded does.
        found.dumps_and_restores(std::slice::from_ref(&run.ran), "");
    }
    let deploying: BTreeSet<usize> = runs.iter().filter(|r| r.ran.act.deploys).map(|r| r.job).collect();
    let in_deploy: Vec<Ran> =
        runs.iter().filter(|r| deploying.contains(&r.job)).map(|r| r.ran.clone()).collect();
    if throw_away(workflow) && !targets(&in_deploy).iter().any(|t| kept.contains(t)) {
        return;
    }
    found.destroys(&in_deploy, "the deployment");
}

/// Whether what a workflow deploys is made to be thrown away, as far as its triggers and names tell.
fn throw_away(workflow: &CiWorkflow) -> bool {
    let words =
        format!("{} {}", workflow.name, workflow.file.rsplit('/').next().unwrap_or("")).to_ascii_lowercase();
    let named = words.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| {
        matches!(
            w,
            "preview" | "previews" | "staging" | "sandbox" | "ephemeral" | "e2e" | "dev" | "development"
        )
    });
    for_changes_only(workflow) || named
}

/// The databases that commands name: the project that is linked, an address.
fn targets<'r>(ran: impl IntoIterator<Item = &'r Ran>) -> BTreeSet<String> {
    let name = |w: &[String]| match w {
        [key, value] if matches!(key.as_str(), "--project-ref" | "--db-url" | "--app" | "-a") => {
            Some(value.clone())
        }
        _ => None,
    };
    ran.into_iter().flat_map(|r| r.words.windows(2).filter_map(name)).collect()
}

/// The databases of the workflows that deploy for good.
fn kept_targets(input: &Input<'_>, ci: &Ci<'_>) -> BTreeSet<String> {
    let for_good = |n: &&FileNotes| n.workflow.as_ref().is_some_and(|w| !throw_away(w));
    let runs = input.notes.iter().filter(for_good).flat_map(|n| ci.runs(n));
    targets(runs.map(|r| &r.ran))
}

/// What a deployed unit runs when it starts, or on its schedule.
fn deployed(unit: &DeployUnit, ci: &Ci<'_>, found: &mut Found) {
    if unit.command.is_empty() || unit.development == Answer::Yes {
        return;
    }
    let folder = unit.file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let ran = ci.scripts().run(unit.command.as_str(), &unit.file, unit.line, folder);
    found.destroys(&ran, "what is deployed");
    if unit.kind == UnitKind::Cron {
        for run in ran.iter().filter(|r| !r.act.dumps.is_empty()) {
            if found.seen.insert((run.file.clone(), run.line, BackupKind::ScheduledDump)) {
                let evidence =
                    Evidence::new("kind", &unit.file, unit.line, "a scheduled job dumps the database");
                found.add(
                    BackupKind::ScheduledDump,
                    run.act.dumps,
                    excerpt(""),
                    &unit.file,
                    unit.line,
                    evidence,
                );
            }
        }
    }
}

/// Shell scripts, Makefiles and cron tables.
fn scripts(note: &FileNotes, ci: &Ci<'_>, found: &mut Found) {
    let folder = note.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for target in &note.targets {
        let ran = ci.scripts().run(&target.command, &note.path, target.line, folder);
        if let Some(schedule) = target.name.strip_prefix("cron:") {
            for run in ran.iter().filter(|r| !r.act.dumps.is_empty()) {
                if found.seen.insert((run.file.clone(), run.line, BackupKind::ScheduledDump)) {
                    let evidence = Evidence::new(
                        "kind",
                        &note.path,
                        target.line,
                        "a line of a cron table dumps the database",
                    );
                    let schedule = excerpt(schedule);
                    found.add(
                        BackupKind::ScheduledDump,
                        run.act.dumps,
                        schedule,
                        &note.path,
                        target.line,
                        evidence,
                    );
                }
            }
            continue;
        }
        // Only what the file itself runs: other files are visited by themselves.
        let own: Vec<Ran> = ran.into_iter().filter(|r| r.file == note.path).collect();
        found.dumps_and_restores(&own, "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    fn destroys(files: &[(&str, &str)]) -> Vec<String> {
        let found = facts(files).backups.into_iter();
        found.filter(|b| b.kind == BackupKind::DestructiveCommand).map(|b| b.file).collect()
    }
    fn workflow(trigger: &str, project: &str, command: &str) -> String {
        format!(
            "on: {trigger}\njobs:\n  a:\n    steps:\n      - run: |\n          supabase link --project-ref ${{{{ secrets.{project} }}}}\n          supabase db push\n          {command}\n"
        )
    }

    #[test]
    fn a_reset_of_a_preview_destroys_nothing_that_is_kept() {
        let reset = "supabase db reset --linked";
        let push = workflow("push", "LIVE", "echo done");
        let wipes = workflow("push", "LIVE", reset);
        assert_eq!(destroys(&[(".github/workflows/a.yml", &wipes)]), [".github/workflows/a.yml"]);
        let preview = workflow("pull_request", "PREVIEW", reset);
        assert_eq!(
            destroys(&[(".github/workflows/a.yml", &preview), (".github/workflows/b.yml", &push)]),
            [""; 0]
        );
        let shared = workflow("pull_request", "LIVE", reset);
        assert_eq!(
            destroys(&[(".github/workflows/a.yml", &shared), (".github/workflows/b.yml", &push)]),
            [".github/workflows/a.yml"],
            "the preview is the database that pushes go to"
        );
    }
}
