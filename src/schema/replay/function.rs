//! Functions.

use std::sync::Arc;

use super::Session;
use crate::schema::catalogue::{Dep, Function, FunctionKind, Oid, Param, Ty};
use crate::schema::check::{Checked, Context, Fault, Variable};
use crate::schema::sql::{
    AlterFunction, CreateFunction, DropKind, FunctionBody, FunctionSignature, ParamMode, QName, SetValue,
    Statement, TypeName,
};

impl Session {
    /// `create function`, `create procedure`
    pub(super) fn create_function(&mut self, it: &CreateFunction) -> Checked<()> {
        let schema = self.target_schema(&it.name, false)?;
        let language = it.language.clone().ok_or_else(|| Fault::new("42P13", "no language specified"))?;
        let known = matches!(language.as_str(), "sql" | "plpgsql" | "c" | "internal")
            || self.cat.extensions.contains(language.as_str());
        if !known {
            return Err(Fault::new("42704", format!("language \"{language}\" does not exist")));
        }
        let mut function = self.declared(it, &schema, &language)?;
        self.guarded(&schema, &format!("permission denied for schema {schema}"))?;
        let same = self.cat.function_exact(&schema, &function.name, &function.args).cloned();
        if let Some(old) = same {
            if !it.or_replace {
                return Err(Fault::new(
                    "42723",
                    format!("function \"{}\" already exists with same argument types", function.name),
                ));
            }
            replaceable(&old, &function)?;
            function.oid = old.oid;
            function.owner = old.owner;
            function.acl = old.acl;
        }
        self.body(it, &mut function)?;
        self.cat.add_function(function);
        Ok(())
    }

    /// A function as its head says.
    fn declared(&mut self, it: &CreateFunction, schema: &str, language: &str) -> Checked<Function> {
        let mut params = Vec::new();
        let mut args = Vec::new();
        let mut defaults = 0;
        let mut variadic = false;
        let mut deps: Vec<Dep> = Vec::new();
        for param in &it.params {
            let (ty, needed) = self.param_type(&param.ty)?;
            deps.extend(needed);
            let out = matches!(param.mode, ParamMode::Out | ParamMode::Table | ParamMode::InOut);
            let name = param.name.clone().unwrap_or_default();
            let is_in = !matches!(param.mode, ParamMode::Out | ParamMode::Table);
            let twice = params.iter().any(|p: &Param| {
                !name.is_empty()
                    && p.name == name
                    && ((!p.out || p.in_out) == is_in
                        || p.in_out
                        || param.mode == ParamMode::InOut
                        || param.mode == ParamMode::Table)
            });
            if twice {
                return Err(Fault::new("42P13", format!("parameter name \"{name}\" used more than once")));
            }
            if is_in {
                args.push(ty);
                if let Some(default) = &param.default {
                    let mut checker = self.checker();
                    let value = checker.alone(default)?;
                    checker.require(&value, ty, Context::Assignment).map_err(|f| match f.code {
                        "42846" => Fault::new("42804", "default expression has another type"),
                        _ => f,
                    })?;
                    deps.extend(checker.deps);
                    defaults += 1;
                } else if defaults > 0 && param.mode != ParamMode::Variadic {
                    return Err(Fault::new(
                        "42P13",
                        "input parameters after one with a default value must also have defaults",
                    ));
                }
                variadic |= param.mode == ParamMode::Variadic;
            }
            params.push(Param { name, ty, out, in_out: param.mode == ParamMode::InOut });
        }
        let outs: Vec<&Param> = params.iter().filter(|p| p.out).collect();
        let (mut returns, mut set) = (Ty::VOID, false);
        match &it.returns {
            Some(ty) => {
                set = ty.set;
                let (found, needed) = self.param_type(ty)?;
                returns = found;
                deps.extend(needed);
                let table = it.params.iter().any(|p| p.mode == ParamMode::Table);
                if let ([only], false) = (outs.as_slice(), table)
                    && only.ty != returns
                {
                    let of = self.cat.type_text(only.ty);
                    return Err(Fault::new(
                        "42P13",
                        format!("function result type must be {of} because of OUT parameters"),
                    ));
                }
                if outs.len() > 1 && returns != Ty::RECORD {
                    return Err(Fault::new(
                        "42P13",
                        "function result type must be record because of OUT parameters",
                    ));
                }
                if table && let [only] = outs.as_slice() {
                    returns = only.ty;
                }
            }
            None => match outs.as_slice() {
                [] if it.procedure => {}
                [] => return Err(Fault::new("42P13", "function result type must be specified")),
                [only] if !it.procedure => returns = only.ty,
                _ => returns = Ty::RECORD,
            },
        }
        let mut function = Function {
            oid: self.cat.new_oid(),
            schema: schema.to_owned(),
            name: it.name.name.clone(),
            kind: if it.procedure { FunctionKind::Procedure } else { FunctionKind::Function },
            args,
            params,
            defaults,
            variadic,
            returns,
            set,
            language: language.to_owned(),
            security_definer: it.security_definer,
            volatility: it.volatility,
            settings: Default::default(),
            body: String::new(),
            body_line: self.place.line,
            owner: self.role.clone(),
            acl: self.default_acl(schema, 'f'),
            deps,
            place: self.place,
            extension: self.extension.clone(),
            declared: Some(Arc::new(it.clone())),
        };
        for (name, value) in &it.settings {
            setting(&mut function, name, value, &self.path);
        }
        function.deps.sort();
        function.deps.dedup();
        Ok(function)
    }

