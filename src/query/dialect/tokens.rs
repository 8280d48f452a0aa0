//! What is done to the tokens of a statement before they are parsed.

use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan};

use crate::model::{Error, Result};

/// The most digits of a number without an exponent.
const MOST_DIGITS: usize = 38;

/// Identifiers have no case in Athena, quoted or not. Done on tokens, because there a quoted word
/// is still one.
pub fn fold_identifiers(tokens: &mut [TokenWithSpan]) {
    for token in tokens {
        if let Token::Word(word) = &mut token.token
            && word.value.chars().any(char::is_uppercase)
        {
            word.value = word.value.to_lowercase();
        }
    }
}

/// `trim(LEADING FROM x)` is `trim(LEADING x)`, which the parser knows.
pub fn drop_bare_from(tokens: &mut Vec<TokenWithSpan>) {
    let is_blank = |it: &TokenWithSpan| matches!(it.token, Token::Whitespace(_));
    let is_word = |it: &TokenWithSpan, words: &[&str]| match &it.token {
        Token::Word(word) => word.quote_style.is_none() && words.contains(&word.value.as_str()),
        _ => false,
    };
    let mut last = ["", "", ""];
    let mut bare = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, it)| !is_blank(it)) {
        let kind = match () {
            () if is_word(token, &["trim"]) => "trim",
            () if token.token == Token::LParen => "(",
            () if is_word(token, &["leading", "trailing", "both"]) => "side",
            () => "",
        };
        if last == ["trim", "(", "side"] && is_word(token, &["from"]) {
            bare.push(at);
        }
        last = [last[1], last[2], kind];
    }
    for at in bare.into_iter().rev() {
        tokens.remove(at);
    }
}

/// Makes one number of what the tokenizer takes apart or for bytes: `1_000`, `0b101`, `0x1F`.
pub fn join_numbers(tokens: &mut Vec<TokenWithSpan>) {
    let mut at = 0;
    while at < tokens.len() {
        let span = tokens[at].span;
        let length = span.end.column.saturating_sub(span.start.column);
        let (joined, count) = match (&tokens[at].token, tokens.get(at + 1).map(|it| &it.token)) {
            // `X'1F'` is longer by a quote.
            (Token::HexStringLiteral(digits), next) if length == digits.len() as u64 + 2 => {
                let runs_on = matches!(next, Some(Token::Word(word)) if word.quote_style.is_none());
                (in_base(digits, 16).filter(|_| !runs_on), 1)
            }
            (Token::Number(zero, false), Some(Token::Word(word)))
                if zero == "0" && word.quote_style.is_none() =>
            {
                let base = match word.value.chars().next() {
                    Some('b' | 'B') => 2,
                    Some('o' | 'O') => 8,
                    _ => 10,
                };
                let digits = word.value.get(usize::from(base < 10)..).unwrap_or_default();
                let joined = if base < 10 { in_base(digits, base) } else { grouped(zero, digits) };
                (joined, 2)
            }
            (Token::Number(digits, false), Some(Token::Word(word)))
                if word.quote_style.is_none() =>
            {
                (grouped(digits, &word.value), 2)
            }
            _ => (None, 1),
        };
        if let Some(number) = joined {
            tokens[at].token = Token::Number(number, false);
            tokens.drain(at + 1..at + count);
            join_fraction(tokens, at);
        }
        at += 1;
    }
}

/// Digits of a base as those of a decimal number; none where they do not fit into 64 bits.
fn in_base(digits: &str, base: u32) -> Option<String> {
    let digits = digits.replace('_', "");
    i64::from_str_radix(&digits, base).ok().filter(|it| *it >= 0).map(|it| it.to_string())
}

/// `1` and `_000` as `1000`.
fn grouped(first: &str, rest: &str) -> Option<String> {
    let mut groups = rest.strip_prefix('_')?.split('_');
    let is_group = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    (!first.contains('.') && groups.all(is_group))
        .then(|| format!("{first}{}", rest.replace('_', "")))
}

/// The digits behind the point of a number whose groups were joined.
fn join_fraction(tokens: &mut Vec<TokenWithSpan>, at: usize) {
    let [token, next, ..] = &mut tokens[at..] else { return };
    if let (Token::Number(whole, _), Token::Number(fraction, false)) =
        (&mut token.token, &next.token)
        && fraction.starts_with('.')
    {
        whole.push_str(fraction);
        tokens.remove(at + 1);
    }
}

/// Refuses a number that runs into a name, as Trino does: `SELECT 1000g_af` would be the number
/// 1000 under the name `g_af`.
pub fn check_numbers(tokens: &[TokenWithSpan]) -> Result<()> {
    for (at, token) in tokens.iter().enumerate() {
        let Some(mut text) = number(&token.token) else { continue };
        check_digits(&text, token.span.start)?;
        let after_name = at > 0 && matches!(tokens[at - 1].token, Token::Word(_));
        let is_field = after_name && text.starts_with('.');
        let mut runs_on = matches!(token.token, Token::Number(_, true)) || is_field;
        for next in &tokens[at + 1..] {
            match &next.token {
                Token::Word(word) if word.quote_style.is_none() => text.push_str(&word.value),
                other => match number(other) {
                    Some(digits) => text.push_str(&digits),
                    None => break,
                },
            }
            runs_on = true;
        }
        if runs_on {
            return Err(digit_first(&text, is_field, token.span.start));
        }
    }
    Ok(())
}

/// Refuses more digits than a decimal has.
fn check_digits(number: &str, Location { line, column }: Location) -> Result<()> {
    let digits = number.trim_start_matches(['0', '.']).bytes();
    let digits = digits.filter(u8::is_ascii_digit).count();
    if digits <= MOST_DIGITS || number.contains(['e', 'E', 'x']) {
        return Ok(());
    }
    let message = format!(
        "a number has {digits} digits, and at most {MOST_DIGITS} are exact, at Line: {line}, \
         Column: {column}"
    );
    Err(Error::invalid(message).with_help("write e0 behind it, which makes it a double"))
}

/// A number as it was written.
fn number(token: &Token) -> Option<String> {
    match token {
        Token::Number(digits, false) => Some(digits.clone()),
        Token::Number(digits, true) => Some(format!("{digits}L")),
        Token::HexStringLiteral(digits) => Some(format!("0x{digits}")),
        _ => None,
    }
}

fn digit_first(text: &str, is_field: bool, place: Location) -> Error {
    let name = if is_field { &text[1..] } else { text };
    let Location { line, column } = place;
    let message = format!(
        "cannot parse the SQL: `{name}` starts with a digit, which identifiers must not at Line: \
         {line}, Column: {column}"
    );
    // `1.5x` is no name that somebody could have meant.
    if name.contains('.') {
        return Error::invalid(message).with_help("put a blank or a comma behind the number");
    }
    Error::invalid(message).with_help(format!("surround it with double quotes: \"{name}\""))
}
