use hcl_edit::Span;
use hcl_edit::expr::{BinaryOperator, Expression as Hcl, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::template::{Element, Template};

use super::{Broken, Entry, Expression, LineStarts, MAX_BYTES, Node, Value, json};

/// The parser goes 64 levels deep, which takes up to 3 MB of stack in a debug build: more than a worker thread has.
const STACK: usize = 16 << 20;
/// The parser's time grows with the square of a chain's length (`a.b.c…`); nobody's line is as long as this.
const MAX_LINE: usize = 20_000;

/// Parses Terraform's language. Blocks become maps below their type and labels, as in Terraform's own JSON form:
/// `resource "aws_s3_bucket" "files" { … }` stands at `resource.aws_s3_bucket.files`. A block that occurs several times
/// is as many entries of that name.
///
/// # Errors
/// Where it does not parse, or is too large.
pub fn hcl(text: &str) -> Result<Node, Broken> {
    if text.len() > MAX_BYTES || text.lines().any(|line| line.len() > MAX_LINE) {
        return Err(Broken::new(0, 0, "it is too large"));
    }
    deep(|| {
        let lines = LineStarts::of(text);
        let body = hcl_edit::parser::parse_body(text).map_err(|error| {
            let at = error.location();
            Broken::new(at.line(), at.column(), "it is not valid HCL")
        })?;
        Ok(Node { line: 1, text_line: 1, value: Convert { lines: &lines }.body(&body) })
    })
}

/// Parses the JSON form of Terraform's language, in which texts hold expressions.
///
/// # Errors
/// Where it does not parse, or is too large or too deep.
pub fn hcl_json(text: &str) -> Result<Node, Broken> {
    deep(|| {
        let mut node = json(text)?;
        templates(&mut node);
        Ok(node)
    })
}

/// Turns every text with `${…}` into what it computes. Templates nest as deep as the parser's limit: see [`hcl_json`].
fn templates(node: &mut Node) {
    match &mut node.value {
        Value::Text(text) if text.contains("${") => {
            let lines = LineStarts::of("");
            let parsed =
                if text.len() > MAX_LINE { None } else { hcl_edit::parser::parse_template(text).ok() };
            let mut value = parsed.map_or(Value::Expression(Box::new(Expression::Other)), |template| {
                Convert { lines: &lines }.template(&template, node.line)
            });
            at_line(&mut value, node.line);
            node.value = value;
        }
        Value::List(items) => items.iter_mut().for_each(templates),
        Value::Map(entries) => entries.iter_mut().for_each(|entry| templates(&mut entry.node)),
        _ => {}
    }
}

/// A text's own lines mean nothing in the file that holds it.
fn at_line(value: &mut Value, line: u32) {
    let place = |node: &mut Node| {
        (node.line, node.text_line) = (line, line);
        at_line(&mut node.value, line);
    };
    match value {
        Value::List(items) => items.iter_mut().for_each(place),
        Value::Map(entries) => entries.iter_mut().map(|entry| &mut entry.node).for_each(place),
        Value::Expression(expression) => match expression.as_mut() {
            Expression::Choice { condition, then, or } => [condition, then, or].into_iter().for_each(place),
            Expression::Equal { left, right, .. } => [left, right].into_iter().for_each(place),
            Expression::Call { arguments: nodes, .. } | Expression::Template(nodes) => {
                nodes.iter_mut().for_each(place);
            }
            Expression::Reference(_) | Expression::Other => {}
        },
        _ => {}
    }
}

/// Runs `parse` on a stack that is deep enough for whatever the parser accepts.
fn deep<T: Send>(parse: impl FnOnce() -> Result<T, Broken> + Send) -> Result<T, Broken> {
    let failed = || Broken::new(0, 0, "the parser failed");
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, parse);
        thread.map_err(|_| failed())?.join().map_err(|_| failed())?
    })
}

struct Convert<'a> {
    lines: &'a LineStarts,
}

