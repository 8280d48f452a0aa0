//! Types of SQL that DataFusion has in other forms or not at all.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, TimeUnit};
use datafusion::common::{Result, plan_datafusion_err, plan_err};
use datafusion::logical_expr::planner::TypePlanner;
use datafusion::sql::sqlparser::ast::{CharacterLength, DataType as SqlType, ExactNumberInfo};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;

use super::json::JSON;
use super::maps::map_type;
use super::nested::pick::list_of;

/// How deep types may lie in each other.
const MOST_DEPTH: usize = 50;

/// Plans `json`, and what the dialect made one word of: `array(…)`, `map(…)`, `row(…)`.
#[derive(Debug)]
pub struct TrinoTypes;

impl TypePlanner for TrinoTypes {
    fn plan_type_field(&self, sql_type: &SqlType) -> Result<Option<FieldRef>> {
        let data_type = match sql_type {
            SqlType::JSON => JSON,
            SqlType::Custom(name, modifiers) if modifiers.is_empty() => {
                let text = name.0.first().and_then(|it| it.as_ident()).map(|it| &it.value);
                match text {
                    Some(text) if name.0.len() == 1 && text.ends_with(')') => of_text(text, leaf)?,
                    _ => return Ok(None),
                }
            }
            _ => return Ok(None),
        };
        Ok(Some(Arc::new(Field::new("type", data_type, true))))
    }
}

/// What becomes of a type that holds no others.
type Leaf = fn(&SqlType) -> Result<DataType>;

/// The type that a text names, where each `varchar(n)` in it is a `FixedSizeBinary(n)`, and each
/// `char(n)` one of `-n`.
pub fn with_lengths(text: &str) -> Result<DataType> {
    of_text(text, |sql_type| {
        let (SqlType::Varchar(Some(length)) | SqlType::Char(Some(length))) = sql_type else {
            return leaf(sql_type);
        };
        match length {
            CharacterLength::IntegerLength { length, .. } => {
                let sign = if matches!(sql_type, SqlType::Char(_)) { -1 } else { 1 };
                i32::try_from(*length)
                    .map_or_else(|_| leaf(sql_type), |it| Ok(DataType::FixedSizeBinary(sign * it)))
            }
            CharacterLength::Max => leaf(sql_type),
        }
    })
}

fn of_text(text: &str, leaf: Leaf) -> Result<DataType> {
    let unknown = || plan_datafusion_err!("there is no type `{text}`");
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(text).map_err(|_| unknown())?;
    let data_type = read(&mut parser, 0, leaf)?;
    match parser.next_token().token {
        Token::EOF => Ok(data_type),
        _ => Err(unknown()),
    }
}

fn read(parser: &mut Parser, depth: usize, leaf: Leaf) -> Result<DataType> {
    if depth > MOST_DEPTH {
        return plan_err!("a type has more than {MOST_DEPTH} types in each other");
    }
    let is_open = parser.peek_nth_token(1).token == Token::LParen;
    let name = match parser.peek_token().token {
        Token::Word(word) if is_open && word.quote_style.is_none() => word.value.to_lowercase(),
        _ => String::new(),
    };
    if !["array", "map", "row"].contains(&name.as_str()) {
        let sql_type = parser
            .parse_data_type()
            .map_err(|error| plan_datafusion_err!("cannot read a type: {error}"))?;
        return leaf(&sql_type);
    }
    parser.advance_token();
    parser.advance_token();
    let data_type = match name.as_str() {
        "array" => list_of(&read(parser, depth + 1, leaf)?),
        "map" => {
            let key = read(parser, depth + 1, leaf)?;
            if !parser.consume_token(&Token::Comma) {
                return plan_err!("the type map takes two types, as in map(varchar, bigint)");
            }
            map_type(key, read(parser, depth + 1, leaf)?)
        }
        _ => DataType::Struct(members(parser, depth, leaf)?),
    };
    if !parser.consume_token(&Token::RParen) {
        let found = parser.peek_token();
        return plan_err!("the type {name} goes on with `{found}`, where its `)` was expected");
    }
    Ok(data_type)
}

fn members(parser: &mut Parser, depth: usize, leaf: Leaf) -> Result<Fields> {
    let mut fields = Vec::new();
    loop {
        let name = match parser.peek_token().token {
            Token::Word(word) if is_name(parser) => {
                parser.advance_token();
                word.value.to_lowercase()
            }
            _ => format!("c{}", fields.len()),
        };
        fields.push(Field::new(name, read(parser, depth + 1, leaf)?, true));
        if !parser.consume_token(&Token::Comma) {
            return Ok(Fields::from(fields));
        }
    }
}

/// Whether a word stands before a type, rather than being one.
fn is_name(parser: &Parser) -> bool {
    let (first, second) = (parser.peek_token().token, parser.peek_nth_token(1).token);
    let (Token::Word(first), Token::Word(second)) = (first, second) else { return false };
    let is = |word: &str, words: [&str; 3]| words.iter().any(|it| word.eq_ignore_ascii_case(it));
    let is_one_type = is(&first.value, ["double", "timestamp", "time"])
        && is(&second.value, ["precision", "with", "without"]);
    first.quote_style.is_some() || !is_one_type
}

fn leaf(sql_type: &SqlType) -> Result<DataType> {
    Ok(match sql_type {
        SqlType::JSON => JSON,
        SqlType::Boolean | SqlType::Bool => DataType::Boolean,
        SqlType::TinyInt(_) => DataType::Int8,
        SqlType::SmallInt(_) => DataType::Int16,
        SqlType::Int(_) | SqlType::Integer(_) => DataType::Int32,
        SqlType::BigInt(_) => DataType::Int64,
        SqlType::Real | SqlType::Float(_) => DataType::Float32,
        SqlType::Double(ExactNumberInfo::None) | SqlType::DoublePrecision => DataType::Float64,
        SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Text | SqlType::String(_) => {
            DataType::Utf8
        }
        SqlType::Varbinary(_) | SqlType::Binary(_) => DataType::Binary,
        SqlType::Date => DataType::Date32,
        SqlType::Timestamp(precision, _) => DataType::Timestamp(unit(*precision), None),
        SqlType::Decimal(info) | SqlType::Numeric(info) => decimal(*info)?,
        other => return plan_err!("there is no type `{other}` within another"),
    })
}

fn unit(precision: Option<u64>) -> TimeUnit {
    match precision {
        Some(0) => TimeUnit::Second,
        Some(1..=3) => TimeUnit::Millisecond,
        Some(4..=6) => TimeUnit::Microsecond,
        _ => TimeUnit::Nanosecond,
    }
}

fn decimal(info: ExactNumberInfo) -> Result<DataType> {
    let (precision, scale) = match info {
        ExactNumberInfo::None => (38, 0),
        ExactNumberInfo::Precision(precision) => (precision, 0),
        ExactNumberInfo::PrecisionAndScale(precision, scale) => (precision, scale),
    };
    match (u8::try_from(precision), i8::try_from(scale)) {
        (Ok(precision @ 1..=38), Ok(scale @ 0..)) if i16::from(scale) <= i16::from(precision) => {
            Ok(DataType::Decimal128(precision, scale))
        }
        _ => plan_err!("decimal({precision}, {scale}) has no digits, or more than 38"),
    }
}
