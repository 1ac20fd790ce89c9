//! The sets of roles and permissions that the product declares: enums, lists and tables of its code, and what readers noted of
//! schemas and types.

use std::collections::BTreeSet;

use crate::code::walk::{Inner, each_part};
use crate::code::{Binding, Call, Code, Entry, Expr, FunctionId, Module, ModuleId};
use crate::facts::Input;
use crate::facts::role_names::{
    is_of_model, is_permission, is_permissions, is_role_set, keeps_members, keeps_teams,
};
use crate::source::Role;

/// Sets with more members are no sets of roles.
const MOST_NAMES: usize = 80;

/// A set of roles or permissions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Set {
    /// What it is called.
    pub name: String,
    /// `role` or `permission`.
    pub kind: &'static str,
    /// Its members.
    pub names: Vec<String>,
    /// Where.
    pub file: String,
    /// Line.
    pub line: u32,
    /// It is a list of names, which may be only some of those of another set.
    pub is_list: bool,
}

impl Set {
    /// Whether a role is one of it, however it is spelled.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// What is left of its name without what only joins words: sets of `Role`, `user_role` and `UserRoles` are about the same.
    fn stem(&self) -> String {
        let name = self.name.to_ascii_lowercase().replace(['_', '.'], "");
        let name = ["enum", "type", "schema", "list", "values", "names", "s"]
            .iter()
            .fold(name.as_str(), |name, end| name.strip_suffix(end).unwrap_or(name));
        let name = ["app", "users", "user", "valid", "all", "t", "e"].iter().fold(name, |name, start| {
            match name.strip_prefix(start) {
                Some(rest) if rest.starts_with("role") || rest.starts_with("permission") => rest,
                _ => name,
            }
        });
        name.to_owned()
    }
}

/// What is declared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// Sets, none of which is a part of another.
    pub sets: Vec<Set>,
    /// Tables of teams, and of who is in them: name, file, line.
    pub teams: Vec<(String, String, u32)>,
    /// The second half of them.
    pub members: Vec<(String, String, u32)>,
    /// Columns that keep a role: file, line.
    pub columns: Vec<(String, u32)>,
    /// Policies of the database that ask for one.
    pub policies: Vec<(String, u32)>,
}

/// Everything that is declared.
pub fn all(input: &Input<'_>) -> Declared {
    let mut found = Declared::default();
    // Migrations say what was once declared as well; a schema of today says what is.
    let has_schema =
        input.notes.iter().any(|note| note.path.ends_with(".prisma") && !note.roles.sets.is_empty());
    for note in input.notes {
        let (of, file) = (&note.roles, &note.path);
        let is_old = has_schema && file.ends_with(".sql");
        found.sets.extend(
            of.sets.iter().filter(|_| !is_old).map(|set| set_of(&set.set, set.names.clone(), file, set.line)),
        );
        found.columns.extend(of.columns.iter().map(|line| (file.clone(), *line)));
        found.policies.extend(of.policies.iter().map(|line| (file.clone(), *line)));
        found.teams.extend(of.teams.iter().map(|(name, line)| (name.clone(), file.clone(), *line)));
        found.members.extend(of.members.iter().map(|(name, line)| (name.clone(), file.clone(), *line)));
    }
    for (id, module) in (0..).map(ModuleId).zip(&input.code.modules) {
        if Role::of(&module.path) == Role::Product {
            in_module(input.code, id, module, &mut found);
        }
    }
    whole(&mut found.sets);
    found
}

fn set_of(name: &str, names: Vec<String>, file: &str, line: u32) -> Set {
    let kind = if is_permissions(name, &names) { "permission" } else { "role" };
    Set { name: name.to_owned(), kind, names, file: file.to_owned(), line, is_list: false }
}

