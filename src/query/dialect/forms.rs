//! Forms with words of their own, as calls of functions: `substring(x FROM 2)`, `extract(year FROM
//! x)`, `x AT TIME ZONE 'UTC'`, `current_date`; and the types of times.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use datafusion::sql::sqlparser::ast::{
    CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    Interval, ObjectNamePart, TimezoneInfo, TrimWhereField, TypedString, Value,
};

use super::numbers::call as call_of;
use crate::query::columns::AS_CAST;

/// When the statement was read: `now()` is the same wherever it stands.
pub struct Now(DateTime<Utc>);

impl Default for Now {
    fn default() -> Self {
        Self(SystemTime::now().into())
    }
}

/// What a form is in DataFusion's words; others stay.
pub fn rewrite(expr: &mut Expr) {
    let rewritten = match expr {
        Expr::Substring { expr, substring_from, substring_for, .. } => {
            let from = substring_from.take().map_or_else(|| number("1"), |it| *it);
            let rest = substring_for.take().map(|it| *it);
            Some(call_of("substr", [taken(expr), from].into_iter().chain(rest)))
        }
        Expr::Trim { expr, trim_where, trim_what, trim_characters } => {
            let name = match trim_where {
                Some(TrimWhereField::Leading) => "ltrim",
                Some(TrimWhereField::Trailing) => "rtrim",
                Some(TrimWhereField::Both) | None => "trim",
            };
            let what = trim_what.take().map(|it| *it);
            let characters = trim_characters.take().into_iter().flatten();
            Some(call_of(name, std::iter::once(taken(expr)).chain(what).chain(characters)))
        }
        Expr::Position { expr, r#in } => Some(call_of("strpos", [taken(r#in), taken(expr)])),
        Expr::Extract { field, expr, .. } => {
            Some(call_of(&field.to_string().to_lowercase(), [taken(expr)]))
        }
        Expr::AtTimeZone { timestamp, time_zone } => {
            Some(call_of("at_timezone", [taken(timestamp), taken(time_zone)]))
        }
        // DataFusion 55.2 says of them that they cannot be null, and then that they may be, and
        // fails on that in SELECT DISTINCT and UNION.
        Expr::IsTrue(_)
        | Expr::IsNotTrue(_)
        | Expr::IsFalse(_)
        | Expr::IsNotFalse(_)
        | Expr::IsUnknown(_)
        | Expr::IsNotUnknown(_) => Some(call_of(AS_CAST, [expr.clone()])),
        Expr::TypedString(it) => timestamp(it),
        Expr::Interval(it) => {
            of_two_fields(it);
            None
        }
        Expr::Cast { data_type, .. } => {
            with_precision(data_type);
            None
        }
        _ => None,
    };
    if let Some(rewritten) = rewritten {
        *expr = rewritten;
    }
}

/// What a call is in DataFusion's words; none where it may stay.
pub fn call(function: &mut Function, now: &Now) -> Option<Expr> {
    let [ObjectNamePart::Identifier(name)] = function.name.0.as_mut_slice() else { return None };
    match name.value.as_str() {
        "now" | "current_timestamp" => Some(time(now, TimezoneInfo::WithTimeZone)),
        "localtimestamp" => Some(time(now, TimezoneInfo::None)),
        "current_date" => {
            let date = text(now.0.format("%Y-%m-%d").to_string());
            Some(cast(date, DataType::Date))
        }
        // There are no times with a zone: UTC is the one of all sessions.
        "current_time" | "localtime" => {
            let time = text(now.0.format("%H:%M:%S%.3f").to_string());
            Some(cast(time, DataType::Time(None, TimezoneInfo::None)))
        }
        "current_timezone" => Some(text("UTC".to_owned())),
        "normalize" => {
            quote_second(&mut function.args);
            None
        }
        "regexp_replace" if has_lambda(&function.args) => {
            *name = Ident::with_quote('"', "$regexp_replace");
            None
        }
        _ => None,
    }
}

fn taken(expr: &mut Box<Expr>) -> Expr {
    std::mem::replace(expr.as_mut(), Expr::Value(Value::Null.into()))
}

fn text(text: String) -> Expr {
    Expr::Value(Value::SingleQuotedString(text).into())
}

fn number(digits: &str) -> Expr {
    Expr::Value(Value::Number(digits.to_owned(), false).into())
}

fn cast(expr: Expr, data_type: DataType) -> Expr {
    let expr = Box::new(expr);
    Expr::Cast { kind: CastKind::Cast, expr, data_type, array: false, format: None }
}

fn time(now: &Now, zone: TimezoneInfo) -> Expr {
    let written = now.0.format("%Y-%m-%d %H:%M:%S%.3f");
    cast(text(written.to_string()), DataType::Timestamp(Some(3), zone))
}

/// TIMESTAMP '2024-03-01 10:20:30.5 Europe/Berlin': as precise as it is written, and in a zone
/// where one is named.
fn timestamp(literal: &mut TypedString) -> Option<Expr> {
    let TypedString { data_type: DataType::Timestamp(..), value, .. } = literal else {
        return None;
    };
    let written = value.clone().into_string()?;
    let written = written.trim();
    // A zone is the third word, or a sign behind the time.
    let behind_date = written.find(' ').map_or(written.len(), |it| it + 1);
    let is_of_time = |it: char| it.is_ascii_digit() || matches!(it, ':' | '.');
    let zone = written[behind_date..].find(|it| !is_of_time(it)).map(|it| behind_date + it);
    let (local, zone) = written.split_at(zone.unwrap_or(written.len()));
    let digits = local.rsplit_once('.').map_or(0, |(_, digits)| digits.trim().len());
    let precision = Some(of_the_engine(digits.try_into().unwrap_or(9)));
    let local = text(local.trim().to_owned());
    let local = cast(local, DataType::Timestamp(precision, TimezoneInfo::None));
    Some(match zone.trim() {
        "" => local,
        zone => call_of("with_timezone", [local, text(zone.to_owned())]),
    })
}

/// `timestamp` is `timestamp(3)`; the engine has digits of 0, 3, 6 and 9.
fn with_precision(data_type: &mut DataType) {
    match data_type {
        DataType::Timestamp(precision, _) => {
            *precision = Some(of_the_engine(precision.unwrap_or(3)));
        }
        DataType::Varbinary(_) => *data_type = DataType::Bytea,
        _ => {}
    }
}

fn of_the_engine(digits: u64) -> u64 {
    digits.min(9).div_ceil(3) * 3
}

/// `INTERVAL '1-2' YEAR TO MONTH` and `INTERVAL '2 10:00' DAY TO MINUTE` as one of DataFusion's.
fn of_two_fields(interval: &mut Interval) {
    const UNITS: [&str; 4] = ["day", "hour", "minute", "second"];
    let (Some(first), Some(_)) = (&interval.leading_field, &interval.last_field) else { return };
    let Expr::Value(value) = interval.value.as_ref() else { return };
    let Some(written) = value.clone().into_string() else { return };
    let first = first.to_string().to_lowercase();
    let (sign, written) = match written.trim().strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", written.trim()),
    };
    let parts: Vec<&str> = match first.as_str() {
        "year" => written.split('-').collect(),
        _ => written.split([' ', ':']).collect(),
    };
    let units = match UNITS.iter().position(|it| *it == first) {
        Some(at) => &UNITS[at..],
        None => &["year", "month"],
    };
    let parts = parts.iter().zip(units).map(|(part, unit)| format!("{sign}{part} {unit}"));
    let whole = parts.collect::<Vec<_>>().join(" ");
    *interval.value = text(whole);
    (interval.leading_field, interval.last_field) = (None, None);
}

/// `normalize(x, NFC)` names its form without quotes.
fn quote_second(arguments: &mut FunctionArguments) {
    if let FunctionArguments::List(list) = arguments
        && let [_, FunctionArg::Unnamed(FunctionArgExpr::Expr(form @ Expr::Identifier(_)))] =
            list.args.as_mut_slice()
    {
        *form = text(form.to_string());
    }
}

fn has_lambda(arguments: &FunctionArguments) -> bool {
    let FunctionArguments::List(list) = arguments else { return false };
    let is_lambda = |it: &FunctionArg| {
        matches!(it, FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Lambda(_))))
    };
    list.args.iter().any(is_lambda)
}
