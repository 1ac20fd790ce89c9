//! Files, replayed one after another.

use super::Session;
use crate::schema::baseline;
use crate::schema::catalogue::{Catalogue, Failure, Place};
use crate::schema::check::Fault;
use crate::schema::sql::Statement;
use crate::schema::{parse, split};

/// A file to replay.
#[derive(Clone, Debug)]
pub struct SqlFile {
    /// Its path, for places.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What the database is like before the first file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// A Supabase project, not a plain PostgreSQL.
    pub supabase: bool,
    /// Whether new tables may be used by the public roles.
    pub exposed: bool,
}

/// How much stack the replay gets. Memory that is not touched costs nothing.
const STACK: usize = 64 * 1024 * 1024;
/// How much work one statement may ask for: rows that are looked at.
const BUDGET: u64 = 5_000_000;
/// How many failures and doubts are kept.
const MANY: usize = 5_000;

/// Replays files in the order given, statement by statement, going on after failures.
pub fn replay(files: &[SqlFile], options: Options) -> Catalogue {
    stacker::grow(STACK, || replay_here(files, options))
}

fn replay_here(files: &[SqlFile], options: Options) -> Catalogue {
    let mut session =
        if options.supabase { baseline::supabase(options.exposed) } else { baseline::postgres() };
    for (i, file) in files.iter().enumerate() {
        session.cat.files.push(file.path.clone());
        session.transaction += 1;
        session.file(u32::try_from(i).unwrap_or(u32::MAX), &file.text);
    }
    session.cat
}

impl Session {
    fn file(&mut self, file: u32, text: &str) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for piece in split::split(text) {
            self.place = Place { file, line: piece.line };
            let statements = match parse::statements(piece.text) {
                Ok(statements) => statements,
                Err(fault) => {
                    self.failed(&fault, piece.text, None);
                    continue;
                }
            };
            for statement in &statements {
                self.body_line = piece.line + body_offset(piece.text, statement);
                self.budget = BUDGET;
                if let Err(fault) = self.run(statement) {
                    self.failed(&fault, piece.text, Some(statement));
                }
            }
        }
        self.end_of_file();
    }

    fn failed(&mut self, fault: &Fault, text: &str, statement: Option<&Statement>) {
        if self.cat.failures.len() >= MANY {
            return;
        }
        let words: String = text.split_whitespace().take(8).collect::<Vec<_>>().join(" ");
        let subject = statement.and_then(subject).map(|name| name.to_string());
        if fault.code == "42P01"
            && let Some(Statement::AlterTable { name, .. }) = statement
        {
            self.cat.missing.entry(name.to_string()).or_insert(self.place);
        }
        let failure = Failure {
            place: self.place,
            code: fault.code,
            why: fault.message.clone(),
            statement: words.chars().take(100).collect(),
            subject,
        };
        if self.cat.strict.is_none() {
            self.cat.strict = Some(failure.clone());
        }
        self.cat.failures.push(failure);
    }
}

/// How many lines of a statement come before the body of its block.
fn body_offset(text: &str, statement: &Statement) -> u32 {
    let Statement::Do { body, .. } = statement else { return 0 };
    let before = text.find(body.as_str()).and_then(|at| text.get(..at)).unwrap_or_default();
    u32::try_from(memchr::memchr_iter(b'\n', before.as_bytes()).count()).unwrap_or(0)
}

/// What a statement is about.
fn subject(statement: &Statement) -> Option<&crate::schema::sql::QName> {
    Some(match statement {
        Statement::CreateTable(it) => &it.name,
        Statement::CreateTableAs { name, .. } | Statement::AlterTable { name, .. } => name,
        Statement::CreatePolicy(it) | Statement::AlterPolicy(it) => &it.table,
        Statement::CreateView(it) => &it.name,
        Statement::CreateFunction(it) => &it.name,
        Statement::CreateTrigger(it) => &it.table,
        Statement::CreateIndex(it) => &it.table,
        Statement::Data(it) => &it.table,
        Statement::Drop(it) => it.on.as_ref().or(it.names.first())?,
        Statement::CreateType { name, .. } => name,
        _ => return None,
    })
}
