//! Statements that ask for names rather than for rows, and those that are no queries at all: told
//! by their first words, before sqlparser sees them.

use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

use datafusion::sql::sqlparser::ast::Statement;

use super::TrinoDialect;
use super::scan::{closing, is_word, one_of};
use crate::model::{Error, Result};
use crate::query::guard;

/// What a statement wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Rows.
    Query,
    /// The plan of a query.
    Explain(Explain),
    /// The tables, of those that a pattern takes.
    Tables(Option<Pattern>, Option<String>),
    /// The user's own views.
    Views(Option<Pattern>),
    /// The databases.
    Schemas(Option<Pattern>),
    /// The catalogs.
    Catalogs(Option<Pattern>),
    /// The functions.
    Functions(Option<Pattern>),
    /// The columns of a table.
    Columns(Option<Pattern>),
    /// The statement that would make a table or a view.
    Create,
    /// What is known of a table's values.
    Stats,
    /// The partitions of a table, which has none.
    Partitions,
    /// Facts about a table.
    Properties,
}

/// How a plan is to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Explain {
    /// Whether the query runs, and the plan tells what it took.
    pub analyze: bool,
    /// What is shown.
    pub kind: ExplainKind,
    /// Whether it is JSON.
    pub json: bool,
}

/// What EXPLAIN shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExplainKind {
    /// What is computed.
    Logical,
    /// What runs.
    Distributed,
    /// That the query is a right one.
    Validate,
}

/// Which names a SHOW shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The text.
    pub text: String,
    /// The escape of LIKE.
    pub escape: Option<char>,
    /// Whether it is a pattern of Hive, in which `*` stands for any characters and `|` for or.
    pub of_hive: bool,
}

/// A statement by its first words: what it wants, and what is left to parse: a query, or the name
/// of a table, which is given as `DESCRIBE name`.
pub fn read(tokens: &[TokenWithSpan]) -> Result<(Command, Vec<TokenWithSpan>)> {
    let tokens = match tokens {
        [rest @ .., last] if last.token == Token::SemiColon => rest,
        all => all,
    };
    let Some(first) = tokens.first() else { return Ok((Command::Query, Vec::new())) };
    let Token::Word(word) = &first.token else { return Ok((Command::Query, tokens.to_vec())) };
    match word.value.to_lowercase().as_str() {
        _ if word.quote_style.is_some() => Ok((Command::Query, tokens.to_vec())),
        "select" | "with" | "values" | "table" => Ok((Command::Query, tokens.to_vec())),
        "show" => show(tokens),
        "describe" | "desc" => describe(tokens),
        "explain" => explain(tokens),
        word if guard::is_statement(word) => Err(guard::not_a_query(&first_words(tokens))),
        word => {
            let message = format!("cannot parse the SQL: no statement begins with `{word}`");
            Err(Error::invalid(message)
                .with_help("use SELECT, WITH, VALUES, TABLE, EXPLAIN, DESCRIBE or SHOW"))
        }
    }
}

fn first_words(tokens: &[TokenWithSpan]) -> String {
    let words = tokens.iter().map_while(|it| match &it.token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_uppercase()),
        _ => None,
    });
    words.take(2).collect::<Vec<_>>().join(" ")
}

fn describe(tokens: &[TokenWithSpan]) -> Result<(Command, Vec<TokenWithSpan>)> {
    let mut rest = &tokens[1..];
    if one_of(rest.first(), &["input", "output"]) && rest.len() == 2 {
        return Err(guard::not_a_query("DESCRIBE of a prepared statement"));
    }
    if one_of(rest.first(), &["formatted", "extended"]) && rest.len() > 1 {
        rest = &rest[1..];
    }
    if one_of(rest.first(), &["table"]) && rest.len() > 1 {
        rest = &rest[1..];
    }
    Ok((Command::Columns(None), described(&tokens[0], rest)))
}

/// `DESCRIBE name`
fn described(place: &TokenWithSpan, name: &[TokenWithSpan]) -> Vec<TokenWithSpan> {
    let describe = TokenWithSpan { token: Token::make_keyword("describe"), span: place.span };
    [&[describe], name].concat()
}

