//! Forms of Trino that sqlparser cannot read, put into those that it can while they are tokens:
//! `VALUES 1, 2`, `TABLE t`, `FOR TIMESTAMP AS OF`.

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use super::row_stars::NAMES;
use super::scan::{closing, comma_parts, is_word, one_of};
use crate::model::{Error, Result};
use crate::query::guard;

/// What ends the rows of VALUES, or an expression that stands behind a table's name.
const CLAUSES: [&str; 23] = [
    "order",
    "limit",
    "offset",
    "fetch",
    "union",
    "except",
    "intersect",
    "where",
    "group",
    "having",
    "window",
    "join",
    "inner",
    "left",
    "right",
    "full",
    "cross",
    "natural",
    "on",
    "using",
    "as",
    "tablesample",
    "for",
];

/// Puts the forms in a statement into others. Blanks and comments are no tokens here.
pub fn rewrite(tokens: &[TokenWithSpan]) -> Result<Vec<TokenWithSpan>> {
    let mut out = Out { tokens: Vec::with_capacity(tokens.len()), depth: 0 };
    out.rewritten(tokens)?;
    Ok(out.tokens)
}

/// The tokens that were rewritten.
struct Out {
    tokens: Vec<TokenWithSpan>,
    /// How deep the walk is in parentheses that it looks into.
    depth: usize,
}

impl Out {
    fn rewritten(&mut self, tokens: &[TokenWithSpan]) -> Result<()> {
        self.depth += 1;
        if self.depth > guard::MAX_NESTING {
            let message = format!("the SQL is nested more than {} deep", guard::MAX_NESTING);
            return Err(Error::invalid(message));
        }
        walk(tokens, self)?;
        self.depth -= 1;
        Ok(())
    }

    fn push(&mut self, token: TokenWithSpan) {
        self.tokens.push(token);
    }

    fn extend(&mut self, tokens: impl IntoIterator<Item = TokenWithSpan>) {
        self.tokens.extend(tokens);
    }
}

fn walk(tokens: &[TokenWithSpan], out: &mut Out) -> Result<()> {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let begins_query = begins_query(tokens, at);
        if begins_query && is_word(Some(token), "values") {
            at = values(tokens, at, out)?;
        } else if begins_query
            && is_word(Some(token), "table")
            && matches!(tokens.get(at + 1).map(|it| &it.token), Some(Token::Word(_)))
        {
            out.extend(words(token, &["select", "*", "from"]));
            at += 1;
        } else if is_word(Some(token), "for")
            && one_of(tokens.get(at + 1), &["timestamp", "version"])
            && is_word(tokens.get(at + 2), "as")
            && is_word(tokens.get(at + 3), "of")
        {
            at = as_of(tokens, at)?;
        } else if let Some((names, behind)) = names_of_fields(tokens, at) {
            out.extend([token.clone(), tokens[at + 1].clone(), names]);
            at = behind;
        } else if is_word(Some(token), "match_recognize") && opens(tokens.get(at + 1)) {
            return Err(Error::invalid("MATCH_RECOGNIZE is not supported")
                .with_help("window functions such as lag and lead compare a row with others"));
        } else {
            out.push(token.clone());
            at += 1;
        }
    }
    Ok(())
}

/// The names of `.* AS (a, b)` as one, and the place of the first token behind them.
fn names_of_fields(tokens: &[TokenWithSpan], at: usize) -> Option<(TokenWithSpan, usize)> {
    let is_star = tokens[at].token == Token::Mul
        && at.checked_sub(1).is_some_and(|it| tokens[it].token == Token::Period);
    if !is_star || !is_word(tokens.get(at + 1), "as") || !opens(tokens.get(at + 2)) {
        return None;
    }
    let close = closing(tokens, at + 2)?;
    let name = |part: &[TokenWithSpan]| match part {
        [TokenWithSpan { token: Token::Word(word), .. }] => Some(word.value.clone()),
        _ => None,
    };
    let names = comma_parts(&tokens[at + 3..close]).into_iter().map(name);
    let value = names.collect::<Option<Vec<_>>>()?.join(&NAMES.to_string());
    let word = Word { value, quote_style: Some('"'), keyword: Keyword::NoKeyword };
    Some((TokenWithSpan { token: Token::Word(word), span: tokens[at].span }, close + 1))
}

fn opens(token: Option<&TokenWithSpan>) -> bool {
    token.is_some_and(|it| it.token == Token::LParen)
}

/// Whether a query may begin here.
fn begins_query(tokens: &[TokenWithSpan], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|it| &tokens[it]) else { return true };
    let set = ["union", "all", "distinct", "except", "intersect"];
    matches!(before.token, Token::LParen | Token::RParen) || one_of(Some(before), &set)
}

/// Tokens at the place of another.
pub fn words<'a>(
    place: &'a TokenWithSpan,
    words: &'a [&'a str],
) -> impl Iterator<Item = TokenWithSpan> + 'a {
    words.iter().map(|word| {
        let token = match *word {
            "*" => Token::Mul,
            "(" => Token::LParen,
            ")" => Token::RParen,
            word => Token::make_keyword(word),
        };
        TokenWithSpan { token, span: place.span }
    })
}

