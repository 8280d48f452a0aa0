//! Types that hold others, `array(bigint)`, `map(varchar, bigint)` and `row(a bigint)`: sqlparser
//! knows them in other forms. Each becomes one word that is planned in `query::types_of_sql`.

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Word};

/// Makes one word of each such type behind the AS of a CAST.
pub fn join(tokens: &mut Vec<TokenWithSpan>) {
    // The depth of parentheses at which an AS is followed by a type.
    let (mut depth, mut casts) = (0_usize, Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at].token {
            Token::LParen => {
                depth += 1;
                let before = tokens[..at].iter().rev().find(|it| !is_blank(it));
                if before.is_some_and(|it| is_word(it, &["cast", "try_cast"])) {
                    casts.push(depth);
                }
            }
            Token::RParen => {
                if casts.last() == Some(&depth) {
                    casts.pop();
                }
                depth = depth.saturating_sub(1);
            }
            Token::Word(word) if word.keyword == Keyword::AS && casts.last() == Some(&depth) => {
                join_behind(tokens, at + 1);
            }
            _ => {}
        }
        at += 1;
    }
}

/// Whether a token separates others.
fn is_blank(token: &TokenWithSpan) -> bool {
    matches!(token.token, Token::Whitespace(_))
}

fn is_word(token: &TokenWithSpan, words: &[&str]) -> bool {
    matches!(&token.token, Token::Word(word)
        if word.quote_style.is_none() && words.iter().any(|it| word.value.eq_ignore_ascii_case(it)))
}

fn join_behind(tokens: &mut Vec<TokenWithSpan>, start: usize) {
    let mut parts = (start..tokens.len()).filter(|it| !is_blank(&tokens[*it]));
    let (Some(name), Some(open)) = (parts.next(), parts.next()) else { return };
    let is_nested = is_word(&tokens[name], &["array", "map", "row"]);
    if !is_nested || tokens[open].token != Token::LParen {
        return;
    }
    let mut depth = 0;
    let end = (open..tokens.len()).find(|it| {
        match tokens[*it].token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let Some(end) = end else { return };
    let value: String = tokens[name..=end].iter().map(|it| it.token.to_string()).collect();
    tokens[name].token =
        Token::Word(Word { value, quote_style: None, keyword: Keyword::NoKeyword });
    tokens.drain(name + 1..=end);
}
