//! Which SQL files of a repository make a database, and in which order they are run.

use std::collections::BTreeMap;

/// How a tool keeps its scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layout {
    /// `supabase/migrations`
    SupabaseMigrations,
    /// `supabase/schemas`: the state itself, not the way there.
    SupabaseSchemas,
    /// `prisma/migrations/*/migration.sql`
    Prisma,
    /// `drizzle/*.sql` with a journal.
    Drizzle,
    /// `V1__name.sql`
    Flyway,
    /// A folder of numbered or dated files.
    Folder,
    /// Files that make tables, wherever they are.
    Loose,
}

impl Layout {
    /// Its name in facts.
    pub fn name(self) -> &'static str {
        match self {
            Self::SupabaseMigrations => "supabase-migrations",
            Self::SupabaseSchemas => "supabase-schemas",
            Self::Prisma => "prisma",
            Self::Drizzle => "drizzle",
            Self::Flyway => "flyway",
            Self::Folder => "folder",
            Self::Loose => "loose",
        }
    }
}

/// The scripts of one database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scripts {
    /// The folder that holds them, relative to PATH.
    pub folder: String,
    /// How they are kept.
    pub layout: Layout,
    /// Indexes of the files, in the order in which they are run.
    pub files: Vec<usize>,
    /// Whether there is also a declarative state, in `supabase/schemas`, which may differ.
    pub declared_too: bool,
}

/// A file that may be one of them.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its path, relative to PATH.
    pub path: &'a str,
    /// Whether it makes tables.
    pub makes_tables: bool,
}

/// Folders whose files are run in the order of their names.
const SERIES: [&str; 6] =
    ["migrations", "migration", "migrate", "drizzle", "db_migrations", "sql_migrations"];
/// Words in the name of a file that is not run to make the database.
const ASIDE: [&str; 9] =
    ["seed", "rollback", "down", "test", "example", "sample", "backup", "dump", "fixture"];