impl Convert<'_> {
    fn line(&self, thing: &impl Span, or: u32) -> u32 {
        thing.span().map_or(or, |span| self.lines.line(span.start))
    }

    fn body(&self, body: &Body) -> Value {
        let entry = |structure: &Structure| match structure {
            Structure::Attribute(attribute) => {
                let line = self.line(&attribute.key, 1);
                Entry { key: attribute.key.to_string(), node: self.node(&attribute.value, line) }
            }
            Structure::Block(block) => self.block(block),
        };
        Value::Map(body.iter().map(entry).collect())
    }

    fn block(&self, block: &Block) -> Entry {
        let line = self.line(&block.ident, 1);
        let node = |value| Node { line, text_line: line, value };
        let inside = block.labels.iter().rev().fold(self.body(&block.body), |inside, label| {
            Value::Map(vec![Entry { key: label.as_str().to_owned(), node: node(inside) }])
        });
        Entry { key: block.ident.to_string(), node: node(inside) }
    }

    fn node(&self, expression: &Hcl, line: u32) -> Node {
        let value = self.value(expression, line);
        Node { line, text_line: self.line(expression, line), value }
    }

    fn value(&self, expression: &Hcl, line: u32) -> Value {
        let computed = |expression| Value::Expression(Box::new(expression));
        match expression {
            Hcl::Null(_) => Value::Null,
            Hcl::Bool(b) => Value::Bool(*b.value()),
            Hcl::Number(number) => Value::Number(number.value().to_string()),
            Hcl::String(text) => Value::Text(text.value().clone()),
            Hcl::Array(items) => {
                Value::List(items.iter().map(|item| self.node(item, self.line(item, line))).collect())
            }
            Hcl::Object(object) => {
                let entry = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
                    let line = self.line(key, line);
                    let key = match key {
                        ObjectKey::Ident(ident) => ident.to_string(),
                        ObjectKey::Expression(key) => {
                            Node { value: self.value(key, line), ..Node::default() }.scalar()
                        }
                    };
                    Entry { key, node: self.node(value.expr(), line) }
                };
                Value::Map(object.iter().map(entry).collect())
            }
            Hcl::StringTemplate(template) => self.elements(template.iter(), line),
            Hcl::HeredocTemplate(heredoc) => self.template(&heredoc.template, line),
            Hcl::Parenthesis(inside) => self.value(inside.inner(), line),
            Hcl::Variable(name) => computed(Expression::Reference(name.to_string())),
            Hcl::Traversal(traversal) => {
                let mut path = match &traversal.expr {
                    Hcl::Variable(name) => name.to_string(),
                    _ => return computed(Expression::Other),
                };
                for operator in &traversal.operators {
                    path.push('.');
                    match operator.value() {
                        TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => path.push('*'),
                        TraversalOperator::GetAttr(name) => path.push_str(name.as_str()),
                        TraversalOperator::LegacyIndex(index) => path.push_str(&index.value().to_string()),
                        TraversalOperator::Index(index) => match self.value(index, line) {
                            Value::Text(text) | Value::Number(text) => path.push_str(&text),
                            _ => path.push('?'),
                        },
                    }
                }
                computed(Expression::Reference(path))
            }
            Hcl::Conditional(choice) => computed(Expression::Choice {
                condition: self.node(&choice.cond_expr, line),
                then: self.node(&choice.true_expr, self.line(&choice.true_expr, line)),
                or: self.node(&choice.false_expr, self.line(&choice.false_expr, line)),
            }),
            Hcl::FuncCall(call) => computed(Expression::Call {
                name: call.name.name.to_string(),
                arguments: call.args.iter().map(|arg| self.node(arg, self.line(arg, line))).collect(),
            }),
            Hcl::BinaryOp(operation) => match operation.operator.value() {
                operator @ (BinaryOperator::Eq | BinaryOperator::NotEq) => computed(Expression::Equal {
                    left: self.node(&operation.lhs_expr, line),
                    right: self.node(&operation.rhs_expr, line),
                    same: *operator == BinaryOperator::Eq,
                }),
                _ => computed(Expression::Other),
            },
            Hcl::UnaryOp(operation) if *operation.operator.value() == UnaryOperator::Neg => {
                match self.value(&operation.expr, line) {
                    Value::Number(number) => Value::Number(format!("-{number}")),
                    _ => computed(Expression::Other),
                }
            }
            Hcl::UnaryOp(operation) => computed(Expression::Equal {
                left: self.node(&operation.expr, line),
                right: Node { line, text_line: line, value: Value::Bool(true) },
                same: false,
            }),
            Hcl::ForExpr(_) => computed(Expression::Other),
        }
    }

    fn template(&self, template: &Template, line: u32) -> Value {
        self.elements(template.iter(), line)
    }

    /// A template of one literal is that text, one of one interpolation that value.
    fn elements<'t>(&self, elements: impl Iterator<Item = &'t Element>, line: u32) -> Value {
        let mut parts: Vec<Node> = elements
            .map(|element| {
                let value = match element {
                    Element::Literal(text) => Value::Text(text.value().clone()),
                    Element::Interpolation(inside) => self.value(&inside.expr, line),
                    Element::Directive(_) => Value::Expression(Box::new(Expression::Other)),
                };
                Node { line, text_line: line, value }
            })
            .collect();
        match parts.len() {
            0 => Value::Text(String::new()),
            1 => parts.remove(0).value,
            _ => Value::Expression(Box::new(Expression::Template(parts))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(node: &Node) -> Option<&str> {
        match &node.value {
            Value::Expression(e) => match e.as_ref() {
                Expression::Reference(path) => Some(path),
                _ => None,
            },
            _ => None,
        }
    }

    #[test]
    fn blocks_stand_below_their_labels_and_know_their_lines() {
        let text = "# resource \"x\" \"y\" {\nresource \"google_sql_database_instance\" \"main\" {\n  settings {\n    backup_configuration {\n      enabled = true # yes\n    }\n    tier = var.tier\n  }\n  deletion_protection = false\n}\nlocals {\n  a = aws_s3_bucket.b[0].id\n}\n";
        let root = hcl(text).unwrap();
        let main = root.at(&["resource", "google_sql_database_instance", "main"]).unwrap();
        assert_eq!(main.line, 2);
        let enabled = main.at(&["settings", "backup_configuration", "enabled"]).unwrap();
        assert_eq!((enabled.truth(), enabled.line), (Some(true), 5));
        assert_eq!(main.get("deletion_protection").map(|n| (n.truth(), n.line)), Some((Some(false), 9)));
        assert_eq!(main.at(&["settings", "tier"]).and_then(reference), Some("var.tier"));
        assert_eq!(root.at(&["locals", "a"]).and_then(reference), Some("aws_s3_bucket.b.0.id"));
    }

    #[test]
    fn heredocs_numbers_and_choices() {
        let root =
            hcl("a = <<EOT\n{\"b\": 1}\nEOT\nc = -1\nd = var.x == \"prod\" ? 7 : 1\ne = \"${var.f}\"\n")
                .unwrap();
        assert_eq!(root.get("a").and_then(Node::text).map(str::trim), Some("{\"b\": 1}"));
        assert_eq!(root.get("c").and_then(Node::number), Some(-1.0));
        assert_eq!(root.get("e").and_then(reference), Some("var.f"));
        let Value::Expression(choice) = &root.get("d").unwrap().value else { panic!() };
        let Expression::Choice { then, or, .. } = choice.as_ref() else { panic!() };
        assert_eq!((then.number(), or.number()), (Some(7.0), Some(1.0)));
    }

    #[test]
    fn the_json_form_is_the_same() {
        let text = "{\"resource\": {\"aws_db_instance\": {\"main\": {\n\"multi_az\": \"${var.az}\"}}}}";
        let root = hcl_json(text).unwrap();
        let found = root.at(&["resource", "aws_db_instance", "main", "multi_az"]).unwrap();
        assert_eq!((reference(found), found.line), (Some("var.az"), 2));
    }

    #[test]
    fn hostile_files_are_errors() {
        for (open, close) in [("[for x in ", ": x]"), ("f(", ")"), ("\"${", "}\""), ("{a=", "}"), ("!", "")] {
            for depth in [60, 5_000] {
                let text = format!("a = {}1{}\n", open.repeat(depth), close.repeat(depth));
                let wrapped = format!("{{\"a\": \"${{{}1{}}}\"}}", open.repeat(depth), close.repeat(depth));
                let (_, _) = (hcl(&text), hcl_json(&wrapped));
            }
        }
        assert!(hcl(&"b {\n".repeat(5_000)).is_err());
        assert!(hcl(&format!("a = b{}", ".c".repeat(200_000))).is_err());
        let broken = hcl("a = 1\nb = = 2\n").unwrap_err();
        assert_eq!(broken.line, 2);
    }
}
