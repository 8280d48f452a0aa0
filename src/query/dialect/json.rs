//! The clauses of `json_exists`, `json_value`, `json_query`, `json_object` and `json_array`, which
//! sqlparser does not know: each call becomes one of a plain function, with its clauses as texts.

use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Word};

/// From this many tokens on calls stay as they are: a default is said with two copies of its call.
const MOST_TOKENS: usize = 100_000;

/// Rewrites all calls, the inner ones first: they stand behind the outer ones.
pub fn rewrite(tokens: &mut Vec<TokenWithSpan>) {
    for at in (0..tokens.len()).rev() {
        let Some(function) = function_at(tokens, at) else { continue };
        if tokens.len() > MOST_TOKENS {
            return;
        }
        let Some(open) = next(tokens, at + 1).filter(|it| tokens[*it].token == Token::LParen)
        else {
            continue;
        };
        let Some(close) = closing(tokens, open) else { continue };
        let inner: Vec<TokenWithSpan> =
            tokens[open + 1..close].iter().filter(|it| !is_blank(it)).cloned().collect();
        let call = JsonCall { function, span: tokens[at].span };
        if let Some(made) = call.rewritten(&inner) {
            tokens.splice(at..=close, made);
        }
    }
}

fn function_at(tokens: &[TokenWithSpan], at: usize) -> Option<&'static str> {
    const FUNCTIONS: [&str; 5] =
        ["json_exists", "json_value", "json_query", "json_object", "json_array"];
    let Token::Word(word) = &tokens[at].token else { return None };
    FUNCTIONS.into_iter().find(|it| word.quote_style.is_none() && word.value == *it)
}

fn is_blank(token: &TokenWithSpan) -> bool {
    matches!(token.token, Token::Whitespace(_))
}

fn next(tokens: &[TokenWithSpan], from: usize) -> Option<usize> {
    (from..tokens.len()).find(|it| !is_blank(&tokens[*it]))
}

/// Where the parenthesis that opens at a place is closed.
fn closing(tokens: &[TokenWithSpan], open: usize) -> Option<usize> {
    let mut depth = 0;
    (open..tokens.len()).find(|it| {
        depth += nesting(&tokens[*it].token);
        depth == 0
    })
}

fn nesting(token: &Token) -> i32 {
    match token {
        Token::LParen | Token::LBracket | Token::LBrace => 1,
        Token::RParen | Token::RBracket | Token::RBrace => -1,
        _ => 0,
    }
}

/// Whether words come next.
fn begins(tokens: &[TokenWithSpan], words: &[&str]) -> bool {
    let is_word = |(token, word): (&TokenWithSpan, &&str)| {
        matches!(&token.token, Token::Word(it)
            if it.quote_style.is_none() && it.value.eq_ignore_ascii_case(word))
    };
    tokens.len() >= words.len() && tokens.iter().zip(words).all(is_word)
}

/// Where words come first that stand in no brackets.
fn position(tokens: &[TokenWithSpan], words: &[&str]) -> Option<usize> {
    let mut depth = 0;
    (0..tokens.len()).find(|it| {
        let is_outside = depth == 0;
        depth += nesting(&tokens[*it].token);
        is_outside && begins(&tokens[*it..], words)
    })
}

/// The parts between separators that stand in no brackets.
fn split<'a>(tokens: &'a [TokenWithSpan], separator: &Token) -> Vec<&'a [TokenWithSpan]> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, token) in tokens.iter().enumerate() {
        depth += nesting(&token.token);
        if depth == 0 && token.token == *separator {
            parts.push(&tokens[start..at]);
            start = at + 1;
        }
    }
    parts.push(&tokens[start..]);
    parts
}

/// What a value is where a clause asks for it.
const OTHERWISE: [(&[&str], &str); 7] = [
    (&["null"], "null"),
    (&["error"], "error"),
    (&["true"], "true"),
    (&["false"], "false"),
    (&["unknown"], "unknown"),
    (&["empty", "array"], "array"),
    (&["empty", "object"], "object"),
];

