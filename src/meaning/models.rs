//! Tables and collections that code declares to what maps their rows: Drizzle, Mongoose, TypeORM, Sequelize.

use crate::code::walk::{Inner, each_part};
use crate::code::{
    Call, Class, Code, Entry, ExportOf, Expr, FunctionId, Module, ModuleId, Property, Stmt, SymbolId,
};
use crate::schema::model::{Column, Model};

/// Every model of the code, in the order of its modules.
pub fn declared(code: &Code) -> Vec<Model> {
    let mut all = Vec::new();
    for (id, module) in (0..).map(ModuleId).zip(&code.modules) {
        let imports = |names: &[&str]| {
            module.imports.iter().any(|import| names.iter().any(|name| import.specifier.starts_with(name)))
        };
        let of_drizzle = imports(&["drizzle-orm"]);
        if of_drizzle || imports(&["mongoose", "sequelize", "npm:mongoose"]) || names_mongoose(module) {
            let at = At { code, id, module, of_drizzle };
            let exported = module.exports.iter().filter_map(|export| match &export.of {
                ExportOf::Value(value) => Some(value),
                _ => None,
            });
            for expr in module.values.iter().chain(exported).chain(run(module)) {
                each_part(module, expr, Inner::Skip, &mut |part| {
                    if let Expr::Call(call) = part {
                        all.extend(at.of_call(call));
                    }
                });
            }
        }
        all.extend(module.classes.iter().filter_map(of_class));
    }
    all
}

/// What a module runs when it is loaded, and gives no name to: `module.exports = mongoose.model(…)`.
fn run(module: &Module) -> impl Iterator<Item = &Expr> {
    let body = module.functions.first().map_or(&[][..], |function| &function.body);
    body.iter().filter_map(|stmt| match stmt {
        Stmt::Expr(expr) => Some(expr),
        _ => None,
    })
}

/// `const mongoose = require("mongoose")`.
fn names_mongoose(module: &Module) -> bool {
    module
        .values
        .iter()
        .any(|value| matches!(value, Expr::Import(name) if matches!(&**name, "mongoose" | "sequelize")))
}

#[derive(Clone, Copy)]
struct At<'c> {
    code: &'c Code,
    id: ModuleId,
    module: &'c Module,
    of_drizzle: bool,
}

impl<'c> At<'c> {
    fn of_call(self, call: &'c Call) -> Option<Model> {
        let [Expr::Text(name), columns, ..] = &*call.args else { return None };
        let (columns, is_drizzle) = match last_name(&call.callee) {
            // `pgTable("posts", { … })`, and what `pgTableCreator` gave.
            Some(callee) if self.of_drizzle && callee != "Enum" => (self.object(columns)?, true),
            // `model("Post", schema)`, `sequelize.define("Post", { … })`.
            Some("model" | "define") => (self.object_of_schema(columns)?, false),
            _ => return None,
        };
        // A table has at least one column that a call makes.
        let makes = |entry: &Entry| matches!(entry, Entry::Pair(_, Expr::Call(_)) | Entry::Spread(_));
        if is_drizzle && !columns.iter().any(makes) {
            return None;
        }
        let columns = columns.iter().filter_map(|entry| match entry {
            Entry::Pair(name, value) if !name.is_empty() => {
                let (names, is_list) = self.names(value);
                Some(Column { name: name.to_string(), names, is_list })
            }
            _ => None,
        });
        Some(Model { name: name.to_string(), columns: columns.collect() })
    }

    /// `{ … }`, and `(t) => ({ … })`.
    fn object(self, expr: &'c Expr) -> Option<&'c [Entry]> {
        match expr {
            Expr::Object(entries) => Some(entries),
            Expr::Function(function) => match self.function(*function)? {
                [Stmt::Return(Some(Expr::Object(entries)), _)] => Some(entries),
                _ => None,
            },
            _ => None,
        }
    }

    fn function(self, id: FunctionId) -> Option<&'c [Stmt]> {
        self.module.functions.get(id.0 as usize).map(|function| &*function.body)
    }

