//! What a path gives of a value.

use std::cell::Cell;
use std::cmp::Ordering;

use super::tree::{Comparison, Expr, Method, Path, Predicate};
use crate::query::json::value::{Json, of_float};

/// How many values a path may look at: those of a filter are looked at for each value before it.
const MOST_VALUES: usize = 4_000_000;

/// Why a path gives nothing.
#[derive(Debug)]
pub enum Unfit {
    /// It does not fit the value.
    Value,
    /// It looks at too many values.
    TooMany,
}

type Sequence = Result<Vec<Json>, Unfit>;

/// The values that a path gives, with variables by their names.
pub fn values(path: &Path, root: &Json, variables: &[(String, Json)]) -> Sequence {
    let left = Cell::new(MOST_VALUES);
    let (is_strict, left) = (path.is_strict, &left);
    let context = Context { root, variables, is_strict, current: root, last: None, left };
    let found = context.values(&path.expr);
    // A predicate that could not be decided for this reason is no answer.
    if left.get() == 0 { Err(Unfit::TooMany) } else { found }
}

#[derive(Clone, Copy)]
struct Context<'a> {
    root: &'a Json,
    variables: &'a [(String, Json)],
    is_strict: bool,
    current: &'a Json,
    last: Option<usize>,
    /// How many values it may look at still.
    left: &'a Cell<usize>,
}

