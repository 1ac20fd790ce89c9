//! New rows that are put under a row that the request names, and nobody asked whose that is.

use std::collections::BTreeSet;

use super::super::judged::{Authenticated, Cell, Evidence, Judged};
use super::super::{Declared, Gate};
use super::authenticated::knows;
use crate::code::ModuleId;
use crate::meaning::flow::{Fact, Origin, Trace};
use crate::meaning::symbols::{Acts, EffectKind, Proof, What};

/// A name of what is written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    name: String,
    module: ModuleId,
    line: u32,
}

/// What a route puts new rows under, without anything that tells whose they are.
pub fn of(trace: &Trace<'_>, route: &Declared<'_>) -> Vec<Parent> {
    let behind_gate = matches!(route.gate, Gate::Token { .. });
    let is_held = [What::Owner, What::Role, What::Equal, What::Signature];
    let mut all = Vec::new();
    for effect in &trace.effects {
        let facts = &effect.facts;
        let is_open = effect.kind == EffectKind::DbWrite
            && effect.filter.is_none()
            && !effect.values.any(Origin::MINE)
            && !matches!(effect.acts, Some(Acts::User | Acts::Anonymous))
            && knows(facts, behind_gate)
            && !is_held.iter().any(|what| facts.has(&Fact::Is(*what, Proof::Verified)));
        if is_open {
            let named = effect.parents.iter().flat_map(|names| names.iter());
            all.extend(named.map(|name| Parent {
                name: name.to_string(),
                module: effect.module,
                line: effect.line,
            }));
        }
    }
    all
}

/// Says of each route whether a parent that it names is a row of somebody's: of a table in which the project itself looks
/// for the rows of who is calling, or writes whose they are.
pub fn name(all: &mut [Judged], parents: &[Vec<Parent>]) {
    let mut owned: BTreeSet<String> = BTreeSet::new();
    for judged in all.iter() {
        let own = judged.effects.iter().filter(|effect| effect.which == "own");
        owned.extend(own.flat_map(|effect| singular(&effect.target)));
    }
    for (judged, parents) in all.iter_mut().zip(parents) {
        let asks = matches!(judged.authenticated, Authenticated::Yes | Authenticated::Partial);
        if !asks || !matches!(judged.authorized, Cell::Na | Cell::Yes) {
            continue;
        }
        let Some(parent) = parents.iter().find(|parent| owned.contains(&row_of(&parent.name))) else {
            continue;
        };
        judged.authorized = Cell::No;
        judged.evidence.push(Evidence {
            cell: "authorized",
            module: Some(parent.module),
            line: parent.line,
            says: format!("{} comes from the request, and nobody asks whose it is", parent.name),
        });
    }
}

/// `postId` is `post`.
fn row_of(name: &str) -> String {
    let name = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id")).unwrap_or(name);
    plain(name)
}

/// What one row of `blog_posts` may be called: `blogpost`.
fn singular(table: &str) -> impl Iterator<Item = String> {
    let name = plain(table);
    let forms = [
        name.strip_suffix("ies").map(|stem| format!("{stem}y")),
        name.strip_suffix("es").map(str::to_owned),
        name.strip_suffix('s').map(str::to_owned),
        Some(name.clone()),
    ];
    forms.into_iter().flatten()
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{row_of, singular};

    #[test]
    fn a_name_of_a_row_is_that_of_its_table() {
        for (name, table) in [
            ("postId", "posts"),
            ("post_id", "Post"),
            ("companyId", "companies"),
            ("boxId", "boxes"),
            ("expenseId", "expenses"),
            ("statusId", "status"),
            ("blogPostId", "blog_posts"),
            ("addressId", "address"),
        ] {
            assert!(singular(table).any(|form| form == row_of(name)), "{name}");
        }
    }
}
