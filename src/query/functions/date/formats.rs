//! How times are written: what `MySQL`'s and Joda's patterns both come to.

use chrono::{Datelike, Timelike};

use super::when::When;

/// A piece of a written time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// What stands for itself.
    Text(String),
    /// A number of at least so many digits; read, of at most so many.
    Number(Field, usize, usize),
    /// The last two digits of a year.
    ShortYear(Field),
    /// So many digits of a second.
    Fraction(usize),
    /// The name of a month, whole or of three letters.
    Month(bool),
    /// The name of a day of the week.
    Weekday(bool),
    /// `AM` or `PM`.
    Half,
    /// `AD` or `BC`.
    Era,
    /// The offset from UTC, perhaps with a colon.
    Offset(bool),
    /// The name of the zone.
    Zone,
}

/// What a number of a written time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// With a sign.
    Year,
    /// Without a sign.
    YearOfEra,
    Century,
    /// ISO's year of a week.
    WeekYear,
    Week,
    /// From Monday, 1.
    Weekday,
    DayOfYear,
    Month,
    Day,
    /// 0 to 23.
    Hour,
    /// 1 to 24.
    ClockHour,
    /// 0 to 11.
    HalfHour,
    /// 1 to 12.
    HalfClockHour,
    Minute,
    Second,
}

/// The months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The days of a week, from Monday.
pub const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A time as the items write it.
pub fn written(items: &[Item], when: &When) -> String {
    let mut out = String::new();
    let name = |names: &[&'static str], at: u32, whole: bool| {
        let name = names.get(at as usize).copied().unwrap_or_default();
        if whole { name } else { &name[..3] }
    };
    for item in items {
        match item {
            Item::Text(text) => out.push_str(text),
            Item::Number(field, least, _) => out.push_str(&padded(value(*field, when), *least)),
            Item::ShortYear(field) => {
                out.push_str(&padded(value(*field, when).rem_euclid(100), 2));
            }
            Item::Fraction(digits) => {
                let nanoseconds = format!("{:09}", when.local.nanosecond() % 1_000_000_000);
                out.extend(nanoseconds.chars().chain(std::iter::repeat('0')).take(*digits));
            }
            Item::Month(whole) => out.push_str(name(&MONTHS, when.local.month0(), *whole)),
            Item::Weekday(whole) => {
                let day = when.local.weekday().num_days_from_monday();
                out.push_str(name(&WEEKDAYS, day, *whole));
            }
            Item::Half => out.push_str(if when.local.hour() < 12 { "AM" } else { "PM" }),
            Item::Era => out.push_str(if when.local.year() > 0 { "AD" } else { "BC" }),
            Item::Offset(colon) => out.push_str(&offset(when.offset, *colon)),
            Item::Zone => match when.zone {
                Some(zone) => out.push_str(&zone.to_string()),
                None => out.push_str("UTC"),
            },
        }
    }
    out
}

/// An offset as `+05:30`, or without the colon.
pub fn offset(seconds: i32, colon: bool) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    let colon = if colon { ":" } else { "" };
    format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
}

fn padded(value: i32, least: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{:0least$}", value.unsigned_abs())
}

fn value(field: Field, when: &When) -> i32 {
    let (local, hour) = (when.local, when.local.hour());
    let unsigned = match field {
        Field::Year => return local.year(),
        Field::WeekYear => return local.iso_week().year(),
        Field::YearOfEra => year_of_era(local.year()),
        Field::Century => year_of_era(local.year()) / 100,
        Field::Week => local.iso_week().week(),
        Field::Weekday => local.weekday().number_from_monday(),
        Field::DayOfYear => local.ordinal(),
        Field::Month => local.month(),
        Field::Day => local.day(),
        Field::Hour => hour,
        Field::ClockHour => (hour + 23) % 24 + 1,
        Field::HalfHour => hour % 12,
        Field::HalfClockHour => (hour + 11) % 12 + 1,
        Field::Minute => local.minute(),
        Field::Second => local.second(),
    };
    i32::try_from(unsigned).unwrap_or(i32::MAX)
}

/// The year before 1 is 1 of the era before.
fn year_of_era(year: i32) -> u32 {
    if year > 0 { year.unsigned_abs() } else { (1 - year).unsigned_abs() }
}
