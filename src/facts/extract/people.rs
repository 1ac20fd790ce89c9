//! Authors, with the addresses of one person merged.

use crate::facts::identity::identities;
use crate::facts::kinds::{Evidence, Person, Unknown};
use crate::facts::{Facts, Input};
use crate::secrets::excerpt;
use crate::source::HistoryState;

/// Fills `people`: most commits first.
pub fn run(input: &Input<'_>, facts: &mut Facts) {
    let Some(git) = &input.source.git else { return };
    let (groups, of_author) = identities(git);
    let mut people: Vec<Person> = groups
        .iter()
        .map(|group| Person {
            name: excerpt(&group.name),
            kind: group.kind,
            bot: group.bot.clone(),
            addresses: u32::try_from(group.authors.len()).unwrap_or(u32::MAX),
            ..Person::default()
        })
        .collect();
    for commit in &git.commits {
        if let Some(person) = of_author.get(commit.author).and_then(|g| people.get_mut(*g)) {
            person.commits += 1;
            if person.first.is_empty() || commit.date < person.first {
                person.first.clone_from(&commit.date);
            }
            if commit.date > person.last {
                person.last.clone_from(&commit.date);
            }
        }
        let mut named: Vec<usize> =
            commit.co_authors.iter().filter_map(|a| of_author.get(*a).copied()).collect();
        named.sort_unstable();
        named.dedup();
        for person in named {
            if let Some(person) = people.get_mut(person) {
                person.co_authored += 1;
            }
        }
    }
    let total = git.commits.len();
    for person in &mut people {
        person.share = crate::facts::code::share(u64::from(person.commits), total as u64);
        let says = format!("{} of {total} commits, {} as co-author", person.commits, person.co_authored);
        person.evidence.push(Evidence::new("commits", "", 0, &says));
        if matches!(git.history, HistoryState::Shallow) {
            person.unknowns.push(Unknown::new("commits", "the clone is shallow: older commits are missing"));
        }
    }
    people.retain(|p| p.commits > 0 || p.co_authored > 0);
    people.sort_by(|a, b| {
        (b.commits, b.co_authored)
            .cmp(&(a.commits, a.co_authored))
            .then_with(|| (&a.name, &a.first).cmp(&(&b.name, &b.first)))
    });
    facts.people = people;
}

#[cfg(test)]
mod tests {
    use crate::facts::kinds::PersonKind;
    use crate::facts::testing::{facts_with, git};

    #[test]
    fn one_person_with_two_addresses_and_a_builder() {
        let history = git(&[
            ("Maria", "maria@work.example"),
            ("lovable-dev[bot]", "1+lovable-dev[bot]@users.noreply.github.com"),
            ("lovable-dev[bot]", "1+lovable-dev[bot]@users.noreply.github.com"),
            ("Maria", "maria@home.example"),
        ]);
        let people = facts_with(&[], Some(history)).people;
        let shown: Vec<_> =
            people.iter().map(|p| (p.name.as_str(), p.kind, p.addresses, p.commits, p.share)).collect();
        assert_eq!(
            shown,
            [("Maria", PersonKind::Person, 2, 2, 0.5), ("lovable-dev[bot]", PersonKind::Bot, 1, 2, 0.5)]
        );
        assert_eq!((people[0].first.as_str(), people[0].last.as_str()), ("2025-01-01", "2025-01-04"));
    }
}
