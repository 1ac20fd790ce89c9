//! `rules new ID`: a new rule with its fixtures, laid out as a small example that works.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use super::draft::{is_kebab, kebab_of};
use super::errors::PackErrors;
use super::pack::RuleSet;

/// How the new rule finds what is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewRule {
    /// By a condition on facts.
    When,
    /// By a regular expression.
    Pattern,
    /// By a tree-sitter query.
    Query,
}

/// The text of each example, with `ID` for the id; then its files below the fixtures of the rule.
type Example = (&'static str, &'static [(&'static str, &'static str)]);

static WHEN: Example = (
    include_str!("scaffold/when.toml"),
    &[
        ("bad/src/index.ts", "export const answer = 42;\n"),
        ("good/src/index.ts", "export const answer = 42;\n"),
        ("good/README.md", "# Acme\n\nRun `npm install && npm start`.\n"),
    ],
);

static PATTERN: Example = (
    include_str!("scaffold/pattern.toml"),
    &[
        ("bad/src/orders.ts", "// FIXME(launch): check who is asking\nexport const orders = () => [];\n"),
        ("good/src/orders.ts", "// FIXME some day: a nicer name\nexport const orders = () => [];\n"),
    ],
);

static QUERY: Example = (
    include_str!("scaffold/query.toml"),
    &[
        ("bad/src/price.ts", "export const price = (formula: string) => eval(formula);\n"),
        (
            "good/src/price.ts",
            "// Never eval() what a customer wrote.\nexport const two = () => eval(\"1 + 1\");\n",
        ),
    ],
);

/// Writes the rule `id` into `dir` and its fixtures beside it, and says what to do next. Never overwrites a file.
///
/// # Errors
/// A sentence that says what is in the way.
pub fn new_rule(dir: &Path, id: &str, body: NewRule) -> Result<String, String> {
    check_id(id)?;
    // A project laid out like this one keeps its fixtures apart from its packs.
    let is_project = dir.join("rules/packs").is_dir();
    let (packs, fixtures) = match is_project {
        true => (dir.join("rules/packs"), dir.join("fixtures/rules").join(id)),
        false => (dir.to_path_buf(), dir.join("fixtures").join(id)),
    };
    let pack = packs.join(format!("{id}.toml"));
    for path in [&pack, &fixtures] {
        if path.exists() {
            return Err(format!(
                "{} is there already, and nothing is overwritten; choose another id",
                shown(path)
            ));
        }
    }
    if let Some(other) = known(dir, is_project, id) {
        return Err(format!("there is a rule `{id}` already, in {other}; choose another id"));
    }
    let (text, files) = match body {
        NewRule::When => WHEN,
        NewRule::Pattern => PATTERN,
        NewRule::Query => QUERY,
    };
    write(&pack, &text.replace("\"ID\"", &format!("\"{id}\"")))?;
    for (name, text) in files {
        write(&fixtures.join(name), text)?;
    }
    let (pack, fixtures, dir) = (shown(&pack), shown(&fixtures), shown(dir));
    Ok(format!(
        "Laid out the rule {id}, a small example that works:\n\n  {pack}\n  {fixtures}/bad   what it must find\n  \
         {fixtures}/good  what comes near and is fine\n\nNext:\n  1. Put into bad and good the smallest files that show the flaw \
         and its near miss.\n  2. Change the rule until this passes:  vibecheck rules test {dir}\n  3. Run it:  \
         vibecheck audit --rules {dir} .\n\nWhat a rule can say: `vibecheck rules check {dir}` points at every mistake, \
         `vibecheck facts .` prints what\na rule sees, and docs/writing-rules.md explains all of it.\n"
    ))
}

fn check_id(id: &str) -> Result<(), String> {
    if is_kebab(id) {
        return Ok(());
    }
    let kebab = kebab_of(id);
    Err(match is_kebab(&kebab) {
        true => format!("an id is in kebab-case: write `{kebab}`"),
        false => format!(
            "`{id}` is no id: write lower-case words joined by hyphens that name the flaw, like `missing-rate-limit`"
        ),
    })
}

/// The pack that has a rule of this id. Packs with mistakes can't be asked; then `rules check` will tell.
fn known(dir: &Path, is_project: bool, id: &str) -> Option<String> {
    let has_packs = |dir: &Path| {
        let entries = fs::read_dir(dir).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.path().extension().is_some_and(|end| end == "toml"))
    };
    let of = |rules: Result<RuleSet, PackErrors>| rules.ok()?.rule(id).map(|loaded| loaded.rule.pack.clone());
    match is_project {
        true => of(RuleSet::load_only(&dir.join("rules/packs"))),
        false => of(RuleSet::load(&[])).or_else(|| {
            let own = has_packs(dir).then(|| RuleSet::load_only(dir))?;
            of(own)
        }),
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let io = |error: std::io::Error| format!("can't write {}: {error}", shown(path));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(io)?;
    file.write_all(text.as_bytes()).map_err(io)
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
