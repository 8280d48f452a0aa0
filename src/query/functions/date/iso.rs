//! Dates and times as ISO 8601 writes them.

use std::sync::Arc;

use arrow::array::TimestampNanosecondArray;
use arrow::datatypes::{DataType, TimeUnit};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use datafusion::common::{Result, exec_datafusion_err};

use super::fields::days;
use super::formats::offset;
use super::when::{When, column, resolved, zone_named};
use crate::query::casts;
use crate::query::faults::of_value;
use crate::query::rows::{Argument, Days, Parameter, accepted, by_row, one_of};
use crate::query::scalar::{ScalarFunction, arrays};

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] =
    &[&DATE, &FROM_ISO8601_DATE, &FROM_ISO8601_TIMESTAMP, &FROM_ISO8601_NANOS, &TO_ISO8601];

static DATE_OF_TEXT: ScalarFunction = by_row!("date", |text: &str| -> Result<Days> {
    let Some(date) = casts::date(text) else {
        let fault = format!("'{}' cannot be cast to date", text.escape_debug());
        return Err(of_value(&fault, "TRY_CAST(x AS date) gives null instead"));
    };
    Ok(days(date))
});

static DATE_OF_TIME: ScalarFunction = by_row!("date", |x: When| -> Days { days(x.local.date()) });

/// `date(x)` is `CAST(x AS date)`.
pub static DATE: ScalarFunction = one_of!("date", [DATE_OF_TEXT, DATE_OF_TIME]);

/// `from_iso8601_date(text)`: `2020-05-11`, `2020-W20-1` or `2020-132`.
pub static FROM_ISO8601_DATE: ScalarFunction =
    by_row!("from_iso8601_date", |text: &str| -> Result<Days> {
        let date = iso_date(text);
        Ok(days(date.ok_or_else(|| exec_datafusion_err!("'{text}' is no date of ISO 8601"))?))
    });

/// `from_iso8601_timestamp(text)`: a timestamp with time zone, of UTC where none is written.
pub static FROM_ISO8601_TIMESTAMP: ScalarFunction = ScalarFunction {
    name: "from_iso8601_timestamp",
    arguments: |given| accepted("from_iso8601_timestamp", given, &[Parameter::of::<&str>("text")]),
    result: |_| Ok(DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()))),
    call: |args| {
        let columns = arrays(args)?;
        column(args.return_type(), args.number_rows, |row| {
            let Some(text) = <&str>::read(columns.first(), row) else { return Ok(None) };
            let instant = iso_instant(text);
            instant.map(Some).ok_or_else(|| exec_datafusion_err!("'{text}' is no time of ISO 8601"))
        })
    },
};

/// `from_iso8601_timestamp_nanos(text)`: the same with nine digits of a second.
pub static FROM_ISO8601_NANOS: ScalarFunction = ScalarFunction {
    name: "from_iso8601_timestamp_nanos",
    arguments: |given| {
        accepted("from_iso8601_timestamp_nanos", given, &[Parameter::of::<&str>("text")])
    },
    result: |_| Ok(DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into()))),
    call: |args| {
        let columns = arrays(args)?;
        let each = (0..args.number_rows).map(|row| {
            let Some(text) = <&str>::read(columns.first(), row) else { return Ok(None) };
            let instant = iso_instant(text).and_then(|it| it.and_utc().timestamp_nanos_opt());
            instant.map(Some).ok_or_else(|| exec_datafusion_err!("'{text}' is no time of ISO 8601"))
        });
        let times = each.collect::<Result<TimestampNanosecondArray>>()?;
        Ok(Arc::new(times.with_timezone("UTC")))
    },
};

/// `to_iso8601(x)`
pub static TO_ISO8601: ScalarFunction = by_row!("to_iso8601", |x: When| -> String {
    if x.is_date {
        return x.local.date().to_string();
    }
    let point = if x.digits > 0 { "." } else { "" };
    let fraction = format!("{:09}", chrono::Timelike::nanosecond(&x.local));
    let time = x.local.format("%Y-%m-%dT%H:%M:%S");
    let zone = match x.zone {
        None => String::new(),
        Some(_) if x.offset == 0 => "Z".to_owned(),
        Some(_) => offset(x.offset, true),
    };
    format!("{time}{point}{}{zone}", &fraction[..x.digits])
});

/// A date, of which month and day may be left out.
fn iso_date(text: &str) -> Option<NaiveDate> {
    let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit()).then(|| it.parse().ok())?;
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (year, rest) = unsigned.split_once('-').unwrap_or((unsigned, ""));
    let year = sign * i32::try_from(digits(year)?).ok()?;
    if let Some(week) = rest.strip_prefix('W') {
        let (week, day) = week.split_once('-').unwrap_or((week, "1"));
        let day = u8::try_from(digits(day)?).ok()?.checked_sub(1)?;
        return NaiveDate::from_isoywd_opt(year, digits(week)?, Weekday::try_from(day).ok()?);
    }
    match (rest, rest.split_once('-')) {
        ("", _) => NaiveDate::from_ymd_opt(year, 1, 1),
        (_, Some((month, day))) => NaiveDate::from_ymd_opt(year, digits(month)?, digits(day)?),
        (day, None) if day.len() == 3 => NaiveDate::from_yo_opt(year, digits(day)?),
        (month, None) => NaiveDate::from_ymd_opt(year, digits(month)?, 1),
    }
}

fn iso_instant(text: &str) -> Option<NaiveDateTime> {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let date = iso_date(date)?;
    let zone = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at(zone);
    let local = date.and_time(iso_time(time)?);
    Some(match zone {
        "" => local,
        zone => resolved(local, zone_named(zone)?),
    })
}

/// A time, of which all but the hour may be left out, and all in front of a zone.
fn iso_time(text: &str) -> Option<NaiveTime> {
    if text.is_empty() {
        return Some(NaiveTime::MIN);
    }
    let (clock, fraction) = match text.split_once(['.', ',']) {
        Some((clock, fraction)) if !fraction.is_empty() => (clock, fraction),
        Some(_) => return None,
        None => (text, ""),
    };
    let mut parts = clock.split(':').map(|it| it.parse::<u32>().ok());
    let hour = parts.next()??;
    let (minute, second) = (parts.next().unwrap_or(Some(0))?, parts.next().unwrap_or(Some(0))?);
    let is_number = fraction.bytes().all(|it| it.is_ascii_digit());
    let nanoseconds = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanoseconds);
    time.filter(|_| is_number && parts.next().is_none())
}
