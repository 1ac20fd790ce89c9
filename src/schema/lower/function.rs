//! Functions and procedures.

use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode};

use super::{expr, names, statement, types};
use crate::schema::sql::{
    AlterFunction, CreateFunction, Expr, FunctionBody, FunctionSignature, Param, ParamMode, SetValue,
    Statement, TypeName, Volatility,
};

/// The parameters of a list.
pub fn params(list: Option<ast::ParamList>) -> Option<Option<Vec<Param>>> {
    let Some(list) = list else { return Some(None) };
    let mut found = Vec::new();
    for param in list.params() {
        let mode = match param.mode() {
            None | Some(ast::ParamMode::ParamIn(_)) => ParamMode::In,
            Some(ast::ParamMode::ParamOut(_)) => ParamMode::Out,
            Some(ast::ParamMode::ParamInOut(_)) => ParamMode::InOut,
            Some(ast::ParamMode::ParamVariadic(_)) => ParamMode::Variadic,
        };
        found.push(Param {
            name: param.name().map(|n| names::name(&n)),
            ty: types::func_type(&param.func_type()?)?,
            mode,
            default: match param.param_default().and_then(|d| d.expr()) {
                Some(default) => Some(expr(&default)?),
                None => None,
            },
        });
    }
    Some(Some(found))
}

/// `create function`
pub fn function(node: &ast::CreateFunction) -> Option<Statement> {
    let mut params = params(node.param_list())?.unwrap_or_default();
    let mut returns = None;
    if let Some(ret) = node.ret_type() {
        if let Some(list) = ret.return_table_arg_list() {
            for column in list.args() {
                params.push(Param {
                    name: column.name().map(|n| names::name(&n)),
                    ty: types::func_type(&column.func_type()?)?,
                    mode: ParamMode::Table,
                    default: None,
                });
            }
            returns = Some(TypeName {
                name: crate::schema::sql::QName::bare("record"),
                array: false,
                set: true,
                percent: None,
                modifier: None,
            });
        } else {
            returns = Some(types::func_type(&ret.func_type()?)?);
        }
    }
    let mut function = CreateFunction {
        name: names::given(node.name()?.path())?,
        or_replace: node.or_replace().is_some(),
        procedure: false,
        params,
        returns,
        language: None,
        security_definer: false,
        volatility: Volatility::Volatile,
        settings: Vec::new(),
        body: FunctionBody::None,
    };
    options(&mut function, node.option_list())?;
    body(&mut function, node.body())?;
    Some(Statement::CreateFunction(Box::new(function)))
}

/// `create procedure`
pub fn procedure(node: &ast::CreateProcedure) -> Option<Statement> {
    let mut function = CreateFunction {
        name: names::given(node.name()?.path())?,
        or_replace: node.or_replace().is_some(),
        procedure: true,
        params: params(node.param_list())?.unwrap_or_default(),
        returns: None,
        language: None,
        security_definer: false,
        volatility: Volatility::Volatile,
        settings: Vec::new(),
        body: FunctionBody::None,
    };
    options(&mut function, node.option_list())?;
    body(&mut function, node.body())?;
    Some(Statement::CreateFunction(Box::new(function)))
}

fn body(function: &mut CreateFunction, body: Option<ast::RoutineBody>) -> Option<()> {
    let Some(body) = body else { return Some(()) };
    let mut statements = Vec::new();
    match body {
        ast::RoutineBody::ReturnStmt(ret) => {
            statements.push(Statement::Query(expr::as_query(expr(&ret.expr()?)?)));
        }
        ast::RoutineBody::AtomicBody(atomic) => {
            for one in atomic.routine_body_stmts() {
                statements.push(match one {
                    ast::RoutineBodyStmt::ReturnStmt(ret) => {
                        Statement::Query(expr::as_query(expr(&ret.expr()?)?))
                    }
                    ast::RoutineBodyStmt::Stmt(one) => statement(&one)?,
                });
            }
        }
    }
    function.language.get_or_insert_with(|| "sql".to_owned());
    function.body = FunctionBody::Sql(statements);
    Some(())
}

fn options(function: &mut CreateFunction, list: Option<ast::FuncOptionList>) -> Option<()> {
    let Some(list) = list else { return Some(()) };
    for option in list.options() {
        match option {
            ast::FuncOption::LanguageFuncOption(language) => {
                function.language = language.language_name().map(|l| l.name.to_ascii_lowercase());
            }
            ast::FuncOption::SecurityDefinerFuncOption(_) => function.security_definer = true,
            ast::FuncOption::SecurityInvokerFuncOption(_) => function.security_definer = false,
            ast::FuncOption::VolatilityFuncOption(volatility) => {
                function.volatility = match volatility {
                    ast::VolatilityFuncOption::Immutable(_) => Volatility::Immutable,
                    ast::VolatilityFuncOption::Stable(_) => Volatility::Stable,
                    ast::VolatilityFuncOption::Volatile(_) => Volatility::Volatile,
                };
            }
            ast::FuncOption::SetFuncOption(set) => {
                function.settings.push(setting(&set.set_config_param()?)?);
            }
            ast::FuncOption::AsFuncOption(body) => {
                if let Some(ast::AsFuncTarget::AsDefinition(definition)) = body.as_func_target() {
                    function.body = FunctionBody::Text(definition.literal()?.string_value()?);
                }
            }
            _ => {}
        }
    }
    Some(())
}