/// Finds the databases among the SQL files of a repository.
pub fn find(files: &[Candidate<'_>]) -> Vec<Scripts> {
    let mut groups: BTreeMap<(Layout, String), Vec<usize>> = BTreeMap::new();
    for (i, file) in files.iter().enumerate() {
        if let Some((layout, folder)) = place(file.path) {
            groups.entry((layout, folder)).or_default().push(i);
        }
    }
    let declared: Vec<String> = groups
        .keys()
        .filter(|(layout, _)| *layout == Layout::SupabaseSchemas)
        .map(|(_, folder)| parent(folder).to_owned())
        .collect();
    let migrated: Vec<String> = groups
        .keys()
        .filter(|(layout, _)| *layout == Layout::SupabaseMigrations)
        .map(|(_, folder)| parent(folder).to_owned())
        .collect();
    let mut found = Vec::new();
    for ((layout, folder), mut members) in groups {
        let root = parent(&folder).to_owned();
        if layout == Layout::SupabaseSchemas && migrated.contains(&root) {
            continue;
        }
        let makes = members.iter().any(|i| files.get(*i).is_some_and(|f| f.makes_tables));
        if layout == Layout::Folder && (!makes || migrated.iter().any(|root| beside(&folder, root))) {
            continue;
        }
        order(layout, files, &mut members);
        let declared_too = layout == Layout::SupabaseMigrations && declared.contains(&root);
        found.push(Scripts { folder, layout, files: members, declared_too });
    }
    if found.is_empty() {
        found.extend(numbered(files));
    }
    if found.is_empty() {
        found.extend(loose(files));
    }
    found.sort_by(|a, b| a.folder.cmp(&b.folder));
    found
}

fn parent(folder: &str) -> &str {
    folder.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The layout and folder of a file that is part of a series.
fn place(path: &str) -> Option<(Layout, String)> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut parts = folder.rsplit('/');
    let (last, above) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if last == "migrations" && above == "supabase" {
        return Some((Layout::SupabaseMigrations, folder.to_owned()));
    }
    if let Some(at) = format!("/{folder}/").find("/supabase/schemas/") {
        let end = at + "supabase/schemas".len();
        return Some((Layout::SupabaseSchemas, folder.get(..end).unwrap_or(folder).to_owned()));
    }
    if name == "migration.sql" {
        return Some((Layout::Prisma, parent(folder).to_owned()));
    }
    if flyway(name).is_some() || name.starts_with("R__") {
        return Some((Layout::Flyway, folder.to_owned()));
    }
    let lower = name.to_ascii_lowercase();
    if lower.ends_with(".down.sql") || ASIDE.iter().any(|word| has_word(&lower, word)) {
        return None;
    }
    if SERIES.contains(&last) {
        let layout = if last == "drizzle" || above == "drizzle" { Layout::Drizzle } else { Layout::Folder };
        return Some((layout, folder.to_owned()));
    }
    None
}

/// Whether a folder is part of the project whose `supabase` folder this is. What lies about there is evidence, and not
/// what made the database.
fn beside(folder: &str, supabase: &str) -> bool {
    let root = parent(supabase);
    root.is_empty() || folder == root || folder.starts_with(&format!("{root}/"))
}

/// Without any series that is named as one: folders of numbered files.
fn numbered(files: &[Candidate<'_>]) -> Vec<Scripts> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, file) in files.iter().enumerate() {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", file.path));
        let lower = name.to_ascii_lowercase();
        let aside = lower.ends_with(".down.sql") || ASIDE.iter().any(|word| has_word(&lower, word));
        if name.bytes().next().is_some_and(|b| b.is_ascii_digit()) && !aside {
            groups.entry(folder).or_default().push(i);
        }
    }
    let makes = |members: &Vec<usize>| members.iter().any(|i| files.get(*i).is_some_and(|f| f.makes_tables));
    groups
        .into_iter()
        .filter(|(_, members)| makes(members))
        .map(|(folder, mut members)| {
            order(Layout::Folder, files, &mut members);
            Scripts { folder: folder.to_owned(), layout: Layout::Folder, files: members, declared_too: false }
        })
        .collect()
}

fn has_word(name: &str, word: &str) -> bool {
    name.split(|c: char| !c.is_ascii_alphabetic())
        .any(|part| part == word || part.strip_suffix('s') == Some(word))
}

/// The version of a Flyway script: `V1_2__name.sql` is `[1, 2]`.
fn flyway(name: &str) -> Option<Vec<u64>> {
    let (version, _) = name.strip_prefix('V')?.split_once("__")?;
    version.split(['.', '_']).map(|part| part.parse().ok()).collect()
}

fn order(layout: Layout, files: &[Candidate<'_>], members: &mut [usize]) {
    let path = |i: usize| files.get(i).map_or("", |file| file.path);
    match layout {
        Layout::Flyway => members.sort_by_key(|i| {
            let name = path(*i).rsplit('/').next().unwrap_or_default();
            let version = flyway(name);
            (version.is_none(), version.unwrap_or_default(), name.to_owned())
        }),
        _ => members.sort_by(|a, b| path(*a).as_bytes().cmp(path(*b).as_bytes())),
    }
}

/// Without any series: the files that make tables, folder by folder.
fn loose(files: &[Candidate<'_>]) -> Option<Scripts> {
    let mut members: Vec<usize> = files
        .iter()
        .enumerate()
        .filter(|(_, file)| {
            let lower = file.path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
            file.makes_tables && !ASIDE.iter().any(|word| has_word(&lower, word))
        })
        .map(|(i, _)| i)
        .collect();
    if members.is_empty() {
        return None;
    }
    order(Layout::Loose, files, &mut members);
    let folder = match members.as_slice() {
        [only] => files.get(*only).map_or("", |file| parent(file.path)).to_owned(),
        _ => String::new(),
    };
    Some(Scripts { folder, layout: Layout::Loose, files: members, declared_too: false })
}

/// The dialect that a script is written in.
pub fn dialect(text: &str) -> &'static str {
    let upper = text.get(..text.len().min(200_000)).unwrap_or(text).to_ascii_uppercase();
    let has = |word: &str| upper.contains(word);
    if has("AUTO_INCREMENT")
        || has("ENGINE=INNODB")
        || has("ENGINE = INNODB")
        || has("CREATE TABLE `")
        || has("CREATE TABLE IF NOT EXISTS `")
    {
        if has("AUTO_INCREMENT") || has("ENGINE") || has("VARCHAR(") { "mysql" } else { "sqlite" }
    } else if has("AUTOINCREMENT") || has("PRAGMA ") || has("WITHOUT ROWID") {
        "sqlite"
    } else if has("[DBO]") || has("NVARCHAR(") || has("IDENTITY(1,1)") {
        "mssql"
    } else {
        "postgres"
    }
}

/// The part of a script that is run to go forward, for tools that keep both ways in one file.
pub fn forward(text: &str) -> &str {
    for (up, down) in [
        ("-- migrate:up", "-- migrate:down"),
        ("-- +goose Up", "-- +goose Down"),
        ("-- +migrate Up", "-- +migrate Down"),
    ] {
        if let Some(start) = text.find(up) {
            let rest = text.get(start..).unwrap_or_default();
            return rest.find(down).and_then(|end| rest.get(..end)).unwrap_or(rest);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[&str]) -> Vec<(String, &'static str, Vec<String>)> {
        let files: Vec<Candidate<'_>> =
            paths.iter().map(|path| Candidate { path, makes_tables: true }).collect();
        let named = |scripts: &Scripts| scripts.files.iter().map(|i| files[*i].path.to_owned()).collect();
        find(&files).iter().map(|s| (s.folder.clone(), s.layout.name(), named(s))).collect()
    }

    #[test]
    fn files_are_run_in_the_order_of_their_names() {
        let all =
            found(&["supabase/migrations/2_b.sql", "supabase/migrations/10_a.sql", "supabase/seed.sql"]);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].2, ["supabase/migrations/10_a.sql", "supabase/migrations/2_b.sql"]);
    }

    #[test]
    fn flyway_counts() {
        let all = found(&["db/V10__c.sql", "db/V2__b.sql", "db/R__views.sql", "db/V1_1__a.sql"]);
        assert_eq!(all[0].1, "flyway");
        assert_eq!(all[0].2, ["db/V1_1__a.sql", "db/V2__b.sql", "db/V10__c.sql", "db/R__views.sql"]);
    }

    #[test]
    fn migrations_come_before_a_declared_state() {
        let all = found(&["supabase/schemas/a.sql", "supabase/migrations/1_a.sql"]);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].1, "supabase-migrations");
        assert_eq!(found(&["supabase/schemas/a.sql"])[0].1, "supabase-schemas");
    }

    #[test]
    fn what_lies_beside_supabase_is_no_database() {
        let all = found(&[
            "supabase/migrations/1_a.sql",
            "supabase/migrations_old/1_a.sql",
            "sql/migrations/1_a.sql",
        ]);
        assert_eq!(all.len(), 1);
        assert_eq!(found(&["schema/01_a.sql", "schema/02_b.sql"])[0].2.len(), 2);
    }

    #[test]
    fn ways_back_are_not_run() {
        let all = found(&["migrations/1_a.up.sql", "migrations/1_a.down.sql"]);
        assert_eq!(all[0].2, ["migrations/1_a.up.sql"]);
        assert_eq!(
            forward("-- migrate:up\ncreate table a();\n-- migrate:down\ndrop table a;"),
            "-- migrate:up\ncreate table a();\n"
        );
    }

    #[test]
    fn other_dialects_are_told_apart() {
        assert_eq!(dialect("CREATE TABLE `a` (id int AUTO_INCREMENT)"), "mysql");
        assert_eq!(dialect("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)"), "sqlite");
        assert_eq!(dialect("create table a (id serial)"), "postgres");
    }
}
