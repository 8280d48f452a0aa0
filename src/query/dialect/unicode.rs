//! `U&'\0041\+01F600'`, texts with characters by their numbers, and `UESCAPE '!'`, which names
//! what stands before those.

use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan};

use super::scan::is_word;
use crate::model::{Error, Result};

/// Makes one text of each such literal. Blanks are tokens here.
pub fn rewrite(tokens: &mut Vec<TokenWithSpan>) -> Result<()> {
    let mut at = 0;
    while at + 2 < tokens.len() {
        let place = tokens[at].span.start;
        if let Some(text) = literal(&tokens[at..at + 3]) {
            let (escape, behind) = escape(tokens, at + 3)?;
            let text = decoded(&text, escape, place)?;
            tokens[at].token = Token::SingleQuotedString(text);
            tokens.drain(at + 1..behind);
        }
        at += 1;
    }
    Ok(())
}

/// The text of `U&'…'`, which has no blanks between its parts.
fn literal(tokens: &[TokenWithSpan]) -> Option<String> {
    let [word, and, text] = tokens else { return None };
    match &text.token {
        Token::SingleQuotedString(text)
            if is_word(Some(word), "u") && and.token == Token::Ampersand =>
        {
            Some(text.clone())
        }
        _ => None,
    }
}

/// What stands before numbers, and the place of the first token behind it.
fn escape(tokens: &[TokenWithSpan], from: usize) -> Result<(char, usize)> {
    let is_blank = |it: &usize| matches!(tokens[*it].token, Token::Whitespace(_));
    let mut next = (from..tokens.len()).filter(|it| !is_blank(it));
    let Some(word) = next.next().filter(|it| is_word(tokens.get(*it), "uescape")) else {
        return Ok(('\\', from));
    };
    let place = tokens[word].span.start;
    let named = next.next().and_then(|it| match &tokens[it].token {
        Token::SingleQuotedString(text) => Some((it, text.chars().collect::<Vec<_>>())),
        _ => None,
    });
    match named {
        Some((at, one)) if one.len() == 1 && !is_taken(one[0]) => Ok((one[0], at + 1)),
        _ => Err(fault("UESCAPE takes one character that is no digit, blank or quote", place)),
    }
}

fn is_taken(escape: char) -> bool {
    escape.is_ascii_hexdigit() || escape.is_whitespace() || matches!(escape, '+' | '\'' | '"')
}

fn decoded(text: &str, escape: char, place: Location) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != escape {
            out.push(character);
            continue;
        }
        let ahead = rest.as_str();
        if ahead.starts_with(escape) {
            out.push(escape);
            rest.next();
            continue;
        }
        let (digits, skipped) = if ahead.starts_with('+') { (6, 1) } else { (4, 0) };
        let number = ahead.get(skipped..skipped + digits);
        let is_number = |it: &&str| it.bytes().all(|it| it.is_ascii_hexdigit());
        let number = number.filter(is_number).and_then(|it| u32::from_str_radix(it, 16).ok());
        let Some(found) = number.and_then(char::from_u32) else {
            let shown: String = ahead.chars().take(skipped + digits).collect();
            let what = format!("`{escape}{shown}` in U&'…' is no character");
            return Err(fault(&what, place)
                .with_help("four hexadecimal digits follow, or + and six, as in \\0041"));
        };
        out.push(found);
        rest = ahead[skipped + digits..].chars();
    }
    Ok(out)
}

fn fault(what: &str, Location { line, column }: Location) -> Error {
    Error::invalid(format!("cannot read the SQL: {what}, at Line: {line}, Column: {column}"))
}