/// What `json_query` puts its values into.
const WRAPPERS: [(&[&str], &str); 8] = [
    (&["without", "array", "wrapper"], "without"),
    (&["without", "wrapper"], "without"),
    (&["with", "conditional", "array", "wrapper"], "conditional"),
    (&["with", "conditional", "wrapper"], "conditional"),
    (&["with", "unconditional", "array", "wrapper"], "with"),
    (&["with", "unconditional", "wrapper"], "with"),
    (&["with", "array", "wrapper"], "with"),
    (&["with", "wrapper"], "with"),
];

/// What stands behind the path of a call.
#[derive(Default)]
struct Clauses {
    variables: Vec<(String, Vec<TokenWithSpan>)>,
    returning: Option<Vec<TokenWithSpan>>,
    wrapper: &'static str,
    quotes: &'static str,
    /// Of an empty sequence, and of an error.
    otherwise: [&'static str; 2],
    defaults: [Option<Vec<TokenWithSpan>>; 2],
}

struct JsonCall {
    function: &'static str,
    span: datafusion::sql::sqlparser::tokenizer::Span,
}

impl JsonCall {
    fn rewritten(&self, inner: &[TokenWithSpan]) -> Option<Vec<TokenWithSpan>> {
        match self.function {
            "json_object" | "json_array" => self.made(inner),
            _ => self.asked(inner),
        }
    }

    fn token(&self, token: Token) -> TokenWithSpan {
        TokenWithSpan { token, span: self.span }
    }

    fn word(&self, value: &str, keyword: Keyword) -> TokenWithSpan {
        self.token(Token::Word(Word { value: value.to_owned(), quote_style: None, keyword }))
    }

    /// `"$name"(arguments)`
    fn call(&self, name: &str, arguments: Vec<Vec<TokenWithSpan>>) -> Vec<TokenWithSpan> {
        let name =
            Word { value: name.to_owned(), quote_style: Some('"'), keyword: Keyword::NoKeyword };
        let mut all = vec![self.token(Token::Word(name)), self.token(Token::LParen)];
        for (at, argument) in arguments.into_iter().enumerate() {
            if at > 0 {
                all.push(self.token(Token::Comma));
            }
            all.extend(argument);
        }
        all.push(self.token(Token::RParen));
        all
    }

    fn text(&self, value: &str) -> Vec<TokenWithSpan> {
        vec![self.token(Token::SingleQuotedString(value.to_owned()))]
    }

    fn asked(&self, inner: &[TokenWithSpan]) -> Option<Vec<TokenWithSpan>> {
        let mut parts = split(inner, &Token::Comma).into_iter();
        let (json, path) = (parts.next()?, parts.next()?);
        let json = &json[..position(json, &["format", "json"]).unwrap_or(json.len())];
        // Variables are separated by commas too.
        let behind =
            &inner[inner.len() - path.len() - parts.map(|it| it.len() + 1).sum::<usize>()..];
        let (path, clauses) = behind.split_at_checked(1)?;
        let Token::SingleQuotedString(_) = &path[0].token else { return None };
        let clauses = self.clauses(clauses)?;
        let first = [json.to_vec(), path.to_vec()];
        let variables =
            clauses.variables.iter().flat_map(|(name, value)| [self.text(name), value.clone()]);
        let with = |texts: &[&str]| {
            let texts = texts.iter().map(|it| self.text(it));
            first.iter().cloned().chain(texts).chain(variables.clone()).collect::<Vec<_>>()
        };
        let [on_empty, on_error] = clauses.otherwise;
        let call = match self.function {
            "json_exists" => self.call("$json_exists", with(&[on_error])),
            "json_query" => {
                let texts = [clauses.wrapper, clauses.quotes, on_empty, on_error];
                self.call("$json_query", with(&texts))
            }
            _ if clauses.returning.is_some() => {
                self.call("$json_scalar", with(&[on_empty, on_error]))
            }
            _ => self.call("$json_value", with(&[on_empty, on_error])),
        };
        let call = match &clauses.returning {
            Some(data_type) => {
                let cast = self.cast(call.clone(), data_type, on_error);
                match &clauses.defaults[1] {
                    Some(default) => self.or_default(call, cast, default),
                    None => cast,
                }
            }
            None => call,
        };
        Some(match (&clauses.defaults, self.function) {
            ([None, None], _) => call,
            (defaults, _) => self.case(self.call("$json_case", with(&[])), call, defaults),
        })
    }

