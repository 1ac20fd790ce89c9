//! What the server looks at in a body when a function is made: its syntax, and that declared types are there.

use super::parse::{Block, Step, What};
use crate::schema::catalogue::{Function, Ty};
use crate::schema::check::{Checked, Fault};
use crate::schema::replay::Session;
use crate::schema::sql::{QName, Statement};
use crate::schema::{lower, parse};

impl Session {
    /// What the server looks at in a body when a function in PL/pgSQL is made.
    pub(in crate::schema) fn plpgsql_body(&self, function: &Function) -> Checked<()> {
        if !self.check_bodies {
            return Ok(());
        }
        let block = self.parsed(&function.body)?;
        self.declared_types(&block)?;
        syntax(&block.steps)?;
        block.handlers.iter().try_for_each(|(_, steps)| syntax(steps))
    }

    pub(super) fn declared_types(&self, block: &Block) -> Checked<()> {
        for variable in &block.declared {
            let text = variable.ty.trim();
            let lower = text.to_ascii_lowercase();
            if let Some(table) = lower.strip_suffix("%rowtype") {
                let name = lower::fold(text.get(..table.len()).unwrap_or_default());
                if self.cat.relation(&name, &self.path).is_none()
                    && crate::schema::builtin::relation(name.schema.as_deref(), &name.name).is_none()
                {
                    return Err(Fault::new("42P01", format!("relation \"{name}\" does not exist")));
                }
            } else if let Some(path) = lower.strip_suffix("%type") {
                let column = lower::fold(text.get(..path.len()).unwrap_or_default());
                if let Some(table) = &column.schema {
                    let schema = path.trim().rsplit('.').nth(2).map(str::to_owned);
                    let table = QName { schema, name: table.clone() };
                    let local = block.declared.iter().any(|v| v.name == table.name);
                    match self.cat.relation(&table, &self.path) {
                        None if local => {}
                        None => {
                            return Err(Fault::new("42P01", format!("relation \"{table}\" does not exist")));
                        }
                        Some(relation) if relation.column(&column.name).is_none() => {
                            let (column, table) = (&column.name, &relation.name);
                            return Err(Fault::new(
                                "42703",
                                format!("column \"{column}\" of relation \"{table}\" does not exist"),
                            ));
                        }
                        Some(_) => {}
                    }
                }
            } else if !lower.starts_with('%') && !matches!(lower.as_str(), "record" | "refcursor") {
                self.variable_type(text)?;
            }
        }
        Ok(())
    }

    pub(super) fn variable_type(&self, text: &str) -> Checked<Ty> {
        let statements = parse::statements(&format!("select null::{text}"))?;
        let Some(Statement::Query(query)) = statements.first() else { return Ok(Ty::ANY) };
        let output = self.checker().query(query)?;
        Ok(output.columns.first().map_or(Ty::ANY, |(_, ty)| *ty))
    }
}

/// That each piece of SQL can be read.
fn syntax(steps: &[Step]) -> Checked<()> {
    for step in steps {
        match &step.what {
            What::Sql { text, .. } => {
                let word = text.split_whitespace().next().unwrap_or_default();
                parse::statements(text)
                    .map(|_| ())
                    .map_err(|f| Fault::new(f.code, format!("{} ({word})", f.message)))?;
            }
            What::Perform(text) | What::Assign(_, text) => {
                parse::statements(&format!("select {text}"))?;
            }
            What::Block(block) => {
                syntax(&block.steps)?;
                block.handlers.iter().try_for_each(|(_, steps)| syntax(steps))?;
            }
            What::If(branches, otherwise) => {
                for (condition, steps) in branches {
                    parse::statements(&format!("select {condition}"))?;
                    syntax(steps)?;
                }
                syntax(otherwise)?;
            }
            What::Case(_, branches, otherwise) => {
                branches.iter().try_for_each(|(_, steps)| syntax(steps))?;
                syntax(otherwise.as_deref().unwrap_or_default())?;
            }
            What::Loop(_, body)
            | What::While(_, _, body)
            | What::ForRange { body, .. }
            | What::ForExecute { body, .. }
            | What::ForEach { body, .. } => syntax(body)?,
            What::ForQuery { query, body, .. } => {
                let plain = query.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
                if matches!(plain.as_str(), "select" | "with" | "values") {
                    parse::statements(query)?;
                }
                syntax(body)?;
            }
            _ => {}
        }
    }
    Ok(())
}