/// What a module declares at its top.
fn in_module(code: &Code, id: ModuleId, module: &Module, found: &mut Declared) {
    for symbol in &module.symbols {
        let Binding::Variable(FunctionId(0), Some(value)) = symbol.is else { continue };
        let Some(expr) = module.values.get(value.0 as usize) else { continue };
        let is_list = !matches!(expr, Expr::Object(_));
        let at = |names: Vec<String>, name: &str| Set {
            is_list,
            ..set_of(name, names, &module.path, symbol.line)
        };
        if is_role_set(&symbol.name) {
            let (names, inner) = names_in(code, id, expr, 0);
            // What a table of permissions is kept by are roles.
            let is_table = matches!(expr, Expr::Object(entries) if entries.iter().any(|entry| {
                matches!(entry, Entry::Pair(_, Expr::List(_) | Expr::Number(_) | Expr::Call(_)))
            }));
            let of_names = fits(&names).then(|| at(names, &symbol.name));
            found.sets.extend(of_names.map(|set| {
                match is_table && !set.names.iter().all(|name| is_permission(name)) {
                    true => Set { kind: "role", is_list: true, ..set },
                    false => set,
                }
            }));
            let inner: BTreeSet<String> = inner.into_iter().filter(|name| is_permission(name)).collect();
            let inner: Vec<String> = inner.into_iter().collect();
            found.sets.extend(fits(&inner).then(|| at(inner, &symbol.name)));
        } else if let Expr::Call(call) = expr
            && call.args.iter().any(|arg| matches!(arg, Expr::Object(_)))
        {
            of_table(code, id, module, call, (&symbol.name, symbol.line), found);
        }
    }
    for class in &module.classes {
        let is_entity = class.decorators.iter().any(|decorator| {
            matches!(decorator, Expr::Call(call) if matches!(&call.callee, Expr::Name(name, _) if &**name == "Entity"))
        });
        if is_entity {
            let name = class.name.trim_end_matches("Entity");
            table(name, &module.path, class.line, found);
            let column = class.fields.iter().find(|field| is_column(&field.name));
            found.columns.extend(column.map(|field| (module.path.clone(), field.line)));
        }
    }
}

fn fits(names: &[String]) -> bool {
    !names.is_empty() && names.len() <= MOST_NAMES && !is_of_model(names)
}

/// The names that an expression lists, and those in the lists that it keeps for each of them.
fn names_in(code: &Code, id: ModuleId, expr: &Expr, deep: u32) -> (Vec<String>, Vec<String>) {
    let text = |expr: &Expr| match expr {
        Expr::Text(_) | Expr::Member(_) | Expr::Name(..) => {
            code.constant(id, expr).filter(|text| !text.is_empty() && text.len() <= 60 && !text.contains(' '))
        }
        _ => None,
    };
    match expr {
        Expr::List(items) => {
            let names: Option<Vec<String>> = items.iter().map(text).collect();
            (names.unwrap_or_default(), Vec::new())
        }
        Expr::Object(entries) => {
            let pairs: Option<Vec<(&str, &Expr)>> = entries
                .iter()
                .map(|entry| match entry {
                    Entry::Pair(name, value) if !name.is_empty() => Some((&**name, value)),
                    _ => None,
                })
                .collect();
            let pairs = pairs.unwrap_or_default();
            let values: Option<Vec<String>> = pairs.iter().map(|(_, value)| text(value)).collect();
            // An enum and a list of names are what their values are; a table is kept by its keys.
            if let Some(values) = values {
                return (values, Vec::new());
            }
            let is_table = pairs.iter().all(|(_, value)| {
                matches!(value, Expr::List(_) | Expr::Number(_) | Expr::Call(_) | Expr::Object(_))
            });
            if !is_table {
                return (Vec::new(), Vec::new());
            }
            let mut inner = Vec::new();
            for (_, value) in &pairs {
                if let (Expr::List(_) | Expr::Call(_), true) = (value, deep < 2) {
                    inner.extend(names_in(code, id, value, deep + 1).0);
                }
            }
            let is_of_names = pairs.iter().all(|(_, value)| !matches!(value, Expr::Object(_)));
            let keys = pairs.iter().map(|(name, _)| (*name).to_owned()).collect();
            (if is_of_names { keys } else { Vec::new() }, inner)
        }
        Expr::Call(call) if deep < 3 && call.args.iter().all(|arg| !matches!(arg, Expr::List(_))) => {
            let kept = matches!(&call.callee, Expr::Member(member) if matches!(&member.property,
                crate::code::Property::Named(name) if matches!(&**name, "freeze" | "seal" | "nativeEnum")));
            let object = call.args.iter().find(|arg| kept && matches!(arg, Expr::Object(_)));
            object.map_or_else(Default::default, |arg| names_in(code, id, arg, deep + 1))
        }
        // `pgEnum("role", [ … ])`, `z.enum([ … ])`, `Object.freeze({ … })`, `new Set([ … ])`.
        Expr::Call(call) if deep < 3 => {
            let lists = |arg: &&Expr| matches!(arg, Expr::List(_));
            call.args
                .iter()
                .find(lists)
                .map_or_else(Default::default, |arg| names_in(code, id, arg, deep + 1))
        }
        _ => (Vec::new(), Vec::new()),
    }
}

