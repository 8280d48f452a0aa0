//! Trino's SQL (Athena's), as far as it differs from DataFusion's: how it is cut into tokens, parsed, and what its forms mean.
//!
//! This is the only place that knows about the difference in *form*. A statement passes through it once:
//!
//! ```text
//! text ──► tokens, identifiers folded ──► tree of our dialect ──► `rewrite`: Trino's forms in DataFusion's words
//! ```
//!
//! What is only a function of another meaning is in [`super::functions`]; what depends on types (a subscript of a map, of an array,
//! of a row) is decided in [`super::planner`], where they are known.

use std::any::TypeId;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::helpers::attached_token::AttachedToken;
use datafusion::sql::sqlparser::ast::{
    self, BinaryOperator, CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, SelectItem, SetExpr, Statement, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::{Dialect, GenericDialect};
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::guard;
use crate::model::{Error, Result};

/// Parses the one statement of a text and puts it into DataFusion's words.
pub fn parse(sql: &str) -> Result<Statement> {
    guard::check_text(sql)?;
    let mut statement = parse_one(sql)?;
    guard::check_statement(&statement)?;
    rewrite(&mut statement);
    Ok(statement)
}

fn parse_one(sql: &str) -> Result<Statement> {
    let mut tokens = Tokenizer::new(&TrinoDialect, sql)
        .tokenize_with_location()
        .map_err(|error| Error::invalid(format!("cannot read the SQL: {error}")))?;
    fold_identifiers(&mut tokens);
    let mut statements = Parser::new(&TrinoDialect)
        .with_recursion_limit(guard::MAX_NESTING)
        .with_tokens_with_locations(tokens)
        .parse_statements()
        .map_err(|error| syntax_error(&error.to_string()))?;
    match (statements.pop(), statements.len()) {
        (Some(statement), 0) => Ok(statement),
        (None, _) => Err(Error::invalid("there is no SQL statement")
            .with_help("give a query, for example 'SELECT count(*) FROM clinvar'")),
        (Some(_), more) => Err(Error::invalid(format!("{} SQL statements at once", more + 1))
            .with_help("give one statement at a time")),
    }
}

fn syntax_error(message: &str) -> Error {
    let message = message.strip_prefix("sql parser error: ").unwrap_or(message);
    Error::invalid(format!("cannot parse the SQL: {message}"))
}

/// Identifiers have no case in Athena, quoted or not. Done on tokens, because there a quoted word is still one.
fn fold_identifiers(tokens: &mut [TokenWithSpan]) {
    for token in tokens {
        if let Token::Word(word) = &mut token.token
            && word.value.chars().any(char::is_uppercase)
        {
            word.value = word.value.to_lowercase();
        }
    }
}

/// Trino's grammar, where sqlparser asks.
#[derive(Debug)]
struct TrinoDialect;

impl Dialect for TrinoDialect {
    fn dialect(&self) -> TypeId {
        // sqlparser reads UNNEST and subscripts only for dialects that it knows by type; lambdas it asks for below.
        TypeId::of::<GenericDialect>()
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_alphabetic() || ch == '_'
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_alphanumeric() || ch == '_'
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ch == '"'
    }

    fn supports_lambda_functions(&self) -> bool {
        true
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    fn supports_unicode_string_literal(&self) -> bool {
        true
    }

    fn supports_window_clause_named_window_reference(&self) -> bool {
        true
    }

    fn supports_window_function_null_treatment_arg(&self) -> bool {
        true
    }

    fn supports_parens_around_table_factor(&self) -> bool {
        true
    }

    fn supports_array_typedef_with_brackets(&self) -> bool {
        true
    }
}

fn rewrite(statement: &mut Statement) {
    let _ = statement.visit(&mut Rewriter);
}

struct Rewriter;

impl VisitorMut for Rewriter {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut ast::Query) -> ControlFlow<()> {
        // Before the expressions are rewritten: a column is named as the person wrote it.
        name_columns(&mut query.body);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr
            && let Some(rewritten) = rewrite_call(function)
        {
            *expr = rewritten;
        }
        ControlFlow::Continue(())
    }
}

/// Gives every computed column of a SELECT its own text as a name, as people know it from other engines; Trino has `_col0`.
fn name_columns(body: &mut SetExpr) {
    match body {
        SetExpr::Select(select) => {
            for item in &mut select.projection {
                if let SelectItem::UnnamedExpr(expr) = item
                    && !matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_))
                {
                    let alias = Ident::with_quote('"', expr.to_string());
                    *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias };
                }
            }
        }
        SetExpr::SetOperation { left, right, .. } => {
            name_columns(left);
            name_columns(right);
        }
        _ => {}
    }
}

/// A call that is another form in DataFusion.
fn rewrite_call(function: &mut Function) -> Option<Expr> {
    let [ast::ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else { return None };
    match name.value.as_str() {
        "if" => if_to_case(plain_arguments(function)?),
        "concat" => concat_to_operator(plain_arguments(function)?),
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

/// `concat(a, b, ...)` is null where a part is null, and joins arrays too: that is `a || b || ...` in DataFusion, whose `concat` skips nulls.
fn concat_to_operator(arguments: Vec<Expr>) -> Option<Expr> {
    if arguments.len() < 2 {
        return None;
    }
    let joined = arguments.into_iter().map(parenthesized).reduce(|left, right| Expr::BinaryOp {
        left: Box::new(left),
        op: BinaryOperator::StringConcat,
        right: Box::new(right),
    })?;
    Some(parenthesized(joined))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: &str) {
        assert_eq!(parse(sql).unwrap().to_string(), expected);
    }

    #[test]
    fn identifiers_have_no_case_even_quoted() {
        check(
            r#"SELECT C.Start, c."END" FROM ClinVar AS C WHERE x = 'Kept'"#,
            r#"SELECT c.start, c."end" FROM clinvar AS c WHERE x = 'Kept'"#,
        );
    }

    #[test]
    fn if_is_a_case_and_concat_an_operator() {
        check(
            "SELECT if(a > 1, 'x') AS y FROM t",
            "SELECT CASE WHEN a > 1 THEN 'x' END AS y FROM t",
        );
        check(
            "SELECT 1 AS y FROM t WHERE b = concat('chr', c)",
            "SELECT 1 AS y FROM t WHERE b = (('chr') || (c))",
        );
    }

    #[test]
    fn computed_columns_are_named_as_written() {
        check(
            "SELECT attributes['AF'], count(*), start FROM t",
            r#"SELECT attributes['AF'] AS "attributes['AF']", count(*) AS "count(*)", start FROM t"#,
        );
    }

    #[test]
    fn unnest_and_lambdas_parse_in_one_dialect() {
        assert!(parse("SELECT a FROM UNNEST(ARRAY[1, 2]) AS u(a)").is_ok());
        assert!(parse("SELECT any_match(filters, f -> f = 'PASS') FROM t").is_ok());
    }

    #[test]
    fn end_may_go_without_quotes() {
        check("SELECT end FROM t WHERE t.end > 5", "SELECT end FROM t WHERE t.end > 5");
    }
}