    /// `CASE state WHEN 'empty' THEN … WHEN 'error' THEN … ELSE call END`
    fn case(
        &self,
        state: Vec<TokenWithSpan>,
        call: Vec<TokenWithSpan>,
        defaults: &[Option<Vec<TokenWithSpan>>; 2],
    ) -> Vec<TokenWithSpan> {
        let mut all = vec![self.word("case", Keyword::CASE)];
        all.extend(state);
        for (name, default) in ["empty", "error"].into_iter().zip(defaults) {
            let Some(default) = default else { continue };
            all.push(self.word("when", Keyword::WHEN));
            all.extend(self.text(name));
            all.push(self.word("then", Keyword::THEN));
            all.extend(default.iter().cloned());
        }
        all.push(self.word("else", Keyword::ELSE));
        all.extend(call);
        all.push(self.word("end", Keyword::END));
        all
    }

    /// `CASE WHEN value IS NULL THEN NULL ELSE coalesce(cast, default) END`: a value that cannot be
    /// cast is an error.
    fn or_default(
        &self,
        value: Vec<TokenWithSpan>,
        cast: Vec<TokenWithSpan>,
        default: &[TokenWithSpan],
    ) -> Vec<TokenWithSpan> {
        let null = || self.word("null", Keyword::NULL);
        let mut all = vec![self.word("case", Keyword::CASE), self.word("when", Keyword::WHEN)];
        all.extend(value);
        all.extend([self.word("is", Keyword::IS), null(), self.word("then", Keyword::THEN)]);
        all.extend([null(), self.word("else", Keyword::ELSE)]);
        all.extend(self.call("coalesce", vec![cast, default.to_vec()]));
        all.push(self.word("end", Keyword::END));
        all
    }

    /// A value of another type, where the text is one.
    fn cast(
        &self,
        call: Vec<TokenWithSpan>,
        data_type: &[TokenWithSpan],
        on_error: &str,
    ) -> Vec<TokenWithSpan> {
        let is_json = self.function == "json_query" && begins(data_type, &["json"]);
        if is_json {
            return self.call("json_parse", vec![call]);
        }
        let (name, keyword) = match on_error {
            "error" => ("cast", Keyword::CAST),
            _ => ("try_cast", Keyword::TRY_CAST),
        };
        let mut all = vec![self.word(name, keyword), self.token(Token::LParen)];
        all.extend(call);
        all.push(self.word("as", Keyword::AS));
        all.extend(data_type.iter().cloned());
        all.push(self.token(Token::RParen));
        all
    }

    fn clauses(&self, mut rest: &[TokenWithSpan]) -> Option<Clauses> {
        let on_error = if self.function == "json_exists" { "false" } else { "null" };
        let mut clauses = Clauses {
            wrapper: "without",
            quotes: "keep",
            otherwise: ["null", on_error],
            ..Clauses::default()
        };
        while !rest.is_empty() {
            if begins(rest, &["passing"]) {
                let end = Self::end_of_clause(&rest[1..]) + 1;
                for variable in split(&rest[1..end], &Token::Comma) {
                    let (value, name) = variable.split_at(position(variable, &["as"])?);
                    let value = &value[..position(value, &["format"]).unwrap_or(value.len())];
                    let Token::Word(name) = &name.get(1)?.token else { return None };
                    clauses.variables.push((name.value.clone(), value.to_vec()));
                }
                rest = &rest[end..];
            } else if begins(rest, &["returning"]) {
                let end = Self::end_of_clause(&rest[1..]) + 1;
                let data_type = &rest[1..end];
                let data_type =
                    &data_type[..position(data_type, &["format"]).unwrap_or(data_type.len())];
                clauses.returning = Some(data_type.to_vec());
                rest = &rest[end..];
            } else if let Some((words, wrapper)) = WRAPPERS.iter().find(|(it, _)| begins(rest, it))
            {
                clauses.wrapper = *wrapper;
                rest = &rest[words.len()..];
            } else if begins(rest, &["keep", "quotes"]) || begins(rest, &["omit", "quotes"]) {
                clauses.quotes = if begins(rest, &["keep"]) { "keep" } else { "omit" };
                rest = &rest[2..];
                if begins(rest, &["on", "scalar", "string"]) {
                    rest = &rest[3..];
                }
            } else {
                rest = Self::otherwise(rest, &mut clauses)?;
            }
        }
        Some(clauses)
    }

