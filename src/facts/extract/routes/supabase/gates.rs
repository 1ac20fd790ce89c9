//! Which edge functions ask for a token of the platform: `supabase/config.toml`, and what deploy commands say.
//!
//! `verify_jwt` is on unless it is switched off: in the configuration, or by `--no-verify-jwt` when a function is
//! deployed, which overrides the configuration.

use crate::facts::config::{Node, json, toml};
use crate::facts::extract::routes::Gate;
use crate::facts::shell::commands;

/// A `supabase/config.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Its path.
    pub file: String,
    /// The functions that it names, in its order.
    pub functions: Vec<Configured>,
}

/// `[functions.<name>]`, or `[remotes.<branch>.functions.<name>]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configured {
    /// Its name.
    pub name: String,
    /// Line.
    pub line: u32,
    /// `verify_jwt`, and its line.
    pub verify_jwt: Option<(bool, u32)>,
    /// `entrypoint`, relative to the folder of the configuration.
    pub entrypoint: Option<String>,
    /// `enabled = false`: it is not deployed.
    pub disabled: bool,
    /// Whether it is meant for one branch of the hosted project only.
    pub is_remote: bool,
}

/// A command that deploys functions without the check of the token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unchecked {
    /// The file that runs it.
    pub file: String,
    /// Line.
    pub line: u32,
    /// The functions that it names. Empty for all: it names none, or a variable.
    pub names: Vec<String>,
}

/// Whether a file is a configuration of Supabase.
pub fn is_config(path: &str) -> bool {
    path == "supabase/config.toml" || path.ends_with("/supabase/config.toml")
}

/// Whether a file may hold deploy commands that count: manifests, workflows, scripts, make files. Prose does not run.
pub fn may_deploy(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(
        name,
        "package.json" | "deno.json" | "deno.jsonc" | "Makefile" | "makefile" | "GNUmakefile" | "justfile"
    ) || matches!(name, "Justfile" | "Jenkinsfile" | "Procfile")
        || matches!(ending, "yml" | "yaml" | "sh" | "bash" | "zsh" | "ps1")
}

/// Reads a `config.toml`. `None` where it does not parse.
pub fn config(path: &str, text: &str) -> Option<Config> {
    let root = toml(text).ok()?;
    let mut functions = below(root.get("functions"), false);
    for remote in root.get("remotes").map(Node::entries).unwrap_or_default() {
        functions.extend(below(remote.node.get("functions"), true));
    }
    Some(Config { file: path.to_owned(), functions })
}

fn below(functions: Option<&Node>, is_remote: bool) -> Vec<Configured> {
    let entries = functions.map(Node::entries).unwrap_or_default();
    let tables = entries.iter().filter(|entry| entry.node.is_map());
    tables
        .map(|entry| Configured {
            name: entry.key.clone(),
            line: entry.node.line,
            verify_jwt: entry.node.get("verify_jwt").and_then(|node| Some((node.truth()?, node.line))),
            entrypoint: entry.node.get("entrypoint").and_then(Node::text).map(str::to_owned),
            disabled: entry.node.get("enabled").and_then(Node::truth) == Some(false),
            is_remote,
        })
        .collect()
}

/// The commands of a file that deploy functions without the check.
pub fn unchecked(path: &str, text: &str) -> Vec<Unchecked> {
    if !text.contains("--no-verify-jwt") {
        return Vec::new();
    }
    let of = |script: &str, first: u32| -> Vec<Unchecked> {
        commands(script)
            .into_iter()
            .filter_map(|command| {
                let names = named(&command.words)?;
                Some(Unchecked { file: path.to_owned(), line: first + command.offset, names })
            })
            .collect()
    };
    if path.ends_with(".json") || path.ends_with(".jsonc") {
        let Ok(root) = json(text) else { return Vec::new() };
        let scripts = ["scripts", "tasks"].iter().filter_map(|key| root.get(key)).flat_map(Node::entries);
        // A task of Deno may be a table.
        let commands = scripts.filter_map(|entry| match entry.node.text() {
            Some(text) => Some((text, entry.node.line)),
            None => entry.node.get("command").and_then(|node| Some((node.text()?, node.line))),
        });
        return commands
            .flat_map(|(script, line)| {
                of(script, line).into_iter().map(move |found| Unchecked { line, ..found })
            })
            .collect();
    }
    lines(text)
        .into_iter()
        .filter(|(line, _)| line.contains("functions") && line.contains("--no-verify-jwt"))
        .flat_map(|(line, number)| {
            of(command_of(&line), number).into_iter().map(move |found| Unchecked { line: number, ..found })
        })
        .collect()
}

