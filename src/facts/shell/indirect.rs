//! Commands that run what another file says: scripts of a manifest, targets, shell scripts.

/// A command that runs what another file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Indirect {
    /// A script of a package manifest.
    Package {
        /// Its name.
        name: String,
        /// The folder it names, relative to where the command runs.
        folder: String,
        /// A workspace it names, by name or folder; or every workspace (`*`).
        workspace: String,
    },
    /// A target of a `Makefile`, `justfile` or `Taskfile`.
    Target {
        /// `make`, `just` or `task`.
        tool: &'static str,
        /// Its name, `""` for the default.
        name: String,
        /// The folder it names.
        folder: String,
    },
    /// A shell script, relative to where the command runs.
    File(String),
}

const OWN_PROGRAMS: &[&str] = &[
    "gradlew",
    "mvnw",
    "manage.py",
    "artisan",
    "rails",
    "rake",
    "bundle",
    "brakeman",
    "rubocop",
    "importmap",
    "console",
    "flutter",
    "dart",
    "bundler-audit",
    "activate",
];

/// Whether `words` run what another file says.
pub fn indirect(words: &[String]) -> Option<Indirect> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (program, rest) = words.split_first()?;
    match *program {
        "npm" | "pnpm" | "yarn" | "bun" | "ni" | "nr" | "npm-run-all" | "run-s" | "run-p" => {
            package(program, rest)
        }
        "make" | "gmake" => Some(target("make", rest)),
        "just" => Some(target("just", rest)),
        "task" => Some(target("task", rest)),
        "deno" if rest.first() == Some(&"task") => package("npm", rest),
        // Programs of frameworks that happen to lie in the repository.
        program if OWN_PROGRAMS.contains(&program.rsplit('/').next().unwrap_or(program)) => None,
        "bash" | "sh" | "zsh" | "source" | "." => {
            let file = rest.iter().find(|w| !w.starts_with('-'))?;
            Some(Indirect::File((*file).to_owned()))
        }
        script if script.ends_with(".sh") || script.starts_with("./") => {
            Some(Indirect::File(script.to_owned()))
        }
        script if script.starts_with("scripts/") || script.starts_with("bin/") => {
            Some(Indirect::File(script.to_owned()))
        }
        _ => None,
    }
}

fn package(program: &str, rest: &[&str]) -> Option<Indirect> {
    const OWN: &[&str] = &[
        "install",
        "ci",
        "i",
        "add",
        "remove",
        "audit",
        "publish",
        "pack",
        "version",
        "init",
        "link",
        "config",
        "cache",
        "outdated",
        "update",
        "up",
        "why",
        "dedupe",
        "prune",
        "rebuild",
        "create",
        "login",
        "info",
        "view",
        "exec",
        "dlx",
        "x",
        "set",
        "import",
        "fetch",
        "store",
        "global",
        "upgrade",
        "pm",
        "deploy",
        "approve-builds",
    ];
    let (mut folder, mut workspace) = (String::new(), String::new());
    let mut plain: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(word) = rest.get(at).copied() {
        let value = rest.get(at + 1).copied().unwrap_or_default();
        match word {
            "--" => break,
            "--prefix" | "-C" | "--cwd" | "--dir" => {
                folder = value.to_owned();
                at += 1;
            }
            "-w" | "--workspace" | "--filter" | "-F" if program != "pnpm" || word != "-w" => {
                workspace = value.to_owned();
                at += 1;
            }
            "-r" | "--recursive" | "--workspaces" | "-ws" => workspace = "*".to_owned(),
            "workspaces" if plain.is_empty() => {
                workspace = "*".to_owned();
                at += usize::from(value == "foreach");
            }
            "workspace" if plain.is_empty() => {
                workspace = value.to_owned();
                at += 1;
            }
            _ => match word.split_once('=') {
                Some(("--prefix" | "--cwd" | "--dir", value)) => folder = value.to_owned(),
                Some(("--filter" | "--workspace" | "-F", value)) => workspace = value.to_owned(),
                _ if word.starts_with('-') => {}
                _ => plain.push(word),
            },
        }
        at += 1;
    }
    let name = match (program, plain.as_slice()) {
        (_, ["run" | "run-script" | "task", name, ..]) => name,
        ("npm" | "pnpm" | "yarn", ["t" | "tst", ..]) => "test",
        ("npm", [name @ ("test" | "start" | "stop" | "restart"), ..]) => name,
        ("npm", _) => return None,
        // `bun test` is bun's own runner and `bun file.ts` runs a file.
        ("bun", ["test", ..]) => return None,
        ("bun", [name, ..]) if name.contains('.') => return None,
        (_, [name, ..]) if !OWN.contains(name) => name,
        _ => return None,
    };
    Some(Indirect::Package {
        name: name.to_string(),
        folder,
        workspace: workspace.trim_matches('"').to_owned(),
    })
}

fn target(tool: &'static str, rest: &[&str]) -> Indirect {
    let mut folder = String::new();
    let mut name = String::new();
    let mut at = 0;
    while let Some(word) = rest.get(at) {
        if *word == "-C" || *word == "--directory" || *word == "-d" {
            folder = rest.get(at + 1).copied().unwrap_or_default().to_owned();
            at += 1;
        } else if !word.starts_with('-') && !word.contains('=') && name.is_empty() {
            (*word).clone_into(&mut name);
        }
        at += 1;
    }
    Indirect::Target { tool, name, folder }
}

#[cfg(test)]
mod tests {
    use super::super::commands;
    use super::*;

    #[test]
    fn scripts_of_other_files() {
        let of = |script: &str| indirect(&commands(script)[0].words);
        let package = |name: &str, folder: &str, workspace: &str| {
            Some(Indirect::Package { name: name.into(), folder: folder.into(), workspace: workspace.into() })
        };
        assert_eq!(of("npm test"), package("test", "", ""));
        assert_eq!(of("npm run test:unit -- --ci"), package("test:unit", "", ""));
        assert_eq!(of("pnpm --filter web test"), package("test", "", "web"));
        assert_eq!(of("yarn --cwd api test"), package("test", "api", ""));
        assert_eq!(of("pnpm -r test"), package("test", "", "*"));
        assert_eq!(of("npm ci"), None);
        assert_eq!(of("bun test"), None);
        assert_eq!(of("./scripts/ci.sh"), Some(Indirect::File("./scripts/ci.sh".into())));
        assert_eq!(
            of("make -C api test"),
            Some(Indirect::Target { tool: "make", name: "test".into(), folder: "api".into() })
        );
    }
}
