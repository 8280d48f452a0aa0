//! Functions over text.

use std::sync::Arc;

use arrow::array::{Array, AsArray, Int64Array, ListBuilder, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

/// `split(text, delimiter [, limit])`: an array; with a limit, its last element is the rest. The empty text gives one empty element.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Split {
    signature: Signature,
}

impl Split {
    /// The function.
    pub fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Split {
    fn name(&self) -> &'static str {
        "split"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types.len() {
            2 => Ok(vec![DataType::Utf8, DataType::Utf8]),
            3 => Ok(vec![DataType::Utf8, DataType::Utf8, DataType::Int64]),
            _ => plan_err!("split takes a text, a delimiter and perhaps a limit"),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::new_list(DataType::Utf8, true))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let (text, delimiter) = two_texts(&args)?;
        let (text, delimiter) = (text.as_string::<i32>(), delimiter.as_string::<i32>());
        let limit = args.args.get(2).map(|it| it.to_array_of_size(rows)).transpose()?;
        let limit = limit.as_ref().map(AsArray::as_primitive::<Int64Type>);
        let mut lists = ListBuilder::new(StringBuilder::new());
        for row in 0..rows {
            if text.is_null(row)
                || delimiter.is_null(row)
                || limit.is_some_and(|it| it.is_null(row))
            {
                lists.append_null();
                continue;
            }
            let parts = match limit {
                Some(limit) => positive("limit of split", limit, row)?,
                None => usize::MAX,
            };
            for part in text.value(row).splitn(parts, delimiter_of("split", delimiter, row)?) {
                lists.values().append_value(part);
            }
            lists.append(true);
        }
        Ok(ColumnarValue::Array(Arc::new(lists.finish())))
    }
}

/// `split_part(text, delimiter, index)`: one-based, null where there are fewer parts.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct SplitPart {
    signature: Signature,
}

impl SplitPart {
    /// The function.
    pub fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for SplitPart {
    fn name(&self) -> &'static str {
        "split_part"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        if types.len() != 3 {
            return plan_err!("split_part takes a text, a delimiter and an index");
        }
        Ok(vec![DataType::Utf8, DataType::Utf8, DataType::Int64])
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let (text, delimiter) = two_texts(&args)?;
        let (text, delimiter) = (text.as_string::<i32>(), delimiter.as_string::<i32>());
        let index = args.args[2].to_array_of_size(rows)?;
        let index = index.as_primitive::<Int64Type>();
        let mut out = StringBuilder::new();
        for row in 0..rows {
            if text.is_null(row) || delimiter.is_null(row) || index.is_null(row) {
                out.append_null();
                continue;
            }
            let part = positive("index of split_part", index, row)?;
            let delimiter = delimiter_of("split_part", delimiter, row)?;
            out.append_option(text.value(row).split(delimiter).nth(part - 1));
        }
        Ok(ColumnarValue::Array(Arc::new(out.finish())))
    }
}

fn two_texts(
    args: &ScalarFunctionArgs,
) -> Result<(arrow::array::ArrayRef, arrow::array::ArrayRef)> {
    let rows = args.number_rows;
    Ok((args.args[0].to_array_of_size(rows)?, args.args[1].to_array_of_size(rows)?))
}

fn positive(what: &str, values: &Int64Array, row: usize) -> Result<usize> {
    match usize::try_from(values.value(row)) {
        Ok(it) if it > 0 => Ok(it),
        _ => exec_err!("the {what} is {}, but has to be at least 1", values.value(row)),
    }
}

fn delimiter_of<'a>(what: &str, delimiters: &'a StringArray, row: usize) -> Result<&'a str> {
    match delimiters.value(row) {
        "" => exec_err!("the delimiter of {what} is empty"),
        it => Ok(it),
    }
}
