//! Calls that are another form in DataFusion.

use datafusion::sql::sqlparser::ast::helpers::attached_token::AttachedToken;
use datafusion::sql::sqlparser::ast::{
    BinaryOperator, CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    Ident, ObjectName, ObjectNamePart, UnaryOperator,
};

/// What a call is in DataFusion's words; none where it may stay.
pub fn rewrite(function: &mut Function) -> Option<Expr> {
    let [ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else { return None };
    match name.value.as_str() {
        "if" => if_to_case(plain_arguments(function)?),
        "concat" => concat_to_operator(plain_arguments(function)?),
        "none_match" => Some(not(any_match(function))),
        "all_match" => {
            negate_lambda(function)?;
            Some(not(any_match(function)))
        }
        _ => None,
    }
}

/// `if(condition, yes [, no])` is `CASE WHEN condition THEN yes ELSE no END`.
fn if_to_case(arguments: Vec<Expr>) -> Option<Expr> {
    let mut arguments = arguments.into_iter();
    let (condition, result) = (arguments.next()?, arguments.next()?);
    let else_result = arguments.next().map(Box::new);
    arguments.next().is_none().then(|| Expr::Case {
        case_token: AttachedToken::empty(),
        end_token: AttachedToken::empty(),
        operand: None,
        conditions: vec![CaseWhen { condition, result }],
        else_result,
    })
}

/// `concat(a, b, ...)` is null where a part is null, and joins arrays too: that is `a || b || ...`
/// in DataFusion, whose `concat` skips nulls.
fn concat_to_operator(arguments: Vec<Expr>) -> Option<Expr> {
    if arguments.len() < 2 {
        return None;
    }
    let mut parts: Vec<Expr> = arguments.into_iter().map(parenthesized).collect();
    // In pairs, and pairs of pairs: one by one they would be as deep as there are many.
    while parts.len() > 1 {
        let mut rest = parts.into_iter();
        parts = Vec::new();
        while let Some(left) = rest.next() {
            parts.push(match rest.next() {
                Some(right) => parenthesized(Expr::BinaryOp {
                    left: Box::new(left),
                    op: BinaryOperator::StringConcat,
                    right: Box::new(right),
                }),
                None => left,
            });
        }
    }
    parts.pop()
}

fn any_match(function: &Function) -> Expr {
    let name = ObjectName(vec![ObjectNamePart::Identifier(Ident::new("any_match"))]);
    Expr::Function(Function { name, ..function.clone() })
}

/// Nulls come out as in Trino: `NOT` keeps them.
fn not(expr: Expr) -> Expr {
    parenthesized(Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(expr) })
}

/// Every element matches where none fails to.
fn negate_lambda(function: &mut Function) -> Option<()> {
    let FunctionArguments::List(list) = &mut function.args else { return None };
    let [_, FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Lambda(lambda)))] =
        list.args.as_mut_slice()
    else {
        return None;
    };
    let expr = Box::new(parenthesized((*lambda.body).clone()));
    *lambda.body = Expr::UnaryOp { op: UnaryOperator::Not, expr };
    Some(())
}

fn parenthesized(expr: Expr) -> Expr {
    Expr::Nested(Box::new(expr))
}

/// The arguments of a call that has nothing but them.
fn plain_arguments(function: &Function) -> Option<Vec<Expr>> {
    let FunctionArguments::List(list) = &function.args else { return None };
    if list.duplicate_treatment.is_some() || !list.clauses.is_empty() || function.over.is_some() {
        return None;
    }
    let expr = |argument: &FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr.clone()),
        _ => None,
    };
    list.args.iter().map(expr).collect()
}
