//! Spans of time, and times as seconds since 1970.

use arrow::array::{Array, ArrayRef, AsArray, IntervalMonthDayNanoBuilder};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, DurationMillisecondType, IntervalMonthDayNano, IntervalMonthDayNanoType,
    IntervalUnit, TimeUnit,
};
use datafusion::common::{Result, exec_datafusion_err, exec_err};

use super::when::When;
use crate::query::rows::{Argument, Outcome, Parameter, accepted, by_row};
use crate::query::scalar::{ScalarFunction, arrays};

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[
    &INTERVAL_TIMES,
    &INTERVAL_LENGTH,
    &INTERVAL_SUM,
    &FROM_UNIXTIME_NANOS,
    &TO_UNIXTIME,
    &TO_MILLISECONDS,
    &PARSE_DURATION,
    &HUMAN_READABLE_SECONDS,
];

const DAY: i64 = 24 * 60 * 60 * 1000;

/// `from_unixtime_nanos(nanoseconds)`: so long after 1970, in UTC.
pub static FROM_UNIXTIME_NANOS: ScalarFunction = ScalarFunction {
    name: "from_unixtime_nanos",
    arguments: |given| match given {
        [it] if it.is_decimal() => Ok(vec![DataType::Int64]),
        _ => accepted("from_unixtime_nanos", given, &[Parameter::of::<i64>("nanoseconds")]),
    },
    result: |_| Ok(DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into()))),
    call: |args| Ok(cast(&arrays(args)?[0], args.return_type())?),
};

/// `to_unixtime(x)`: seconds since 1970, as double.
pub static TO_UNIXTIME: ScalarFunction = by_row!("to_unixtime", |x: When| -> f64 {
    // Microseconds of some ten thousand years are exact.
    #[expect(clippy::cast_precision_loss)]
    let micros = x.instant().and_utc().timestamp_micros() as f64;
    micros / 1e6
});

/// `to_milliseconds(span)`: of an interval of days and less.
pub static TO_MILLISECONDS: ScalarFunction =
    by_row!("to_milliseconds", |span: Span| -> Result<i64> {
        if span.0.months != 0 {
            return exec_err!("to_milliseconds takes an interval of days and less, not of months");
        }
        Ok(i64::from(span.0.days) * DAY + span.0.nanoseconds / 1_000_000)
    });

/// `span * number`, as it is planned: what is less than a month or a millisecond is left out.
pub static INTERVAL_TIMES: ScalarFunction =
    by_row!("$interval_times", |span: Span, times: f64| -> Result<Span> {
        let fault = || exec_datafusion_err!("an interval times {times} is too long");
        let product = |it: i64| {
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
            let product = (it as f64 * times) as i64;
            (times.is_finite() && product.unsigned_abs() < 1 << 52).then_some(product)
        };
        if span.0.months != 0 {
            let months = product(span.0.months.into()).ok_or_else(fault)?;
            let months = i32::try_from(months).map_err(|_| fault())?;
            return Ok(Span(IntervalMonthDayNano::new(months, 0, 0)));
        }
        let milliseconds = i64::from(span.0.days) * DAY + span.0.nanoseconds / 1_000_000;
        let milliseconds = product(milliseconds).ok_or_else(fault)?;
        let days = i32::try_from(milliseconds / DAY).map_err(|_| fault())?;
        Ok(Span(IntervalMonthDayNano::new(0, days, milliseconds % DAY * 1_000_000)))
    });

/// How long an interval is, to compare it with others: the engine compares days with days alone.
pub static INTERVAL_LENGTH: ScalarFunction = by_row!("$interval_length", |span: Span| -> i64 {
    let days = i64::from(span.0.months) * 30 + i64::from(span.0.days);
    days.saturating_mul(DAY).saturating_add(span.0.nanoseconds / 1_000_000)
});

/// `span + other * sign`, as it is planned: what is a day or more is counted in days, so that
/// intervals that are equal are written alike.
pub static INTERVAL_SUM: ScalarFunction =
    by_row!("$interval_sum", |span: Span, other: Span, sign: i64| -> Result<Span> {
        let fault = || exec_datafusion_err!("a sum of intervals is too long");
        let sum = |one: i64, other: i64| one.checked_add(other * sign).ok_or_else(fault);
        let months = sum(span.0.months.into(), other.0.months.into())?;
        let days = sum(span.0.days.into(), other.0.days.into())?;
        let rest = span.0.nanoseconds.checked_add(other.0.nanoseconds * sign).ok_or_else(fault)?;
        let (months, days) = (i32::try_from(months), i32::try_from(days));
        let (months, days) = (months.map_err(|_| fault())?, days.map_err(|_| fault())?);
        let sum = IntervalMonthDayNano::new(months, days, rest);
        normal_interval(sum).map(Span).ok_or_else(fault)
    });

