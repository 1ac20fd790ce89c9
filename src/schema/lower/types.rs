//! Types as they are written.

use squawk_syntax::ast::{self, AstNode};

use super::names;
use crate::schema::sql::{QName, TypeName};

/// A type.
pub fn type_name(ty: &ast::Type) -> Option<TypeName> {
    let set = ty.syntax().first_token().is_some_and(|t| t.text().eq_ignore_ascii_case("setof"));
    let modifier = ty.arg_list().map(|list| {
        let text = list.syntax().text().to_string();
        text.trim_start_matches('(').trim_end_matches(')').split_whitespace().collect::<String>()
    });
    let of = |name: &str| TypeName {
        name: QName::bare(name),
        array: false,
        set,
        percent: None,
        modifier: modifier.clone(),
    };
    Some(match ty {
        ast::Type::ArrayType(array) => {
            let inner = type_name(&array.ty()?)?;
            TypeName { array: true, set: set || inner.set, ..inner }
        }
        ast::Type::BitType(_) => of("bit"),
        ast::Type::BitVaryingType(_) => of("varbit"),
        ast::Type::CharacterType(_) => of("bpchar"),
        ast::Type::VarcharType(_) => of("varchar"),
        ast::Type::DoubleType(_) => of("float8"),
        ast::Type::IntervalType(_) => of("interval"),
        ast::Type::TimeType(time) => of(if zoned(time.timezone()) { "timetz" } else { "time" }),
        ast::Type::TimestampType(time) => {
            of(if zoned(time.timezone()) { "timestamptz" } else { "timestamp" })
        }
        ast::Type::PathType(path) => {
            let path = path.path_ref()?;
            let quoted = path.syntax().text().to_string().starts_with('"');
            let mut name = QName::from_parts(names::path_ref(&path));
            if name.schema.is_none() && !quoted {
                name.name = standard(&name.name, modifier.as_deref()).to_owned();
            }
            TypeName { name, array: false, set, percent: None, modifier: modifier.clone() }
        }
    })
}

/// A type of a function, which can be that of a column.
pub fn func_type(ty: &ast::FuncType) -> Option<TypeName> {
    match ty {
        ast::FuncType::Type(ty) => type_name(ty),
        ast::FuncType::PercentType(percent) => {
            let path = names::path_ref(&percent.path_ref()?);
            Some(TypeName {
                name: QName::bare("text"),
                array: false,
                set: percent.setof_token().is_some(),
                percent: Some(path),
                modifier: None,
            })
        }
    }
}

fn zoned(zone: Option<ast::Timezone>) -> bool {
    matches!(zone, Some(ast::Timezone::WithTimezone(_)))
}

/// The catalogue's name of a type of the SQL standard.
fn standard<'a>(name: &'a str, modifier: Option<&str>) -> &'a str {
    match name {
        "int" | "integer" => "int4",
        "smallint" => "int2",
        "bigint" => "int8",
        "real" => "float4",
        "float" => match modifier.and_then(|m| m.parse::<u32>().ok()) {
            Some(bits) if bits <= 24 => "float4",
            _ => "float8",
        },
        "decimal" | "dec" => "numeric",
        "boolean" => "bool",
        "char" | "character" | "nchar" => "bpchar",
        other => other,
    }
}