/// What a line runs: without a list's dash, the `run:` of a workflow, and quotes around all of it.
fn command_of(line: &str) -> &str {
    let mut line = line.trim().trim_start_matches("- ").trim_start();
    for key in ["run:", "command:", "script:", "cmd:", "cmds:", "@", "-"] {
        line = line.strip_prefix(key).unwrap_or(line).trim_start();
    }
    let quoted = ['"', '\''].into_iter().find_map(|quote| line.strip_prefix(quote)?.strip_suffix(quote));
    quoted.unwrap_or(line)
}

/// Lines with those that they continue on, and the number of the first. Comments are none.
fn lines(text: &str) -> Vec<(String, u32)> {
    let mut out: Vec<(String, u32)> = Vec::new();
    let mut open = false;
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim_end();
        let (part, continues) = match trimmed.strip_suffix(['\\', '`']) {
            Some(part) => (part, true),
            None => (trimmed, false),
        };
        match out.last_mut() {
            Some((last, _)) if open && last.len() < 4_000 => {
                last.push(' ');
                last.push_str(part.trim_start());
            }
            _ if part.trim_start().starts_with('#') => {
                open = false;
                continue;
            }
            _ => out.push((part.to_owned(), number)),
        }
        open = continues;
    }
    out
}

/// Options of `supabase functions deploy` that are followed by a value.
const WITH_VALUE: &[&str] = &[
    "--project-ref",
    "--import-map",
    "--jobs",
    "-j",
    "--workdir",
    "--profile",
    "--network-id",
    "--dns-resolver",
    "--output",
    "-o",
];

/// The functions that a command deploys without the check; `None` if it is another command.
fn named(words: &[String]) -> Option<Vec<String>> {
    let cli = words.iter().position(|word| {
        let name = word.rsplit('/').next().unwrap_or(word);
        name == "supabase" || name.starts_with("supabase@")
    })?;
    let at = cli + words.get(cli..)?.windows(2).position(|pair| pair == ["functions", "deploy"])?;
    let rest = words.get(at + 2..)?;
    let off = |word: &String| word == "--no-verify-jwt" || word == "--no-verify-jwt=true";
    if !words.iter().any(off) {
        return None;
    }
    let mut names = Vec::new();
    let mut skip = false;
    for word in rest {
        if skip {
            skip = false;
        } else if word.starts_with('-') {
            skip = WITH_VALUE.contains(&word.as_str());
        } else if word.contains(['$', '*', '{', '`', '(']) {
            return Some(Vec::new());
        } else {
            names.push(word.clone());
        }
    }
    Some(names)
}

