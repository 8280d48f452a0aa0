//! `lag` and `lead` whose offset or default is another for each row: the engine takes constants.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, new_null_array};
use arrow::compute::interleave;
use arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{
    PartitionEvaluator, Signature, Volatility, WindowUDF, WindowUDFImpl,
};

use crate::query::faults::of_value;

/// The function of such a call; none of other names.
pub fn shift(name: &str) -> Option<Arc<WindowUDF>> {
    static BOTH: LazyLock<[Arc<WindowUDF>; 2]> = LazyLock::new(|| {
        [false, true].map(|leads| {
            let signature = Signature::user_defined(Volatility::Immutable);
            Arc::new(WindowUDF::from(Shift { leads, signature }))
        })
    });
    let [lag, lead] = &*BOTH;
    match name {
        "lag" => Some(Arc::clone(lag)),
        "lead" => Some(Arc::clone(lead)),
        _ => None,
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Shift {
    leads: bool,
    signature: Signature,
}

impl WindowUDFImpl for Shift {
    fn name(&self) -> &'static str {
        if self.leads { "lead" } else { "lag" }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [value, offset] if offset.is_integer() => Ok(vec![value.clone(), DataType::Int64]),
            [value, offset, _] if offset.is_integer() => {
                Ok(vec![value.clone(), DataType::Int64, value.clone()])
            }
            _ => plan_err!("{} takes a value, an integer and perhaps a default", self.name()),
        }
    }

    fn field(&self, args: WindowUDFFieldArgs) -> Result<FieldRef> {
        let value = args.get_input_field(0);
        let data_type = value.map_or(DataType::Null, |it| it.data_type().clone());
        Ok(Arc::new(Field::new(args.name(), data_type, true)))
    }

    fn partition_evaluator(
        &self,
        args: PartitionEvaluatorArgs,
    ) -> Result<Box<dyn PartitionEvaluator>> {
        // The engine may have turned the order around.
        let leads = self.leads != args.is_reversed();
        Ok(Box::new(Shifting { leads, skips_nulls: args.ignore_nulls() }))
    }
}

#[derive(Debug)]
struct Shifting {
    leads: bool,
    skips_nulls: bool,
}

impl PartitionEvaluator for Shifting {
    fn evaluate_all(&mut self, columns: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let (values, offsets) = (&columns[0], columns[1].as_primitive::<Int64Type>());
        let defaults = match columns.get(2) {
            Some(defaults) => Arc::clone(defaults),
            None => new_null_array(values.data_type(), rows),
        };
        // The rows that count, and how many of them stand before each.
        let counts = |row: &usize| !self.skips_nulls || values.is_valid(*row);
        let counted: Vec<usize> = (0..rows).filter(counts).collect();
        let mut before = 0;
        let mut places = Vec::with_capacity(rows);
        for row in 0..rows {
            let is_counted = counted.get(before) == Some(&row);
            let found = match self.offset(offsets, row)? {
                0 => Some(row),
                offset if self.leads => {
                    let next = before + usize::from(is_counted);
                    next.checked_add(offset - 1).and_then(|it| counted.get(it)).copied()
                }
                offset => before.checked_sub(offset).and_then(|it| counted.get(it)).copied(),
            };
            places.push(found.map_or((1, row), |it| (0, it)));
            before += usize::from(is_counted);
        }
        Ok(interleave(&[values.as_ref(), defaults.as_ref()], &places)?)
    }
}

impl Shifting {
    fn offset(&self, offsets: &Int64Array, row: usize) -> Result<usize> {
        let name = if self.leads { "lead" } else { "lag" };
        let help = "give it an offset of 0 or more for each row";
        if offsets.is_null(row) {
            return Err(of_value(&format!("an offset of {name} is null"), help));
        }
        usize::try_from(offsets.value(row)).map_err(|_| {
            let fault = format!("an offset of {name} is {}", offsets.value(row));
            of_value(&fault, help)
        })
    }
}