impl Context<'_> {
    fn values(&self, expr: &Expr) -> Sequence {
        self.looks_at(0)?;
        let values = self.values_of(expr)?;
        self.looks_at(values.iter().map(size).sum())?;
        Ok(values)
    }

    fn looks_at(&self, values: usize) -> Result<(), Unfit> {
        self.left.set(self.left.get().saturating_sub(values));
        if self.left.get() == 0 { Err(Unfit::TooMany) } else { Ok(()) }
    }

    fn values_of(&self, expr: &Expr) -> Sequence {
        Ok(match expr {
            Expr::Root => vec![self.root.clone()],
            Expr::Current => vec![self.current.clone()],
            Expr::Last => vec![Json::Number(self.last.ok_or(Unfit::Value)?.to_string())],
            Expr::Variable(name) => {
                // The statement has folded their names.
                let mut all = self.variables.iter();
                let found = all.find(|(it, _)| it.eq_ignore_ascii_case(name));
                vec![found.ok_or(Unfit::Value)?.1.clone()]
            }
            Expr::Literal(value) => vec![value.clone()],
            Expr::Member(of, name) => self.members(of, name.as_deref())?,
            Expr::Descendants(of, name) => {
                let mut all = Vec::new();
                self.values(of)?.iter().for_each(|it| descendants(it, name, &mut all));
                all
            }
            Expr::Elements(of, ranges) => self.elements(of, ranges)?,
            Expr::AllElements(of) => {
                let mut all = Vec::new();
                for value in self.values(of)? {
                    match value {
                        Json::Array(values) => all.extend(values),
                        _ if self.is_strict => return Err(Unfit::Value),
                        other => all.push(other),
                    }
                }
                all
            }
            Expr::Filter(of, predicate) => {
                let mut kept = self.unwrapped(of)?;
                kept.retain(|it| {
                    let context = Context { current: it, ..*self };
                    context.holds(predicate) == Some(true)
                });
                kept
            }
            Expr::Method(of, method) => self.called(of, *method)?,
            Expr::Negated(of) => {
                let zero = Json::Number("0".to_owned());
                let values = self.unwrapped(of)?;
                values.iter().map(|it| computed('-', &zero, it)).collect::<Sequence>()?
            }
            Expr::Arithmetic(sign, left, right) => {
                let (left, right) = (self.unwrapped(left)?, self.unwrapped(right)?);
                let ([left], [right]) = (left.as_slice(), right.as_slice()) else {
                    return Err(Unfit::Value);
                };
                vec![computed(*sign, left, right)?]
            }
        })
    }

    /// The values, with the elements of arrays in their place where the path is lax.
    fn unwrapped(&self, expr: &Expr) -> Sequence {
        let values = self.values(expr)?;
        if self.is_strict {
            return Ok(values);
        }
        let mut all = Vec::new();
        for value in values {
            match value {
                Json::Array(values) => all.extend(values),
                other => all.push(other),
            }
        }
        Ok(all)
    }

    fn members(&self, of: &Expr, name: Option<&str>) -> Sequence {
        let mut all = Vec::new();
        for value in self.unwrapped(of)? {
            match (&value, name) {
                (Json::Object(members), None) => {
                    all.extend(members.iter().map(|(_, it)| it.clone()));
                }
                (Json::Object(_), Some(name)) => match value.member(name) {
                    Some(member) => all.push(member.clone()),
                    None if self.is_strict => return Err(Unfit::Value),
                    None => {}
                },
                _ if self.is_strict => return Err(Unfit::Value),
                _ => {}
            }
        }
        Ok(all)
    }

    fn elements(&self, of: &Expr, ranges: &[(Expr, Option<Expr>)]) -> Sequence {
        let mut all = Vec::new();
        for value in self.values(of)? {
            let values = match value {
                Json::Array(values) => values,
                _ if self.is_strict => return Err(Unfit::Value),
                other => vec![other],
            };
            let context = Context { last: values.len().checked_sub(1), ..*self };
            for (first, last) in ranges {
                let first = context.index(first)?;
                let last = last.as_ref().map_or(Ok(first), |it| context.index(it))?;
                let is_there = usize::try_from(last).is_ok_and(|it| it < values.len());
                let fits = is_there && (0..=last).contains(&first);
                if self.is_strict && !fits {
                    return Err(Unfit::Value);
                }
                let (first, last) = (usize::try_from(first.max(0)), usize::try_from(last));
                let (Ok(first), Ok(last)) = (first, last) else { continue };
                let part = values.iter().skip(first).take((last + 1).saturating_sub(first));
                let before = all.len();
                all.extend(part.cloned());
                self.looks_at(all[before..].iter().map(size).sum())?;
            }
        }
        Ok(all)
    }

    fn index(&self, expr: &Expr) -> Result<i64, Unfit> {
        let values = match expr {
            // There is no last element, and nothing before it.
            Expr::Last if self.last.is_none() => return Ok(-1),
            other => self.values(other)?,
        };
        match values.as_slice() {
            [Json::Number(text)] => {
                let number: f64 = text.parse().map_err(|_| Unfit::Value)?;
                #[expect(clippy::cast_possible_truncation)]
                let whole = number as i64;
                if number.abs() < 1e15 { Ok(whole) } else { Err(Unfit::Value) }
            }
            _ => Err(Unfit::Value),
        }
    }

    fn called(&self, of: &Expr, method: Method) -> Sequence {
        let values = match method {
            Method::Type | Method::Size => self.values(of)?,
            _ => self.unwrapped(of)?,
        };
        let mut all = Vec::new();
        for (place, value) in values.into_iter().enumerate() {
            match method {
                Method::Type => all.push(Json::Text(type_of(&value).to_owned())),
                Method::Size => {
                    let size = match &value {
                        Json::Array(values) => values.len(),
                        _ if self.is_strict => return Err(Unfit::Value),
                        _ => 1,
                    };
                    all.push(Json::Number(size.to_string()));
                }
                Method::KeyValue => {
                    let Json::Object(members) = value else { return Err(Unfit::Value) };
                    let pair = |(name, value): (String, Json)| {
                        let id = Json::Number(place.to_string());
                        let members = [("name", Json::Text(name)), ("value", value), ("id", id)];
                        Json::Object(members.map(|(name, it)| (name.to_owned(), it)).into())
                    };
                    all.extend(members.into_iter().map(pair));
                }
                Method::Abs | Method::Ceiling | Method::Double | Method::Floor => {
                    all.push(number_of(&value, method)?);
                }
            }
        }
        Ok(all)
    }

    /// Whether a predicate holds; none where that is unknown.
    fn holds(&self, predicate: &Predicate) -> Option<bool> {
        match predicate {
            Predicate::And(left, right) => match (self.holds(left), self.holds(right)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Predicate::Or(left, right) => match (self.holds(left), self.holds(right)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Predicate::Not(inner) => self.holds(inner).map(|it| !it),
            Predicate::IsUnknown(inner) => Some(self.holds(inner).is_none()),
            Predicate::Exists(expr) => self.values(expr).ok().map(|it| !it.is_empty()),
            Predicate::Matches(expr, pattern) => self.any(expr, |value| match value {
                Json::Text(text) => Some(pattern.is_match(text)),
                _ => None,
            }),
            Predicate::StartsWith(expr, with) => {
                let with = self.unwrapped(with).ok()?;
                let [Json::Text(with)] = with.as_slice() else { return None };
                self.any(expr, |value| match value {
                    Json::Text(text) => Some(text.starts_with(with)),
                    _ => None,
                })
            }
            Predicate::Compared(comparison, left, right) => {
                let right = self.unwrapped(right).ok()?;
                self.any(left, |left| {
                    self.looks_at(right.len()).ok()?;
                    known_any(right.iter().map(|right| compared(*comparison, left, right)))
                })
            }
        }
    }

    fn any(&self, expr: &Expr, holds: impl Fn(&Json) -> Option<bool>) -> Option<bool> {
        known_any(self.unwrapped(expr).ok()?.iter().map(holds))
    }
}

/// How many values a value is made of.
fn size(value: &Json) -> usize {
    1 + match value {
        Json::Array(values) => values.iter().map(size).sum(),
        Json::Object(members) => members.iter().map(|(_, it)| size(it)).sum(),
        _ => 0,
    }
}

/// The members of a name at any depth, the outer ones first.
fn descendants(value: &Json, name: &str, all: &mut Vec<Json>) {
    match value {
        Json::Array(values) => values.iter().for_each(|it| descendants(it, name, all)),
        Json::Object(members) => {
            all.extend(value.member(name).cloned());
            for (_, it) in members {
                descendants(it, name, all);
            }
        }
        _ => {}
    }
}

/// What the first is that is not false; false where all are.
fn known_any(mut each: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    each.find(|it| *it != Some(false)).unwrap_or(Some(false))
}

fn compared(comparison: Comparison, left: &Json, right: &Json) -> Option<bool> {
    let order = match (left, right) {
        (Json::Null, Json::Null) => Ordering::Equal,
        (Json::Null, _) | (_, Json::Null) => {
            return Some(comparison == Comparison::Unequal);
        }
        (Json::Boolean(left), Json::Boolean(right)) => left.cmp(right),
        (Json::Text(left), Json::Text(right)) => left.cmp(right),
        (Json::Number(left), Json::Number(right)) => {
            match (left.parse::<i128>(), right.parse::<i128>()) {
                (Ok(left), Ok(right)) => left.cmp(&right),
                _ => left.parse::<f64>().ok()?.partial_cmp(&right.parse::<f64>().ok()?)?,
            }
        }
        _ => return None,
    };
    Some(match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::Unequal => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    })
}

fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Boolean(_) => "boolean",
        Json::Number(_) => "number",
        Json::Text(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

fn number_of(value: &Json, method: Method) -> Result<Json, Unfit> {
    let ((Json::Number(text), _) | (Json::Text(text), Method::Double)) = (value, method) else {
        return Err(Unfit::Value);
    };
    if let (Ok(whole), false) = (text.parse::<i128>(), matches!(method, Method::Double)) {
        let whole = if matches!(method, Method::Abs) { whole.abs() } else { whole };
        return Ok(Json::Number(whole.to_string()));
    }
    let number: f64 = text.parse().map_err(|_| Unfit::Value)?;
    let number = match method {
        Method::Abs => number.abs(),
        Method::Ceiling => number.ceil(),
        Method::Floor => number.floor(),
        _ => number,
    };
    if number.is_finite() { Ok(Json::Number(of_float(number))) } else { Err(Unfit::Value) }
}

fn computed(sign: char, left: &Json, right: &Json) -> Result<Json, Unfit> {
    let (Json::Number(left), Json::Number(right)) = (left, right) else { return Err(Unfit::Value) };
    if let (Ok(left), Ok(right)) = (left.parse::<i128>(), right.parse::<i128>()) {
        let whole = match sign {
            '+' => left.checked_add(right),
            '-' => left.checked_sub(right),
            '*' => left.checked_mul(right),
            '%' => left.checked_rem(right),
            _ => left.checked_div(right),
        };
        return whole.map(|it| Json::Number(it.to_string())).ok_or(Unfit::Value);
    }
    let (left, right) = (left.parse::<f64>(), right.parse::<f64>());
    let (Ok(left), Ok(right)) = (left, right) else { return Err(Unfit::Value) };
    let number = match sign {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '%' => left % right,
        _ => left / right,
    };
    if number.is_finite() { Ok(Json::Number(of_float(number))) } else { Err(Unfit::Value) }
}