/// What stands before a function: `config` is that of its project.
pub(super) fn gate(name: &str, config: Option<&Config>, unchecked: &[Unchecked]) -> Gate {
    let by_command = unchecked
        .iter()
        .find(|command| command.names.is_empty() || command.names.iter().any(|other| other == name));
    if let Some(command) = by_command {
        return Gate::Off { file: command.file.clone(), line: command.line };
    }
    let Some(config) = config else { return Gate::Token { file: String::new(), line: 0 } };
    // A branch of the project that goes without is one that can be called.
    let said: Vec<(bool, u32)> = config
        .functions
        .iter()
        .filter(|function| function.name == name)
        .filter_map(|f| f.verify_jwt)
        .collect();
    let file = config.file.clone();
    match said.iter().find(|(on, _)| !on).or(said.first()) {
        Some((false, line)) => Gate::Off { file, line: *line },
        Some((true, line)) => Gate::Token { file, line: *line },
        None => Gate::Token { file, line: 0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(path: &str, text: &str) -> Vec<(u32, Vec<String>)> {
        unchecked(path, text).into_iter().map(|found| (found.line, found.names)).collect()
    }

    #[test]
    fn the_configuration_switches_it_off_for_one() {
        let text = "project_id = \"x\"\n\n[functions.hook]\nverify_jwt = false\n[functions.mail]\nverify_jwt = true\n\
                    [functions.old]\nenabled = false\nentrypoint = \"./old/main.ts\"\n";
        let config = config("supabase/config.toml", text).unwrap();
        let file = || "supabase/config.toml".to_owned();
        assert_eq!(gate("hook", Some(&config), &[]), Gate::Off { file: file(), line: 4 });
        assert_eq!(gate("mail", Some(&config), &[]), Gate::Token { file: file(), line: 6 });
        assert_eq!(gate("other", Some(&config), &[]), Gate::Token { file: file(), line: 0 });
        assert_eq!(gate("other", None, &[]), Gate::Token { file: String::new(), line: 0 });
        assert!(config.functions[2].disabled);
        assert_eq!(config.functions[2].entrypoint.as_deref(), Some("./old/main.ts"));
    }

    #[test]
    fn a_branch_without_it_is_a_hole() {
        let text = "[functions.hook]\nverify_jwt = true\n[remotes.live.functions.hook]\nverify_jwt = false\n";
        let config = config("a/supabase/config.toml", text).unwrap();
        let expected = Gate::Off { file: "a/supabase/config.toml".to_owned(), line: 4 };
        assert_eq!(gate("hook", Some(&config), &[]), expected);
    }

    #[test]
    fn deploy_commands_switch_it_off() {
        let json = "{\n \"scripts\": {\n  \"ship\": \"supabase functions deploy --project-ref abc --no-verify-jwt one two && echo ok\"\n }\n}";
        assert_eq!(off("package.json", json), [(3, vec!["one".to_owned(), "two".to_owned()])]);
        let ci = "jobs:\n  ship:\n    steps:\n      - run: npx supabase@latest functions deploy hook --no-verify-jwt\n      \
                  - run: |\n          supabase functions deploy \\\n            --no-verify-jwt --project-ref ${{ secrets.REF }}\n";
        assert_eq!(off(".github/workflows/ship.yml", ci), [(4, vec!["hook".to_owned()]), (6, vec![])]);
        let loops = "for f in a b; do\n  supabase functions deploy \"$f\" --no-verify-jwt\ndone\n";
        assert_eq!(off("ship.sh", loops), [(2, vec![])]);
    }

    #[test]
    fn what_only_looks_like_it_does_not() {
        assert_eq!(off("dev.sh", "supabase functions serve --no-verify-jwt\n"), []);
        assert_eq!(off("dev.sh", "# supabase functions deploy --no-verify-jwt\n"), []);
        assert_eq!(off("dev.sh", "supabase functions deploy hook\n"), []);
        assert_eq!(off("dev.sh", "echo supabase; functions deploy --no-verify-jwt=false\n"), []);
    }

    #[test]
    fn a_command_counts_for_those_that_it_names() {
        let named = Unchecked { file: "ship.sh".to_owned(), line: 2, names: vec!["hook".to_owned()] };
        let expected = Gate::Off { file: "ship.sh".to_owned(), line: 2 };
        assert_eq!(gate("hook", None, std::slice::from_ref(&named)), expected);
        assert_eq!(gate("mail", None, &[named]), Gate::Token { file: String::new(), line: 0 });
    }
}