/// A table or a schema that code declares: `pgTable("teams", { role: … })`, `new Schema({ role: { enum: [ … ] } })`.
fn of_table(
    code: &Code,
    id: ModuleId,
    module: &Module,
    call: &Call,
    (name, line): (&str, u32),
    found: &mut Declared,
) {
    let callee = match &call.callee {
        Expr::Name(name, _) => name.to_string(),
        Expr::Member(member) => match &member.property {
            crate::code::Property::Named(name) => name.to_string(),
            crate::code::Property::Computed(_) => String::new(),
        },
        _ => String::new(),
    };
    if !(callee.ends_with("Table")
        || callee.ends_with("Schema")
        || callee == "model"
        || callee == "createTable")
    {
        return;
    }
    let named = call.args.first().and_then(|arg| match arg {
        Expr::Text(text) => Some(text.to_string()),
        _ => None,
    });
    table(named.as_deref().unwrap_or(name), &module.path, line, found);
    for arg in &call.args {
        each_part(module, arg, Inner::Skip, &mut |expr| {
            let Expr::Object(entries) = expr else { return };
            for entry in entries {
                let Entry::Pair(column, value) = entry else { continue };
                if !is_column(column) {
                    continue;
                }
                found.columns.push((module.path.clone(), line));
                let mut names = Vec::new();
                each_part(module, value, Inner::Skip, &mut |part| {
                    if let (Expr::List(_), true) = (part, names.is_empty()) {
                        names = names_in(code, id, part, 0).0;
                    }
                });
                if fits(&names) && names.len() > 1 {
                    found.sets.push(set_of(&format!("{name}.{column}"), names, &module.path, line));
                }
            }
        });
    }
}

fn is_column(name: &str) -> bool {
    matches!(
        &*name.to_ascii_lowercase(),
        "role" | "roles" | "user_role" | "userrole" | "is_admin" | "isadmin" | "permissions"
    )
}

fn table(name: &str, file: &str, line: u32, found: &mut Declared) {
    if keeps_members(name) {
        found.members.push((name.to_owned(), file.to_owned(), line));
    } else if keeps_teams(name) {
        found.teams.push((name.to_owned(), file.to_owned(), line));
    }
}

/// One set that is declared twice, in a schema and in a type, is one; and a list of some of its members is none of its own.
fn whole(sets: &mut Vec<Set>) {
    for set in sets.iter_mut() {
        set.names.sort();
        set.names.dedup();
    }
    sets.sort_by(|a, b| {
        (std::cmp::Reverse(a.names.len()), a.is_list, &a.file, a.line, &a.name).cmp(&(
            std::cmp::Reverse(b.names.len()),
            b.is_list,
            &b.file,
            b.line,
            &b.name,
        ))
    });
    let mut kept: Vec<Set> = Vec::new();
    for set in sets.drain(..).take(400) {
        let is_part = |known: &Set| {
            let same = known.names.len() == set.names.len() || set.is_list || known.stem() == set.stem();
            same && set.names.iter().all(|name| known.has(name))
        };
        if !kept.iter().any(is_part) {
            kept.push(set);
        }
    }
    kept.sort_by(|a, b| (&a.file, a.line, &a.name).cmp(&(&b.file, b.line, &b.name)));
    *sets = kept;
}
