//! Built-in operators.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::read_type;
use crate::schema::catalogue::Ty;

/// An operator.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    /// The type of its left side; none if it stands before its argument.
    pub left: Option<Ty>,
    /// The type of its right side.
    pub right: Ty,
    /// What it gives.
    pub result: Ty,
    /// Whether it always gives the same.
    pub immutable: bool,
}

/// The built-in operators of this name.
pub fn operators_named(name: &str) -> &'static [Operator] {
    static OPERATORS: OnceLock<HashMap<&'static str, Vec<Operator>>> = OnceLock::new();
    let operators = OPERATORS.get_or_init(|| {
        let mut operators: HashMap<&str, Vec<Operator>> = HashMap::new();
        for line in include_str!("operators.txt").lines() {
            let words: Vec<&str> = line.split(' ').collect();
            if let [name, left, right, result, volatility] = words.as_slice() {
                let left = (*left != "-").then(|| read_type(left));
                let (right, result) = (read_type(right), read_type(result));
                let operator = Operator { left, right, result, immutable: *volatility == "i" };
                operators.entry(name).or_default().push(operator);
            }
        }
        operators
    });
    operators.get(name).map(Vec::as_slice).unwrap_or_default()
}
