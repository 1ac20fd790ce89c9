//! Operators with two sides.

use oxc::ast::ast::{BinaryOperator, Expression, LogicalOperator};

use super::Lower;
use crate::code::{BinaryOp, Expr, LogicalOp};

/// A longer chain of operators is only its operands.
const MOST_OPERANDS: usize = 100;

enum Operator {
    Binary(BinaryOp),
    Logical(LogicalOp),
}

impl Lower<'_> {
    /// `a + b + c`. Chains lean to the left, and some are thousands long, so this does not recurse into the left side.
    pub(super) fn operators(&mut self, expression: &Expression<'_>) -> Expr {
        let mut chain = Vec::new();
        let mut first = expression;
        loop {
            match first {
                Expression::BinaryExpression(binary) => {
                    chain.push((Operator::Binary(binary_op(binary.operator)), &binary.right));
                    first = &binary.left;
                }
                Expression::LogicalExpression(logical) => {
                    chain.push((Operator::Logical(logical_op(logical.operator)), &logical.right));
                    first = &logical.left;
                }
                _ => break,
            }
        }
        chain.reverse();
        if chain.len() > MOST_OPERANDS {
            let operands = std::iter::once(first).chain(chain.into_iter().map(|(_, right)| right));
            return Expr::Other(operands.map(|operand| self.expr(operand)).collect());
        }
        let deep = u32::try_from(chain.len()).unwrap_or(0);
        self.depth += deep;
        self.depth_of_all += deep;
        let mut value = self.expr(first);
        for (operator, right) in chain {
            let right = self.expr(right);
            value = match operator {
                Operator::Binary(operator) => Expr::Binary(operator, Box::new([value, right])),
                Operator::Logical(operator) => Expr::Logical(operator, Box::new([value, right])),
            };
        }
        self.depth -= deep;
        self.depth_of_all -= deep;
        value
    }
}

fn binary_op(operator: BinaryOperator) -> BinaryOp {
    match operator {
        BinaryOperator::Equality | BinaryOperator::StrictEquality => BinaryOp::Equal,
        BinaryOperator::Inequality | BinaryOperator::StrictInequality => BinaryOp::NotEqual,
        BinaryOperator::LessThan => BinaryOp::Less,
        BinaryOperator::LessEqualThan => BinaryOp::AtMost,
        BinaryOperator::GreaterThan => BinaryOp::More,
        BinaryOperator::GreaterEqualThan => BinaryOp::AtLeast,
        BinaryOperator::Addition => BinaryOp::Add,
        BinaryOperator::In => BinaryOp::In,
        BinaryOperator::Instanceof => BinaryOp::InstanceOf,
        _ => BinaryOp::Other,
    }
}

fn logical_op(operator: LogicalOperator) -> LogicalOp {
    match operator {
        LogicalOperator::And => LogicalOp::And,
        LogicalOperator::Or => LogicalOp::Or,
        LogicalOperator::Coalesce => LogicalOp::Coalesce,
    }
}
