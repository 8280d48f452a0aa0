//! The tree of a path's text.

use super::tree::{Comparison, Expr, Method, Path, Predicate};
use crate::query::json::value::Json;

/// How deep a path may lie in itself.
const MOST_DEPTH: usize = 64;

/// The path that a text is; none where it is none.
pub fn path(text: &str) -> Option<Path> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let is_strict = reader.word("strict").is_some();
    if !is_strict {
        reader.word("lax");
    }
    let expr = reader.expr()?;
    reader.blank();
    (reader.at == text.len()).then_some(Path { is_strict, expr })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes signs, where they come next.
    fn sign(&mut self, sign: &str) -> Option<()> {
        self.blank();
        self.rest().starts_with(sign).then(|| self.at += sign.len())
    }

    /// Takes a word that no other letter follows.
    fn word(&mut self, word: &str) -> Option<()> {
        self.blank();
        let behind = self.rest().strip_prefix(word)?;
        let goes_on = behind.starts_with(|it: char| it.is_alphanumeric() || it == '_');
        (!goes_on).then(|| self.at += word.len())
    }

    fn name(&mut self) -> Option<String> {
        self.blank();
        let rest = self.rest();
        let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '$';
        let end = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        let is_name = !name.is_empty() && !name.starts_with(|it: char| it.is_ascii_digit());
        is_name.then(|| self.at += end)?;
        Some(name)
    }

    /// A text in double quotes, as in JSON.
    fn string(&mut self) -> Option<String> {
        self.blank();
        let rest = self.rest();
        let mut is_escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, it)| {
            let ends = *it == '"' && !is_escaped;
            is_escaped = *it == '\\' && !is_escaped;
            ends
        });
        let end = end?.0 + 1;
        let Json::Text(text) = Json::parse(&rest[..end])? else { return None };
        self.at += end;
        Some(text)
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == MOST_DEPTH {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn expr(&mut self) -> Option<Expr> {
        self.deeper(|it| it.chain(&['+', '-'], |it| it.chain(&['*', '/', '%'], Self::unary)))
    }

    fn chain(
        &mut self,
        signs: &[char],
        operand: impl Fn(&mut Self) -> Option<Expr>,
    ) -> Option<Expr> {
        let mut left = operand(self)?;
        for _ in 0..=MOST_DEPTH {
            self.blank();
            let sign = self.rest().chars().next().filter(|it| signs.contains(it));
            let Some(sign) = sign else { return Some(left) };
            self.at += 1;
            left = Expr::Arithmetic(sign, Box::new(left), Box::new(operand(self)?));
        }
        None
    }

    fn unary(&mut self) -> Option<Expr> {
        if self.sign("-").is_some() {
            return self.deeper(|it| Some(Expr::Negated(Box::new(it.unary()?))));
        }
        if self.sign("+").is_some() {
            return self.deeper(Self::unary);
        }
        let start = self.primary()?;
        self.accessed(start)
    }

    fn primary(&mut self) -> Option<Expr> {
        self.blank();
        match self.rest().chars().next()? {
            '$' => {
                self.at += 1;
                let is_name = self.rest().starts_with(|it: char| it.is_alphabetic() || it == '_');
                Some(if is_name { Expr::Variable(self.name()?) } else { Expr::Root })
            }
            '@' => {
                self.at += 1;
                Some(Expr::Current)
            }
            '(' => {
                self.at += 1;
                let inner = self.expr()?;
                self.sign(")").map(|()| inner)
            }
            '"' => Some(Expr::Literal(Json::Text(self.string()?))),
            it if it.is_ascii_digit() => {
                let rest = self.rest();
                let is_part = |it: char| it.is_ascii_digit() || it == '.' || it == 'e' || it == 'E';
                let end = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
                let number = Json::parse(&rest[..end])?;
                self.at += end;
                Some(Expr::Literal(number))
            }
            _ if self.word("null").is_some() => Some(Expr::Literal(Json::Null)),
            _ if self.word("true").is_some() => Some(Expr::Literal(Json::Boolean(true))),
            _ if self.word("false").is_some() => Some(Expr::Literal(Json::Boolean(false))),
            _ => self.word("last").map(|()| Expr::Last),
        }
    }

    fn accessed(&mut self, start: Expr) -> Option<Expr> {
        let mut expr = start;
        for _ in 0..=MOST_DEPTH {
            let inner = Box::new(expr);
            expr = if self.sign("..").is_some() {
                self.blank();
                let quoted = self.rest().starts_with('"');
                Expr::Descendants(inner, if quoted { self.string()? } else { self.name()? })
            } else if self.sign(".").is_some() {
                self.member(inner)?
            } else if self.sign("[").is_some() {
                self.elements(inner)?
            } else if self.sign("?").is_some() {
                self.sign("(")?;
                let predicate = Box::new(self.predicate()?);
                self.sign(")")?;
                Expr::Filter(inner, predicate)
            } else {
                return Some(*inner);
            };
        }
        None
    }

    fn member(&mut self, of: Box<Expr>) -> Option<Expr> {
        if self.sign("*").is_some() {
            return Some(Expr::Member(of, None));
        }
        self.blank();
        if self.rest().starts_with('"') {
            return Some(Expr::Member(of, Some(self.string()?)));
        }
        let name = self.name()?;
        if self.sign("(").is_none() {
            return Some(Expr::Member(of, Some(name)));
        }
        self.sign(")")?;
        let method = match name.as_str() {
            "abs" => Method::Abs,
            "ceiling" => Method::Ceiling,
            "double" => Method::Double,
            "floor" => Method::Floor,
            "keyvalue" => Method::KeyValue,
            "size" => Method::Size,
            "type" => Method::Type,
            _ => return None,
        };
        Some(Expr::Method(of, method))
    }

    fn elements(&mut self, of: Box<Expr>) -> Option<Expr> {
        if self.sign("*").is_some() {
            return self.sign("]").map(|()| Expr::AllElements(of));
        }
        let mut ranges = Vec::new();
        loop {
            let first = self.expr()?;
            let last = match self.word("to") {
                Some(()) => Some(self.expr()?),
                None => None,
            };
            ranges.push((first, last));
            if self.sign(",").is_none() {
                return self.sign("]").map(|()| Expr::Elements(of, ranges));
            }
        }
    }

    fn predicate(&mut self) -> Option<Predicate> {
        self.deeper(|it| {
            let mut left = it.conjunction()?;
            for _ in 0..=MOST_DEPTH {
                if it.sign("||").is_none() {
                    return Some(left);
                }
                left = Predicate::Or(Box::new(left), Box::new(it.conjunction()?));
            }
            None
        })
    }

    fn conjunction(&mut self) -> Option<Predicate> {
        let mut left = self.condition()?;
        for _ in 0..=MOST_DEPTH {
            if self.sign("&&").is_none() {
                return Some(left);
            }
            left = Predicate::And(Box::new(left), Box::new(self.condition()?));
        }
        None
    }

    fn condition(&mut self) -> Option<Predicate> {
        if self.sign("!").is_some() {
            return self.deeper(|it| Some(Predicate::Not(Box::new(it.condition()?))));
        }
        if self.word("exists").is_some() {
            self.sign("(")?;
            let expr = self.expr()?;
            return self.sign(")").map(|()| Predicate::Exists(expr));
        }
        let start = self.at;
        if self.sign("(").is_some() {
            if let Some(inner) = self.predicate()
                && self.sign(")").is_some()
            {
                let is_unknown = self.word("is").is_some() && self.word("unknown").is_some();
                return Some(if is_unknown {
                    Predicate::IsUnknown(Box::new(inner))
                } else {
                    inner
                });
            }
            // The parenthesis may be of an expression.
            self.at = start;
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Option<Predicate> {
        let left = self.expr()?;
        if self.word("starts").is_some() {
            self.word("with")?;
            return Some(Predicate::StartsWith(left, self.expr()?));
        }
        if self.word("like_regex").is_some() {
            let pattern = self.string()?;
            let flags = if self.word("flag").is_some() { self.string()? } else { String::new() };
            let pattern = if flags.is_empty() { pattern } else { format!("(?{flags}){pattern}") };
            return Some(Predicate::Matches(left, regex::Regex::new(&pattern).ok()?));
        }
        let comparison = [
            ("==", Comparison::Equal),
            ("<>", Comparison::Unequal),
            ("!=", Comparison::Unequal),
            ("<=", Comparison::AtMost),
            (">=", Comparison::AtLeast),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        let (_, comparison) = comparison.into_iter().find(|(it, _)| self.sign(it).is_some())?;
        Some(Predicate::Compared(comparison, left, self.expr()?))
    }
}
