//! Rows that are compared: `(a, b) = (c, d)`, `(a, b) IN ((1, 2), (3, 4))`, and keys of groups in
//! parentheses.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    GroupByExpr, Ident, Query, Select, SetExpr, TableAlias, TableAliasColumnDef, TableFactor,
    Value,
};

use datafusion::sql::sqlparser::ast::helpers::attached_token::AttachedToken;

use super::fetch::template;

/// Compares the members of rows in the place of rows.
pub fn rewrite(expr: &mut Expr) {
    let replaced = match expr {
        Expr::BinaryOp { left, op, right } => match (members(left), members(right)) {
            (Some(left), Some(right)) if left.len() == right.len() => compared(&left, op, &right),
            _ => None,
        },
        Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => {
            return distinct(expr);
        }
        Expr::Between { expr: value, negated, low, high } => {
            match (members(value), members(low), members(high)) {
                (Some(value), Some(low), Some(high)) => {
                    let above = compared(&value, &BinaryOperator::GtEq, &low);
                    let below = compared(&value, &BinaryOperator::LtEq, &high);
                    above.zip(below).map(|(above, below)| {
                        negated_if(*negated, joined(vec![above, below], &BinaryOperator::And))
                    })
                }
                _ => None,
            }
        }
        Expr::InList { expr: value, list, negated } => in_list(value, list, *negated),
        Expr::InSubquery { expr: value, subquery, negated } => {
            members(value).and_then(|it| membership(&it, subquery, *negated))
        }
        _ => None,
    };
    if let Some(replaced) = replaced {
        *expr = replaced;
    }
}

/// Rows of subqueries that rows have to be among, or must not be among, as conditions: there null
/// is as good as false, and a join finds them.
pub fn conditions(select: &mut Select) {
    [&mut select.selection, &mut select.having].into_iter().flatten().for_each(condition);
}

fn condition(mut expr: &mut Expr) {
    loop {
        expr = match expr {
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                condition(right);
                left
            }
            Expr::Nested(inner) => inner,
            Expr::InSubquery { expr: value, subquery, negated } => {
                let form = if *negated { Rows::MayEqual } else { Rows::Equal };
                let found = members(value).and_then(|it| exists(&it, subquery, form, *negated));
                if let Some(found) = found {
                    *expr = found;
                }
                return;
            }
            _ => return,
        }
    }
}

/// The members of a row that is written as one, `(a, b)` or `ROW(a, b)`.
fn members(expr: &Expr) -> Option<Vec<Expr>> {
    match expr {
        Expr::Tuple(members) => Some(members.clone()),
        Expr::Nested(inner) => members(inner),
        Expr::Function(Function {
            name, args: FunctionArguments::List(list), over: None, ..
        }) if name.to_string() == "row" => {
            let member = |it: &FunctionArg| match it {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr.clone()),
                _ => None,
            };
            list.args.iter().map(member).collect()
        }
        _ => None,
    }
}

fn compared(left: &[Expr], op: &BinaryOperator, right: &[Expr]) -> Option<Expr> {
    use BinaryOperator::{And, Eq, Gt, GtEq, Lt, LtEq, NotEq, Or};
    let pairs = || left.iter().zip(right);
    match op {
        Eq => Some(joined(pairs().map(|(left, right)| binary(left, &Eq, right)).collect(), &And)),
        NotEq => {
            Some(joined(pairs().map(|(left, right)| binary(left, &NotEq, right)).collect(), &Or))
        }
        // The first members that differ decide.
        Lt | LtEq | Gt | GtEq => {
            let strict = if matches!(op, Lt | LtEq) { &Lt } else { &Gt };
            let mut pairs = pairs().rev();
            let (last, other) = pairs.next()?;
            let mut all = binary(last, op, other);
            for (left, right) in pairs {
                let rest = joined(vec![binary(left, &Eq, right), all], &And);
                all = joined(vec![binary(left, strict, right), rest], &Or);
            }
            Some(all)
        }
        _ => None,
    }
}

fn distinct(expr: &mut Expr) {
    let (left, right, is_not) = match &*expr {
        Expr::IsDistinctFrom(left, right) => (left, right, false),
        Expr::IsNotDistinctFrom(left, right) => (left, right, true),
        _ => return,
    };
    let (Some(left), Some(right)) = (members(left), members(right)) else { return };
    if left.len() != right.len() {
        return;
    }
    let boxed = |it: &Expr| Box::new(Expr::Nested(Box::new(it.clone())));
    let pairs = left.iter().zip(&right);
    let each = pairs.map(|(left, right)| {
        let distinct = if is_not { Expr::IsNotDistinctFrom } else { Expr::IsDistinctFrom };
        distinct(boxed(left), boxed(right))
    });
    let operator = if is_not { BinaryOperator::And } else { BinaryOperator::Or };
    *expr = joined(each.collect(), &operator);
}

fn in_list(value: &Expr, list: &[Expr], negated: bool) -> Option<Expr> {
    let value = members(value)?;
    let each = list.iter().map(|it| {
        let other = members(it).filter(|it| it.len() == value.len())?;
        compared(&value, &BinaryOperator::Eq, &other)
    });
    let each = each.collect::<Option<Vec<_>>>()?;
    Some(negated_if(negated, joined(each, &BinaryOperator::Or)))
}

