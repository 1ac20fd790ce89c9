use std::collections::BTreeMap;

use super::{Act, Indirect, act, commands, indirect};
use crate::facts::notes::{FileNotes, ScriptNote};

/// Scripts that run scripts are followed this far.
const MAX_DEPTH: u32 = 6;
/// Scripts of one manifest that are looked at.
const MAX_SCRIPTS: usize = 500;
/// Longer scripts are not read.
const MAX_SCRIPT: usize = 100_000;
/// And no further than this many commands, since scripts may multiply.
const MAX_COMMANDS: usize = 600;

/// One command that a script runs, directly or through another file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ran {
    /// What it does.
    pub act: Act,
    /// Its words.
    pub words: Vec<String>,
    /// The file that the command stands in.
    pub file: String,
    /// The line there.
    pub line: u32,
    /// The line of the script that was asked about from which it came.
    pub from_line: u32,
    /// Whether it stands in another file than the script that was asked about.
    pub indirect: bool,
    /// The folder that it runs in, relative to PATH; `""` for PATH itself.
    pub folder: String,
    /// Whether its failure is swallowed on the way.
    pub forgiven: bool,
    /// Whether its status is lost in a pipe.
    pub piped: bool,
    /// Where its output goes (`|` for a pipe).
    pub output: String,
    /// Why what it runs can't be told, `""` if it can.
    pub opaque: String,
}

/// The scripts of a repository by where they stand.
#[derive(Debug, Default)]
pub struct Scripts<'a> {
    /// By folder: the manifest and its scripts.
    packages: BTreeMap<&'a str, (&'a str, &'a [ScriptNote])>,
    /// By folder and name: the script.
    by_name: BTreeMap<(&'a str, &'a str), &'a ScriptNote>,
    /// By the package's own name: its folder.
    names: BTreeMap<&'a str, &'a str>,
    /// By path: targets of Makefiles and the like; a shell script is one target.
    files: BTreeMap<&'a str, &'a [ScriptNote]>,
}

/// Where a command stands while scripts are followed.
#[derive(Clone, Copy)]
struct Context<'c> {
    file: &'c str,
    line: u32,
    from_line: u32,
    folder: &'c str,
    forgiven: bool,
    depth: u32,
}

impl<'a> Scripts<'a> {
    /// Every script in `notes`.
    pub fn of(notes: &'a [FileNotes]) -> Self {
        let mut scripts = Self::default();
        for note in notes {
            if !note.targets.is_empty() {
                scripts.files.insert(&note.path, &note.targets);
            }
            let Some(manifest) = &note.manifest else { continue };
            if !note.path.ends_with("package.json") && !note.path.contains("deno.json") {
                continue;
            }
            let folder = folder_of(&note.path);
            // More scripts than this nobody wrote.
            let known = manifest.scripts.get(..MAX_SCRIPTS).unwrap_or(&manifest.scripts);
            scripts.packages.entry(folder).or_insert((&note.path, known));
            for script in known {
                scripts.by_name.entry((folder, &script.name)).or_insert(script);
            }
            if !manifest.name.is_empty() {
                scripts.names.entry(&manifest.name).or_insert(folder);
            }
        }
        scripts
    }

