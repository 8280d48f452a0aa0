//! Types as Trino spells them.

use arrow::datatypes::{DataType, FieldRef};

/// The name of a type in SQL.
pub fn sql_type(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "varchar".to_owned(),
        DataType::Int8 | DataType::UInt8 => "tinyint".to_owned(),
        DataType::Int16 | DataType::UInt16 => "smallint".to_owned(),
        DataType::Int32 | DataType::UInt32 => "integer".to_owned(),
        DataType::Int64 | DataType::UInt64 => "bigint".to_owned(),
        DataType::Float32 => "real".to_owned(),
        DataType::Float64 => "double".to_owned(),
        DataType::Boolean => "boolean".to_owned(),
        DataType::Null => "unknown".to_owned(),
        DataType::Date32 | DataType::Date64 => "date".to_owned(),
        DataType::Timestamp(..) => "timestamp".to_owned(),
        DataType::Decimal128(digits, scale) | DataType::Decimal256(digits, scale) => {
            format!("decimal({digits}, {scale})")
        }
        DataType::List(element)
        | DataType::LargeList(element)
        | DataType::FixedSizeList(element, _) => {
            format!("array({})", sql_type(element.data_type()))
        }
        DataType::Struct(fields) => format!("row({})", members(fields)),
        DataType::Map(entry, _) => match entry.data_type() {
            DataType::Struct(fields) => {
                let parts: Vec<_> = fields.iter().map(|it| sql_type(it.data_type())).collect();
                format!("map({})", parts.join(", "))
            }
            other => other.to_string(),
        },
        other => other.to_string(),
    }
}

/// A name as SQL takes it: in double quotes where it is no plain one.
pub fn quoted(name: &str) -> String {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    let is_plain = !name.starts_with(|it: char| it.is_numeric()) && name.chars().all(is_part);
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn members<'a>(fields: impl IntoIterator<Item = &'a FieldRef>) -> String {
    let member = |it: &FieldRef| format!("{} {}", quoted(it.name()), sql_type(it.data_type()));
    fields.into_iter().map(member).collect::<Vec<_>>().join(", ")
}
