//! Who changed what: folders of product code with enough changes to say something.

use std::collections::BTreeMap;

use crate::facts::identity::identities;
use crate::facts::kinds::{Evidence, Ownership, PersonKind};
use crate::facts::layout;
use crate::facts::{Facts, Input};
use crate::meaning::languages;
use crate::meaning::packages::{self, Purpose};
use crate::secrets::excerpt;
use crate::source::Role;

/// Fewer changes than this say nothing about a folder.
const ENOUGH: u32 = 10;

/// Fills `folders`, sorted by path.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let Some(git) = &input.source.git else { return };
    let (groups, of_author) = identities(git);
    for folder in git.folders.iter().filter(|f| !f.path.is_empty()) {
        let total: u32 = folder.changes.iter().map(|c| c.files).sum();
        let code = |f: &&crate::source::File| {
            f.role == Role::Product && languages::by_extension(&f.extension()).is_some_and(|l| l.code)
        };
        let product = input
            .source
            .tree
            .files()
            .iter()
            .filter(|f| layout::within(&f.path, &folder.path))
            .any(|f| code(&f));
        if total < ENOUGH || !product {
            continue;
        }
        let mut by_person: BTreeMap<usize, u32> = BTreeMap::new();
        let mut bots = 0;
        for change in &folder.changes {
            let Some(group) = of_author.get(change.author) else { continue };
            match groups.get(*group).map(|g| g.kind) {
                Some(PersonKind::Person) => *by_person.entry(*group).or_default() += change.files,
                Some(PersonKind::Bot) => bots += change.files,
                _ => {}
            }
        }
        let people_total: u32 = by_person.values().sum();
        let top = by_person.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        let critical = critical(input, &folder.path);
        let mut fact = Ownership {
            folder: folder.path.clone(),
            changes: total,
            people: u32::try_from(by_person.len()).unwrap_or(u32::MAX),
            top_person: top.and_then(|(g, _)| groups.get(*g)).map(|g| excerpt(&g.name)).unwrap_or_default(),
            top_share: crate::facts::code::share(
                top.map_or(0, |(_, n)| u64::from(*n)),
                u64::from(people_total),
            ),
            bot_share: crate::facts::code::share(u64::from(bots), u64::from(total)),
            critical: critical.is_some(),
            ..Ownership::default()
        };
        fact.evidence.push(Evidence::new(
            "top_share",
            "",
            0,
            &format!("{total} changes of files, {people_total} by people"),
        ));
        fact.evidence
            .extend(critical.map(|(file, line, says)| Evidence::new("critical", &file, line, &says)));
        facts.folders.push(fact);
    }
}

/// The first file below `folder` that handles identity, money or the schema, told by its name or an import.
fn critical(input: &Input<'_>, folder: &str) -> Option<(String, u32, String)> {
    const WORDS: [&str; 14] = [
        "auth",
        "login",
        "signin",
        "session",
        "payment",
        "payments",
        "billing",
        "checkout",
        "webhook",
        "webhooks",
        "stripe",
        "migrations",
        "middleware",
        "permissions",
    ];
    let files = input.source.tree.files().iter();
    let product = files.filter(|f| f.role == Role::Product && layout::within(&f.path, folder));
    for file in product {
        let coded = languages::by_extension(&file.extension()).is_some_and(|l| l.code);
        let word =
            file.path.split(['/', '.', '-', '_']).find(|w| WORDS.contains(&w.to_ascii_lowercase().as_str()));
        if let Some(word) = word.filter(|_| coded) {
            return Some((file.path.clone(), 0, format!("named {word}")));
        }
        if coded && file.path.contains("supabase/functions/") {
            return Some((file.path.clone(), 0, "an edge function".to_owned()));
        }
    }
    input.notes.iter().filter(|n| layout::within(&n.path, folder)).find_map(|note| {
        note.imports.iter().find_map(|import| {
            let name = crate::facts::imports::npm_name(&import.module)?;
            let paid = packages::declared("npm", &name).into_iter().any(|p| {
                matches!(p.is, Purpose::Payment | Purpose::Auth) && p.shown_by_import(&name, &import.module)
            });
            paid.then(|| (note.path.clone(), import.line, format!("imports {name}")))
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::testing::{facts_with, git};
    use crate::source::{Change, Folder};

    #[test]
    fn shares_are_of_people_and_critical_by_name() {
        let mut history = git(&[
            ("Maria", "maria@work.example"),
            ("dependabot[bot]", "dependabot[bot]@users.noreply.github.com"),
            ("Joe", "joe@work.example"),
        ]);
        let at =
            |email: &str| history.authors.iter().position(|a| a.email.starts_with(email)).expect("known");
        let changes = vec![
            Change { author: at("dependabot"), files: 10 },
            Change { author: at("joe"), files: 1 },
            Change { author: at("maria"), files: 9 },
        ];
        history.folders = vec![Folder { path: "src".to_owned(), changes }];
        let found =
            facts_with(&[("src/auth.ts", "export {}"), ("package.json", "{}")], Some(history)).folders;
        let src = &found[0];
        assert_eq!(
            (src.top_person.as_str(), src.top_share, src.bot_share, src.people),
            ("Maria", 0.9, 0.5, 2)
        );
        assert!(src.critical);
    }
}