    /// The package manifests: folder, file, scripts.
    pub fn packages(&self) -> impl Iterator<Item = (&'a str, &'a str, &'a [ScriptNote])> + '_ {
        self.packages.iter().map(|(folder, (file, scripts))| (*folder, *file, *scripts))
    }

    /// Everything that `script`, which begins at `file:line` and runs in `folder`, runs in the end.
    pub fn run(&self, script: &str, file: &str, line: u32, folder: &str) -> Vec<Ran> {
        let mut out = Vec::new();
        let context = Context { file, line, from_line: line, folder, forgiven: false, depth: 0 };
        self.follow(script, context, &mut out);
        out
    }

    fn follow(&self, script: &str, context: Context<'_>, out: &mut Vec<Ran>) {
        let mut folder = context.folder.to_owned();
        if script.len() > MAX_SCRIPT {
            return;
        }
        for command in commands(script) {
            if out.len() >= MAX_COMMANDS {
                return;
            }
            if let ["cd" | "pushd", to] =
                command.words.iter().map(String::as_str).collect::<Vec<_>>().as_slice()
            {
                folder = join(&folder, to);
                continue;
            }
            let at_root = context.depth == 0;
            let line = context.line + command.offset;
            let ran = Ran {
                act: act(&command.words, &command.input),
                words: command.words.clone(),
                file: context.file.to_owned(),
                line,
                from_line: if at_root { line } else { context.from_line },
                indirect: !at_root,
                folder: folder.clone(),
                forgiven: context.forgiven || command.forgiven,
                piped: command.piped,
                output: command.output.clone(),
                opaque: String::new(),
            };
            if let Some(tasks) = workspace_tasks(&command.words) {
                self.workspace(&tasks, ran, context.depth, out);
                continue;
            }
            let Some(what) = indirect(&command.words).filter(|_| ran.act == Act::default()) else {
                out.push(ran);
                continue;
            };
            if context.depth >= MAX_DEPTH {
                out.push(Ran { opaque: "scripts call scripts too deeply".to_owned(), ..ran });
                continue;
            }
            // Also what runs nothing in the end counts, so that the number of steps is bounded.
            out.push(Ran { act: Act::default(), ..ran.clone() });
            self.through(&what, ran, context.depth, out);
        }
    }

    /// What an indirect command runs.
    fn through(&self, what: &Indirect, ran: Ran, depth: u32, out: &mut Vec<Ran>) {
        match what {
            Indirect::Package { name, folder, workspace } => {
                let folders = self.package_folders(&join(&ran.folder, folder), workspace);
                let mut found = false;
                for folder in &folders {
                    let Some((file, _)) = self.packages.get(folder.as_str()) else { continue };
                    found = true;
                    if let Some(script) = self.by_name.get(&(folder.as_str(), name.as_str())) {
                        self.deeper(script, file, folder, &ran, depth, out);
                    }
                }
                if !found {
                    // What is not a script is a program of the package manager's path: `yarn vitest`.
                    let words: Vec<String> = ran.words.iter().skip(1).cloned().collect();
                    let opaque = format!("the manifest that defines the script `{name}` was not read");
                    out.push(Ran { act: act(&words, ""), opaque, ..ran });
                } else if !folders.iter().any(|f| self.has_script(f, name)) {
                    let words: Vec<String> = ran.words.iter().skip(1).cloned().collect();
                    let direct = !ran.words.iter().any(|w| w == "run")
                        && ran.words.first().is_some_and(|w| w != "npm");
                    let act = if direct { act(&words, "") } else { Act::default() };
                    out.push(Ran { act, ..ran });
                }
            }
            Indirect::Target { tool, name, folder } => {
                let folder = join(&ran.folder, folder);
                let found = target_files(tool).iter().find_map(|file| {
                    let path = join(&folder, file);
                    self.files.get_key_value(path.as_str()).map(|(path, targets)| (*path, *targets))
                });
                let Some((path, targets)) = found else {
                    let opaque = format!("the {tool} file with the target `{name}` was not read");
                    out.push(Ran { opaque, ..ran });
                    return;
                };
                let target =
                    if name.is_empty() { targets.first() } else { targets.iter().find(|t| t.name == *name) };
                if let Some(target) = target {
                    self.deeper(target, path, &folder, &ran, depth, out);
                }
            }
            Indirect::File(file) => {
                // A script is named from where it runs or, as often, from the top.
                let path = join(&ran.folder, file);
                let top = file.trim_start_matches("./");
                let found = self.files.get_key_value(path.as_str()).or_else(|| self.files.get_key_value(top));
                match found.or_else(|| self.only_file_ending_in(top)) {
                    Some((path, targets)) => {
                        // Run inside a container, its own folder is the working folder.
                        let inside = path.strip_suffix(top).map(|f| f.trim_end_matches('/'));
                        let folder = inside.filter(|f| !f.is_empty()).unwrap_or(&ran.folder);
                        for target in *targets {
                            self.deeper(target, path, folder, &ran, depth, out);
                        }
                    }
                    None => {
                        let opaque =
                            format!("the script {} is not in the repository or was not read", short(file));
                        out.push(Ran { opaque, ..ran });
                    }
                }
            }
        }
    }

    fn deeper(
        &self,
        script: &ScriptNote,
        file: &str,
        folder: &str,
        ran: &Ran,
        depth: u32,
        out: &mut Vec<Ran>,
    ) {
        let from = out.len();
        let context = Context {
            file,
            line: script.line,
            from_line: ran.from_line,
            folder,
            forgiven: ran.forgiven,
            depth: depth + 1,
        };
        self.follow(&script.command, context, out);
        for inner in out.iter_mut().skip(from) {
            inner.piped |= ran.piped;
        }
    }

    /// `turbo run test`: the script of that name in every package, or in the one that a filter names.
    fn workspace(&self, tasks: &[String], ran: Ran, depth: u32, out: &mut Vec<Ran>) {
        let filter = ran.words.iter().enumerate().find_map(|(at, word)| match word.split_once('=') {
            Some(("--filter" | "--scope" | "--projects", value)) => Some(value.to_owned()),
            _ if word == "--filter" || word == "-F" => ran.words.get(at + 1).cloned(),
            _ => None,
        });
        let named = filter.map(|name| self.package_folders("", name.trim_matches('"')));
        let mut any = false;
        if depth < MAX_DEPTH {
            for (folder, file, scripts) in self.packages() {
                if named
                    .as_ref()
                    .is_some_and(|folders| !folders.is_empty() && !folders.iter().any(|f| f == folder))
                {
                    continue;
                }
                let wanted = scripts.iter().filter(|s| tasks.contains(&s.name));
                for script in wanted
                    .filter(|s| commands(&s.command).iter().all(|c| workspace_tasks(&c.words).is_none()))
                {
                    any = true;
                    self.deeper(script, file, folder, &ran, depth, out);
                }
            }
        }
        // Nx has tasks that are no scripts.
        let opaque = "the tasks of the workspace are not scripts of its packages".to_owned();
        let opaque = if any { String::new() } else { opaque };
        out.push(Ran { act: Act::default(), opaque, ..ran });
    }

    /// The one script at `…/path`, if there is only one.
    fn only_file_ending_in(&self, path: &str) -> Option<(&&'a str, &&'a [ScriptNote])> {
        let ending = format!("/{path}");
        let mut found = self.files.iter().filter(|(file, _)| file.ends_with(&ending));
        found.next().filter(|_| found.next().is_none())
    }

    fn has_script(&self, folder: &str, name: &str) -> bool {
        self.by_name.contains_key(&(folder, name))
    }

    fn package_folders(&self, folder: &str, workspace: &str) -> Vec<String> {
        match workspace {
            "" => {
                // npm looks upwards for the nearest manifest.
                let mut at = folder;
                loop {
                    if self.packages.contains_key(at) {
                        return vec![at.to_owned()];
                    }
                    match at.rsplit_once('/') {
                        Some((up, _)) => at = up,
                        None if at.is_empty() => return Vec::new(),
                        None => at = "",
                    }
                }
            }
            "*" => self.packages.keys().map(|folder| (*folder).to_owned()).collect(),
            name => {
                let name = name.trim_end_matches("...").trim_start_matches("...");
                let path = name.trim_start_matches("./").trim_start_matches('{').trim_end_matches('}');
                let by_name = self.names.get(name).map(|folder| (*folder).to_owned());
                let by_folder =
                    self.packages.keys().find(|f| **f == path || f.ends_with(&format!("/{path}")));
                by_name.or_else(|| by_folder.map(|f| (*f).to_owned())).into_iter().collect()
            }
        }
    }
}

/// The tasks that a workspace tool is asked to run; `None` for other commands.
fn workspace_tasks(words: &[String]) -> Option<Vec<String>> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (program, rest) = words.split_first()?;
    if !matches!(*program, "turbo" | "nx" | "lerna") {
        return None;
    }
    let mut tasks: Vec<String> = Vec::new();
    for (at, word) in rest.iter().enumerate() {
        let after_flag = at > 0 && matches!(rest.get(at - 1), Some(&("-t" | "--target" | "--targets")));
        let value = match word.split_once('=') {
            Some(("--target" | "--targets", value)) => value,
            _ if after_flag => word,
            // Up to the first option everything names a task: `turbo run lint test --filter=web`.
            _ if !word.starts_with('-') && rest.iter().take(at).all(|w| !w.starts_with('-')) => word,
            _ if *word == "--" => break,
            _ => continue,
        };
        tasks.extend(
            value.split([',', ' ']).map(|task| task.rsplit(['#', ':']).next().unwrap_or(task).to_owned()),
        );
        // `test:unit` is a task of its own, and `project:test` one of Nx.
        tasks.extend(value.split([',', ' ']).map(str::to_owned));
    }
    tasks.retain(|task| !matches!(task.as_str(), "run" | "run-many" | "affected" | "exec"));
    // Commands of the tool itself: `turbo prune`, `nx reset`.
    if matches!(
        tasks.first().map(String::as_str),
        Some("prune" | "login" | "link" | "reset" | "graph" | "version" | "publish")
    ) {
        return None;
    }
    Some(tasks)
}

