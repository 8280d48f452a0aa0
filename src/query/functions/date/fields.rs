//! The fields of dates and times: year, month, hour and others.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Time64MicrosecondType, TimeUnit};
use arrow::temporal_conversions::time64us_to_time;
use chrono::{Datelike, Months, NaiveDate, NaiveTime, Timelike};

use super::when::When;
use crate::query::rows::{Argument, Days, by_row};
use crate::query::scalar::ScalarFunction;

/// Functions that give a field of their argument, as bigint.
macro_rules! fields {
    ($($name:literal: |$of:ident: $type:ty| $value:expr;)*) => {
        /// What SQL calls.
        pub static FUNCTIONS: &[&ScalarFunction] = &[
            &LAST_DAY_OF_MONTH,
            $(&by_row!($name, |$of: $type| -> i64 { i64::from($value) }),)*
        ];
    };
}

fields! {
    "year": |x: When| x.local.year();
    "quarter": |x: When| x.local.quarter();
    "month": |x: When| x.local.month();
    // Of ISO's year, 1 to 53.
    "week": |x: When| x.local.iso_week().week();
    "week_of_year": |x: When| x.local.iso_week().week();
    "day": |x: When| x.local.day();
    "day_of_month": |x: When| x.local.day();
    // 1, Monday, to 7.
    "day_of_week": |x: When| x.local.weekday().number_from_monday();
    "dow": |x: When| x.local.weekday().number_from_monday();
    "day_of_year": |x: When| x.local.ordinal();
    "doy": |x: When| x.local.ordinal();
    // The year that ISO counts its week to.
    "year_of_week": |x: When| x.local.iso_week().year();
    "yow": |x: When| x.local.iso_week().year();
    "hour": |x: Clock| x.time.hour();
    "minute": |x: Clock| x.time.minute();
    "second": |x: Clock| x.time.second();
    "millisecond": |x: Clock| x.time.nanosecond() / 1_000_000;
    // How far the clocks of its zone are ahead of UTC.
    "timezone_hour": |x: Clock| x.offset / 3600;
    "timezone_minute": |x: Clock| x.offset / 60 % 60;
}

/// `last_day_of_month(x)`
static LAST_DAY_OF_MONTH: ScalarFunction =
    by_row!("last_day_of_month", |x: When| -> Option<Days> {
        let first = x.local.date().with_day(1)?;
        Some(days(first.checked_add_months(Months::new(1))?.pred_opt()?))
    });

/// A date as days since 1970.
pub fn days(date: NaiveDate) -> Days {
    Days(date.to_epoch_days())
}

/// A time of a day, which dates have not.
struct Clock {
    time: NaiveTime,
    /// By how many seconds its clocks are ahead of UTC.
    offset: i32,
}

impl<'a> Argument<'a> for Clock {
    fn shown() -> String {
        "timestamp or time".to_owned()
    }

    fn taken_as(given: &DataType) -> Option<DataType> {
        match given {
            DataType::Date32 => None,
            DataType::Time32(_) | DataType::Time64(_) => {
                Some(DataType::Time64(TimeUnit::Microsecond))
            }
            other => When::taken_as(other),
        }
    }

    fn read(array: Option<&'a ArrayRef>, row: usize) -> Option<Self> {
        let Some(times) = array.and_then(|it| it.as_primitive_opt::<Time64MicrosecondType>())
        else {
            let when = When::read(array, row)?;
            return Some(Self { time: when.local.time(), offset: when.offset });
        };
        let time = time64us_to_time(times.is_valid(row).then(|| times.value(row))?)?;
        Some(Self { time, offset: 0 })
    }
}
