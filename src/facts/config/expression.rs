use super::Node;

/// What a file computes instead of stating it, as far as anybody asks. `Value::Expression` holds one.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A dotted path to something else: `var.days`, `aws_s3_bucket.files.id`, `var.ports.0`.
    Reference(String),
    /// One of two, by a condition.
    Choice {
        /// What decides.
        condition: Node,
        /// If it holds.
        then: Node,
        /// If not.
        or: Node,
    },
    /// Whether two values are the same, or differ.
    Equal {
        /// One side.
        left: Node,
        /// The other.
        right: Node,
        /// Whether it asks for being the same.
        same: bool,
    },
    /// A function of values.
    Call {
        /// Its name.
        name: String,
        /// What it is given.
        arguments: Vec<Node>,
    },
    /// Text that is put together from parts.
    Template(Vec<Node>),
    /// Anything else.
    Other,
}
