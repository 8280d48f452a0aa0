//! Times written and read by patterns.

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::formats::{Item, written};
use super::parsing::parsed;
use super::when::{When, column};
use super::{joda, mysql, teradata};
use crate::query::rows::{Argument, Parameter, accepted, by_row};
use crate::query::scalar::{ScalarFunction, arrays};

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[
    &DATE_FORMAT,
    &FORMAT_DATETIME,
    &TO_CHAR,
    &DATE_PARSE,
    &PARSE_DATETIME,
    &TO_TIMESTAMP,
    &TO_DATE,
];

/// `date_format(x, pattern)`, a pattern of `MySQL`.
pub static DATE_FORMAT: ScalarFunction =
    by_row!("date_format", |x: When, pattern: &str| -> Result<String> {
        Ok(written(&mysql::items(pattern)?, &x))
    });

/// `format_datetime(x, pattern)`, a pattern of Joda.
pub static FORMAT_DATETIME: ScalarFunction =
    by_row!("format_datetime", |x: When, pattern: &str| -> Result<String> {
        Ok(written(&joda::items(pattern)?, &x))
    });

/// `to_char(x, pattern)`, a pattern of Teradata.
pub static TO_CHAR: ScalarFunction =
    by_row!("to_char", |x: When, pattern: &str| -> Result<String> {
        Ok(written(&teradata::items(pattern)?, &x))
    });

/// `date_parse(text, pattern)`: a timestamp, by a pattern of `MySQL`.
pub static DATE_PARSE: ScalarFunction = ScalarFunction {
    name: "date_parse",
    arguments: |given| texts("date_parse", given),
    result: |_| Ok(DataType::Timestamp(TimeUnit::Millisecond, None)),
    call: |args| read("date_parse", args, mysql::items),
};

/// `parse_datetime(text, pattern)`: a timestamp with time zone, by a pattern of Joda.
pub static PARSE_DATETIME: ScalarFunction = ScalarFunction {
    name: "parse_datetime",
    arguments: |given| texts("parse_datetime", given),
    result: |_| Ok(DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()))),
    call: |args| read("parse_datetime", args, joda::items),
};

/// `to_timestamp(text, pattern)`, by a pattern of Teradata.
pub static TO_TIMESTAMP: ScalarFunction = ScalarFunction {
    name: "to_timestamp",
    arguments: |given| texts("to_timestamp", given),
    result: |_| Ok(DataType::Timestamp(TimeUnit::Millisecond, None)),
    call: |args| read("to_timestamp", args, teradata::items),
};

/// `to_date(text, pattern)`, by a pattern of Teradata.
pub static TO_DATE: ScalarFunction = ScalarFunction {
    name: "to_date",
    arguments: |given| texts("to_date", given),
    result: |_| Ok(DataType::Date32),
    call: |args| read("to_date", args, teradata::items),
};

fn texts(function: &str, given: &[DataType]) -> Result<Vec<DataType>> {
    let parameters = ["text", "pattern"].map(Parameter::of::<&str>);
    accepted(function, given, &parameters)
}

fn read(
    function: &str,
    args: &ScalarFunctionArgs,
    items_of: fn(&str) -> Result<Vec<Item>>,
) -> Result<ArrayRef> {
    let columns = arrays(args)?;
    let mut last = None;
    column(args.return_type(), args.number_rows, |row| {
        let text = <&str>::read(columns.first(), row);
        let (Some(text), Some(pattern)) = (text, <&str>::read(columns.get(1), row)) else {
            return Ok(None);
        };
        let items = match last.take() {
            Some((known, items)) if known == pattern => items,
            _ => items_of(pattern)?,
        };
        let time = parsed(&items, text);
        last = Some((pattern, items));
        let time = time.ok_or_else(|| {
            let shown: String = text.chars().take(60).collect();
            exec_datafusion_err!("{function} finds no time by `{pattern}` in '{shown}'")
        })?;
        Ok(Some(time.instant()))
    })
}
