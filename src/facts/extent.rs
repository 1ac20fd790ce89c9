//! What is left out where no more is asked for than secrets and the files that hold them: `audit --only secrets`, and the
//! hook that looks before each commit.
//!
//! A quarter of such an audit's instructions went into tests, databases and backups, of which it says nothing.

use std::collections::BTreeSet;

use super::extract::Extractor;
use super::join::Join;
use super::read::{self, Reader};
use super::registry::KINDS;

/// How much is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Whole,
    /// No more than [`LISTS`], and of the project no more than [`OF_PROJECT`].
    Secrets,
}

/// The lists that are whole in [`Extent::Secrets`]. So is what these need of `apps`: where they are, and what they are
/// built on.
const LISTS: &[&str] = &[
    "credentials",
    "secrets",
    "notable_files",
    "env_vars",
    "matches",
    "browser_secrets",
    "ci_workflows",
    "deploy_units",
    "project",
];

/// The fields of the project that are whole.
const OF_PROJECT: &[&str] = &[
    "name",
    "git",
    "head",
    "branch",
    "dirty",
    "history",
    "history_searched",
    "files",
    "languages",
    "has_code",
    "code_read",
    "secret_scanning",
    "cloud_keys",
    "remote_scripts",
];

/// Readers whose notes end in none of these, and who never say that a file does not parse. They are still asked which
/// files they want: what was read is the same.
static QUIET: &[&[Reader]] =
    &[read::schema::READERS, read::documents::READERS, read::test_files::READERS, read::runtime::READERS];

/// The extractors that fill them.
const EXTRACTED: &[&str] =
    &["project", "apps", "notable_files", "matches", "secrets", "ci_workflows", "deploy_units"];

impl Extent {
    /// What it takes for the lists, and for the fields of the project, that are asked for.
    pub(super) fn of(is_asked: impl Fn(&str) -> bool, of_project: &BTreeSet<&str>) -> Self {
        let lists = KINDS.iter().all(|kind| LISTS.contains(&kind.list) || !is_asked(kind.list));
        let fields = of_project.iter().all(|field| OF_PROJECT.contains(field));
        if lists && fields { Extent::Secrets } else { Extent::Whole }
    }

    /// Whether the reader reads what it wants.
    pub(super) fn reads(self, reader: &Reader) -> bool {
        self == Extent::Whole || !QUIET.iter().copied().flatten().any(|quiet| quiet.name == reader.name)
    }

    /// Whether the extractor has something to say.
    pub(super) fn extracts(self, extractor: &Extractor) -> bool {
        self == Extent::Whole || EXTRACTED.contains(&extractor.list)
    }

    /// Whether the join has something to say.
    pub(super) fn joins(self, join: &Join) -> bool {
        self == Extent::Whole || join.of_secrets
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::facts::{ANALYSERS, Analysers, Facts, Search, collect_with};
    use crate::source::{Source, Tree};

    fn of(app: &str, extent: Extent) -> (Facts, u32) {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/apps").join(app);
        let tree = Tree::working(&folder, &[]).unwrap();
        let source = Source { tree, git: None, notes: Vec::new(), at: String::new() };
        let (facts, reading) = collect_with(&Analysers { extent, ..ANALYSERS }, &source, &Search::default());
        (facts, reading.read)
    }

    /// The facts of a list; of the project what is whole, with what that rests on.
    fn shown(list: &str, facts: &Facts) -> Value {
        let mut shown = serde_json::to_value(facts).unwrap()[list].take();
        if list == "project" {
            let of_whole = |entry: &Value| OF_PROJECT.contains(&entry["cell"].as_str().unwrap());
            let fields = shown.as_object_mut().unwrap();
            for rest in ["evidence", "unknowns"] {
                fields[rest].as_array_mut().unwrap().retain(of_whole);
            }
            fields.retain(|name, _| {
                OF_PROJECT.contains(&name.as_str()) || name == "evidence" || name == "unknowns"
            });
        }
        shown
    }

    #[test]
    fn what_is_not_left_out_is_the_same() {
        let apps = ["agent-api-fastapi", "ai-saas-next", "hardened-saas", "lovable-crm", "orders-express"];
        for app in apps {
            let (whole, read) = of(app, Extent::Whole);
            let (part, read_too) = of(app, Extent::Secrets);
            assert_eq!(read, read_too, "{app}");
            assert!(part.tests.is_empty() && part.dependencies.is_empty(), "{app}");
            for list in LISTS {
                assert_eq!(shown(list, &part), shown(list, &whole), "{app}: {list}");
            }
        }
    }

    #[test]
    fn one_list_or_field_more_takes_all() {
        let secrets = |list: &str| ["credentials", "project"].contains(&list);
        let fields = BTreeSet::from(["git", "has_code"]);
        assert_eq!(Extent::of(secrets, &fields), Extent::Secrets);
        assert_eq!(Extent::of(|list| secrets(list) || list == "tests", &fields), Extent::Whole);
        assert_eq!(Extent::of(secrets, &BTreeSet::from(["git", "ci_runs_tests"])), Extent::Whole);
    }
}
