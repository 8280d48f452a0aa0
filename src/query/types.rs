//! Types as Trino spells them, and the one that holds the values of two.

use std::sync::Arc;

use arrow::datatypes::{DECIMAL128_MAX_PRECISION, DataType, Field, FieldRef, Fields, TimeUnit};
use datafusion::logical_expr::type_coercion::binary::comparison_coercion;

use super::maps::{map_type, of_map};

/// The name of a type in SQL.
pub fn sql_type(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 | DataType::Utf8View => "varchar".to_owned(),
        // See `query::json`.
        DataType::LargeUtf8 => "json".to_owned(),
        DataType::Int8 | DataType::UInt8 => "tinyint".to_owned(),
        DataType::Int16 | DataType::UInt16 => "smallint".to_owned(),
        DataType::Int32 | DataType::UInt32 => "integer".to_owned(),
        DataType::Int64 | DataType::UInt64 => "bigint".to_owned(),
        DataType::Float32 => "real".to_owned(),
        DataType::Float64 => "double".to_owned(),
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => "varbinary".to_owned(),
        DataType::Boolean => "boolean".to_owned(),
        DataType::Null => "unknown".to_owned(),
        DataType::Date32 | DataType::Date64 => "date".to_owned(),
        DataType::Timestamp(unit, zone) => {
            let digits = digits_of(*unit);
            let zone = if zone.is_some() { " with time zone" } else { "" };
            format!("timestamp({digits}){zone}")
        }
        DataType::Time32(unit) | DataType::Time64(unit) => format!("time({})", digits_of(*unit)),
        DataType::Interval(_) | DataType::Duration(_) => "interval".to_owned(),
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

/// How many digits of a second a unit has.
fn digits_of(unit: TimeUnit) -> u8 {
    match unit {
        TimeUnit::Second => 0,
        TimeUnit::Millisecond => 3,
        TimeUnit::Microsecond => 6,
        TimeUnit::Nanosecond => 9,
    }
}

/// Trino's reserved words.
const RESERVED: &str = " alter and as between by case cast constraint create cross cube \
    current_catalog current_date current_path current_role current_schema current_time \
    current_timestamp current_user deallocate delete describe distinct drop else end escape except \
    execute exists extract false for from full group grouping having in inner insert intersect \
    into is join json_array json_exists json_object json_query json_table json_value left like \
    listagg localtime localtimestamp natural normalize not null on or order outer prepare \
    recursive right rollup select skip table then trim true uescape unescape union unnest using \
    values when where with ";

/// A name as SQL takes it: in double quotes where it is no plain one, or a reserved word.
pub fn quoted(name: &str) -> String {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    let is_plain = !name.starts_with(|it: char| it.is_numeric())
        && name.chars().all(is_part)
        && !RESERVED.contains(&format!(" {name} "));
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn members<'a>(fields: impl IntoIterator<Item = &'a FieldRef>) -> String {
    let member = |(place, it): (usize, &FieldRef)| {
        let data_type = sql_type(it.data_type());
        // As the fields of `ROW(…)` are called, which have no names.
        let has_name = *it.name() != format!("c{place}");
        if has_name { format!("{} {data_type}", quoted(it.name())) } else { data_type }
    };
    fields.into_iter().enumerate().map(member).collect::<Vec<_>>().join(", ")
}

/// The type that holds the values of both types, as Trino coerces them; none where there is none.
pub fn common_type(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType::{List, Null, Struct, Utf8, Utf8View};
    match (left, right) {
        _ if left == right => Some(left.clone()),
        (Null, other) | (other, Null) => Some(other.clone()),
        (Utf8 | Utf8View, Utf8 | Utf8View) => Some(Utf8),
        (List(left), List(right)) => {
            Some(DataType::new_list(common_type(left.data_type(), right.data_type())?, true))
        }
        (Struct(left), Struct(right)) if left.len() == right.len() => {
            let members = left.iter().zip(right).map(|(left, right)| {
                let data_type = common_type(left.data_type(), right.data_type())?;
                Some(Arc::new(Field::new(left.name(), data_type, true)))
            });
            Some(Struct(members.collect::<Option<Fields>>()?))
        }
        (DataType::Map(..), DataType::Map(..)) => {
            let ((k1, v1), (k2, v2)) = (of_map(left)?, of_map(right)?);
            Some(map_type(common_type(k1, k2)?, common_type(v1, v2)?))
        }
        _ if left.is_numeric() && right.is_numeric() => common_number(left, right),
        _ if left.is_temporal() && right.is_temporal() => comparison_coercion(left, right),
        _ => None,
    }
}

fn common_number(left: &DataType, right: &DataType) -> Option<DataType> {
    if left.is_floating() || right.is_floating() {
        let wide = left == &DataType::Float64 || right == &DataType::Float64;
        return Some(if wide { DataType::Float64 } else { DataType::Float32 });
    }
    let (Some((p1, s1)), Some((p2, s2))) = (digits(left), digits(right)) else {
        return comparison_coercion(left, right);
    };
    if !left.is_decimal() && !right.is_decimal() {
        return Some(if p1 > p2 { left.clone() } else { right.clone() });
    }
    let scale = s1.max(s2);
    let whole = (i16::from(p1) - i16::from(s1)).max(i16::from(p2) - i16::from(s2));
    let precision = u8::try_from(whole + i16::from(scale)).ok()?.min(DECIMAL128_MAX_PRECISION);
    Some(DataType::Decimal128(precision, scale))
}

/// How many digits numbers of a type have at most, and how many of them behind the point.
fn digits(data_type: &DataType) -> Option<(u8, i8)> {
    Some(match data_type {
        DataType::Int8 => (3, 0),
        DataType::Int16 => (5, 0),
        DataType::Int32 => (10, 0),
        DataType::Int64 => (19, 0),
        DataType::Decimal128(precision, scale) => (*precision, *scale),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sql_would_take_for_something_else_are_quoted() {
        for (name, written) in [
            ("start", "start"),
            ("end", "\"end\""),
            ("ends", "ends"),
            ("1000g", "\"1000g\""),
            ("af-afr", "\"af-afr\""),
            ("a\"b", "\"a\"\"b\""),
        ] {
            assert_eq!(quoted(name), written);
        }
    }
}
