//! Trino's SQL (Athena's), as far as it differs from DataFusion's: how it is cut into tokens,
//! parsed, and what its forms mean.
//!
//! This is the only place that knows about the difference in *form*. A statement passes through it
//! once:
//!
//! ```text
//! text ──► tokens, identifiers folded ──► tree of our dialect ──► `rewrite`: a tree in
//!                                                                 DataFusion's words
//! `tokens`, `token_forms`, `calls`, `forms`, `names`, …: a file for each kind of form
//! ```
//!
//! What is only a function of another meaning is in [`super::functions`]; what depends on types (a
//! subscript of a map, of an array, of a row; how many columns an UNNEST gives) is decided in
//! [`super::planner`], where they are known.

mod aggregates;
mod calls;
mod casts;
mod commands;
mod fetch;
mod forms;
mod hidden;
mod json;
mod lateral;
mod like;
mod literals;
mod names;
mod numbers;
mod quantified;
mod rewrite;
mod row_stars;
mod rows;
mod scan;
mod sets;
mod token_forms;
mod tokens;
mod types;
mod unicode;
mod unnest;
mod values;
mod walk;

pub use commands::{Command, Explain, ExplainKind, Pattern};
pub use hidden::{Named, PATH, column_of};
pub use literals::INTEGER;
pub use row_stars::ROW_STAR;
pub use sets::is_multiset;
pub use unnest::is_unnest_join;

use std::any::TypeId;

use datafusion::sql::sqlparser::ast::{Expr, Statement};
use datafusion::sql::sqlparser::dialect::{Dialect, GenericDialect, Precedence};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::guard;
use crate::model::{Error, Result};

/// A statement in DataFusion's words.
#[derive(Debug)]
pub struct ReadStatement {
    /// What it wants.
    pub command: Command,
    /// The query, or a DESCRIBE of the table that is asked about; none where what there is is asked
    /// for.
    pub statement: Option<Statement>,
    /// The hidden columns that it names, which its tables have as the columns that [`column_of`]
    /// names.
    pub hidden: Named,
}

/// Parses the one statement of a text and puts it into DataFusion's words.
pub fn parse(sql: &str) -> Result<ReadStatement> {
    let mut tokens = tokenized(sql)?;
    if let Some((sql, values)) = token_forms::immediate(&tokens) {
        tokens = token_forms::with_values(tokenized(&sql)?, values)?;
    }
    token_forms::check_parameters(&tokens)?;
    let (command, tokens) = commands::read(one(&tokens)?)?;
    match command {
        Command::Query | Command::Explain(_) => {
            let (statement, hidden) = query(&tokens)?;
            Ok(ReadStatement { command, statement: Some(statement), hidden })
        }
        _ => {
            let statement = if tokens.is_empty() { None } else { Some(commands::table(tokens)?) };
            Ok(ReadStatement { command, statement, hidden: Named::new() })
        }
    }
}

/// A text as tokens, without what stands between them.
fn tokenized(sql: &str) -> Result<Vec<TokenWithSpan>> {
    guard::check_text(sql)?;
    let mut tokens = Tokenizer::new(&TrinoDialect, sql)
        .tokenize_with_location()
        .map_err(|error| Error::invalid(format!("cannot read the SQL: {error}")))?;
    unicode::rewrite(&mut tokens)?;
    tokens::join_numbers(&mut tokens);
    tokens::check_numbers(&tokens)?;
    tokens::fold_identifiers(&mut tokens);
    tokens::drop_bare_from(&mut tokens);
    json::rewrite(&mut tokens);
    types::join(&mut tokens);
    tokens.retain(|it| !matches!(it.token, Token::Whitespace(_)));
    Ok(tokens)
}

/// The one statement among tokens.
fn one(tokens: &[TokenWithSpan]) -> Result<&[TokenWithSpan]> {
    let statements = tokens.split(|it| it.token == Token::SemiColon);
    let mut statements = statements.filter(|it| !it.is_empty());
    match (statements.next(), statements.count()) {
        (Some(one), 0) => Ok(one),
        (None, _) => Err(Error::invalid("there is no SQL statement")
            .with_help("give a query, for example 'SELECT count(*) FROM clinvar'")),
        (Some(_), more) => Err(Error::invalid(format!("{} SQL statements at once", more + 1))
            .with_help("give one statement at a time")),
    }
}