fn explain(tokens: &[TokenWithSpan]) -> Result<(Command, Vec<TokenWithSpan>)> {
    let mut rest = &tokens[1..];
    let mut how = Explain { analyze: false, kind: ExplainKind::Distributed, json: false };
    if is_word(rest.first(), "analyze") {
        how.analyze = true;
        rest = &rest[1..];
    }
    if is_word(rest.first(), "verbose") {
        rest = &rest[1..];
    }
    let options = |it: &TokenWithSpan| one_of(Some(it), &["type", "format"]);
    if rest.first().is_some_and(|it| it.token == Token::LParen)
        && rest.get(1).is_some_and(options)
        && let Some(end) = closing(rest, 0)
    {
        for option in super::scan::comma_parts(&rest[1..end]) {
            how.take(option)?;
        }
        rest = &rest[end + 1..];
    }
    match read(rest)? {
        (Command::Query, query) if !query.is_empty() => Ok((Command::Explain(how), query)),
        (Command::Columns(_), table) if !how.analyze => Ok((Command::Columns(None), table)),
        // `EXPLAIN t` was DESCRIBE in elder versions.
        _ => Err(Error::invalid("EXPLAIN takes a query")
            .with_help("write EXPLAIN SELECT ..., or DESCRIBE for the columns of a table")),
    }
}

impl Explain {
    fn take(&mut self, option: &[TokenWithSpan]) -> Result<()> {
        let usage = || {
            Error::invalid("EXPLAIN has no such option").with_help(
                "it takes TYPE LOGICAL, DISTRIBUTED or VALIDATE, and FORMAT TEXT or JSON",
            )
        };
        let value = match option {
            [_, value] => Some(value),
            _ => None,
        };
        if is_word(option.first(), "type") {
            self.kind = match value {
                it if is_word(it, "logical") => ExplainKind::Logical,
                it if is_word(it, "distributed") => ExplainKind::Distributed,
                it if is_word(it, "validate") => ExplainKind::Validate,
                _ => return Err(usage()),
            };
        } else {
            self.json = match value {
                it if is_word(it, "json") => true,
                it if is_word(it, "text") => false,
                _ => return Err(usage()),
            };
        }
        Ok(())
    }
}

fn show(tokens: &[TokenWithSpan]) -> Result<(Command, Vec<TokenWithSpan>)> {
    let rest = tokens.get(2..).unwrap_or_default();
    let table = |rest: &[TokenWithSpan]| described(&tokens[0], rest);
    let what = match tokens.get(1).map(|it| &it.token) {
        Some(Token::Word(word)) => word.value.to_lowercase(),
        _ => String::new(),
    };
    Ok(match what.as_str() {
        "tables" => {
            let (database, pattern) = within(rest)?;
            (Command::Tables(pattern, database), Vec::new())
        }
        "views" => (Command::Views(within(rest)?.1), Vec::new()),
        "schemas" | "databases" => (Command::Schemas(within(rest)?.1), Vec::new()),
        "catalogs" => (Command::Catalogs(pattern(rest)?), Vec::new()),
        "functions" => (Command::Functions(within(rest)?.1), Vec::new()),
        "columns" | "fields" if one_of(rest.first(), &["from", "in"]) => {
            // The name may be that of a file, in single quotes.
            let end = rest.iter().skip(2).position(is_like).map_or(rest.len(), |it| it + 2);
            (Command::Columns(pattern(&rest[end..])?), table(&rest[1..end]))
        }
        "create" if one_of(rest.first(), &["table", "view"]) => {
            (Command::Create, table(&rest[1..]))
        }
        "stats" if is_word(rest.first(), "for") => (Command::Stats, table(&rest[1..])),
        "partitions" => {
            let rest = if one_of(rest.first(), &["from", "in"]) { &rest[1..] } else { rest };
            (Command::Partitions, table(rest))
        }
        "tblproperties" => {
            let end = rest.iter().position(|it| it.token == Token::LParen);
            (Command::Properties, table(&rest[..end.unwrap_or(rest.len())]))
        }
        _ => return Err(guard::not_a_query(&first_words(tokens))),
    })
}

