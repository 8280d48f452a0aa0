//! Functions whose result is in a zone that an argument names: its type depends on that.

use arrow::array::ArrayRef;
use arrow::array::timezone::Tz;
use arrow::datatypes::{DataType, Field, FieldRef, TimeUnit};
use chrono::DateTime;
use datafusion::common::{Result, internal_err, plan_datafusion_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion::scalar::ScalarValue;
use std::sync::Arc;

use super::when::{When, column, out_of_range, resolved, zone_named, zoned_type};
use crate::query::plans::integer_of;
use crate::query::rows::{Argument, Parameter, accepted};
use crate::query::scalar::arrays;

/// The functions.
pub fn all() -> Vec<Arc<ScalarUDF>> {
    let functions = [Zoned::AtTimezone, Zoned::WithTimezone, Zoned::FromUnixtime];
    let signature = || Signature::user_defined(Volatility::Immutable);
    functions
        .into_iter()
        .map(|function| Arc::new(ScalarUDF::from(InZone { function, signature: signature() })))
        .collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Zoned {
    /// `at_timezone(x, zone)`: the same instant by the clocks of a zone.
    AtTimezone,
    /// `with_timezone(x, zone)`: when the clocks of a zone show that time.
    WithTimezone,
    /// `from_unixtime(seconds [, zone])`, and `from_unixtime(seconds, hours, minutes)` ahead of
    /// UTC.
    FromUnixtime,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct InZone {
    function: Zoned,
    signature: Signature,
}

impl InZone {
    /// The zone of the constants behind the first argument.
    fn zone(&self, constants: &[Option<&ScalarValue>]) -> Result<Tz> {
        let name = self.name();
        let integers: Option<Vec<i64>> =
            constants.iter().map(|it| it.and_then(integer_of)).collect();
        let name = match (constants, integers.as_deref()) {
            ([], _) => "UTC".to_owned(),
            ([Some(zone)], _) => zone.try_as_str().flatten().unwrap_or("UTC").to_owned(),
            (_, Some([hours, minutes])) => {
                let minutes = hours.saturating_mul(60).saturating_add(*minutes);
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            _ => return plan_err!("the zone of {name} has to be a constant"),
        };
        zone_named(&name).ok_or_else(|| plan_datafusion_err!("there is no time zone '{name}'"))
    }
}

impl ScalarUDFImpl for InZone {
    fn name(&self) -> &'static str {
        match self.function {
            Zoned::AtTimezone => "at_timezone",
            Zoned::WithTimezone => "with_timezone",
            Zoned::FromUnixtime => "from_unixtime",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let zone = Parameter::of::<&str>("zone");
        match self.function {
            Zoned::FromUnixtime if types.len() == 3 => {
                let (hours, minutes) =
                    (Parameter::of::<i64>("hours"), Parameter::of::<i64>("minutes"));
                let seconds = Parameter::of::<f64>("seconds");
                let mut accepted = accepted(self.name(), types, &[seconds, hours, minutes])?;
                // They stay the constants that the zone is made of.
                accepted[1..].clone_from_slice(&types[1..]);
                Ok(accepted)
            }
            Zoned::FromUnixtime => {
                let zone = Parameter::of::<Option<&str>>("zone");
                accepted(self.name(), types, &[Parameter::of::<f64>("seconds"), zone])
            }
            _ => accepted(self.name(), types, &[Parameter::of::<When>("x"), zone]),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        internal_err!("the type of {} depends on its zone", self.name())
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let zone = self.zone(args.scalar_arguments.get(1..).unwrap_or_default())?;
        let unit = match args.arg_fields.first().map(|it| it.data_type()) {
            Some(DataType::Timestamp(unit, _)) => *unit,
            Some(DataType::Date32) => TimeUnit::Second,
            _ => TimeUnit::Millisecond,
        };
        Ok(Arc::new(Field::new(self.name(), zoned_type(unit, zone), true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let data_type = args.return_type();
        let DataType::Timestamp(_, Some(zone)) = data_type else {
            return internal_err!("a time in a zone was expected");
        };
        let zone = zone_named(zone).ok_or_else(|| out_of_range(self.name()))?;
        let columns = arrays(&args)?;
        let values = column(data_type, args.number_rows, |row| {
            if columns.iter().any(|it| it.is_null(row)) {
                return Ok(None);
            }
            self.instant(&columns, row, zone)
        })?;
        Ok(ColumnarValue::Array(values))
    }
}

impl InZone {
    fn instant(
        &self,
        columns: &[ArrayRef],
        row: usize,
        zone: Tz,
    ) -> Result<Option<chrono::NaiveDateTime>> {
        let first = columns.first();
        Ok(match self.function {
            Zoned::AtTimezone => When::read(first, row).map(|it| it.instant()),
            Zoned::WithTimezone => When::read(first, row).map(|it| resolved(it.local, zone)),
            Zoned::FromUnixtime => {
                let Some(seconds) = f64::read(first, row) else { return Ok(None) };
                // Beyond what 64 bits hold it is out of range anyway.
                #[expect(clippy::cast_possible_truncation)]
                let instant = DateTime::from_timestamp_millis((seconds * 1e3).round() as i64);
                let instant = instant.filter(|_| seconds.is_finite());
                Some(instant.ok_or_else(|| out_of_range(self.name()))?.naive_utc())
            }
        })
    }
}
