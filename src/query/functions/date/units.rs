//! `date_trunc`, `date_add` and `date_diff`: times in units.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use chrono::{Datelike, Days, Months, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::when::{When, column, out_of_range, resolved};
use crate::query::rows::{Argument, Parameter, accepted, by_row};
use crate::query::scalar::{ScalarFunction, arrays};

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&DATE_TRUNC, &DATE_ADD, &DATE_DIFF];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

const UNITS: [(&str, Unit); 9] = [
    ("millisecond", Unit::Millisecond),
    ("second", Unit::Second),
    ("minute", Unit::Minute),
    ("hour", Unit::Hour),
    ("day", Unit::Day),
    ("week", Unit::Week),
    ("month", Unit::Month),
    ("quarter", Unit::Quarter),
    ("year", Unit::Year),
];

impl Unit {
    /// A unit that dates have, or times.
    fn of(function: &str, name: &str, is_date: bool) -> Result<Self> {
        let (_, unit) = *match UNITS.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)) {
            Some(found) => found,
            None => return exec_err!("{function} knows no unit '{name}'"),
        };
        if is_date && unit < Self::Day {
            return exec_err!("a date has no unit '{name}', which {function} was asked for");
        }
        Ok(unit)
    }

    /// How long it is, where it is always the same.
    fn length(self) -> Option<TimeDelta> {
        match self {
            Self::Millisecond => Some(TimeDelta::milliseconds(1)),
            Self::Second => Some(TimeDelta::seconds(1)),
            Self::Minute => Some(TimeDelta::minutes(1)),
            Self::Hour => Some(TimeDelta::hours(1)),
            Self::Day => Some(TimeDelta::days(1)),
            Self::Week => Some(TimeDelta::weeks(1)),
            _ => None,
        }
    }

    /// How many months it is.
    fn months(self) -> i64 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            _ => 12,
        }
    }
}

/// `date_trunc(unit, x)`: where the unit that a time is in begins.
pub static DATE_TRUNC: ScalarFunction = ScalarFunction {
    name: "date_trunc",
    arguments: |given| {
        let unit = Parameter::of::<&str>("unit");
        accepted("date_trunc", given, &[unit, Parameter::of::<When>("x")])
    },
    result: |given| Ok(given.last().cloned().unwrap_or(DataType::Null)),
    call: |args| {
        computed(args, 1, |columns, row, when| {
            let Some(unit) = <&str>::read(columns.first(), row) else { return Ok(None) };
            let unit = Unit::of("date_trunc", unit, when.is_date)?;
            let Some(begun) = begin(when.local, unit) else {
                return Err(out_of_range("date_trunc"));
            };
            Ok(Some(match when.zone {
                // An hour may be there twice.
                Some(zone) if unit > Unit::Hour => resolved(begun, zone),
                _ => when.instant() - (when.local - begun),
            }))
        })
    },
};

fn begin(local: NaiveDateTime, unit: Unit) -> Option<NaiveDateTime> {
    let date = local.date();
    let midnight = |it: chrono::NaiveDate| it.and_time(NaiveTime::MIN);
    match unit {
        Unit::Millisecond => local.with_nanosecond(local.nanosecond() / 1_000_000 * 1_000_000),
        Unit::Second => local.with_nanosecond(0),
        Unit::Minute => local.with_nanosecond(0)?.with_second(0),
        Unit::Hour => local.with_nanosecond(0)?.with_second(0)?.with_minute(0),
        Unit::Day => Some(midnight(date)),
        Unit::Week => {
            let days = Days::new(date.weekday().num_days_from_monday().into());
            Some(midnight(date.checked_sub_days(days)?))
        }
        Unit::Month => Some(midnight(date.with_day(1)?)),
        Unit::Quarter => Some(midnight(date.with_day(1)?.with_month0(date.month0() / 3 * 3)?)),
        Unit::Year => Some(midnight(date.with_day(1)?.with_month(1)?)),
    }
}

/// `date_add(unit, count, x)`: so many units later. A day that a month does not have is its last.
pub static DATE_ADD: ScalarFunction = ScalarFunction {
    name: "date_add",
    arguments: |given| {
        let (unit, count) = (Parameter::of::<&str>("unit"), Parameter::of::<i64>("count"));
        accepted("date_add", given, &[unit, count, Parameter::of::<When>("x")])
    },
    result: |given| Ok(given.last().cloned().unwrap_or(DataType::Null)),
    call: |args| {
        computed(args, 2, |columns, row, when| {
            let unit = <&str>::read(columns.first(), row);
            let (Some(unit), Some(count)) = (unit, i64::read(columns.get(1), row)) else {
                return Ok(None);
            };
            let unit = Unit::of("date_add", unit, when.is_date)?;
            let later = match when.zone {
                // Days have 23 or 25 hours, too.
                Some(zone) if unit > Unit::Hour => {
                    later(when.local, unit, count).map(|it| resolved(it, zone))
                }
                _ => later(when.instant(), unit, count),
            };
            later.map(Some).ok_or_else(|| out_of_range("date_add"))
        })
    },
};

fn later(time: NaiveDateTime, unit: Unit, count: i64) -> Option<NaiveDateTime> {
    if let Some(length) = unit.length() {
        let by = length.num_milliseconds().checked_mul(count)?;
        return time.checked_add_signed(TimeDelta::try_milliseconds(by)?);
    }
    let months = unit.months().checked_mul(count)?;
    let by = Months::new(months.unsigned_abs().try_into().ok()?);
    if months < 0 { time.checked_sub_months(by) } else { time.checked_add_months(by) }
}

/// `date_diff(unit, from, to)`: how many whole units are between them.
pub static DATE_DIFF: ScalarFunction =
    by_row!("date_diff", |unit: &str, from: When, to: When| -> Result<i64> {
        let unit = Unit::of("date_diff", unit, from.is_date && to.is_date)?;
        let (first, last) = match from.zone {
            Some(zone) if unit > Unit::Hour => {
                (from.local, When::of_instant(to.instant(), zone, 0).local)
            }
            _ => (from.instant(), to.instant()),
        };
        if let Some(length) = unit.length() {
            return Ok((last - first).num_milliseconds() / length.num_milliseconds());
        }
        let months = |it: NaiveDateTime| i64::from(it.year()) * 12 + i64::from(it.month0());
        let whole = months(last) - months(first);
        let reached = later(first, Unit::Month, whole).unwrap_or(last);
        // The last of them may not be whole.
        let whole = match whole.signum() {
            1 if reached > last => whole - 1,
            -1 if reached < last => whole + 1,
            _ => whole,
        };
        Ok(whole / unit.months())
    });

/// The instants that are computed of the times in a place.
fn computed(
    args: &ScalarFunctionArgs,
    place: usize,
    of: impl Fn(&[ArrayRef], usize, When) -> Result<Option<NaiveDateTime>>,
) -> Result<ArrayRef> {
    let columns = arrays(args)?;
    column(args.return_type(), args.number_rows, |row| match When::read(columns.get(place), row) {
        Some(when) => of(&columns, row, when),
        None => Ok(None),
    })
}
