//! Aggregates whose form is another in DataFusion: `listagg` and `reduce_agg`.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArgumentList, FunctionArguments, Ident, LambdaFunction, LambdaFunctionParameter,
    LambdaSyntax, ListAggOnOverflow, ObjectName, OneOrManyWithParens, Value,
};

use super::numbers::call;

/// `listagg(x, ',' ON OVERFLOW ...) WITHIN GROUP (ORDER BY y)` is
/// `listagg(x, ',', fails, filler, counts ORDER BY y)`.
pub fn listagg(function: &mut Function) {
    let FunctionArguments::List(list) = &mut function.args else { return };
    let is_overflow =
        |it: &FunctionArgumentClause| matches!(it, FunctionArgumentClause::OnOverflow(_));
    let overflow = list.clauses.iter().position(is_overflow).map(|at| list.clauses.remove(at));
    if list.args.len() == 1 {
        list.args.push(argument(text("")));
    }
    if let Some(FunctionArgumentClause::OnOverflow(ListAggOnOverflow::Truncate {
        filler,
        with_count,
    })) = overflow
    {
        let boolean = |it: bool| Expr::Value(Value::Boolean(it).into());
        let filler = filler.map_or_else(|| text("..."), |it| *it);
        list.args.extend([boolean(false), filler, boolean(with_count)].map(argument));
    }
    let order = std::mem::take(&mut function.within_group);
    if !order.is_empty() {
        list.clauses.push(FunctionArgumentClause::OrderBy(order));
    }
}

/// `reduce_agg(x, first, (s, x) -> ..., (s, t) -> ...)` reduces the array of all values that are
/// not null with the first lambda.
pub fn reduce_agg(function: &Function) -> Option<Expr> {
    let FunctionArguments::List(list) = &function.args else { return None };
    let [value, first, step, FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Lambda(_)))] =
        list.args.as_slice()
    else {
        return None;
    };
    let FunctionArg::Unnamed(FunctionArgExpr::Expr(plain)) = value else { return None };
    let present = Expr::IsNotNull(Box::new(Expr::Nested(Box::new(plain.clone()))));
    let filter = match &function.filter {
        Some(filter) => {
            let filter = Box::new(Expr::Nested(filter.clone()));
            Expr::BinaryOp { left: filter, op: BinaryOperator::And, right: Box::new(present) }
        }
        None => present,
    };
    let arguments = FunctionArgumentList { args: vec![value.clone()], ..list.clone() };
    let all = Function {
        name: ObjectName::from(vec![Ident::new("array_agg")]),
        args: FunctionArguments::List(arguments),
        filter: Some(Box::new(filter)),
        ..function.clone()
    };
    let state = Ident::new("$state");
    let same = Expr::Lambda(LambdaFunction {
        params: OneOrManyWithParens::One(LambdaFunctionParameter {
            name: state.clone(),
            data_type: None,
        }),
        body: Box::new(Expr::Identifier(state)),
        syntax: LambdaSyntax::Arrow,
    });
    let expr = |it: &FunctionArg| match it {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(it)) => Some(it.clone()),
        _ => None,
    };
    Some(call("reduce", [Expr::Function(all), expr(first)?, expr(step)?, same]))
}

fn argument(expr: Expr) -> FunctionArg {
    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))
}

fn text(text: &str) -> Expr {
    Expr::Value(Value::SingleQuotedString(text.to_owned()).into())
}
