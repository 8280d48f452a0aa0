//! Types as Trino spells them.

use arrow::datatypes::{DataType, FieldRef};

/// The name of a type in SQL.
pub fn sql_type(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 => "varchar".to_owned(),
        DataType::Int32 => "integer".to_owned(),
        DataType::Int64 => "bigint".to_owned(),
        DataType::Float32 => "real".to_owned(),
        DataType::Float64 => "double".to_owned(),
        DataType::Boolean => "boolean".to_owned(),
        DataType::List(element) => format!("array({})", sql_type(element.data_type())),
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

fn members<'a>(fields: impl IntoIterator<Item = &'a FieldRef>) -> String {
    let member = |it: &FieldRef| format!("{} {}", it.name(), sql_type(it.data_type()));
    fields.into_iter().map(member).collect::<Vec<_>>().join(", ")
}
