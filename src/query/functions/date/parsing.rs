//! Times read by the items of a pattern.

use arrow::array::timezone::Tz;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use rustc_hash::FxHashMap;

use super::formats::{Field, Item, MONTHS, WEEKDAYS};
use super::when::{resolved, zone_named};

/// The first of the hundred years that two digits may mean.
const FIRST_SHORT_YEAR: i32 = 1970;

/// What was read of a time.
#[derive(Default)]
struct Read {
    fields: FxHashMap<Field, i32>,
    nanoseconds: u32,
    is_afternoon: Option<bool>,
    is_before_christ: bool,
    zone: Option<Tz>,
}

/// A time that was read: as clocks show it, and the zone of the clocks where it was written.
pub struct Parsed {
    /// As clocks show it.
    pub local: NaiveDateTime,
    /// The zone.
    pub zone: Option<Tz>,
}

impl Parsed {
    /// The instant, in UTC where no zone was written.
    pub fn instant(&self) -> NaiveDateTime {
        self.zone.map_or(self.local, |zone| resolved(self.local, zone))
    }
}

/// The time that a whole text is. What it does not say is that of 1970-01-01; a month or a day
/// alone is of 2000.
pub fn parsed(items: &[Item], text: &str) -> Option<Parsed> {
    let mut read = Read::default();
    let rest = items.iter().try_fold(text, |rest, item| read.item(item, rest))?;
    if !rest.is_empty() {
        return None;
    }
    let time = read.time()?;
    Some(Parsed { local: read.date()?.and_time(time), zone: read.zone })
}

impl Read {
    /// Takes an item from the beginning of a text, and gives the rest.
    fn item<'a>(&mut self, item: &Item, text: &'a str) -> Option<&'a str> {
        match item {
            Item::Text(expected) => text.strip_prefix(expected.as_str()),
            Item::Number(field, _, most) => {
                let (value, rest) = number(text, *most, *field == Field::Year)?;
                self.fields.insert(*field, value);
                Some(rest)
            }
            Item::ShortYear(field) => {
                let (value, rest) = number(text, 2, false)?;
                let year = FIRST_SHORT_YEAR + (value - FIRST_SHORT_YEAR).rem_euclid(100);
                self.fields.insert(*field, year);
                Some(rest)
            }
            Item::Fraction(digits) => {
                let count = text.bytes().take(*digits).take_while(u8::is_ascii_digit).count();
                let nanoseconds = format!("{:0<9}", &text[..count.min(9)]);
                self.nanoseconds = nanoseconds.parse().ok()?;
                (count > 0).then_some(&text[count..])
            }
            Item::Month(_) => {
                let (month, rest) = name(&MONTHS, text)?;
                self.fields.insert(Field::Month, month);
                Some(rest)
            }
            Item::Weekday(_) => {
                let (day, rest) = name(&WEEKDAYS, text)?;
                self.fields.insert(Field::Weekday, day);
                Some(rest)
            }
            Item::Half => {
                let (half, rest) = name(&["AM", "PM"], text)?;
                self.is_afternoon = Some(half == 2);
                Some(rest)
            }
            Item::Era => {
                let (era, rest) = name(&["BC", "AD"], text)?;
                self.is_before_christ = era == 1;
                Some(rest)
            }
            Item::Offset(_) | Item::Zone => {
                let end =
                    text.find(|it: char| !(it.is_ascii_alphanumeric() || "+-:/_".contains(it)));
                let (zone, rest) = text.split_at(end.unwrap_or(text.len()));
                self.zone = Some(zone_named(zone)?);
                Some(rest)
            }
        }
    }

    fn get(&self, field: Field) -> Option<i32> {
        self.fields.get(&field).copied()
    }

    fn small(&self, field: Field) -> Option<u32> {
        u32::try_from(self.get(field)?).ok()
    }

    fn date(&self) -> Option<NaiveDate> {
        let year = self.get(Field::Year).or_else(|| {
            let year = self.get(Field::YearOfEra)?;
            Some(if self.is_before_christ { 1 - year } else { year })
        });
        if let Some(day) = self.small(Field::DayOfYear) {
            return NaiveDate::from_yo_opt(year.unwrap_or(1970), day);
        }
        let (month, day) = (self.small(Field::Month), self.small(Field::Day));
        let (week, weekday) = (self.small(Field::Week), self.small(Field::Weekday));
        let is_of_week = self.get(Field::WeekYear).is_some() || week.is_some();
        if is_of_week && month.is_none() && day.is_none() {
            let day = u8::try_from(weekday.unwrap_or(1)).ok()?.checked_sub(1)?;
            let (year, week) = (self.get(Field::WeekYear).or(year), week.unwrap_or(1));
            let day = Weekday::try_from(day).ok()?;
            return NaiveDate::from_isoywd_opt(year.unwrap_or(1970), week, day);
        }
        let says_no_year = if month.is_some() || day.is_some() { 2000 } else { 1970 };
        let year = year.unwrap_or(says_no_year);
        NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1))
    }

    fn time(&self) -> Option<NaiveTime> {
        let twelve = if self.is_afternoon == Some(true) { 12 } else { 0 };
        let of_half =
            |it: u32, first: u32| (first..first + 12).contains(&it).then_some(it % 12 + twelve);
        let hour = match (self.small(Field::HalfHour), self.small(Field::HalfClockHour)) {
            (Some(hour), _) => of_half(hour, 0)?,
            (None, Some(hour)) => of_half(hour, 1)?,
            (None, None) => match self.small(Field::ClockHour) {
                Some(hour) => (1..=24).contains(&hour).then_some(hour % 24)?,
                None => self.small(Field::Hour).unwrap_or(twelve),
            },
        };
        let (minute, second) = (self.small(Field::Minute), self.small(Field::Second));
        let (minute, second) = (minute.unwrap_or(0), second.unwrap_or(0));
        NaiveTime::from_hms_nano_opt(hour, minute, second, self.nanoseconds)
    }
}

/// A number of at most so many digits.
fn number(text: &str, most: usize, signed: bool) -> Option<(i32, &str)> {
    let sign =
        if signed { text.find(|it: char| !"+-".contains(it)).unwrap_or(0).min(1) } else { 0 };
    let digits = text.bytes().skip(sign).take(most).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(sign + digits);
    Some((number.parse().ok()?, rest))
}

/// Which of some names a text begins with, in any case, whole or by three letters; from 1.
fn name<'a>(names: &[&str], text: &'a str) -> Option<(i32, &'a str)> {
    let starts = |name: &str| {
        let start = text.get(..name.len())?;
        start.eq_ignore_ascii_case(name).then(|| &text[name.len()..])
    };
    let whole = (1..).zip(names).find_map(|(at, name)| Some((at, starts(name)?)));
    whole.or_else(|| (1..).zip(names).find_map(|(at, name)| Some((at, starts(name.get(..3)?)?))))
}
