//! Fields of rows by their names, and what is said where there is none.

use std::hash::Hash;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Column, DataFusionError, Result, TableReference, internal_err};
use datafusion::functions::expr_fn::get_field;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

use super::attributes::header_key;
use super::names::nearest;
use super::types::{quoted, sql_type};
use crate::model::Error;

/// `column.name.name`, field by field.
pub fn path(column: &Field, table: Option<&TableReference>, names: &[String]) -> Expr {
    let mut expr = Expr::Column(Column::from((table, column)));
    let mut data_type = column.data_type();
    let mut written = quoted(column.name());
    for (at, name) in names.iter().enumerate() {
        let field = match data_type {
            DataType::Struct(fields) => fields.iter().find(|it| it.name() == name),
            _ => None,
        };
        let Some(field) = field else {
            let error = no_field(&written, data_type, name);
            return refusal(&match with_dot(column, names, at) {
                Some(dotted) => error.with_help(format!("did you mean {dotted}?")),
                None => error,
            });
        };
        expr = get_field(expr, name.as_str());
        data_type = field.data_type();
        written = format!("{written}.{}", quoted(name));
    }
    expr
}

/// A field whose own name has the dots between the names, of which the one at `wrong` is no field.
fn with_dot(column: &Field, names: &[String], wrong: usize) -> Option<String> {
    let mut data_type = column.data_type();
    let mut written = quoted(column.name());
    for at in 0..=wrong {
        let DataType::Struct(fields) = data_type else { return None };
        let dotted = names[at..].join(".");
        if let Some(field) = fields.iter().find(|it| it.name() == &dotted) {
            return Some(format!("{written}.{}", spelled(field)));
        }
        data_type = fields.iter().find(|it| it.name() == &names[at])?.data_type();
        written = format!("{written}.{}", quoted(&names[at]));
    }
    None
}

/// The field that a subscript names: as the header spells it, or else by its name in lower case.
pub fn of_key<'a>(fields: &'a Fields, key: &str) -> Option<&'a FieldRef> {
    let lower = key.to_lowercase();
    let exact = fields.iter().find(|it| header_key(it) == key);
    exact.or_else(|| fields.iter().find(|it| it.name() == &lower))
}

/// Why a value has no field of a name.
pub fn no_field(of: &str, data_type: &DataType, name: &str) -> Error {
    let name = name.escape_debug();
    let of_type = outline(data_type);
    let what = match data_type {
        DataType::Struct(fields) => {
            let names: Vec<_> = fields.iter().map(spelled).collect();
            let known = nearest(&name.to_string(), names.iter().map(String::as_str));
            let all =
                if known.ends_with(" more") { "; DESCRIBE of the table lists all" } else { "" };
            return Error::invalid(format!("`{of}` has no field `{name}`"))
                .with_help(format!("its fields are {known}{all}"));
        }
        DataType::Map(..) => {
            format!("the value of a key is {of}['KEY'], spelled as it is in the file")
        }
        DataType::List(element) if element.data_type().is_nested() => {
            format!("write {of}[1].{name} for its first element, or UNNEST({of}) for all")
        }
        DataType::List(_) => format!("write {of}[1] for its first element"),
        _ => format!("write {of}, without what follows it"),
    };
    Error::invalid(format!("`{of}` is {of_type}, which has no field `{name}`")).with_help(what)
}

/// A type without the fields of its rows, which may be many.
fn outline(data_type: &DataType) -> String {
    match data_type {
        DataType::Struct(_) => "row".to_owned(),
        DataType::List(element) => format!("array({})", outline(element.data_type())),
        other => sql_type(other),
    }
}

/// The name of a field as SQL takes it, in the case of the header where that is the same name.
pub fn spelled(field: &FieldRef) -> String {
    let key = header_key(field);
    quoted(if key.to_lowercase() == *field.name() { key } else { field.name() })
}

/// An expression that fails with this error as soon as its type is asked for. The planner takes no
/// error where it looks for somebody who knows a name.
fn refusal(error: &Error) -> Expr {
    let help = error.help().unwrap_or_default().to_owned();
    let signature = Signature::nullary(Volatility::Immutable);
    let function = Refusal { message: error.message().to_owned(), help, signature };
    Arc::new(ScalarUDF::from(function)).call(Vec::new())
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Refusal {
    message: String,
    help: String,
    signature: Signature,
}

impl ScalarUDFImpl for Refusal {
    fn name(&self) -> &'static str {
        "no_field"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Err(external(Error::invalid(&self.message).with_help(&self.help)))
    }

    fn return_field_from_args(&self, _: ReturnFieldArgs) -> Result<FieldRef> {
        Err(external(Error::invalid(&self.message).with_help(&self.help)))
    }

    fn invoke_with_args(&self, _: ScalarFunctionArgs) -> Result<ColumnarValue> {
        internal_err!("{}", self.message)
    }
}

/// An error of ours on its way through DataFusion.
pub fn external(error: Error) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
