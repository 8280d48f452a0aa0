//! `regexp_replace(text, pattern, groups -> text)`. The dialect gives it a name of its own, so that
//! the form without a lambda stays a scalar function.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, ListBuilder, StringArray, StringBuilder, UInt32Array};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, HigherOrderFunctionArgs, HigherOrderReturnFieldArgs, HigherOrderSignature,
    HigherOrderUDFImpl, LambdaArgument, LambdaParametersProgress, ValueOrLambda, Volatility,
};

use super::pattern::Patterns;
use super::search::Search;
use crate::query::bounds;
use crate::query::rows::Argument;

/// The function. What the lambda gives for the groups of a match, from the first on, takes its
/// place; where it gives null, the result is null.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct ReplaceEach {
    signature: HigherOrderSignature,
}

impl ReplaceEach {
    /// The function.
    pub fn new() -> Self {
        let arguments =
            vec![ValueOrLambda::Value(()), ValueOrLambda::Value(()), ValueOrLambda::Lambda(())];
        Self { signature: HigherOrderSignature::exact(arguments, Volatility::Immutable) }
    }
}

const USAGE: &str =
    "regexp_replace takes a text, a pattern, and a replacement or a lambda of groups";

impl HigherOrderUDFImpl for ReplaceEach {
    fn name(&self) -> &'static str {
        "$regexp_replace"
    }

    fn signature(&self) -> &HigherOrderSignature {
        &self.signature
    }

    fn coerce_value_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let texts = types.iter().map(<&str as Argument>::taken_as).collect::<Option<Vec<_>>>();
        match texts {
            Some(texts) if texts.len() == 2 => Ok(texts),
            _ => plan_err!("{USAGE}"),
        }
    }

    fn lambda_parameters(
        &self,
        _: usize,
        _: &[ValueOrLambda<FieldRef, Option<FieldRef>>],
    ) -> Result<LambdaParametersProgress> {
        let groups = Field::new("groups", DataType::new_list(DataType::Utf8, true), true);
        Ok(LambdaParametersProgress::Complete(vec![vec![Arc::new(groups)]]))
    }

    fn return_field_from_args(&self, args: HigherOrderReturnFieldArgs) -> Result<FieldRef> {
        match args.arg_fields {
            [_, _, ValueOrLambda::Lambda(result)]
                if result.data_type().is_string() || result.data_type().is_null() =>
            {
                Ok(Arc::new(Field::new("regexp_replace", DataType::Utf8, true)))
            }
            _ => plan_err!("{USAGE}"),
        }
    }

    fn invoke_with_args(&self, args: HigherOrderFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let [
            ValueOrLambda::Value(text),
            ValueOrLambda::Value(pattern),
            ValueOrLambda::Lambda(replacement),
        ] = args.args.as_slice()
        else {
            return plan_err!("{USAGE}");
        };
        let (text, pattern) = (text.to_array_of_size(rows)?, pattern.to_array_of_size(rows)?);
        let found = AllMatches::all(text.as_string(), pattern.as_string())?;
        let replacements = found.replacements(replacement)?;
        Ok(ColumnarValue::Array(found.replaced(text.as_string(), replacements.as_string())?))
    }
}

/// The matches of all rows, one after the other.
struct AllMatches {
    /// The row of each.
    rows: Vec<u32>,
    /// Where each begins and ends in the text of its row.
    places: Vec<(usize, usize)>,
    groups: ArrayRef,
    /// Whether the pattern and the text of a row are there.
    is_valid: Vec<bool>,
}

impl AllMatches {
    fn all(texts: &StringArray, patterns: &StringArray) -> Result<Self> {
        let (mut rows, mut places, mut is_valid) = (Vec::new(), Vec::new(), Vec::new());
        let mut groups = ListBuilder::new(StringBuilder::new());
        let (mut compiled, mut made) = (Patterns::default(), 0);
        for (row, (text, pattern)) in (0..).zip(texts.iter().zip(patterns)) {
            is_valid.push(text.is_some() && pattern.is_some());
            let (Some(text), Some(pattern)) = (text, pattern) else { continue };
            let mut search = Search::of(compiled.get(pattern)?, text);
            while let Some(found) = search.captures() {
                for group in found.iter().skip(1) {
                    groups.values().append_option(group.map(|it| it.as_str()));
                    made += 8 + group.map_or(0, |it| it.len());
                }
                groups.append(true);
                rows.push(row);
                places.extend(found.get(0).map(|it| (it.start(), it.end())));
                made += 32;
                bounds::check("regexp_replace", made as u128)?;
            }
        }
        Ok(Self { rows, places, groups: Arc::new(groups.finish()), is_valid })
    }

    fn replacements(&self, lambda: &LambdaArgument) -> Result<ArrayRef> {
        let rows = UInt32Array::from(self.rows.clone());
        let groups = || Ok(Arc::clone(&self.groups));
        let texts = lambda.evaluate(&[&groups], |captured| {
            captured.iter().map(|it| Ok(take(it, &rows, None)?)).collect()
        })?;
        Ok(cast(&texts.into_array(self.rows.len())?, &DataType::Utf8)?)
    }

    fn replaced(&self, texts: &StringArray, replacements: &StringArray) -> Result<ArrayRef> {
        let mut matches = self.rows.iter().zip(&self.places).zip(replacements).peekable();
        let (mut out, mut made) = (StringBuilder::new(), 0);
        for (row, is_valid) in (0_u32..).zip(&self.is_valid) {
            let text = if *is_valid { texts.value(row as usize) } else { "" };
            let (mut whole, mut end, mut is_null) = (String::new(), 0, !is_valid);
            while let Some(((_, place), replacement)) = matches.next_if(|((it, _), _)| **it == row)
            {
                whole.push_str(&text[end..place.0]);
                whole.push_str(replacement.unwrap_or_default());
                is_null |= replacement.is_none();
                end = place.1;
                bounds::check("regexp_replace", (made + whole.len()) as u128)?;
            }
            whole.push_str(&text[end..]);
            made += whole.len().saturating_sub(text.len());
            out.append_option((!is_null).then_some(whole));
        }
        Ok(Arc::new(out.finish()))
    }
}
