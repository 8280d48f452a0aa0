//! The fields of dates and times: year, month, hour and others.

use chrono::{Datelike, Months, NaiveDate, Timelike};

use super::when::When;
use crate::query::rows::{Days, by_row};
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[
    &YEAR,
    &QUARTER,
    &MONTH,
    &WEEK,
    &WEEK_OF_YEAR,
    &DAY,
    &DAY_OF_MONTH,
    &DAY_OF_WEEK,
    &DOW,
    &DAY_OF_YEAR,
    &DOY,
    &YEAR_OF_WEEK,
    &YOW,
    &HOUR,
    &MINUTE,
    &SECOND,
    &MILLISECOND,
    &TIMEZONE_HOUR,
    &TIMEZONE_MINUTE,
    &LAST_DAY_OF_MONTH,
];

/// A function that gives a field, as bigint.
macro_rules! field {
    ($(#[$comment:meta])* $constant:ident, $name:literal, |$when:ident| $value:expr) => {
        $(#[$comment])*
        pub static $constant: ScalarFunction =
            by_row!($name, |$when: When| -> i64 { i64::from($value) });
    };
}

field!(
    /// `year(x)`
    YEAR, "year", |x| x.local.year()
);
field!(
    /// `quarter(x)`: 1 to 4.
    QUARTER, "quarter", |x| x.local.quarter()
);
field!(
    /// `month(x)`: 1 to 12.
    MONTH, "month", |x| x.local.month()
);
field!(
    /// `week(x)`: of ISO's year, 1 to 53.
    WEEK, "week", |x| x.local.iso_week().week()
);
field!(
    /// `week_of_year(x)` is `week`.
    WEEK_OF_YEAR, "week_of_year", |x| x.local.iso_week().week()
);
field!(
    /// `day(x)`: of the month.
    DAY, "day", |x| x.local.day()
);
field!(
    /// `day_of_month(x)` is `day`.
    DAY_OF_MONTH, "day_of_month", |x| x.local.day()
);
field!(
    /// `day_of_week(x)`: 1, Monday, to 7.
    DAY_OF_WEEK, "day_of_week", |x| x.local.weekday().number_from_monday()
);
field!(
    /// `dow(x)` is `day_of_week`.
    DOW, "dow", |x| x.local.weekday().number_from_monday()
);
field!(
    /// `day_of_year(x)`: 1 to 366.
    DAY_OF_YEAR, "day_of_year", |x| x.local.ordinal()
);
field!(
    /// `doy(x)` is `day_of_year`.
    DOY, "doy", |x| x.local.ordinal()
);
field!(
    /// `year_of_week(x)`: the year that ISO counts its week to.
    YEAR_OF_WEEK, "year_of_week", |x| x.local.iso_week().year()
);
field!(
    /// `yow(x)` is `year_of_week`.
    YOW, "yow", |x| x.local.iso_week().year()
);
field!(
    /// `hour(x)`: 0 to 23.
    HOUR, "hour", |x| x.local.hour()
);
field!(
    /// `minute(x)`
    MINUTE, "minute", |x| x.local.minute()
);
field!(
    /// `second(x)`
    SECOND, "second", |x| x.local.second()
);
field!(
    /// `millisecond(x)`: of the second.
    MILLISECOND, "millisecond", |x| x.local.nanosecond() / 1_000_000
);
field!(
    /// `timezone_hour(x)`: hours that the clocks of its zone are ahead of UTC.
    TIMEZONE_HOUR, "timezone_hour", |x| x.offset / 3600
);
field!(
    /// `timezone_minute(x)`: minutes beside those hours.
    TIMEZONE_MINUTE, "timezone_minute", |x| x.offset / 60 % 60
);

/// `last_day_of_month(x)`
pub static LAST_DAY_OF_MONTH: ScalarFunction =
    by_row!("last_day_of_month", |x: When| -> Option<Days> {
        let first = x.local.date().with_day(1)?;
        Some(days(first.checked_add_months(Months::new(1))?.pred_opt()?))
    });

/// A date as days since 1970.
pub fn days(date: NaiveDate) -> Days {
    Days(date.to_epoch_days())
}
