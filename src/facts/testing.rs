//! Help for the tests of extractors and joins: sources built by hand.

use crate::source::{Author, Commit, Git, HistoryState, Source, Tree};

/// A history of these authors' commits, oldest first, a day apart from 2025-01-01 on. Each adds one file.
pub fn git(commits: &[(&str, &str)]) -> Git {
    let mut authors: Vec<Author> = Vec::new();
    for (name, email) in commits {
        let (name, email) = ((*name).to_owned(), email.to_lowercase());
        match authors.iter_mut().find(|a| a.email == email) {
            Some(known) => {
                known.name.clone_from(&name);
                known.names.push(name);
            }
            None => authors.push(Author { name: name.clone(), email, names: vec![name] }),
        }
    }
    authors.sort_by(|a, b| a.email.cmp(&b.email));
    for author in &mut authors {
        author.names.sort();
        author.names.dedup();
    }
    let index = |email: &str| authors.iter().position(|a| a.email == email.to_lowercase()).expect("known");
    let mut list: Vec<Commit> = commits
        .iter()
        .enumerate()
        .map(|(day, (_, email))| Commit {
            id: format!("{day:040}"),
            author: index(email),
            co_authors: Vec::new(),
            time: 1_735_689_600 + i64::try_from(day).expect("small") * 86_400,
            date: format!("2025-01-{:02}", day + 1),
            subject: "change".to_owned(),
            parents: 1,
            added: 1,
            changed: 0,
        })
        .collect();
    list.reverse();
    Git {
        head: None,
        prefix: String::new(),
        history: HistoryState::Full,
        folders_commits: u32::try_from(list.len()).expect("small"),
        commits: list,
        authors,
        folders: Vec::new(),
        remotes: Vec::new(),
        branches: Vec::new(),
        tags: Vec::new(),
        dirty: Vec::new(),
        untracked: Vec::new(),
        stashes: 0,
        submodules: Vec::new(),
        worktrees: 0,
        past: crate::source::PastOf::default(),
    }
}

/// The facts of a folder with these files.
pub fn facts(files: &[(&str, &str)]) -> super::Facts {
    facts_with(files, None)
}

/// The facts of a folder with these files and this history.
pub fn facts_with(files: &[(&str, &str)], git: Option<Git>) -> super::Facts {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().expect("a parent")).expect("folders");
        std::fs::write(place, text).expect("a file");
    }
    let tree = Tree::working(folder.path(), &[]).expect("a tree");
    super::collect(&Source { tree, git, notes: Vec::new(), at: String::new() }, &super::Search::default()).0
}