fn target_files(tool: &str) -> &'static [&'static str] {
    match tool {
        "make" => &["Makefile", "makefile", "GNUmakefile"],
        "just" => &["justfile", "Justfile", ".justfile"],
        _ => &["Taskfile.yml", "Taskfile.yaml", "taskfile.yml"],
    }
}

fn short(text: &str) -> String {
    crate::secrets::excerpt(text).to_string()
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `relative` seen from `folder`, with `.` and `..` taken out.
pub fn join(folder: &str, relative: &str) -> String {
    if let Some((_, variable)) = relative.rsplit_once('$') {
        // `${{ github.workspace }}`, `$(dirname "$0")/..` and variables: most often the top.
        let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let after = match variable.rfind(['}', ')']) {
            Some(end) => &variable[end + 1..],
            None => variable.trim_start_matches(name),
        };
        return join("", after.trim_matches(['/', '"']).trim_start_matches("../"));
    }
    let mut parts: Vec<&str> =
        if relative.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.retain(|p| !p.is_empty() && *p != ".");
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::notes::ManifestNote;

    fn manifest(path: &str, name: &str, scripts: &[(&str, &str)]) -> FileNotes {
        let script = |(name, command): &(&str, &str)| ScriptNote {
            name: (*name).into(),
            command: (*command).into(),
            line: 5,
        };
        let scripts = scripts.iter().map(script).collect();
        let manifest = ManifestNote { name: name.into(), read: true, scripts, ..ManifestNote::default() };
        FileNotes { path: path.into(), manifest: Some(manifest), ..FileNotes::default() }
    }

    fn tools(notes: &[FileNotes], script: &str) -> Vec<&'static str> {
        let ran = Scripts::of(notes).run(script, "ci.yml", 1, "");
        ran.iter().map(|r| r.act.tests).filter(|t| !t.is_empty()).collect()
    }

    #[test]
    fn package_scripts_are_followed() {
        let notes = [
            manifest("package.json", "root", &[("test", "npm run test:unit"), ("test:unit", "vitest run")]),
            manifest(
                "api/package.json",
                "@x/api",
                &[("test", "echo \"Error: no test specified\" && exit 1")],
            ),
            manifest("web/package.json", "@x/web", &[("test", "jest || true")]),
        ];
        assert_eq!(tools(&notes, "npm ci && npm test"), ["vitest"]);
        assert!(tools(&notes, "cd api\nnpm test").is_empty());
        assert_eq!(tools(&notes, "pnpm --filter @x/web test"), ["jest"]);
        assert_eq!(tools(&notes, "npm test --workspaces"), ["vitest", "jest"]);
        assert!(tools(&notes, "npm run test:missing").is_empty());
        assert_eq!(tools(&notes, "turbo run lint test"), ["vitest", "jest"]);
        assert_eq!(tools(&notes, "turbo test --filter=@x/web"), ["jest"]);
        assert!(tools(&notes, "turbo run lint").is_empty());
        let ran = Scripts::of(&notes).run("pnpm --filter web test", "ci.yml", 7, "");
        let jest = ran.last().unwrap();
        assert!(jest.indirect && jest.file == "web/package.json" && jest.from_line == 7);
        assert!(ran.iter().any(|r| r.act.tests == "jest" && r.forgiven));
    }

    #[test]
    fn loops_end() {
        let notes = [manifest("package.json", "", &[("test", "npm test; npm test")])];
        assert!(Scripts::of(&notes).run("npm test", "ci.yml", 1, "").len() <= 200);
        let many = "npm run b\n".repeat(5000);
        let notes =
            [manifest("package.json", "", &[("a", &many), ("b", &many.replace('b', "c")), ("c", "")])];
        assert!(Scripts::of(&notes).run(&many.replace('b', "a"), "ci.yml", 1, "").len() <= MAX_COMMANDS);
    }

    #[test]
    fn shell_scripts_and_targets_are_followed() {
        let target =
            |name: &str, command: &str| ScriptNote { name: name.into(), command: command.into(), line: 2 };
        let notes = [
            FileNotes {
                path: "Makefile".into(),
                targets: vec![target("build", "go build"), target("test", "pytest")],
                ..FileNotes::default()
            },
            FileNotes {
                path: "scripts/ci.sh".into(),
                targets: vec![target("", "make test")],
                ..FileNotes::default()
            },
        ];
        assert_eq!(tools(&notes, "make test"), ["pytest"]);
        assert_eq!(tools(&notes, "./scripts/ci.sh"), ["pytest"]);
        let ran = Scripts::of(&notes).run("bash gone.sh", "ci.yml", 1, "");
        assert!(ran.iter().any(|r| !r.opaque.is_empty()));
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(join("a/b", "../c/./d"), "a/c/d");
        assert_eq!(join("", "./x.sh"), "x.sh");
        assert_eq!(join("a", "${{ github.workspace }}/b"), "b");
        assert_eq!(join("a", "$ROOT/web"), "web");
    }
}
