//! `sequence(start, stop [, step])`: integers, dates or timestamps.

use std::sync::Arc;

use arrow::array::timezone::Tz;
use arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowTimestampType, DataType, Int64Type, IntervalMonthDayNano, IntervalMonthDayNanoType,
    IntervalUnit, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use chrono::{Days, Months, NaiveDate, NaiveDateTime, TimeDelta};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use crate::query::bounds;
use crate::query::nested::pick::{element_of, list_of, nested};
use crate::query::scalar::{ScalarFunction, arrays};
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&SEQUENCE];

/// The most elements of one sequence, as in Trino.
const MOST_ELEMENTS: usize = 10_000;

const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);

/// `sequence(start, stop [, step])`: without a step, one up or down, or one day; timestamps need
/// one.
static SEQUENCE: ScalarFunction = ScalarFunction {
    name: "sequence",
    arguments: |types| {
        let ([start, stop] | [start, stop, _]) = types else {
            return plan_err!("sequence takes a start, a stop and perhaps a step");
        };
        let (value, step) = match (start, stop) {
            (DataType::Timestamp(..), _) if types.len() == 3 => (start, INTERVAL),
            (_, DataType::Timestamp(..)) if types.len() == 3 => (stop, INTERVAL),
            (DataType::Date32, DataType::Date32) => (start, INTERVAL),
            (DataType::Timestamp(..), _) | (_, DataType::Timestamp(..)) => {
                return plan_err!("sequence of timestamps needs a step, such as INTERVAL '1' HOUR");
            }
            _ if whole(start) && whole(stop) => (&DataType::Int64, DataType::Int64),
            _ => {
                let (start, stop) = (sql_type(start), sql_type(stop));
                return plan_err!(
                    "sequence takes integers, dates or timestamps, not {start} to {stop}"
                );
            }
        };
        let mut wanted = vec![value.clone(), value.clone(), step];
        wanted.truncate(types.len());
        Ok(wanted)
    },
    result: |types| Ok(list_of(&types[0])),
    call: sequence,
};

fn whole(data_type: &DataType) -> bool {
    data_type.is_integer() || data_type.is_null()
}

fn sequence(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let (firsts, ends) = (numbers(&given[0])?, numbers(&given[1])?);
    let kind = given[0].data_type();
    let (mut values, mut lengths) = (Vec::new(), Vec::new());
    let mut nulls = arrow::array::NullBufferBuilder::new(0);
    for row in 0..args.number_rows {
        let is_valid = given.iter().all(|it| it.is_valid(row));
        nulls.append(is_valid);
        let before = values.len();
        if is_valid {
            let (first, end) = (firsts.value(row), ends.value(row));
            let step = match given.get(2) {
                Some(steps) => Step::of(steps, row),
                None if kind.is_integer() => Step::Number(if first <= end { 1 } else { -1 }),
                None => {
                    let days = if first <= end { 1 } else { -1 };
                    Step::Interval(IntervalMonthDayNano::new(0, days, 0))
                }
            };
            count_up(kind, (first, end), step, &mut values)?;
            bounds::check("sequence", values.len() as u128 * 8)?;
        }
        lengths.push(values.len() - before);
    }
    let values: ArrayRef = Arc::new(Int64Array::from(values));
    let values = match element_of(args.return_type()) {
        DataType::Date32 => cast(&cast(&values, &DataType::Int32)?, &DataType::Date32)?,
        other => cast(&values, other)?,
    };
    nested(values, &lengths, nulls.finish(), args.return_type())
}

/// Integers as they are, dates as days and timestamps in their own unit.
fn numbers(array: &ArrayRef) -> Result<Int64Array> {
    let array = match array.data_type() {
        DataType::Date32 => cast(&cast(array, &DataType::Int32)?, &DataType::Int64)?,
        _ => cast(array, &DataType::Int64)?,
    };
    Ok(array.as_primitive::<Int64Type>().clone())
}

#[derive(Clone, Copy)]
enum Step {
    Number(i64),
    Interval(IntervalMonthDayNano),
}

impl Step {
    fn of(steps: &ArrayRef, row: usize) -> Self {
        match steps.as_primitive_opt::<IntervalMonthDayNanoType>() {
            Some(steps) => Self::Interval(steps.value(row)),
            None => Self::Number(steps.as_primitive::<Int64Type>().value(row)),
        }
    }

    /// Below zero, zero or above it.
    fn sign(self) -> i64 {
        match self {
            Self::Number(it) => it.signum(),
            Self::Interval(it) => {
                let days = i64::from(it.months) * 30 + i64::from(it.days);
                if days == 0 { it.nanoseconds.signum() } else { days.signum() }
            }
        }
    }

    /// A value so many steps behind a first one; none where the type has no such value.
    fn after(self, kind: &DataType, first: i64, steps: i64) -> Option<i64> {
        match (self, kind) {
            (Self::Number(step), _) => first.checked_add(step.checked_mul(steps)?),
            (Self::Interval(step), DataType::Timestamp(unit, _)) => match unit {
                TimeUnit::Second => moved::<TimestampSecondType>(first, step, steps),
                TimeUnit::Millisecond => moved::<TimestampMillisecondType>(first, step, steps),
                TimeUnit::Microsecond => moved::<TimestampMicrosecondType>(first, step, steps),
                TimeUnit::Nanosecond => moved::<TimestampNanosecondType>(first, step, steps),
            },
            (Self::Interval(step), _) => {
                let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
                let date = epoch.checked_add_signed(TimeDelta::try_days(first)?)?;
                let there = later(date.and_hms_opt(0, 0, 0)?, step, steps)?;
                Some(there.date().signed_duration_since(epoch).num_days())
            }
        }
    }
}

fn moved<T: ArrowTimestampType>(first: i64, step: IntervalMonthDayNano, steps: i64) -> Option<i64> {
    let time = arrow::temporal_conversions::as_datetime::<T>(first)?;
    T::from_naive_datetime(later(time, step, steps)?, None::<&Tz>)
}

fn later(time: NaiveDateTime, step: IntervalMonthDayNano, steps: i64) -> Option<NaiveDateTime> {
    let months = i64::from(step.months).checked_mul(steps)?;
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let time =
        if months < 0 { time.checked_sub_months(count) } else { time.checked_add_months(count) }?;
    let days = i64::from(step.days).checked_mul(steps)?;
    let count = Days::new(days.unsigned_abs());
    let time = if days < 0 { time.checked_sub_days(count) } else { time.checked_add_days(count) }?;
    time.checked_add_signed(TimeDelta::nanoseconds(step.nanoseconds.checked_mul(steps)?))
}

fn count_up(
    kind: &DataType,
    (first, end): (i64, i64),
    step: Step,
    values: &mut Vec<i64>,
) -> Result<()> {
    let sign = step.sign();
    if sign == 0 {
        return exec_err!("the step of sequence is 0");
    }
    if (sign > 0 && first > end) || (sign < 0 && first < end) {
        return exec_err!("the step of sequence leads away from its stop");
    }
    for steps in 0.. {
        let Some(value) = step.after(kind, first, steps) else { break };
        if if sign > 0 { value > end } else { value < end } {
            break;
        }
        if usize::try_from(steps).is_ok_and(|it| it == MOST_ELEMENTS) {
            return exec_err!("sequence gives more than {MOST_ELEMENTS} elements");
        }
        values.push(value);
    }
    Ok(())
}
