//! What a path is made of.

use crate::query::json::value::Json;

/// A path.
#[derive(Debug)]
pub struct Path {
    /// Whether what does not fit is an error, rather than nothing.
    pub is_strict: bool,
    /// What it gives.
    pub expr: Expr,
}

/// A sequence of values.
#[derive(Debug)]
pub enum Expr {
    /// `$`
    Root,
    /// `@`
    Current,
    /// `last`
    Last,
    /// `$name`
    Variable(String),
    /// A constant.
    Literal(Json),
    /// `.name`, or `.*`
    Member(Box<Expr>, Option<String>),
    /// `..name`: the members of that name at any depth.
    Descendants(Box<Expr>, String),
    /// `[1, 2 to last]`
    Elements(Box<Expr>, Vec<(Expr, Option<Expr>)>),
    /// `[*]`
    AllElements(Box<Expr>),
    /// `? (…)`
    Filter(Box<Expr>, Box<Predicate>),
    /// `.size()`
    Method(Box<Expr>, Method),
    /// `-x`
    Negated(Box<Expr>),
    /// `x + y`
    Arithmetic(char, Box<Expr>, Box<Expr>),
}

/// A method.
#[derive(Clone, Copy, Debug)]
pub enum Method {
    /// `.abs()`
    Abs,
    /// `.ceiling()`
    Ceiling,
    /// `.double()`
    Double,
    /// `.floor()`
    Floor,
    /// `.keyvalue()`
    KeyValue,
    /// `.size()`
    Size,
    /// `.type()`
    Type,
}

/// What may be true, false or unknown.
#[derive(Debug)]
pub enum Predicate {
    /// `x == y`: whether it holds for two values of both sides.
    Compared(Comparison, Expr, Expr),
    /// `x && y`
    And(Box<Predicate>, Box<Predicate>),
    /// `x || y`
    Or(Box<Predicate>, Box<Predicate>),
    /// `!(x)`
    Not(Box<Predicate>),
    /// `exists(x)`
    Exists(Expr),
    /// `x starts with y`
    StartsWith(Expr, Expr),
    /// `x like_regex "…"`
    Matches(Expr, regex::Regex),
    /// `(x) is unknown`
    IsUnknown(Box<Predicate>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `<>` or `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}
