//! Operators that other engines have and SQL has not: they would be answered in their words.

use datafusion::sql::sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

use crate::model::Error;

/// The error of an operator that Trino does not have.
pub fn check(expr: &Expr) -> Result<(), Error> {
    match expr {
        Expr::BinaryOp { op, .. } if !is_binary(op) => Err(unknown(&op.to_string())),
        Expr::UnaryOp { op, .. } if !is_unary(*op) => Err(unknown(&op.to_string())),
        _ => Ok(()),
    }
}

fn is_binary(op: &BinaryOperator) -> bool {
    use BinaryOperator::{
        And, Custom, Divide, Eq, Gt, GtEq, Lt, LtEq, Minus, Modulo, Multiply, NotEq, Or, Plus,
        StringConcat,
    };
    matches!(
        op,
        And | Custom(_) // Ours, in the views of a statement.
            | Divide
            | Eq
            | Gt
            | GtEq
            | Lt
            | LtEq
            | Minus
            | Modulo
            | Multiply
            | NotEq
            | Or
            | Plus
            | StringConcat
    )
}

fn is_unary(op: UnaryOperator) -> bool {
    matches!(op, UnaryOperator::Plus | UnaryOperator::Minus | UnaryOperator::Not)
}

fn unknown(op: &str) -> Error {
    let instead = match op {
        "^" => "power(a, b) raises to a power, bitwise_xor(a, b) tells bits apart",
        "|" | "#" => "bitwise_or(a, b), and a || b for texts and arrays",
        "&" => "bitwise_and(a, b)",
        "<<" => "bitwise_left_shift(a, b)",
        ">>" => "bitwise_right_shift(a, b)",
        "~" | "~*" | "!~" | "!~*" => "regexp_like(text, pattern), or bitwise_not(a)",
        "->" | "->>" | "#>" | "#>>" => "json_extract(json, '$.name')",
        "@>" | "<@" | "&&" => "contains(array, x), or arrays_overlap(a, b)",
        "//" | "DIV" => "a / b of integers is one, and floor(a / b) of others",
        _ => "the operators are + - * / % || = <> < <= > >= AND OR NOT",
    };
    Error::invalid(format!("there is no operator `{op}`")).with_help(instead)
}