/// A query, and the hidden columns that it names.
fn query(tokens: &[TokenWithSpan]) -> Result<(Statement, Named)> {
    let tokens = token_forms::rewrite(tokens)?;
    let hidden = hidden::named_in(&tokens)?;
    let mut parser = Parser::new(&TrinoDialect)
        .with_recursion_limit(guard::MAX_NESTING)
        .with_tokens_with_locations(tokens);
    let mut statements =
        parser.parse_statements().map_err(|error| syntax_error(&error.to_string()))?;
    let Some(mut statement) = statements.pop() else {
        return Err(Error::invalid("there is no SQL statement"));
    };
    guard::check_statement(&statement)?;
    rewrite::rewrite(&mut statement)?;
    if !hidden.is_empty() {
        hidden::resolve(&mut statement, &hidden)?;
    }
    literals::type_integers(&mut statement);
    Ok((statement, hidden))
}

fn syntax_error(message: &str) -> Error {
    let message = message.strip_prefix("sql parser error: ").unwrap_or(message);
    let error = Error::invalid(format!("cannot parse the SQL: {message}"));
    // As of paths and URLs: `FROM data/calls.vcf`.
    if ["/", ":", "."].iter().any(|it| message.contains(&format!("found: {it} at "))) {
        return error.with_help("a file or a URL stands in single quotes, as in FROM 'calls.vcf'");
    }
    error
}

/// Trino's grammar, where sqlparser asks.
#[derive(Debug)]
struct TrinoDialect;

impl Dialect for TrinoDialect {
    fn dialect(&self) -> TypeId {
        // sqlparser reads UNNEST and subscripts only for dialects that it knows by type; lambdas it
        // asks for below.
        TypeId::of::<GenericDialect>()
    }

