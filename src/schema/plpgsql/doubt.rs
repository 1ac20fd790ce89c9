//! What can't be told, and what it might touch: that becomes unknown.

use super::parse::{Step, What};
use crate::schema::catalogue::Switch;
use crate::schema::parse;
use crate::schema::replay::Session;
use crate::schema::sql::{AlterTable, DropKind, QName, Statement};

impl Session {
    /// Statements that may or may not run.
    pub(super) fn doubt<T>(&mut self, why: &str, steps: &[Step], _frame: &T) {
        let mut touches = Vec::new();
        self.touched(steps, &mut touches, 0);
        touches.sort();
        touches.dedup();
        self.undecided(why.to_owned(), touches);
    }

    /// A statement that is put together from data.
    pub(super) fn doubt_text(&mut self, text: &str) {
        let mut touches = Vec::new();
        self.touched_text(text, &mut touches);
        self.undecided("a statement that is put together from data".to_owned(), touches);
    }

    fn touched(&mut self, steps: &[Step], touches: &mut Vec<String>, depth: usize) {
        if depth > 50 {
            return;
        }
        for step in steps {
            match &step.what {
                What::Sql { text, .. } => {
                    for statement in parse::statements(text).unwrap_or_default() {
                        self.touched_by(&statement, touches);
                    }
                }
                What::Execute { text, .. } => self.touched_text(text, touches),
                What::Block(block) => {
                    self.touched(&block.steps, touches, depth + 1);
                    for (_, steps) in &block.handlers {
                        self.touched(steps, touches, depth + 1);
                    }
                }
                What::If(branches, otherwise) => {
                    for (_, steps) in branches {
                        self.touched(steps, touches, depth + 1);
                    }
                    self.touched(otherwise, touches, depth + 1);
                }
                What::Case(_, branches, otherwise) => {
                    for (_, steps) in branches {
                        self.touched(steps, touches, depth + 1);
                    }
                    self.touched(otherwise.as_deref().unwrap_or_default(), touches, depth + 1);
                }
                What::Loop(_, body)
                | What::While(_, _, body)
                | What::ForRange { body, .. }
                | What::ForQuery { body, .. }
                | What::ForExecute { body, .. }
                | What::ForEach { body, .. } => self.touched(body, touches, depth + 1),
                _ => {}
            }
        }
    }

    fn touched_by(&mut self, statement: &Statement, touches: &mut Vec<String>) {
        match statement {
            Statement::AlterTable { name, actions, .. } => {
                for action in actions {
                    match action {
                        AlterTable::EnableRls => self.rls_unknown(name, true, touches),
                        AlterTable::DisableRls => self.rls_unknown(name, false, touches),
                        _ => touches.push(self.full(name)),
                    }
                }
            }
            Statement::CreatePolicy(it) | Statement::AlterPolicy(it) => {
                self.policies_unknown(&it.table, touches)
            }
            Statement::Drop(it) => match (it.kind, &it.on) {
                (DropKind::Policy, Some(table)) => self.policies_unknown(table, touches),
                _ => {
                    for name in it.names.iter().chain(&it.on) {
                        touches.push(self.full(name));
                    }
                }
            },
            Statement::CreateTable(it) => touches.push(self.full(&it.name)),
            Statement::CreateView(it) => touches.push(self.full(&it.name)),
            Statement::CreateFunction(it) => touches.push(self.full(&it.name)),
            _ => {}
        }
    }

    /// A statement of which only parts are written out.
    fn touched_text(&mut self, text: &str, touches: &mut Vec<String>) {
        let words = text.to_ascii_lowercase();
        let words: Vec<&str> = words
            .split(|c: char| c.is_whitespace() || c == '\'' || c == '(')
            .filter(|w| !w.is_empty())
            .collect();
        let has = |phrase: &str| {
            let phrase: Vec<&str> = phrase.split(' ').collect();
            words.windows(phrase.len()).any(|window| window == phrase)
        };
        if has("row level security") {
            let on = has("enable row level");
            let all: Vec<QName> = self
                .cat
                .relations
                .values()
                .filter(|r| {
                    r.is_table()
                        && r.rls.on == Some(!on)
                        && r.place != crate::schema::catalogue::Place::BASELINE
                })
                .map(|r| QName { schema: Some(r.schema.clone()), name: r.name.clone() })
                .collect();
            for name in all {
                self.rls_unknown(&name, on, touches);
            }
        } else if has("policy") {
            let known = words
                .iter()
                .position(|w| *w == "on")
                .and_then(|i| words.get(i + 1))
                .map(|w| crate::schema::lower::fold(w));
            match known {
                Some(name) if self.cat.relation(&name, &self.path).is_some() => {
                    self.policies_unknown(&name, touches)
                }
                _ => touches.push("*".to_owned()),
            }
        } else if has("create table")
            || has("drop table")
            || has("alter table")
            || has("grant")
            || has("revoke")
        {
            touches.push("*".to_owned());
        }
    }

    fn full(&self, name: &QName) -> String {
        match self.cat.relation(name, &self.path) {
            Some(relation) => relation.path(),
            None => name.to_string(),
        }
    }

    fn rls_unknown(&mut self, name: &QName, on: bool, touches: &mut Vec<String>) {
        touches.push(self.full(name));
        let place = self.place;
        let Some(oid) = self.cat.relation(name, &self.path).filter(|r| r.rls.on != Some(on)).map(|r| r.oid)
        else {
            return;
        };
        if let Some(relation) = self.cat.relations.get_mut(&oid) {
            relation.rls = Switch { on: None, place: Some(place) };
        }
    }

    fn policies_unknown(&mut self, name: &QName, touches: &mut Vec<String>) {
        touches.push(self.full(name));
        let place = self.place;
        let Some(oid) = self.cat.relation(name, &self.path).map(|r| r.oid) else { return };
        if let Some(relation) = self.cat.relations.get_mut(&oid) {
            relation.policies_unknown.get_or_insert(place);
        }
    }
}