    /// `NULL ON EMPTY`, `DEFAULT 0 ON ERROR`; gives what follows.
    fn otherwise<'a>(
        rest: &'a [TokenWithSpan],
        clauses: &mut Clauses,
    ) -> Option<&'a [TokenWithSpan]> {
        let on = position(rest, &["on"])?;
        let place = match () {
            () if begins(&rest[on..], &["on", "empty"]) => 0,
            () if begins(&rest[on..], &["on", "error"]) => 1,
            () => return None,
        };
        let what = &rest[..on];
        if begins(what, &["default"]) {
            clauses.defaults[place] = Some(what[1..].to_vec());
        } else {
            let known =
                |(words, _): &&(&[&str], &str)| begins(what, words) && what.len() == words.len();
            clauses.otherwise[place] = OTHERWISE.iter().find(known)?.1;
        }
        Some(&rest[on + 2..])
    }

    /// Where the next clause begins.
    fn end_of_clause(rest: &[TokenWithSpan]) -> usize {
        let clauses: [&[&str]; 13] = [
            &["returning"],
            &["with"],
            &["without"],
            &["keep", "quotes"],
            &["omit", "quotes"],
            &["null", "on"],
            &["error", "on"],
            &["true", "on"],
            &["false", "on"],
            &["unknown", "on"],
            &["empty", "array"],
            &["empty", "object"],
            &["default"],
        ];
        let ends = clauses.iter().filter_map(|it| position(rest, it));
        ends.min().unwrap_or(rest.len())
    }

    fn made(&self, inner: &[TokenWithSpan]) -> Option<Vec<TokenWithSpan>> {
        let is_object = self.function == "json_object";
        // Names that come twice are errors in any case: Trino makes no object of them.
        let end = ["returning", "with", "without"].iter().filter_map(|it| position(inner, &[it]));
        let inner = &inner[..end.min().unwrap_or(inner.len())];
        let (inner, leaves_out) = match inner.len().checked_sub(3) {
            Some(at) if begins(&inner[at..], &["null", "on", "null"]) => (&inner[..at], false),
            Some(at) if begins(&inner[at..], &["absent", "on", "null"]) => (&inner[..at], true),
            _ => (inner, !is_object),
        };
        let flag = if leaves_out { ("true", Keyword::TRUE) } else { ("false", Keyword::FALSE) };
        let mut arguments = vec![vec![self.word(flag.0, flag.1)]];
        if !inner.is_empty() {
            for part in split(inner, &Token::Comma) {
                if is_object {
                    let (name, value) = Self::member(part)?;
                    arguments.push(name.to_vec());
                    arguments.push(self.value(value));
                } else {
                    arguments.push(self.value(part));
                }
            }
        }
        Some(self.call(&format!("${}", self.function), arguments))
    }

    /// `KEY name VALUE value`, `name VALUE value` or `name : value`
    fn member(part: &[TokenWithSpan]) -> Option<(&[TokenWithSpan], &[TokenWithSpan])> {
        if let [name, value] = split(part, &Token::Colon).as_slice() {
            return Some((name, value));
        }
        let at = position(part, &["value"]).filter(|it| *it > 0)?;
        let name = if begins(part, &["key"]) { &part[1..at] } else { &part[..at] };
        Some((name, &part[at + 1..]))
    }

    /// A value that is JSON already where it says so, or where one of these functions makes it.
    fn value(&self, value: &[TokenWithSpan]) -> Vec<TokenWithSpan> {
        let made = ["$json_object", "$json_array", "$json_query"];
        let is_made = matches!(value.first().map(|it| &it.token), Some(Token::Word(word))
            if made.contains(&word.value.as_str()));
        match position(value, &["format", "json"]) {
            Some(at) => self.call("json_parse", vec![value[..at].to_vec()]),
            None if is_made => self.call("json_parse", vec![value.to_vec()]),
            None => value.to_vec(),
        }
    }
}
