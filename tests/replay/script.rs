//! What happens to the repository, commit by commit.

use super::layout;
use super::world::{Label, World};

const PEOPLE: [&str; 3] =
    ["Ana Silva <ana@acme.test>", "Ben Okafor <ben@acme.test>", "Chloe Martin <chloe@acme.test>"];
const UPDATES: &str = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>";

/// One commit.
pub struct Step {
    pub message: String,
    pub author: &'static str,
    /// Indices of the commits before it: two for a merge, none for the first.
    pub parents: Vec<usize>,
    pub world: World,
}

/// All commits so far, and what the next one starts from.
pub struct Script {
    pub steps: Vec<Step>,
    pub world: World,
    /// The commits that the next one follows.
    heads: Vec<usize>,
    /// Which pair of layout edits comes next, and what takes the last one back.
    turn: usize,
    quiet: u32,
    undo: Option<fn(&mut World)>,
    /// Whether layout edits are mixed in.
    noisy: bool,
}

impl Script {
    pub fn new() -> Script {
        let (steps, world, heads) = (Vec::new(), World::default(), Vec::new());
        Script { steps, world, heads, turn: 0, quiet: 0, undo: None, noisy: false }
    }

    /// From here on, layout edits come between the commits.
    pub fn noisy(&mut self) {
        self.noisy = true;
    }

    /// A commit by a person. What it brings and fixes, the edit says with `brings` and `fixes`.
    pub fn step(&mut self, message: &str, edit: impl FnOnce(&mut World)) {
        self.noise();
        let author = PEOPLE[self.steps.len() % PEOPLE.len()];
        self.commit(message, author, edit);
    }

    /// A commit by the bot that updates dependencies.
    pub fn update(&mut self, message: &str, edit: impl FnOnce(&mut World)) {
        self.commit(message, UPDATES, edit);
    }

    fn commit(&mut self, message: &str, author: &'static str, edit: impl FnOnce(&mut World)) {
        let files = self.world.files.clone();
        edit(&mut self.world);
        assert!(files != self.world.files, "{message}: a commit changes something");
        self.push(message, author);
    }

    fn push(&mut self, message: &str, author: &'static str) {
        let message = message.to_owned();
        let parents = std::mem::take(&mut self.heads);
        self.heads = vec![self.steps.len()];
        self.steps.push(Step { message, author, parents, world: self.world.clone() });
    }

    /// Commits of a branch, then something on main meanwhile, then the merge. The two sides touch different files.
    pub fn branch(&mut self, side: impl FnOnce(&mut Script), main: impl FnOnce(&mut Script), message: &str) {
        let (noisy, fork) = (std::mem::replace(&mut self.noisy, false), self.heads.clone());
        let base = self.world.clone();
        side(self);
        let (side_head, side_world) = (self.heads.clone(), std::mem::replace(&mut self.world, base.clone()));
        self.heads = fork;
        main(self);
        // A three-way merge of files and of faults: what the branch changed wins.
        let files: std::collections::BTreeSet<&String> =
            base.files.keys().chain(side_world.files.keys()).collect();
        for file in files {
            if base.files.get(file) != side_world.files.get(file) {
                assert_eq!(base.files.get(file), self.world.files.get(file), "both sides changed {file}");
                match side_world.files.get(file) {
                    Some(text) => self.world.files.insert(file.clone(), text.clone()),
                    None => self.world.files.remove(file),
                };
            }
        }
        self.world.accepted.extend(side_world.accepted.iter().copied());
        for name in base.open.keys().chain(side_world.open.keys()) {
            match (base.open.contains_key(name), side_world.open.get(name)) {
                (false, Some(label)) => drop(self.world.open.insert(name, *label)),
                (true, None) => drop(self.world.open.remove(name)),
                _ => {}
            }
        }
        self.heads.extend(side_head);
        self.push(message, PEOPLE[self.steps.len() % PEOPLE.len()]);
        self.noisy = noisy;
    }

    /// Takes back everything that the last commit did.
    pub fn revert_last(&mut self, message: &str) {
        let parent = self.steps[self.heads[0]].parents[0];
        self.world = self.steps[parent].world.clone();
        self.push(message, PEOPLE[self.steps.len() % PEOPLE.len()]);
    }

    /// One more edit of the layout, or the end of the one before.
    fn noise(&mut self) {
        self.quiet += 1;
        if !self.noisy || !self.quiet.is_multiple_of(5) {
            return;
        }
        if let Some(undo) = self.undo.take() {
            self.commit("Take the layout back", PEOPLE[self.steps.len() % PEOPLE.len()], undo);
            return;
        }
        let (message, edit, undo, at_once) = LAYOUT[self.turn % LAYOUT.len()];
        self.turn += 1;
        self.commit(message, PEOPLE[self.steps.len() % PEOPLE.len()], edit);
        if at_once {
            self.commit("Take the layout back", PEOPLE[self.steps.len() % PEOPLE.len()], undo);
        } else {
            self.undo = Some(undo);
        }
    }
}

