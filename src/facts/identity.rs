//! Who is behind the addresses of the history: addresses with the same name or account are one.

use std::collections::HashMap;

use super::kinds::PersonKind;
use crate::meaning::bots;
use crate::source::{Author, Git};

/// Somebody, or something, that commits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The name to show.
    pub name: String,
    /// Who is behind it.
    pub kind: PersonKind,
    /// The bot's id, `""` for people.
    pub bot: String,
    /// Whether it is an AI tool that writes code.
    pub builder: bool,
    /// Indexes into [`Git::authors`].
    pub authors: Vec<usize>,
}

/// The identities of a history, and for each of [`Git::authors`] the index of its identity.
pub fn identities(git: &Git) -> (Vec<Identity>, Vec<usize>) {
    // Union-find over the addresses: a key that two of them share ties them together.
    let mut parent: Vec<usize> = (0..git.authors.len()).collect();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    let kinds: Vec<_> = git.authors.iter().map(kind_of).collect();
    for (index, (author, (kind, bot, _))) in git.authors.iter().zip(&kinds).enumerate() {
        for key in keys(author, *kind, bot) {
            let other = *by_key.entry(key).or_insert(index);
            let (a, b) = (root(&mut parent, other), root(&mut parent, index));
            if let Some(slot) = parent.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
        }
    }
    let mut groups: Vec<Identity> = Vec::new();
    let mut of_root: HashMap<usize, usize> = HashMap::new();
    let mut of_author = Vec::with_capacity(parent.len());
    for (index, (kind, bot, builder)) in kinds.into_iter().enumerate() {
        let group = *of_root.entry(root(&mut parent, index)).or_insert_with(|| {
            groups.push(Identity { kind, bot, builder, ..Identity::default() });
            groups.len() - 1
        });
        if let Some(found) = groups.get_mut(group) {
            found.authors.push(index);
        }
        of_author.push(group);
    }
    name_them(git, &mut groups, &of_author);
    (groups, of_author)
}

fn root(parent: &mut [usize], mut index: usize) -> usize {
    while let Some(&above) = parent.get(index)
        && above != index
    {
        let next = parent.get(above).copied().unwrap_or(above);
        if let Some(slot) = parent.get_mut(index) {
            *slot = next;
        }
        index = next;
    }
    index
}

/// Who is behind one address.
fn kind_of(author: &Author) -> (PersonKind, String, bool) {
    if let Some(bot) = bots::bot(&author.name, &author.email) {
        return (PersonKind::Bot, bot.id.clone(), bot.builder);
    }
    let nobody = author.names.iter().chain([&author.name]).all(|name| bots::unnamed(name, &author.email));
    (if nobody { PersonKind::Unnamed } else { PersonKind::Person }, String::new(), false)
}

/// What ties addresses together: the same name, the same account, the same bot.
fn keys(author: &Author, kind: PersonKind, bot: &str) -> Vec<String> {
    let mut keys = vec![format!("{kind:?} mail {}", author.email)];
    for name in author.names.iter().chain([&author.name]) {
        let normal = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if !normal.is_empty() && (kind == PersonKind::Unnamed || !bots::placeholder_name(&normal)) {
            keys.push(format!("{kind:?} name {normal}"));
        }
    }
    if let Some(account) = author.email.strip_suffix("@users.noreply.github.com") {
        // `123+login` or, from older times, `login`.
        let (id, login) = account.split_once('+').unwrap_or(("", account));
        if !id.is_empty() {
            keys.push(format!("{kind:?} id {id}"));
        }
        keys.push(format!("{kind:?} name {login}"));
    }
    if kind == PersonKind::Bot && bot != "bot" {
        keys.push(format!("bot {bot}"));
    }
    keys
}

/// The name of the newest commit that is not a placeholder.
fn name_them(git: &Git, groups: &mut [Identity], of_author: &[usize]) {
    let all = git.commits.iter().map(|c| c.author).chain(0..git.authors.len());
    for author in all {
        let (Some(who), Some(group)) =
            (git.authors.get(author), of_author.get(author).and_then(|g| groups.get_mut(*g)))
        else {
            continue;
        };
        if group.name.is_empty() {
            let real = |name: &&String| group.kind != PersonKind::Person || !bots::placeholder_name(name);
            let name = [&who.name].into_iter().chain(&who.names).find(real);
            group.name = name.cloned().unwrap_or_default();
        }
    }
    for group in groups.iter_mut().filter(|g| g.name.is_empty()) {
        group.name = group
            .authors
            .first()
            .and_then(|a| git.authors.get(*a))
            .map(|a| a.name.clone())
            .unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::git;

    fn groups(commits: &[(&str, &str)]) -> Vec<(String, PersonKind, usize)> {
        identities(&git(commits)).0.into_iter().map(|g| (g.name, g.kind, g.authors.len())).collect()
    }

    #[test]
    fn the_same_name_or_account_is_one_person() {
        let found = groups(&[
            ("Maria Sol", "maria@work.example"),
            ("maria  sol", "maria@home.example"),
            ("msol", "42+msol@users.noreply.github.com"),
            ("M. Sol", "42+old-login@users.noreply.github.com"),
        ]);
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn bots_and_unnamed_are_apart() {
        let found = groups(&[
            ("Maria", "maria@work.example"),
            ("Your Name", "your.email@example.com"),
            ("Your Name", "joe@work.example"),
            ("dependabot[bot]", "1+dependabot[bot]@users.noreply.github.com"),
        ]);
        let of = |kind| found.iter().filter(|(_, k, _)| *k == kind).count();
        assert_eq!((of(PersonKind::Person), of(PersonKind::Bot), of(PersonKind::Unnamed)), (2, 1, 1));
    }
}
