//! The formats of `rules/secrets/*.toml` as Rust: read here, once, instead of at every start of the program, of which that
//! was the largest part. What a field is called and may hold is said by `Format` alone: the compiler refuses anything else.

#[path = "../src/secrets/formats/alone.rs"]
mod alone;
#[path = "../src/secrets/search/runs.rs"]
#[allow(dead_code, reason = "only the definition of a token is needed here")]
mod runs;
#[path = "../src/secrets/search/shape.rs"]
mod shape;

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use regex_syntax::ParserBuilder;
use toml::{Table, Value};

use alone::value_alone;

/// Two files of Rust: the formats, and the shape of each.
pub fn generated(files: &[PathBuf]) -> io::Result<(String, String)> {
    let mut formats = String::from(
        "/// Every shipped format, in the order of the files.\npub static FORMATS: &[Format] = &[\n",
    );
    let mut shapes = String::from(
        "/// The shape of each format's pattern.\npub(super) static SHAPES: &[Option<Shape>] = &[\n",
    );
    for file in files {
        let wrong = |why: String| io::Error::other(format!("{}: {why}", file.display()));
        let text = std::fs::read_to_string(file)?;
        let table: Table = text.parse().map_err(|error| wrong(format!("{error}")))?;
        for (key, value) in &table {
            let Value::Array(all) = value else { return Err(wrong(format!("`{key}` is no format"))) };
            if key != "format" {
                return Err(wrong(format!("`{key}` is no format")));
            }
            for format in all {
                let Value::Table(format) = format else {
                    return Err(wrong("a format is no table".to_owned()));
                };
                write_format(format, &mut formats, &mut shapes).map_err(&wrong)?;
            }
        }
    }
    formats.push_str("];\n");
    shapes.push_str("];\n");
    Ok((formats, shapes))
}

fn write_format(format: &Table, formats: &mut String, shapes: &mut String) -> Result<(), String> {
    let id = format.get("id").and_then(Value::as_str).ok_or("a format has no `id`")?;
    for needed in ["name", "kind", "severity"] {
        if !format.contains_key(needed) {
            return Err(format!("{id} has no `{needed}`"));
        }
    }
    formats.push_str("    Format {\n");
    for (key, value) in format {
        let written = match (key.as_str(), value) {
            ("kind", Value::String(name)) => format!("SecretKind::{}", camel_case(name)),
            ("audience", Value::String(name)) => format!("Audience::{}", camel_case(name)),
            ("regex", Value::String(regex)) => format!("{:?}", complete(regex)),
            (_, Value::String(text)) => format!("{text:?}"),
            (_, Value::Float(number)) => format!("{number:?}"),
            (_, Value::Integer(number)) => format!("{number}.0"),
            (_, Value::Boolean(is)) => is.to_string(),
            (_, Value::Array(texts)) => {
                let texts: Option<Vec<&str>> = texts.iter().map(Value::as_str).collect();
                format!("&{:?}", texts.ok_or_else(|| format!("{id}: `{key}` is no list of texts"))?)
            }
            _ => return Err(format!("{id}: `{key}` is neither text, number nor list")),
        };
        let _ = writeln!(formats, "        {}: {written},", key.replace('-', "_"));
    }
    formats.push_str("        ..Format::NONE\n    },\n");
    let regex = format.get("regex").and_then(Value::as_str).map(complete).unwrap_or_default();
    let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(&regex);
    let shape = hir.ok().filter(|_| !regex.is_empty()).map(|hir| shape::shape(&hir));
    let _ = writeln!(shapes, "    {shape:?},");
    Ok(())
}

/// The pattern with what must stand around a value that a file writes alone.
fn complete(regex: &str) -> String {
    if regex.is_empty() || regex.contains("(?<value>") { regex.to_owned() } else { value_alone(regex) }
}

/// `api-key` as the name of a variant.
fn camel_case(name: &str) -> String {
    name.split('-')
        .flat_map(|word| word.chars().enumerate())
        .map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c })
        .collect()
}