    fn param_type(&self, ty: &TypeName) -> Checked<(Ty, Vec<Dep>)> {
        let mut checker = self.checker();
        let found = checker.type_of(ty)?;
        Ok((found, checker.deps.into_iter().collect()))
    }

    /// What the server looks at in a body when a function is made.
    fn body(&mut self, it: &CreateFunction, function: &mut Function) -> Checked<()> {
        match &it.body {
            FunctionBody::None => {
                return Err(Fault::new("42P13", "no function body specified"));
            }
            FunctionBody::Text(text) => {
                function.body.clone_from(text);
                match function.language.as_str() {
                    "sql" if self.check_bodies => {
                        let statements = super::super::parse::body(text)?;
                        self.sql_body(function, &statements)?;
                    }
                    "plpgsql" => self.plpgsql_body(function)?,
                    _ => {}
                }
            }
            FunctionBody::Sql(statements) => {
                let deps = self.sql_body(function, statements)?;
                function.deps.extend(deps);
                function.deps.sort();
                function.deps.dedup();
            }
        }
        Ok(())
    }

    fn sql_body(&self, function: &Function, statements: &[Statement]) -> Checked<Vec<Dep>> {
        let mut path = self.path.clone();
        if let Some(own) = function.settings.get("search_path") {
            path = own
                .split(',')
                .map(|s| s.trim().trim_matches(['"', '\'']).to_owned())
                .filter(|s| !s.is_empty())
                .collect();
        }
        let mut deps = Vec::new();
        let mut last = None;
        // The function may call itself.
        let mut cat = None;
        if function.body.contains(function.name.as_str())
            && self
                .cat
                .functions_named(&QName::bare(function.name.clone()), std::slice::from_ref(&function.schema))
                .iter()
                .all(|f| f.args != function.args)
        {
            let mut own = self.cat.clone();
            own.add_function(function.clone());
            cat = Some(own);
        }
        let cat = cat.as_ref().unwrap_or(&self.cat);
        for statement in statements {
            let mut checker = crate::schema::check::Checker::new(cat, &path);
            checker.transaction = self.transaction;
            checker.params = Some(function.args.clone());
            checker.routine = Some(function.name.clone());
            checker.variables = function
                .params
                .iter()
                .filter(|p| (!p.out || p.in_out) && !p.name.is_empty())
                .map(|p| Variable { name: p.name.clone(), ty: p.ty })
                .collect();
            last = match statement {
                Statement::Query(query) => Some(checker.query(query)?),
                Statement::Data(data) => {
                    let output = checker.data(data)?;
                    (!data.returning.is_empty()).then_some(output)
                }
                _ => None,
            };
            deps.extend(checker.deps);
        }
        self.sql_result(function, last.as_ref())?;
        Ok(deps)
    }

