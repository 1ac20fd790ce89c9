//! What a literal must look like to be read as a type. Only what is plainly wrong is refused.

use super::{Checked, Checker, Fault};
use crate::schema::builtin;
use crate::schema::catalogue::Ty;
use crate::schema::lower::fold;

impl Checker<'_> {
    /// Reads a literal as a type.
    pub fn read_literal(&mut self, text: &str, to: Ty) -> Checked<()> {
        let ty = self.cat.base(to);
        if ty.array {
            let inner = text.trim();
            if !inner.is_empty() && !inner.starts_with(['{', '[']) {
                return Err(Fault::new("22P02", format!("malformed array literal: \"{text}\"")));
            }
            if let Some(list) = inner.strip_prefix('{').and_then(|t| t.strip_suffix('}'))
                && self.cat.enum_values(ty.element()).is_some()
                && !list.contains(['"', '{', '\\'])
            {
                for value in list
                    .split(',')
                    .map(str::trim)
                    .filter(|v| !v.is_empty() && !v.eq_ignore_ascii_case("null"))
                {
                    self.read_literal(value, ty.element())?;
                }
            }
            return Ok(());
        }
        if let Some(values) = self.cat.enum_values(ty) {
            return match values.iter().find(|(value, _)| value == text) {
                Some((_, added)) if *added != 0 && *added == self.transaction => {
                    let name = self.cat.type_text(ty);
                    Err(Fault::new(
                        "55P04",
                        format!("unsafe use of new value \"{text}\" of enum type {name}"),
                    ))
                }
                Some(_) => Ok(()),
                None => {
                    let name = self.cat.type_text(ty);
                    Err(Fault::new("22P02", format!("invalid input value for enum {name}: \"{text}\"")))
                }
            };
        }
        let value = text.trim();
        let fine = match ty {
            Ty::BOOL => boolean(value),
            Ty::INT4 | Ty::INT8 | Ty::INT2 | Ty::OID => value.parse::<i64>().is_ok(),
            Ty::NUMERIC | Ty::FLOAT8 => {
                value.parse::<f64>().is_ok()
                    || matches!(value.to_ascii_lowercase().as_str(), "nan" | "infinity")
            }
            Ty::UUID => uuid(value),
            Ty::JSON | Ty::JSONB => !value.is_empty() && json_start(value),
            Ty::DATE | Ty::TIMESTAMP | Ty::TIMESTAMPTZ => {
                value.bytes().any(|b| b.is_ascii_digit())
                    || matches!(
                        value.to_ascii_lowercase().as_str(),
                        "now"
                            | "today"
                            | "tomorrow"
                            | "yesterday"
                            | "epoch"
                            | "infinity"
                            | "-infinity"
                            | "allballs"
                    )
            }
            Ty::REGCLASS => {
                let name = fold(value);
                let known = self.cat.find_name(&name, self.path).is_some()
                    || builtin::relation(name.schema.as_deref(), &name.name).is_some()
                    || value.bytes().all(|b| b.is_ascii_digit());
                if !known {
                    return Err(Fault::new("42P01", format!("relation \"{value}\" does not exist")));
                }
                true
            }
            _ => true,
        };
        if fine {
            return Ok(());
        }
        let code = if matches!(ty, Ty::DATE | Ty::TIMESTAMP | Ty::TIMESTAMPTZ) { "22007" } else { "22P02" };
        let name = self.cat.type_text(ty);
        Err(Fault::new(code, format!("invalid input syntax for type {name}: \"{text}\"")))
    }
}

fn boolean(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    !value.is_empty()
        && (["true", "false", "yes", "no"].iter().any(|word| word.starts_with(&value))
            || matches!(value.as_str(), "on" | "off" | "of" | "1" | "0"))
}

fn uuid(value: &str) -> bool {
    let value = value.trim_start_matches('{').trim_end_matches('}');
    let digits = value.bytes().filter(u8::is_ascii_hexdigit).count();
    digits == 32 && value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

fn json_start(value: &str) -> bool {
    value.starts_with(['{', '[', '"', '-'])
        || value.bytes().next().is_some_and(|b| b.is_ascii_digit())
        || matches!(value, "true" | "false" | "null")
}
