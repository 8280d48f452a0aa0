//! Intervals as numbers, so that they are added up as numbers are.

use arrow::datatypes::{DataType, IntervalMonthDayNano, IntervalUnit};

/// The type of an interval.
pub const SPAN: DataType = DataType::Interval(IntervalUnit::MonthDayNano);

const DAY: i128 = 24 * 60 * 60 * 1_000_000_000;

/// From here on a number counts months: below lie the nanoseconds of 100,000 years, of many rows.
const MONTH: i128 = 1 << 88;

/// Whether a type is one of spans of time.
pub fn is_span(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Interval(_) | DataType::Duration(_))
}

/// An interval as a number: that of a sum is the sum of theirs.
pub fn to_number(span: IntervalMonthDayNano) -> i128 {
    let nanoseconds = i128::from(span.days) * DAY + i128::from(span.nanoseconds);
    i128::from(span.months) * MONTH + nanoseconds
}

/// The interval of a number, through a count; none where it is too long. As in Trino it is rounded
/// to months, or to milliseconds.
pub fn of_number(number: i128, through: i64) -> Option<IntervalMonthDayNano> {
    let through = i128::from(through);
    let months = (number + MONTH / 2).div_euclid(MONTH);
    let milliseconds = rounded(number - months * MONTH, through * 1_000_000);
    let days = milliseconds / (DAY / 1_000_000);
    let rest = milliseconds % (DAY / 1_000_000) * 1_000_000;
    Some(IntervalMonthDayNano::new(
        i32::try_from(rounded(months, through)).ok()?,
        i32::try_from(days).ok()?,
        i64::try_from(rest).ok()?,
    ))
}

/// A quotient, half a one upwards.
fn rounded(number: i128, through: i128) -> i128 {
    (2 * number + through).div_euclid(2 * through)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_added_up_as_numbers() {
        let hour = i64::try_from(DAY / 24).unwrap();
        for (spans, sum, mean) in [
            (vec![(0, 1, 0), (0, 0, 2 * hour)], (0, 1, 2 * hour), (0, 0, 13 * hour)),
            (vec![(12, 0, 0), (3, 0, 0)], (15, 0, 0), (8, 0, 0)),
            (vec![(0, -1, 0), (0, 0, -hour)], (0, -1, -hour), (0, 0, -25 * hour / 2)),
            (vec![(-12, 0, 0), (0, 3, 0)], (-12, 3, 0), (-6, 1, 12 * hour)),
        ] {
            let new = |(months, days, rest)| IntervalMonthDayNano::new(months, days, rest);
            let total = spans.iter().map(|it| to_number(new(*it))).sum();
            assert_eq!(of_number(total, 1), Some(new(sum)));
            assert_eq!(of_number(total, 2), Some(new(mean)));
        }
        assert_eq!(of_number(MONTH * i128::from(u32::MAX), 1), None);
    }
}