/// `set a.b to c`
pub fn setting(node: &ast::SetConfigParam) -> Option<(String, SetValue)> {
    let name = names::path_ref(&node.config_parameter_ref()?.path_ref()?).join(".");
    Some((name, assignment(node.config_assignment())))
}

/// The right side of `set`.
pub fn assignment(node: Option<ast::ConfigAssignment>) -> SetValue {
    match node {
        Some(ast::ConfigAssignment::ToConfigValue(to)) if to.default_token().is_none() => {
            SetValue::To(to.config_values().filter_map(|value| config_value(&value)).collect())
        }
        _ => SetValue::Default,
    }
}

fn config_value(value: &ast::ConfigValue) -> Option<String> {
    Some(match value {
        ast::ConfigValue::Literal(literal) => match expr::literal(literal)? {
            Expr::Text(text) | Expr::Number(text) => text,
            Expr::Bool(on) => on.to_string(),
            _ => String::new(),
        },
        ast::ConfigValue::ConfigValueName(name) => names::name(name),
        ast::ConfigValue::PrefixExpr(e) => e.syntax().text().to_string(),
    })
}

/// How a statement names a function.
pub fn signature(path: Option<ast::PathRef>, list: Option<ast::ParamList>) -> Option<FunctionSignature> {
    Some(FunctionSignature { name: names::referred(path)?, params: params(list)? })
}

/// Functions by their signatures.
pub fn signatures(list: Option<ast::FunctionSigList>) -> Option<Vec<FunctionSignature>> {
    list?.function_sigs().map(|s| signature(s.function_name_ref()?.path_ref(), s.param_list())).collect()
}

/// `alter function`, `alter procedure`, `alter routine`
pub fn alter(node: &impl AstNode, procedure: bool) -> Option<Statement> {
    let mut signature = None;
    let mut action = AlterFunction::Nothing;
    for child in node.syntax().children() {
        if let Some(sig) = ast::FunctionSig::cast(child.clone()) {
            signature = self::signature(sig.function_name_ref()?.path_ref(), sig.param_list());
        } else if let Some(sig) = ast::ProcedureSig::cast(child.clone()) {
            signature = self::signature(sig.procedure_name_ref()?.path_ref(), sig.param_list());
        } else if let Some(sig) = ast::RoutineSig::cast(child.clone()) {
            signature = self::signature(sig.routine_name_ref()?.path_ref(), sig.param_list());
        } else if let Some(set) = ast::SetSchema::cast(child.clone()) {
            action = AlterFunction::SetSchema(names::name(&set.schema_ref()?));
        } else if let Some(owner) = ast::OwnerTo::cast(child.clone()) {
            action = AlterFunction::Owner(names::role(&owner.role_ref()?));
        } else if let Some(list) = ast::FuncOptionList::cast(child.clone()) {
            action = altered_options(&list)?;
        } else if matches!(
            child.kind(),
            SyntaxKind::FUNCTION_RENAME_TO | SyntaxKind::PROCEDURE_RENAME_TO | SyntaxKind::ROUTINE_RENAME_TO
        ) {
            let path = child.descendants().find_map(ast::Path::cast);
            action = AlterFunction::RenameTo(names::given(path)?.name);
        }
    }
    Some(Statement::AlterFunction { signature: signature?, procedure, action })
}

fn altered_options(list: &ast::FuncOptionList) -> Option<AlterFunction> {
    let mut security_definer = None;
    let mut settings = Vec::new();
    let mut reset_all = false;
    for option in list.options() {
        match option {
            ast::FuncOption::SecurityDefinerFuncOption(_) => security_definer = Some(true),
            ast::FuncOption::SecurityInvokerFuncOption(_) => security_definer = Some(false),
            ast::FuncOption::SetFuncOption(set) => {
                let (name, value) = setting(&set.set_config_param()?)?;
                settings.push((name, Some(value)));
            }
            ast::FuncOption::ResetFuncOption(reset) => match reset.config_parameter_ref() {
                Some(name) => settings.push((names::path_ref(&name.path_ref()?).join("."), None)),
                None => reset_all = true,
            },
            _ => {}
        }
    }
    Some(AlterFunction::Options { security_definer, settings, reset_all })
}