    /// `a IS DISTINCT FROM b AND c`: sqlparser would take all behind FROM for one side.
    fn parse_infix(
        &self,
        parser: &mut Parser,
        expr: &Expr,
        _: u8,
    ) -> Option<std::result::Result<Expr, ParserError>> {
        use Keyword::{DISTINCT, FROM, IS, NOT};
        let negated = parser.parse_keywords(&[IS, NOT, DISTINCT, FROM]);
        if !negated && !parser.parse_keywords(&[IS, DISTINCT, FROM]) {
            return None;
        }
        let right = parser.parse_subexpr(self.prec_value(Precedence::Eq));
        let comparison = if negated { Expr::IsNotDistinctFrom } else { Expr::IsDistinctFrom };
        Some(right.map(|right| comparison(Box::new(expr.clone()), Box::new(right))))
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

    fn allow_extract_custom(&self) -> bool {
        true
    }

    fn supports_comma_separated_trim(&self) -> bool {
        true
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

    fn supports_select_expr_star(&self) -> bool {
        true
    }

    /// `v.* AS (a, b)`, as [`token_forms`] writes it.
    fn supports_select_wildcard_with_alias(&self) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: &str) {
        let found = parse(sql).unwrap().statement.unwrap().to_string();
        assert_eq!(found.replace(" $integer NULL", ""), expected);
    }

    #[test]
    fn identifiers_have_no_case_even_quoted() {
        check(
            r#"SELECT C.Start, c."END" FROM ClinVar AS C WHERE x = 'Kept'"#,
            r#"SELECT c.start AS "start", c."end" AS "end" FROM clinvar AS c WHERE x = 'Kept'"#,
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
            "SELECT a['AF'], count(*), start FROM t",
            r#"SELECT a['AF'] AS "a['AF']", count(*) AS "count(*)", start FROM t"#,
        );
    }

    #[test]
    fn fields_of_rows_are_reached_through_subscripts_and_in_lambdas() {
        check(
            "SELECT 1 AS y FROM v WHERE v.annotations.vep[1].symbol = 'X'",
            "SELECT 1 AS y FROM v WHERE v.annotations.vep[1]['symbol'] = 'X'",
        );
        check(
            "SELECT any_match(v, x -> x.exon.rank = x.y OR v.x = 1) AS y FROM t",
            "SELECT any_match(v, x -> x['exon']['rank'] = x['y'] OR v.x = 1) AS y FROM t",
        );
    }

    #[test]
    fn an_unnest_is_joined_to_all_that_stands_before_it() {
        check(
            "SELECT x FROM a, b CROSS JOIN UNNEST(a.x, b.y) AS u(x, y) JOIN c ON true",
            "SELECT x FROM ((a CROSS JOIN b) CROSS JOIN UNNEST(a.x, b.y) AS u (x, y)) \
             JOIN c ON true",
        );
        check(
            "SELECT x FROM a, UNNEST(a.x) AS u(x), UNNEST(u.x) WITH ORDINALITY AS w(y, n)",
            "SELECT x FROM ((a CROSS JOIN UNNEST(a.x) AS u (x)) \
             CROSS JOIN UNNEST(u.x) WITH ORDINALITY AS w (y, n))",
        );
    }

    #[test]
    fn unnest_and_lambdas_parse_in_one_dialect() {
        assert!(parse("SELECT a FROM UNNEST(ARRAY[1, 2]) AS u(a)").is_ok());
        assert!(parse("SELECT any_match(filters, f -> f = 'PASS') FROM t").is_ok());
    }

    #[test]
    fn a_number_does_not_run_into_a_name() {
        for (sql, name) in [
            ("SELECT 1000g_af FROM t", "\"1000g_af\""),
            ("SELECT 1e5x", "\"1e5x\""),
            ("SELECT 0x1g", "\"0x1g\""),
            ("SELECT a FROM 1FROM", "\"1FROM\""),
            ("SELECT 10L", "\"10L\""),
            ("SELECT info.1000G FROM t", "\"1000G\""),
            ("SELECT info.1000 FROM t", "\"1000\""),
            ("SELECT 1_0a", "\"1_0a\""),
            ("SELECT 0b12", "\"0b12\""),
            ("SELECT 1.5x", "blank"),
        ] {
            let error = parse(sql).unwrap_err();
            assert!(error.to_string().contains("must not"), "{sql}: {error}");
            assert!(error.help().unwrap().contains(name), "{sql}: {:?}", error.help());
        }
        for sql in [
            "SELECT 1e5, 1E-5, .5, 1.5, 1., 0x1F, a1, -1",
            "SELECT a FROM t WHERE b=1 OR(c)=2 LIMIT 10",
            "SELECT CASE WHEN a>1 THEN 2 END, \"1000g_af\", 1 b, 1\"c\" FROM t",
        ] {
            assert!(parse(sql).is_ok(), "{sql}: {:?}", parse(sql));
        }
    }

    #[test]
    fn numbers_may_have_groups_and_bases() {
        check(
            "SELECT 1_000 + 0x1F - 0b101 * 0o17, 1_000.25, X'1F', 0 b1 FROM t",
            "SELECT 1000 + 31 - 5 * 15 AS \"1000 + 31 - 5 * 15\", 1000.25 AS \"1000.25\", \
             X'1F' AS \"X'1F'\", 0 AS b1 FROM t",
        );
    }

    #[test]
    fn a_comparison_with_nulls_ends_where_and_begins() {
        check(
            "SELECT 1 AS y FROM t WHERE NOT a + 1 IS DISTINCT FROM b - 1 AND c OR d",
            "SELECT 1 AS y FROM t WHERE NOT a + 1 IS DISTINCT FROM b - 1 AND c OR d",
        );
        let parsed = parse("SELECT a IS NOT DISTINCT FROM b AND c OR d AS y FROM t").unwrap();
        let text = format!("{:?}", parsed.statement);
        assert!(text.contains("left: IsNotDistinctFrom("), "{text}");
    }

    #[test]
    fn end_may_go_without_quotes() {
        check("SELECT end FROM t WHERE t.end > 5", "SELECT end FROM t WHERE t.end > 5");
    }
}
