//! Dates and times as text, and back.

use arrow::array::timezone::Tz;
use arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowTimestampType, DataType, DurationMillisecondType, Int64Type, IntervalMonthDayNanoType,
    IntervalUnit, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow::temporal_conversions::as_datetime;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Timelike};
use datafusion::common::Result;

/// The date that a text is: `2024-03-01`. Blanks around it are ignored.
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut parts = unsigned.split('-');
    let year = sign * i32::try_from(number(parts.next()?, 4..=6)?).ok()?;
    let (month, day) = (number(parts.next()?, 1..=2)?, number(parts.next()?, 1..=2)?);
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| parts.next().is_none())
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let is_number = digits.contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// The count of units since 1970 that a text is: `2024-03-01 10:20:30.5`, of which minutes, seconds
/// or the whole time may be left out. Only times with a zone may name one; theirs is UTC where they
/// do not.
pub fn timestamp(text: &str, unit: TimeUnit, is_zoned: bool) -> Option<i64> {
    let text = text.trim();
    let (day, time) = text.split_once(' ').unwrap_or((text, ""));
    let is_of_time = |it: char| it.is_ascii_digit() || matches!(it, ':' | '.');
    let (clock, zone) = time.split_at(time.find(|it| !is_of_time(it)).unwrap_or(time.len()));
    let local = date(day)?.and_time(clock_time(clock)?);
    let instant = match zone.trim() {
        "" => local,
        zone if is_zoned => {
            let zone: Tz = if zone == "Z" { "UTC" } else { zone }.parse().ok()?;
            let earliest = zone.offset_from_local_datetime(&local).earliest()?;
            local - TimeDelta::seconds(earliest.fix().local_minus_utc().into())
        }
        _ => return None,
    };
    counted(instant, unit)
}

fn clock_time(text: &str) -> Option<NaiveTime> {
    if text.is_empty() {
        return Some(NaiveTime::MIN);
    }
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, fraction),
        None => (text, "0"),
    };
    let parts: Vec<u32> = clock.split(':').map(|it| number(it, 1..=2)).collect::<Option<_>>()?;
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] if fraction == "0" => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let nanoseconds = number(&format!("{fraction:0<9}"), 9..=9)?;
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanoseconds)
}

/// Units since 1970, rounded.
fn counted(time: NaiveDateTime, unit: TimeUnit) -> Option<i64> {
    let (time, nanoseconds) = (time.and_utc(), i128::from(time.nanosecond()));
    let nanoseconds = i128::from(time.timestamp()) * 1_000_000_000 + nanoseconds;
    rounded(nanoseconds, 1_000_000_000 / i128::from(per_second(unit)))
}

fn rounded(value: i128, divisor: i128) -> Option<i64> {
    i64::try_from((value + divisor / 2).div_euclid(divisor)).ok()
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// Times in another unit, and without their zone, as its clocks show them; null where 64 bits do
/// not hold one.
pub fn moved(array: &ArrayRef, to: TimeUnit, drop_zone: bool) -> Result<Int64Array> {
    let DataType::Timestamp(from, zone) = array.data_type() else {
        return Ok(cast(array, &DataType::Int64)?.as_primitive().clone());
    };
    let zone = zone.as_deref().filter(|_| drop_zone).map(str::parse::<Tz>).transpose()?;
    let (from, to) = (per_second(*from), per_second(to));
    let moved = |value: i64| {
        let ahead = match &zone {
            Some(zone) => {
                let seconds = value.div_euclid(from);
                let instant = chrono::DateTime::from_timestamp(seconds, 0)?.naive_utc();
                zone.offset_from_utc_datetime(&instant).fix().local_minus_utc()
            }
            None => 0,
        };
        let local = i128::from(value) + i128::from(ahead) * i128::from(from);
        if from > to {
            rounded(local, i128::from(from / to))
        } else {
            i64::try_from(local * i128::from(to / from)).ok()
        }
    };
    let values = cast(array, &DataType::Int64)?;
    Ok(values.as_primitive::<Int64Type>().iter().map(|it| it.and_then(moved)).collect())
}

/// A time, an interval or a duration as Trino writes it; none for others.
pub fn written(array: &ArrayRef, row: usize) -> Option<String> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    match array.data_type() {
        DataType::Timestamp(Second, zone) => {
            time_at::<TimestampSecondType>(array, row, zone.as_deref(), 0)
        }
        DataType::Timestamp(Millisecond, zone) => {
            time_at::<TimestampMillisecondType>(array, row, zone.as_deref(), 3)
        }
        DataType::Timestamp(Microsecond, zone) => {
            time_at::<TimestampMicrosecondType>(array, row, zone.as_deref(), 6)
        }
        DataType::Timestamp(Nanosecond, zone) => {
            time_at::<TimestampNanosecondType>(array, row, zone.as_deref(), 9)
        }
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let span = array.as_primitive::<IntervalMonthDayNanoType>().value(row);
            let milliseconds = i64::from(span.days) * DAY + span.nanoseconds / 1_000_000;
            Some(match (span.months, milliseconds) {
                (0, milliseconds) => days(milliseconds),
                (months, 0) => years(months),
                (months, milliseconds) => format!("{} {}", years(months), days(milliseconds)),
            })
        }
        DataType::Duration(_) => {
            let duration = cast(&array.slice(row, 1), &DataType::Duration(Millisecond)).ok()?;
            Some(days(duration.as_primitive::<DurationMillisecondType>().value(0)))
        }
        _ => None,
    }
}

/// Milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// `2 03:00:00.000`
fn days(milliseconds: i64) -> String {
    let sign = if milliseconds < 0 { "-" } else { "" };
    let all = milliseconds.unsigned_abs();
    let (seconds, rest) = (all / 1000, all % 1000);
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    format!("{sign}{} {hours:02}:{minutes:02}:{:02}.{rest:03}", seconds / 86_400, seconds % 60)
}

/// `1-2`
fn years(months: i32) -> String {
    let sign = if months < 0 { "-" } else { "" };
    let all = months.unsigned_abs();
    format!("{sign}{}-{}", all / 12, all % 12)
}

fn time_at<T: ArrowTimestampType>(
    array: &ArrayRef,
    row: usize,
    zone: Option<&str>,
    digits: usize,
) -> Option<String> {
    let time = as_datetime::<T>(array.as_primitive::<T>().value(row))?;
    let Some(zone) = zone else { return Some(with_digits(time, digits)) };
    let zone: Tz = zone.parse().ok()?;
    let local = zone.from_utc_datetime(&time).naive_local();
    let name = zone.to_string();
    let name = if name == "+00:00" { "UTC" } else { &name };
    Some(format!("{} {name}", with_digits(local, digits)))
}

fn with_digits(time: NaiveDateTime, digits: usize) -> String {
    let seconds = time.format("%Y-%m-%d %H:%M:%S");
    let fraction = format!("{:09}", time.nanosecond());
    match digits {
        0 => seconds.to_string(),
        _ => format!("{seconds}.{}", &fraction[..digits.min(9)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_trino_reads_them() {
        let day = 1_709_251_200_000;
        for (text, zoned, value) in [
            ("2024-03-01", false, Some(day)),
            (" 2024-3-1 1:2 ", false, Some(day + 3_720_000)),
            ("2024-03-01 00:00:01.5", false, Some(day + 1_500)),
            ("2024-03-01 00:00:00.0005", false, Some(day + 1)),
            ("2024-03-01 00:00:00 +01:00", true, Some(day - 3_600_000)),
            ("2024-03-01 00:00:00 America/New_York", true, Some(day + 5 * 3_600_000)),
            ("2024-03-01 00:00:00 UTC", false, None),
            ("2024-03-01T00:00:00", false, None),
            ("2024-02-30", false, None),
            ("2024-03-01 25:00", false, None),
            ("2024-03", false, None),
            ("", false, None),
        ] {
            assert_eq!(timestamp(text, TimeUnit::Millisecond, zoned), value, "{text}");
        }
    }

    #[test]
    fn spans_are_written_as_trino_writes_them() {
        assert_eq!(days(-(2 * DAY + 3_600_000)), "-2 01:00:00.000");
        assert_eq!(days(42), "0 00:00:00.042");
        assert_eq!(years(14), "1-2");
    }
}
