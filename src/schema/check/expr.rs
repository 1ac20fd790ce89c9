//! Expressions (`parse_expr.c`).

use super::scope::Level;
use super::{Checked, Checker, Context, Fault, Value};
use crate::schema::catalogue::Ty;
use crate::schema::sql::{Expr, IsTest, Quantified};

impl Checker<'_> {
    /// The type of an expression.
    pub fn expr(&mut self, expr: &Expr) -> Checked<Value> {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.expr_here(expr))
    }

    fn expr_here(&mut self, expr: &Expr) -> Checked<Value> {
        let ty = match expr {
            Expr::Column(parts) => return self.column(parts),
            Expr::Star(_) => Ty::ANY,
            Expr::Null | Expr::Default => Ty::UNKNOWN,
            Expr::Text(text) => return Ok(Value { ty: Ty::UNKNOWN, literal: Some(text.clone()) }),
            Expr::Bool(_) => Ty::BOOL,
            Expr::Number(digits) => number(digits),
            Expr::Param(n) => match &self.params {
                Some(types) => match n.checked_sub(1).and_then(|i| types.get(i)) {
                    Some(ty) => *ty,
                    None => return Err(Fault::new("42P02", format!("there is no parameter ${n}"))),
                },
                None if self.lenient => Ty::ANY,
                None => return Err(Fault::new("42P02", format!("there is no parameter ${n}"))),
            },
            Expr::Keyword(word) => self.keyword(word),
            Expr::Call(call) => return self.call(call),
            Expr::Unary(op, inner) if op == "not" => {
                self.condition(inner)?;
                Ty::BOOL
            }
            Expr::Unary(op, inner) => {
                let value = self.expr(inner)?;
                self.prefix_operator(op, &value)?
            }
            Expr::Binary(op, left, right) if op == "and" || op == "or" => {
                self.condition(left)?;
                self.condition(right)?;
                Ty::BOOL
            }
            Expr::Binary(op, left, right) => self.comparison(op, left, right)?,
            Expr::Is { expr, test, .. } => {
                let value = self.expr(expr)?;
                match test {
                    IsTest::DistinctFrom(other) => {
                        let other = self.expr(other)?;
                        self.binary_operator("=", &value, &other)?;
                    }
                    IsTest::Bool(_) => self.require(&value, Ty::BOOL, Context::Assignment)?,
                    IsTest::Null | IsTest::Other => {}
                }
                Ty::BOOL
            }
            Expr::In { expr, list, .. } => {
                self.contained(expr, list)?;
                Ty::BOOL
            }
            Expr::InQuery { expr, query, .. } => {
                let output = self.subquery(query)?;
                if let Expr::Row(items) = expr.as_ref()
                    && items.len() > 1
                {
                    for item in items {
                        self.expr(item)?;
                    }
                } else {
                    let left = self.expr(expr)?;
                    if !output.open && output.columns.len() != 1 {
                        return Err(Fault::new("42601", "subquery has too many columns"));
                    }
                    let right = output.columns.first().map_or(Ty::ANY, |(_, ty)| *ty);
                    self.binary_operator("=", &left, &right.into())?;
                }
                Ty::BOOL
            }
            Expr::Quantified(quantified) => self.quantified(quantified)?,
            Expr::Between { expr, low, high, .. } => {
                let value = self.expr(expr)?;
                let low = self.expr(low)?;
                let high = self.expr(high)?;
                self.binary_operator(">=", &value, &low)?;
                self.binary_operator("<=", &value, &high)?;
                Ty::BOOL
            }
            Expr::Case { subject, whens, otherwise } => {
                self.case(subject.as_deref(), whens, otherwise.as_deref())?
            }
            Expr::Cast(inner, to) => {
                let to = self.type_of(to)?;
                // `array[]::text[]`: the cast says what an empty array is made of.
                if let Expr::Array(items) = inner.as_ref()
                    && to.array
                {
                    for item in items {
                        let value = self.expr(item)?;
                        if !matches!(item, Expr::Array(_)) {
                            self.require(&value, to.element(), Context::Explicit)?;
                        }
                    }
                    return Ok(to.into());
                }
                let value = self.expr(inner)?;
                self.require(&value, to, Context::Explicit)?;
                to
            }
            Expr::Collate(inner) => return self.expr(inner),
            Expr::Array(items) => {
                let values = items.iter().map(|item| self.expr(item)).collect::<Checked<Vec<_>>>()?;
                if values.is_empty() {
                    return Err(Fault::new("42P18", "cannot determine type of empty array"));
                }
                let ty = self.common(&values, "ARRAY")?;
                if ty.array || ty.is_any() { ty } else { ty.array_of() }
            }
            Expr::ArrayQuery(query) => {
                let output = self.subquery(query)?;
                match output.columns.first() {
                    Some((_, ty)) if !ty.is_any() && !ty.array => ty.array_of(),
                    _ => Ty::ANY,
                }
            }
            Expr::Subquery(query) => {
                let output = self.subquery(query)?;
                match output.columns.as_slice() {
                    [(_, ty)] => *ty,
                    _ if output.open => Ty::ANY,
                    _ => return Err(Fault::new("42601", "subquery must return only one column")),
                }
            }
            Expr::Exists(query) => {
                self.subquery(query)?;
                Ty::BOOL
            }
            Expr::Row(items) => {
                if let [only @ Expr::Column(_)] = items.as_slice() {
                    return self.expr(only);
                }
                for item in items {
                    self.expr(item)?;
                }
                Ty::RECORD
            }
            Expr::Field(inner, name) => {
                let value = self.expr(inner)?;
                self.field(value.ty, name)?
            }
            Expr::FieldStar(inner) => self.expr(inner)?.ty,
            Expr::Index(inner, slice, bounds) => {
                let value = self.expr(inner)?;
                for bound in bounds {
                    self.expr(bound)?;
                }
                let base = self.cat.base(value.ty);
                if base.array {
                    if *slice { base } else { base.element() }
                } else if base.is_any() || matches!(base, Ty::JSONB) {
                    base
                } else if base.id < 200 && !matches!(base, Ty::UNKNOWN | Ty::ANYARRAY) {
                    let of = self.cat.type_text(value.ty);
                    if matches!(
                        of.as_str(),
                        "int2vector" | "oidvector" | "point" | "box" | "name" | "lseg" | "line"
                    ) {
                        Ty::ANY
                    } else {
                        return Err(Fault::new(
                            "42804",
                            format!("cannot subscript type {of} because it does not support subscripting"),
                        ));
                    }
                } else {
                    Ty::ANY
                }
            }
        };
        Ok(ty.into())
    }

    fn keyword(&mut self, word: &str) -> Ty {
        self.mutable = true;
        match word {
            "current_date" => Ty::DATE,
            "current_timestamp" => Ty::TIMESTAMPTZ,
            "current_time" => Ty::TIMETZ,
            "localtime" => Ty::TIME,
            "localtimestamp" => Ty::TIMESTAMP,
            _ => Ty::NAME,
        }
    }

    fn subquery(&mut self, query: &crate::schema::sql::Query) -> Checked<super::Output> {
        self.subquery = true;
        let (aggregate, set) = (self.aggregate, self.set);
        let output = self.query(query);
        self.aggregate = aggregate;
        self.set = set;
        output
    }

    fn comparison(&mut self, op: &str, left: &Expr, right: &Expr) -> Checked<Ty> {
        // Rows compare field by field.
        if let (Expr::Row(a), Expr::Row(b)) = (left, right)
            && a.len() > 1
        {
            for (a, b) in a.iter().zip(b) {
                let (a, b) = (self.expr(a)?, self.expr(b)?);
                if op != "overlaps" {
                    self.binary_operator(op, &a, &b)?;
                }
            }
            return Ok(Ty::BOOL);
        }
        let left = self.expr(left)?;
        let right = self.expr(right)?;
        self.binary_operator(op, &left, &right)
    }

    fn contained(&mut self, expr: &Expr, list: &[Expr]) -> Checked<()> {
        if let Expr::Row(items) = expr
            && items.len() > 1
        {
            for item in items.iter().chain(list) {
                self.expr(item)?;
            }
            return Ok(());
        }
        let left = self.expr(expr)?;
        let values = list.iter().map(|item| self.expr(item)).collect::<Checked<Vec<_>>>()?;
        // If all go together it is `= any (array)`, else each is compared by itself.
        let all: Vec<Ty> = std::iter::once(left.ty).chain(values.iter().map(|v| v.ty)).collect();
        let common = self.common_type(all.iter().copied(), "IN").ok().flatten();
        for value in &values {
            if let Some(common) = common
                && value.ty == Ty::UNKNOWN
                && left.ty != Ty::UNKNOWN
            {
                self.require(value, common, Context::Implicit)?;
                self.binary_operator("=", &left, &common.into())?;
            } else {
                self.binary_operator("=", &left, value)?;
            }
        }
        Ok(())
    }

    fn quantified(&mut self, quantified: &Quantified) -> Checked<Ty> {
        let left = self.expr(&quantified.left)?;
        let element: Value = match &quantified.right {
            Expr::Subquery(query) => {
                let output = self.subquery(query)?;
                output.columns.first().map_or(Ty::ANY, |(_, ty)| *ty).into()
            }
            other => {
                let right = self.expr(other)?;
                let base = self.cat.base(right.ty);
                if base == Ty::UNKNOWN {
                    if let (Some(text), true) = (&right.literal, left.ty != Ty::UNKNOWN && !left.ty.is_any())
                    {
                        self.read_literal(text, left.ty.array_of())?;
                    }
                    left.ty.into()
                } else if base.array {
                    base.element().into()
                } else if base.is_any() || base.id == Ty::ANYARRAY.id {
                    Ty::ANY.into()
                } else {
                    return Err(Fault::new("42809", "op ANY/ALL (array) requires array on right side"));
                }
            }
        };
        self.binary_operator(&quantified.op, &left, &element)?;
        Ok(Ty::BOOL)
    }

    fn case(
        &mut self,
        subject: Option<&Expr>,
        whens: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
    ) -> Checked<Ty> {
        let subject = match subject {
            Some(subject) => {
                let mut value = self.expr(subject)?;
                if value.ty == Ty::UNKNOWN {
                    value = Ty::TEXT.into();
                }
                Some(value)
            }
            None => None,
        };
        let mut values = Vec::new();
        // PostgreSQL looks at `else` first when it settles on a type.
        if let Some(otherwise) = otherwise {
            values.push(self.expr(otherwise)?);
        }
        for (when, then) in whens {
            match &subject {
                Some(subject) => {
                    let when = self.expr(when)?;
                    self.binary_operator("=", subject, &when)?;
                }
                None => self.condition(when)?,
            }
            values.push(self.expr(then)?);
        }
        self.common(&values, "CASE")
    }

    /// An expression that sees nothing but what it is given.
    pub fn alone(&mut self, expr: &Expr) -> Checked<Value> {
        self.levels.push(Level::default());
        let value = self.expr(expr);
        self.levels.pop();
        value
    }
}

fn number(digits: &str) -> Ty {
    let plain = digits.replace('_', "");
    if plain.parse::<i32>().is_ok() || plain.starts_with("0x") {
        Ty::INT4
    } else if plain.parse::<i64>().is_ok() {
        Ty::INT8
    } else {
        Ty::NUMERIC
    }
}
