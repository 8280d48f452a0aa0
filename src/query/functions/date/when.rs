//! What a date or a time of a row is in Rust.

use std::sync::Arc;

use arrow::array::timezone::Tz;
use arrow::array::{Array, ArrayRef, AsArray, TimestampMicrosecondArray};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowTimestampType, DataType, Date32Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::temporal_conversions::{as_datetime, date32_to_datetime};
use chrono::{LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone};
use datafusion::common::{Result, exec_datafusion_err};

use crate::query::rows::Argument;

/// A date, as midnight, or a time.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// As clocks show it in its zone.
    pub local: NaiveDateTime,
    /// Its zone, where it has one.
    pub zone: Option<Tz>,
    /// By how many seconds its clocks are ahead of UTC.
    pub offset: i32,
    /// How many digits of a second it has.
    pub digits: usize,
    /// Whether it is a date.
    pub is_date: bool,
}

impl When {
    /// In UTC.
    pub fn instant(&self) -> NaiveDateTime {
        self.local - TimeDelta::seconds(self.offset.into())
    }

    /// The same instant by the clocks of a zone.
    pub fn of_instant(instant: NaiveDateTime, zone: Tz, digits: usize) -> Self {
        let offset = zone.offset_from_utc_datetime(&instant).fix().local_minus_utc();
        let local = instant + TimeDelta::seconds(offset.into());
        Self { local, zone: Some(zone), offset, digits, is_date: false }
    }
}

impl<'a> Argument<'a> for When {
    fn shown() -> String {
        "timestamp or date".to_owned()
    }

    fn taken_as(given: &DataType) -> Option<DataType> {
        match given {
            DataType::Date32 | DataType::Timestamp(..) => Some(given.clone()),
            DataType::Null => Some(DataType::Timestamp(TimeUnit::Millisecond, None)),
            _ => None,
        }
    }

    fn read(array: Option<&'a ArrayRef>, row: usize) -> Option<Self> {
        let array = array.filter(|it| it.is_valid(row))?;
        match array.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => of::<TimestampSecondType>(array, row, 0),
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                of::<TimestampMillisecondType>(array, row, 3)
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                of::<TimestampMicrosecondType>(array, row, 6)
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                of::<TimestampNanosecondType>(array, row, 9)
            }
            _ => {
                let local = date32_to_datetime(array.as_primitive::<Date32Type>().value(row))?;
                Some(Self { local, zone: None, offset: 0, digits: 0, is_date: true })
            }
        }
    }
}

fn of<T: ArrowTimestampType>(array: &ArrayRef, row: usize, digits: usize) -> Option<When> {
    let instant = as_datetime::<T>(array.as_primitive::<T>().value(row))?;
    Some(match array.data_type() {
        DataType::Timestamp(_, Some(zone)) => When::of_instant(instant, zone.parse().ok()?, digits),
        _ => When { local: instant, zone: None, offset: 0, digits, is_date: false },
    })
}

/// The instant at which clocks of a zone show a time: the earlier of two, and where clocks jumped
/// over it, as much later as they jumped.
pub fn resolved(local: NaiveDateTime, zone: Tz) -> NaiveDateTime {
    match zone.offset_from_local_datetime(&local) {
        LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => {
            local - TimeDelta::seconds(offset.fix().local_minus_utc().into())
        }
        LocalResult::None => {
            let before = local - TimeDelta::hours(24);
            let offset = zone.offset_from_utc_datetime(&before).fix().local_minus_utc();
            local - TimeDelta::seconds(offset.into())
        }
    }
}

/// Instants (of dates: days) as a column of a type of dates or times.
pub fn column(
    data_type: &DataType,
    rows: usize,
    mut of: impl FnMut(usize) -> Result<Option<NaiveDateTime>>,
) -> Result<ArrayRef> {
    let mut micros = Vec::with_capacity(rows);
    for row in 0..rows {
        micros.push(of(row)?.map(|it| it.and_utc().timestamp_micros()));
    }
    let times = TimestampMicrosecondArray::from(micros);
    let times: ArrayRef = match data_type {
        DataType::Timestamp(_, Some(zone)) => Arc::new(times.with_timezone(Arc::clone(zone))),
        _ => Arc::new(times),
    };
    Ok(cast(&times, data_type)?)
}

/// The error of a time that is beyond those that there are.
pub fn out_of_range(function: &str) -> datafusion::common::DataFusionError {
    exec_datafusion_err!("{function} gives a time that is too early or too late")
}

/// The zone of a name or of an offset.
pub fn zone_named(name: &str) -> Option<Tz> {
    match name.trim() {
        "Z" | "z" | "UT" | "GMT0" => "UTC".parse().ok(),
        other => other.parse().ok(),
    }
}

/// The type of times of a unit in a zone.
pub fn zoned_type(unit: TimeUnit, zone: Tz) -> DataType {
    DataType::Timestamp(unit, Some(zone.to_string().into()))
}