impl World {
    /// The commit brings a fault.
    pub fn brings(&mut self, name: &'static str, label: Label) -> &mut Self {
        assert!(self.open.insert(name, label).is_none(), "{name} is open already");
        self
    }

    /// The commit fixes a fault.
    pub fn fixes(&mut self, name: &'static str) -> &mut Self {
        assert!(self.open.remove(name).is_some(), "{name} is not open");
        self.accepted.remove(name);
        self
    }

    /// The commit accepts a fault, with a reason.
    pub fn accepts(&mut self, name: &'static str) -> &mut Self {
        assert!(self.open.contains_key(name) && self.accepted.insert(name), "{name} can't be accepted");
        self
    }

    /// Nobody accepts the fault any more.
    pub fn counts_again(&mut self, name: &'static str) -> &mut Self {
        assert!(self.accepted.remove(name), "{name} is not accepted");
        self
    }

    /// The commit moves a fault: it is still the same.
    pub fn moves(&mut self, name: &'static str, label: Label) -> &mut Self {
        assert!(self.open.insert(name, label).is_some(), "{name} is not open");
        self
    }
}

const COMPOSE: &str = "docker-compose.prod.yml";
const CI: &str = ".github/workflows/ci.yml";

type Edit = fn(&mut World);

/// Edits that bring nothing: what is done, what takes it back, and whether that comes at once (the commits of the script
/// could not be written in the layout between).
const LAYOUT: [(&str, Edit, Edit, bool); 16] = [
    (
        "Indent the compose file by four",
        |w| layout::indent(w, COMPOSE, 4),
        |w| layout::indent(w, COMPOSE, 2),
        true,
    ),
    (
        "Say what the workflow is for",
        |w| layout::banner(w, CI, "# Runs for every change."),
        |w| layout::no_banner(w, CI),
        false,
    ),
    (
        "Single quotes in the service",
        |w| layout::quotes(w, "api/src/server.ts", '"', '\''),
        |w| layout::quotes(w, "api/src/server.ts", '\'', '"'),
        true,
    ),
    (
        "Tabs in the manifest",
        |w| layout::json(w, "api/package.json", "\t", false),
        |w| layout::json(w, "api/package.json", "  ", false),
        true,
    ),
    (
        "Room between the services",
        |w| layout::air(w, COMPOSE, "image:"),
        |w| layout::no_air(w, COMPOSE),
        false,
    ),
    (
        "The services in another order",
        |w| layout::reverse_yaml(w, COMPOSE, "services"),
        |w| layout::reverse_yaml(w, COMPOSE, "services"),
        true,
    ),
    (
        "The jobs in another order",
        |w| layout::reverse_yaml(w, CI, "jobs"),
        |w| layout::reverse_yaml(w, CI, "jobs"),
        true,
    ),
    ("Indent the workflow by four", |w| layout::indent(w, CI, 4), |w| layout::indent(w, CI, 2), true),
    (
        "Keys of the manifest in another order",
        |w| layout::json(w, "web/package.json", "  ", true),
        |w| layout::json(w, "web/package.json", "  ", true),
        true,
    ),
    (
        "A banner over the image",
        |w| layout::banner(w, "desk/Dockerfile", "# The desk of the crew."),
        |w| layout::no_banner(w, "desk/Dockerfile"),
        false,
    ),
    (
        "Room in the image",
        |w| layout::air(w, "api/Dockerfile", "COPY"),
        |w| layout::no_air(w, "api/Dockerfile"),
        true,
    ),
    (
        "Tidy the settings of the service",
        |w| layout::banner(w, "api/src/config.ts", "// Everything that the service needs to know."),
        |w| layout::no_banner(w, "api/src/config.ts"),
        false,
    ),
    (
        "A comment beside the database",
        |w| _ = w.after(COMPOSE, "POSTGRES_PASSWORD_FILE", "      # The password is a file of the host."),
        |w| _ = w.cut(COMPOSE, "# The password is a file of the host."),
        false,
    ),
    (
        "Four spaces in the lockfile",
        |w| layout::json(w, "web/package-lock.json", "    ", false),
        |w| layout::json(w, "web/package-lock.json", "  ", false),
        true,
    ),
    (
        "More about operations",
        |w| _ = w.append("docs/operations.md", "\nThe pager is with the one who released last.\n"),
        |w| _ = w.cut("docs/operations.md", "The pager is with"),
        true,
    ),
    (
        "Single quotes in the settings of the desk",
        |w| quotes_of_settings(w, '"', '\''),
        |w| quotes_of_settings(w, '\'', '"'),
        true,
    ),
];

/// The settings of the desk, wherever they stand.
fn quotes_of_settings(w: &mut World, from: char, to: char) {
    let file = w.files.keys().find(|path| path.ends_with("settings.py")).cloned().unwrap();
    layout::quotes(w, &file, from, to);
}