    /// `new Schema({ … })`, and a name for it.
    fn object_of_schema(self, expr: &'c Expr) -> Option<&'c [Entry]> {
        match expr {
            Expr::Name(_, Some(symbol)) => self.object_of_schema(self.value(*symbol)?),
            Expr::Object(entries) => Some(entries),
            Expr::Call(call) if call.is_new => match call.args.first() {
                Some(Expr::Object(entries)) => Some(entries),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value of a constant of the module. A constant that names itself has none.
    fn value(self, symbol: SymbolId) -> Option<&'c Expr> {
        use crate::code::Binding;
        match self.module.symbols.get(symbol.0 as usize)?.is {
            Binding::Variable(FunctionId(0), Some(value)) => {
                match self.module.values.get(value.0 as usize)? {
                    Expr::Name(..) => None,
                    value => Some(value),
                }
            }
            _ => None,
        }
    }

    /// The table whose row a column names, and whether it is a list of them: `.references(() => users.id)`, `{ ref: "User" }`.
    fn names(self, value: &'c Expr) -> (String, bool) {
        let mut names = String::new();
        each_part(self.module, value, Inner::Enter, &mut |part| match part {
            Expr::Object(entries) => {
                for entry in entries {
                    if let Entry::Pair(key, Expr::Text(model)) = entry
                        && &**key == "ref"
                    {
                        names = model.to_string();
                    }
                }
            }
            Expr::Call(call) if last_name(&call.callee) == Some("references") => {
                if let Some(Expr::Function(function)) = call.args.first()
                    && let Some([Stmt::Return(Some(Expr::Member(member)), _)]) = self.function(*function)
                {
                    names = self.table(&member.object);
                }
            }
            _ => {}
        });
        (names, matches!(value, Expr::List(_)))
    }

    /// What a table that is named in code is called: by its own name where that is found, by that of the code else.
    fn table(self, expr: &'c Expr) -> String {
        let written = match expr {
            Expr::Name(name, _) => name.to_string(),
            _ => return String::new(),
        };
        use crate::code::{Root, Step};
        let denoted = self.code.denote(self.id, expr);
        match (&denoted.root, denoted.path.last()) {
            (Root::Package(_), Some(Step::Call(_, call))) => match call.args.first() {
                Some(Expr::Text(name)) => name.to_string(),
                _ => written,
            },
            _ => written,
        }
    }
}

/// `@Entity() class Post { @Column() title: string }`, `@Schema() class Post { @Prop() title: string }`.
fn of_class(class: &Class) -> Option<Model> {
    let called = |decorators: &[Expr], names: &[&str]| {
        decorators.iter().any(|decorator| {
            let Expr::Call(call) = decorator else { return false };
            last_name(&call.callee).is_some_and(|name| names.contains(&name))
        })
    };
    if class.name.is_empty() || !called(&class.decorators, &["Entity", "Schema", "Table", "ObjectType"]) {
        return None;
    }
    let kept = class.fields.iter().filter(|field| !field.decorators.is_empty() && !field.name.is_empty());
    let columns = kept.map(|field| {
        let relates =
            called(&field.decorators, &["ManyToOne", "OneToOne", "OneToMany", "ManyToMany", "BelongsTo"]);
        Column {
            name: field.name.to_string(),
            names: if relates { field.type_name.to_string() } else { String::new() },
            is_list: called(&field.decorators, &["OneToMany", "ManyToMany", "HasMany"]),
        }
    });
    let columns: Vec<Column> = columns.collect();
    (!columns.is_empty()).then(|| Model { name: class.name.to_string(), columns })
}

/// The last name of what is called: `model` of `mongoose.model`.
fn last_name(callee: &Expr) -> Option<&str> {
    match callee {
        Expr::Name(name, _) => Some(name),
        Expr::Member(member) => match &member.property {
            Property::Named(name) => Some(name),
            Property::Computed(_) => None,
        },
        _ => None,
    }
}