/// An interval with its days apart from the rest, both of one sign; none where it is too long.
pub fn normal_interval(span: IntervalMonthDayNano) -> Option<IntervalMonthDayNano> {
    const NANOS: i128 = DAY as i128 * 1_000_000;
    let all = i128::from(span.days) * NANOS + i128::from(span.nanoseconds);
    let (days, rest) = (i32::try_from(all / NANOS).ok()?, i64::try_from(all % NANOS).ok()?);
    Some(IntervalMonthDayNano::new(span.months, days, rest))
}

/// `parse_duration(text)`: `3.81d` as an interval.
pub static PARSE_DURATION: ScalarFunction =
    by_row!("parse_duration", |text: &str| -> Result<Span> {
        const UNITS: [(&str, f64); 7] = [
            ("ns", 1e-6),
            ("us", 1e-3),
            ("ms", 1.0),
            ("s", 1e3),
            ("m", 6e4),
            ("h", 3.6e6),
            ("d", 8.64e7),
        ];
        let fault = || exec_datafusion_err!("'{text}' is no duration, as 1.5h is one");
        let unit = text.find(|it: char| it.is_ascii_alphabetic()).ok_or_else(fault)?;
        let (number, unit) = text.trim_end().split_at(unit);
        let number = number.trim();
        let plain = number.bytes().all(|it| it.is_ascii_digit() || it == b'.');
        let number: f64 = number.parse().ok().filter(|_| plain).ok_or_else(fault)?;
        let (_, length) = UNITS.iter().find(|(it, _)| *it == unit).ok_or_else(fault)?;
        // Beyond what 64 bits hold, days do not fit either.
        #[expect(clippy::cast_possible_truncation)]
        let milliseconds = (number * length).round() as i64;
        let days = i32::try_from(milliseconds / DAY).map_err(|_| fault())?;
        Ok(Span(IntervalMonthDayNano::new(0, days, milliseconds % DAY * 1_000_000)))
    });

/// `human_readable_seconds(seconds)`: `1 hour, 2 minutes, 42 seconds`.
pub static HUMAN_READABLE_SECONDS: ScalarFunction =
    by_row!("human_readable_seconds", |seconds: f64| -> Result<String> {
        const UNITS: [(&str, u64); 5] =
            [("week", 604_800), ("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)];
        if !seconds.is_finite() {
            return exec_err!("human_readable_seconds takes a finite number, not {seconds}");
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let mut rest = seconds.abs().round() as u64;
        let mut parts = Vec::new();
        for (unit, length) in UNITS {
            let count = rest / length;
            rest %= length;
            if count > 0 || unit == "second" && parts.is_empty() {
                let plural = if count == 1 { "" } else { "s" };
                parts.push(format!("{count} {unit}{plural}"));
            }
        }
        Ok(parts.join(", "))
    });

/// An interval.
pub struct Span(IntervalMonthDayNano);

const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);

impl<'a> Argument<'a> for Span {
    fn shown() -> String {
        "interval".to_owned()
    }

    fn taken_as(given: &DataType) -> Option<DataType> {
        match given {
            DataType::Interval(_) | DataType::Null => Some(INTERVAL),
            DataType::Duration(_) => Some(DataType::Duration(TimeUnit::Millisecond)),
            _ => None,
        }
    }

    fn read(array: Option<&'a ArrayRef>, row: usize) -> Option<Self> {
        let array = array.filter(|it| it.is_valid(row))?;
        Some(Self(match array.as_primitive_opt::<DurationMillisecondType>() {
            Some(durations) => {
                let milliseconds = durations.value(row);
                let days = i32::try_from(milliseconds / DAY).ok()?;
                IntervalMonthDayNano::new(0, days, milliseconds % DAY * 1_000_000)
            }
            None => array.as_primitive::<IntervalMonthDayNanoType>().value(row),
        }))
    }
}

impl Outcome for Span {
    type Builder = IntervalMonthDayNanoBuilder;

    fn data_type() -> DataType {
        INTERVAL
    }

    fn builder() -> Self::Builder {
        IntervalMonthDayNanoBuilder::new()
    }

    fn append_null(builder: &mut Self::Builder) {
        builder.append_null();
    }

    fn append(self, builder: &mut Self::Builder) -> Result<usize> {
        builder.append_value(self.0);
        Ok(0)
    }
}