fn is_like(token: &TokenWithSpan) -> bool {
    is_word(Some(token), "like") || matches!(token.token, Token::SingleQuotedString(_))
}

/// `IN database LIKE 'pattern'`
fn within(tokens: &[TokenWithSpan]) -> Result<(Option<String>, Option<Pattern>)> {
    if !one_of(tokens.first(), &["from", "in"]) {
        return Ok((None, pattern(tokens)?));
    }
    let end = tokens.iter().position(is_like).unwrap_or(tokens.len());
    let name = tokens[1..end].iter().rev().find_map(|it| match &it.token {
        Token::Word(word) => Some(word.value.to_lowercase()),
        _ => None,
    });
    Ok((name, pattern(&tokens[end..])?))
}

fn pattern(tokens: &[TokenWithSpan]) -> Result<Option<Pattern>> {
    let text = |it: &TokenWithSpan| match &it.token {
        Token::SingleQuotedString(text) => Some(text.clone()),
        _ => None,
    };
    let found = match tokens {
        [] => return Ok(None),
        [one] => text(one).map(|text| Pattern { text, escape: None, of_hive: true }),
        [like, one] if is_word(Some(like), "like") => {
            // Athena's own documentation writes `LIKE 'gen*'`.
            text(one).map(|text| Pattern { of_hive: text.contains('*'), text, escape: None })
        }
        [like, one, escape, character]
            if is_word(Some(like), "like") && is_word(Some(escape), "escape") =>
        {
            let escape = text(character).and_then(|it| it.chars().next());
            text(one).map(|text| Pattern { text, escape, of_hive: false })
        }
        _ => None,
    };
    let help = "write LIKE 'clin%' behind it";
    found.map(Some).ok_or_else(|| Error::invalid("SHOW takes a pattern").with_help(help))
}

impl Pattern {
    /// Whether a name is one that the pattern takes, in any case.
    pub fn takes(&self, name: &str) -> bool {
        let mut regex = String::from("(?is)^(?:");
        let mut rest = self.text.chars();
        while let Some(character) = rest.next() {
            match character {
                it if Some(it) == self.escape => {
                    regex.extend(rest.next().map(|it| regex::escape(&it.to_string())));
                }
                '*' if self.of_hive => regex.push_str(".*"),
                '|' if self.of_hive => regex.push('|'),
                '%' if !self.of_hive => regex.push_str(".*"),
                '_' if !self.of_hive => regex.push('.'),
                it => regex.push_str(&regex::escape(&it.to_string())),
            }
        }
        regex.push_str(")$");
        regex::Regex::new(&regex).is_ok_and(|it| it.is_match(name))
    }
}

/// Reads `DESCRIBE name` as sqlparser does.
pub fn table(tokens: Vec<TokenWithSpan>) -> Result<Statement> {
    let usage = || {
        Error::invalid("the name of a table was expected")
            .with_help("write for example DESCRIBE clinvar, or DESCRIBE clinvar.v2")
    };
    let mut parser = Parser::new(&TrinoDialect).with_tokens_with_locations(tokens);
    let statement = parser.parse_statement().map_err(|_| usage())?;
    match (&statement, parser.peek_token().token) {
        (Statement::ExplainTable { .. }, Token::EOF) => Ok(statement),
        _ => Err(usage()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_whole_names() {
        let pattern =
            |text: &str, of_hive| Pattern { text: text.to_owned(), escape: Some('\\'), of_hive };
        for (given, name, is_taken) in [
            (pattern("gen%", false), "Genes", true),
            (pattern("gen%", true), "genes", false),
            (pattern("gen*", true), "genes", true),
            (pattern("a|g*s", true), "genes", true),
            (pattern("a_c", false), "abc", true),
            (pattern("a\\_c", false), "abc", false),
            (pattern("a.c", false), "abc", false),
            (pattern("ene", false), "genes", false),
        ] {
            assert_eq!(given.takes(name), is_taken, "{given:?} {name}");
        }
    }
}
