//! Calls that are another form in DataFusion.

use datafusion::sql::sqlparser::ast::helpers::attached_token::AttachedToken;
use datafusion::sql::sqlparser::ast::{
    Array, BinaryOperator, CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, LambdaFunction, LambdaFunctionParameter, LambdaSyntax, ObjectName,
    ObjectNamePart, OneOrManyWithParens, Value,
};

use super::numbers::call;
use super::{aggregates, literals};

/// What a call is in DataFusion's words; none where it may stay.
pub fn rewrite(function: &mut Function) -> Option<Expr> {
    let [ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else { return None };
    match name.value.as_str() {
        "if" => if_to_case(plain_arguments(function)?),
        "concat" => concat_to_operator(plain_arguments(function)?),
        "mod" => remainder(plain_arguments(function)?),
        "random" | "rand" => random(plain_arguments(function)?),
        "try" => attempt(function),
        "listagg" => {
            aggregates::listagg(function);
            None
        }
        "reduce_agg" => aggregates::reduce_agg(function),
        "map" => empty_map(&plain_arguments(function)?),
        "shuffle" => shuffle(plain_arguments(function)?),
        "array_sort" | "array_first" => with_lambda(function),
        "count" => {
            count_all(function);
            None
        }
        "typeof" => {
            let name = literals::type_name(plain_arguments(function)?.first()?)?;
            Some(Expr::Value(Value::SingleQuotedString(name).into()))
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

/// `count(1)` is `count(*)`, of which the engine knows the answer.
fn count_all(function: &mut Function) {
    if let FunctionArguments::List(list) = &mut function.args
        && list.duplicate_treatment.is_none()
        && let [FunctionArg::Unnamed(argument)] = list.args.as_mut_slice()
        && let FunctionArgExpr::Expr(Expr::Value(value)) = argument
        && matches!(value.value, Value::Number(..))
    {
        *argument = FunctionArgExpr::Wildcard;
    }
}

/// `mod(a, b)` is `a % b`.
fn remainder(arguments: Vec<Expr>) -> Option<Expr> {
    let [left, right] = <[Expr; 2]>::try_from(arguments).ok()?.map(parenthesized).map(Box::new);
    Some(parenthesized(Expr::BinaryOp { left, op: BinaryOperator::Modulo, right }))
}

/// `random(n)` is an integer from 0 to below `n`, `random(m, n)` one from `m`: a share of them.
fn random(arguments: Vec<Expr>) -> Option<Expr> {
    let share = || call("random", []);
    let zero = || Expr::Value(Value::Number("0".to_owned(), false).into());
    let mut arguments = arguments.into_iter();
    match (arguments.next(), arguments.next(), arguments.next()) {
        (None, ..) => Some(share()),
        (Some(end), None, _) => Some(call("$random", [share(), zero(), end])),
        (Some(first), Some(end), None) => Some(call("$random", [share(), first, end])),
        _ => None,
    }
}

/// `map()` is a map of no keys and no values.
fn empty_map(arguments: &[Expr]) -> Option<Expr> {
    let nothing = || Expr::Array(Array { elem: Vec::new(), named: true });
    arguments.is_empty().then(|| call("map", [nothing(), nothing()]))
}

/// `shuffle(array)` gets a number for each row that its order comes from.
fn shuffle(arguments: Vec<Expr>) -> Option<Expr> {
    let [array] = <[Expr; 1]>::try_from(arguments).ok()?;
    Some(call("$shuffle", [array, call("random", [])]))
}

/// The argument of `try` as a lambda, which may be tried anew on fewer rows.
fn attempt(function: &mut Function) -> Option<Expr> {
    let arguments = plain_arguments(function)?;
    let [body] = <[Expr; 1]>::try_from(arguments).ok()?;
    let row = LambdaFunctionParameter { name: Ident::new("$row"), data_type: None };
    let lambda = Expr::Lambda(LambdaFunction {
        params: OneOrManyWithParens::One(row),
        body: Box::new(body),
        syntax: LambdaSyntax::Arrow,
    });
    Some(call("try", [lambda]))
}

/// A function that takes a lambda or none is another one with a lambda: `$array_sort`.
fn with_lambda(function: &Function) -> Option<Expr> {
    let FunctionArguments::List(list) = &function.args else { return None };
    let is_lambda = |it: &FunctionArg| {
        matches!(it, FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Lambda(_))))
    };
    if !list.args.iter().any(is_lambda) {
        return None;
    }
    let name = ObjectNamePart::Identifier(Ident::new(format!("${}", function.name)));
    Some(Expr::Function(Function { name: ObjectName(vec![name]), ..function.clone() }))
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