    /// The last statement must give what the function returns.
    fn sql_result(&self, function: &Function, last: Option<&crate::schema::check::Output>) -> Checked<()> {
        if function.returns == Ty::VOID
            || function.kind == FunctionKind::Procedure
            || function.returns == Ty::TRIGGER
        {
            if function.returns == Ty::TRIGGER {
                return Err(Fault::new("42P13", "SQL functions cannot return type trigger"));
            }
            return Ok(());
        }
        let wrong = |why: &str| {
            let of = self.cat.type_text(function.returns);
            Err(Fault::new(
                "42P13",
                format!("return type mismatch in function declared to return {of}: {why}"),
            ))
        };
        let Some(last) = last else { return wrong("the last statement gives nothing") };
        if last.open || function.returns.is_polymorphic() || function.returns.is_any() {
            return Ok(());
        }
        let fits =
            |from: Ty, to: Ty| from == Ty::UNKNOWN || self.cat.coercible(from, to, Context::Assignment);
        let outs: Vec<Ty> = function.params.iter().filter(|p| p.out).map(|p| p.ty).collect();
        let wanted: Vec<Ty> = if outs.len() > 1 || outs.len() == 1 && function.returns != Ty::RECORD {
            outs
        } else if let Some(row) = self.cat.row_of(self.cat.base(function.returns)) {
            if let [(_, only)] = last.columns.as_slice()
                && fits(*only, function.returns)
                && (self.cat.is_row(*only) || *only == Ty::RECORD || only.is_any())
            {
                return Ok(());
            }
            row.columns.iter().map(|c| c.ty).collect()
        } else if function.returns == Ty::RECORD {
            return Ok(());
        } else {
            vec![function.returns]
        };
        if wanted.len() != last.columns.len() {
            return wrong("the number of columns differs");
        }
        for ((_, from), to) in last.columns.iter().zip(&wanted) {
            if !fits(*from, *to) {
                return wrong("the types differ");
            }
        }
        Ok(())
    }

    /// `alter function`
    pub(super) fn alter_function(
        &mut self,
        signature: &FunctionSignature,
        action: &AlterFunction,
    ) -> Checked<()> {
        let oid = self.find_function(signature, DropKind::Routine)?;
        let Some(function) = self.cat.functions.get(&oid).cloned() else { return Ok(()) };
        match action {
            AlterFunction::RenameTo(name) => {
                if self.cat.function_exact(&function.schema, name, &function.args).is_some() {
                    return Err(Fault::new("42723", format!("function {name} already exists in schema")));
                }
                self.cat.remove_function(oid);
                self.cat.add_function(Function { name: name.clone(), ..function });
            }
            AlterFunction::SetSchema(schema) => {
                if !self.cat.schemas.contains(schema) {
                    return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
                }
                if *schema != function.schema
                    && self.cat.function_exact(schema, &function.name, &function.args).is_some()
                {
                    return Err(Fault::new("42723", "function already exists in schema"));
                }
                self.cat.add_function(Function { schema: schema.clone(), ..function });
            }
            AlterFunction::Owner(role) => {
                self.role_exists(role)?;
                let owner = self.role_name(role);
                self.cat.add_function(Function { owner, ..function });
            }
            AlterFunction::Options { security_definer, settings, reset_all } => {
                let mut function = function;
                if let Some(definer) = security_definer {
                    function.security_definer = *definer;
                }
                if *reset_all {
                    function.settings.clear();
                }
                for (name, value) in settings {
                    match value {
                        Some(value) => setting(&mut function, name, value, &self.path),
                        None => {
                            function.settings.remove(name);
                        }
                    }
                }
                self.cat.add_function(function);
            }
            AlterFunction::Nothing => {}
        }
        Ok(())
    }

