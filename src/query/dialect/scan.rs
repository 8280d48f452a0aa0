//! How tokens are looked through.

use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

/// Whether a token is a word without quotes, given in lower case.
pub fn is_word(token: Option<&TokenWithSpan>, word: &str) -> bool {
    matches!(token.map(|it| &it.token),
        Some(Token::Word(it)) if it.quote_style.is_none() && it.value.eq_ignore_ascii_case(word))
}

/// Whether a token is one of these words.
pub fn one_of(token: Option<&TokenWithSpan>, words: &[&str]) -> bool {
    words.iter().any(|it| is_word(token, it))
}

/// The place of the bracket that closes the one at a place.
pub fn closing(tokens: &[TokenWithSpan], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(at) {
        match token.token {
            Token::LParen | Token::LBracket | Token::LBrace => depth += 1,
            Token::RParen | Token::RBracket | Token::RBrace => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(place);
                }
            }
            _ => {}
        }
    }
    None
}

/// The parts between commas that stand in no brackets.
pub fn comma_parts(tokens: &[TokenWithSpan]) -> Vec<&[TokenWithSpan]> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(token) = tokens.get(at) {
        match token.token {
            Token::Comma => {
                parts.push(&tokens[start..at]);
                start = at + 1;
            }
            Token::LParen | Token::LBracket => at = closing(tokens, at).unwrap_or(tokens.len()),
            _ => {}
        }
        at += 1;
    }
    parts.push(&tokens[start..]);
    parts
}