/// A row is among those of a subquery if one of them equals it, is not if all of them surely
/// differ, and nobody knows otherwise.
fn membership(value: &[Expr], subquery: &Query, negated: bool) -> Option<Expr> {
    let when = |form| exists(value, subquery, form, false);
    let boolean = |it| Expr::Value(Value::Boolean(it).into());
    let branch = |condition, result| CaseWhen { condition, result };
    let branches = vec![
        branch(when(Rows::Equal)?, boolean(!negated)),
        branch(when(Rows::MayEqual)?, Expr::Value(Value::Null.into())),
    ];
    Some(Expr::Nested(Box::new(Expr::Case {
        case_token: AttachedToken::empty(),
        end_token: AttachedToken::empty(),
        operand: None,
        conditions: branches,
        else_result: Some(Box::new(boolean(negated))),
    })))
}

/// Which rows of a subquery are looked for.
#[derive(Clone, Copy, PartialEq)]
enum Rows {
    /// Those that equal a row.
    Equal,
    /// Those that do not surely differ from it.
    MayEqual,
}

/// Whether a subquery has such rows, or has none.
fn exists(value: &[Expr], subquery: &Query, form: Rows, negated: bool) -> Option<Expr> {
    let name = |it: usize| Ident::with_quote('"', format!("$member {it}"));
    let pairs = value.iter().enumerate().map(|(place, value)| {
        let equal = binary(value, &BinaryOperator::Eq, &Expr::Identifier(name(place)));
        if form == Rows::MayEqual { Expr::IsNotFalse(Box::new(equal)) } else { equal }
    });
    let condition = joined(pairs.collect(), &BinaryOperator::And);
    let mut body = template("SELECT 1 FROM (SELECT 1) AS \"$rows\" WHERE true").ok()?;
    if let SetExpr::Select(select) = &mut body {
        select.selection = Some(condition);
        if let Some(TableFactor::Derived { subquery: inner, alias, .. }) =
            select.from.first_mut().map(|it| &mut it.relation)
        {
            **inner = subquery.clone();
            let column = |it| TableAliasColumnDef { name: name(it), data_type: None };
            if let Some(TableAlias { columns, .. }) = alias {
                *columns = (0..value.len()).map(column).collect();
            }
        }
    }
    let mut query = subquery.clone();
    (query.with, query.order_by, query.limit_clause) = (None, None, None);
    *query.body = body;
    Some(Expr::Exists { subquery: Box::new(query), negated })
}

fn binary(left: &Expr, op: &BinaryOperator, right: &Expr) -> Expr {
    let boxed = |it: &Expr| Box::new(Expr::Nested(Box::new(it.clone())));
    let mut expr = Expr::BinaryOp { left: boxed(left), op: op.clone(), right: boxed(right) };
    // Members may be rows as well.
    rewrite(&mut expr);
    Expr::Nested(Box::new(expr))
}

/// In pairs, and pairs of pairs: one by one they would be as deep as there are many.
fn joined(mut parts: Vec<Expr>, op: &BinaryOperator) -> Expr {
    while parts.len() > 1 {
        let mut rest = parts.into_iter();
        parts = Vec::new();
        while let Some(left) = rest.next() {
            parts.push(match rest.next() {
                Some(right) => Expr::Nested(Box::new(Expr::BinaryOp {
                    left: Box::new(left),
                    op: op.clone(),
                    right: Box::new(right),
                })),
                None => left,
            });
        }
    }
    parts.pop().unwrap_or(Expr::Value(Value::Boolean(true).into()))
}

fn negated_if(negated: bool, expr: Expr) -> Expr {
    use datafusion::sql::sqlparser::ast::UnaryOperator;
    if !negated {
        return expr;
    }
    let expr = Box::new(Expr::Nested(Box::new(expr)));
    Expr::Nested(Box::new(Expr::UnaryOp { op: UnaryOperator::Not, expr }))
}

/// Keys of groups without the parentheses around several; `GROUP BY ()` is one group of all rows.
pub fn group_keys(select: &mut Select) {
    let GroupByExpr::Expressions(keys, modifiers) = &mut select.group_by else { return };
    if keys.is_empty() || !modifiers.is_empty() {
        return;
    }
    let flat = std::mem::take(keys).into_iter().flat_map(|key| match key {
        Expr::Tuple(members) => members,
        Expr::Nested(inner) => vec![*inner],
        other => vec![other],
    });
    *keys = flat.collect();
    if keys.is_empty() {
        let all = template("SELECT 1 HAVING count(*) >= 0").ok();
        let Some(SetExpr::Select(all)) = all else { return };
        select.having = match (select.having.take(), all.having) {
            (Some(one), Some(all)) => {
                let (left, right) = (Box::new(Expr::Nested(Box::new(one))), Box::new(all));
                Some(Expr::BinaryOp { left, op: BinaryOperator::And, right })
            }
            (one, all) => one.or(all),
        };
    }
}