    /// `create aggregate`
    pub(super) fn create_aggregate(
        &mut self,
        name: &QName,
        args: &[TypeName],
        or_replace: bool,
    ) -> Checked<()> {
        let schema = self.target_schema(name, false)?;
        let mut checker = self.checker();
        let types = args.iter().map(|ty| checker.type_of(ty)).collect::<Checked<Vec<Ty>>>()?;
        if self.cat.function_exact(&schema, &name.name, &types).is_some() && !or_replace {
            return Err(Fault::new("42723", format!("function \"{}\" already exists", name.name)));
        }
        let acl = self.default_acl(&schema, 'f');
        let function = Function {
            oid: self.cat.new_oid(),
            schema,
            name: name.name.clone(),
            kind: FunctionKind::Aggregate,
            args: types,
            params: Vec::new(),
            defaults: 0,
            variadic: false,
            returns: Ty::ANY,
            set: false,
            language: "internal".to_owned(),
            security_definer: false,
            volatility: crate::schema::sql::Volatility::Immutable,
            settings: Default::default(),
            body: String::new(),
            body_line: 0,
            owner: self.role.clone(),
            acl,
            deps: Vec::new(),
            place: self.place,
            extension: self.extension.clone(),
            declared: None,
        };
        self.cat.add_function(function);
        Ok(())
    }

    /// The number of the function without arguments that a trigger calls.
    pub(super) fn trigger_function(&self, name: &QName, returns: Ty) -> Checked<Oid> {
        let builtin = matches!(
            name.name.as_str(),
            "tsvector_update_trigger"
                | "suppress_redundant_updates_trigger"
                | "tsvector_update_trigger_column"
        );
        let found = self.cat.functions_named(name, &self.path).into_iter().find(|f| f.args.is_empty());
        match found {
            Some(function) if function.returns == returns => Ok(function.oid),
            Some(function) => {
                let wanted = self.cat.type_text(returns);
                Err(Fault::new("42P17", format!("function {} must return type {wanted}", function.name)))
            }
            None if builtin => Ok(0),
            None => {
                if let Some(schema) = &name.schema
                    && !self.cat.schemas.contains(schema)
                    && schema != "pg_catalog"
                {
                    return Err(Fault::new("3F000", format!("schema \"{schema}\" does not exist")));
                }
                Err(Fault::new("42883", format!("function {name}() does not exist")))
            }
        }
    }
}

fn setting(function: &mut Function, name: &str, value: &SetValue, path: &[String]) {
    match value {
        SetValue::To(values) => {
            let text = values.join(", ");
            function.settings.insert(name.to_owned(), if text == "\"\"" { String::new() } else { text });
        }
        // `from current` takes what is set now; `default` leaves it unset.
        SetValue::Default if name == "search_path" && !path.is_empty() => {
            function.settings.remove(name);
        }
        SetValue::Default => {
            function.settings.remove(name);
        }
    }
}

/// What `or replace` may not change.
fn replaceable(old: &Function, new: &Function) -> Checked<()> {
    if old.kind != new.kind {
        return Err(Fault::new("42809", "cannot change routine kind"));
    }
    let outs = |f: &Function| -> Vec<(String, Ty)> {
        f.params.iter().filter(|p| p.out).map(|p| (p.name.clone(), p.ty)).collect()
    };
    let (a, b) = (outs(old), outs(new));
    if old.returns != new.returns
        || old.set != new.set
        || a != b && (a.len() > 1 || b.len() > 1 || old.returns == Ty::RECORD)
    {
        return Err(Fault::new("42P13", "cannot change return type of existing function"));
    }
    let inputs = |f: &Function| -> Vec<String> {
        f.params.iter().filter(|p| !p.out || p.in_out).map(|p| p.name.clone()).collect()
    };
    for (before, now) in inputs(old).iter().zip(&inputs(new)) {
        if !before.is_empty() && before != now {
            return Err(Fault::new("42P13", format!("cannot change name of input parameter \"{before}\"")));
        }
    }
    if new.defaults < old.defaults {
        return Err(Fault::new("42P13", "cannot remove parameter defaults from existing function"));
    }
    Ok(())
}
