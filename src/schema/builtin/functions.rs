//! Built-in functions.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::read_type;
use crate::schema::catalogue::Ty;

/// A built-in function.
#[derive(Clone, Debug)]
pub struct BuiltinFunction {
    /// Its name.
    pub name: &'static str,
    /// Types of its arguments.
    pub args: Vec<Ty>,
    /// What it returns.
    pub returns: Ty,
    /// Whether it returns rows.
    pub set: bool,
    /// How many of the last arguments have defaults.
    pub defaults: usize,
    /// Whether the last argument takes any number of values.
    pub variadic: bool,
    /// `f`unction, `a`ggregate, `w`indow function, `p`rocedure.
    pub kind: char,
    /// Whether it can give another result each time.
    pub volatile: bool,
    /// Whether it always gives the same result.
    pub immutable: bool,
    /// Names and types of its results, where it has several.
    pub columns: Vec<(&'static str, Ty)>,
}

/// The built-in functions of this name.
pub fn functions_named(name: &str) -> &'static [BuiltinFunction] {
    static FUNCTIONS: OnceLock<HashMap<&'static str, Vec<BuiltinFunction>>> = OnceLock::new();
    let functions = FUNCTIONS.get_or_init(|| {
        let mut functions: HashMap<&str, Vec<BuiltinFunction>> = HashMap::new();
        for function in include_str!("functions.txt").lines().filter_map(read) {
            functions.entry(function.name).or_default().push(function);
        }
        functions
    });
    functions.get(name).map(Vec::as_slice).unwrap_or_default()
}

/// Whether there is a built-in function of this name.
pub fn all_named(name: &str) -> bool {
    !functions_named(name).is_empty()
}

fn read(line: &'static str) -> Option<BuiltinFunction> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let args = words.next()?;
    let returns = words.next()?;
    let flags = words.next()?;
    let columns = words.next().unwrap_or_default();
    Some(BuiltinFunction {
        name,
        args: if args == "-" { Vec::new() } else { args.split(',').map(read_type).collect() },
        returns: read_type(returns),
        set: flags.contains('s') && flags.get(2..).is_some_and(|rest| rest.contains('s')),
        defaults: flags.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0),
        variadic: flags.contains('+'),
        kind: flags.chars().next()?,
        volatile: flags.chars().nth(1) == Some('v'),
        immutable: flags.chars().nth(1) == Some('i'),
        columns: columns
            .split(',')
            .filter_map(|column| column.rsplit_once(':'))
            .map(|(name, ty)| (name, read_type(ty)))
            .collect(),
    })
}