/// The rows of VALUES, each in parentheses; as a subquery where only SELECT is read as one. Gives
/// the place of the first token behind them.
fn values(tokens: &[TokenWithSpan], at: usize, out: &mut Out) -> Result<usize> {
    let before = at.checked_sub(2).and_then(|it| tokens.get(it));
    let within = at > 0 && opens(tokens.get(at - 1));
    let selected = within && !one_of(before, &["from", "join", "lateral", "as"]);
    let place = &tokens[at];
    if selected {
        out.extend(words(place, &["select", "*", "from", "("]));
    }
    out.push(place.clone());
    let mut start = at + 1;
    loop {
        let end = row_end(tokens, start);
        row(&tokens[start..end], out)?;
        start = end;
        match tokens.get(end).map(|it| &it.token) {
            Some(Token::Comma) => out.push(tokens[end].clone()),
            _ => break,
        }
        start += 1;
    }
    if selected {
        out.extend(words(place, &[")"]));
    }
    Ok(start)
}

fn row_end(tokens: &[TokenWithSpan], start: usize) -> usize {
    let mut at = start;
    while let Some(token) = tokens.get(at) {
        match token.token {
            Token::Comma | Token::RParen | Token::SemiColon => break,
            Token::LParen | Token::LBracket => at = closing(tokens, at).unwrap_or(tokens.len()),
            _ if one_of(Some(token), &CLAUSES) => break,
            _ => {}
        }
        at += 1;
    }
    at.min(tokens.len())
}

fn row(row: &[TokenWithSpan], out: &mut Out) -> Result<()> {
    let Some(first) = row.first() else { return Ok(()) };
    let is_whole = |at: usize| opens(row.get(at)) && closing(row, at) == Some(row.len() - 1);
    if is_word(Some(first), "row") && is_whole(1) {
        out.rewritten(&row[1..])?;
    } else if is_whole(0) && !one_of(row.get(1), &["select", "with", "values", "table"]) {
        out.rewritten(row)?;
    } else {
        out.extend(words(first, &["("]));
        out.rewritten(row)?;
        out.extend(words(first, &[")"]));
    }
    Ok(())
}

/// `FOR TIMESTAMP AS OF current_timestamp` is what a query sees anyway. Gives the place of the
/// first token behind it.
fn as_of(tokens: &[TokenWithSpan], at: usize) -> Result<usize> {
    let start = at + 4;
    let now = ["current_timestamp", "now", "localtimestamp"];
    if is_word(tokens.get(at + 1), "timestamp") && one_of(tokens.get(start), &now) {
        let behind = if opens(tokens.get(start + 1)) {
            closing(tokens, start + 1).map_or(tokens.len(), |it| it + 1)
        } else {
            start + 1
        };
        let continues = [Token::Minus, Token::Plus];
        if !tokens.get(behind).is_some_and(|it| continues.contains(&it.token)) {
            return Ok(behind);
        }
    }
    let what = if is_word(tokens.get(at + 1), "timestamp") { "TIMESTAMP" } else { "VERSION" };
    let message = format!("FOR {what} AS OF: stores keep no states of before");
    Err(Error::invalid(message)
        .with_help("name a version that was kept, as in clinvar.v2; SHOW TABLES lists them"))
}

/// Refuses parameters, which nothing here gives a value.
pub fn check_parameters(tokens: &[TokenWithSpan]) -> Result<()> {
    let is_parameter =
        |it: &&TokenWithSpan| matches!(&it.token, Token::Placeholder(it) if it.starts_with('?'));
    let Some(parameter) = tokens.iter().find(is_parameter) else { return Ok(()) };
    let (line, column) = (parameter.span.start.line, parameter.span.start.column);
    Err(Error::invalid(format!(
        "the SQL has a parameter `?` at Line: {line}, Column: {column}, and parameters have no \
         values here"
    ))
    .with_help("write the value in its place, or EXECUTE IMMEDIATE 'SELECT ...' USING values"))
}

/// `EXECUTE IMMEDIATE 'SELECT ...' USING 1, 'x'` as the statement that it executes.
pub fn immediate(tokens: &[TokenWithSpan]) -> Option<(String, Vec<Vec<TokenWithSpan>>)> {
    let [execute, now, text, rest @ ..] = tokens else { return None };
    let Token::SingleQuotedString(sql) = &text.token else { return None };
    if !is_word(Some(execute), "execute") || !is_word(Some(now), "immediate") {
        return None;
    }
    let rest = match rest {
        [rest @ .., last] if last.token == Token::SemiColon => rest,
        all => all,
    };
    let values = match rest {
        [] => Vec::new(),
        [using, values @ ..] if is_word(Some(using), "using") => comma_parts(values),
        _ => return None,
    };
    Some((sql.clone(), values.into_iter().map(<[_]>::to_vec).collect()))
}

/// Puts values into the places of parameters.
pub fn with_values(
    tokens: Vec<TokenWithSpan>,
    values: Vec<Vec<TokenWithSpan>>,
) -> Result<Vec<TokenWithSpan>> {
    let is_parameter =
        |it: &TokenWithSpan| matches!(&it.token, Token::Placeholder(it) if it == "?");
    let (wanted, given) = (tokens.iter().filter(|it| is_parameter(it)).count(), values.len());
    if wanted != given {
        return Err(Error::invalid(format!(
            "the statement has {wanted} parameters, and USING gives {given} values"
        )));
    }
    let mut values = values.into_iter();
    let mut out = Vec::with_capacity(tokens.len());
    for token in tokens {
        match if is_parameter(&token) { values.next() } else { None } {
            Some(value) => {
                out.extend(words(&token, &["("]));
                out.extend(value);
                out.extend(words(&token, &[")"]));
            }
            None => out.push(token),
        }
    }
    Ok(out)
}
