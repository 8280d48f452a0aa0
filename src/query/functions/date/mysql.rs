//! Patterns of `MySQL`: `%Y-%m-%d`.

use datafusion::common::{Result, exec_err};

use super::formats::{Field, Item};

/// The items of a pattern.
pub fn items(pattern: &str) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let mut rest = pattern.chars();
    while let Some(it) = rest.next() {
        match it {
            '%' => match rest.next() {
                Some(letter) => item(letter, &mut items)?,
                None => literal('%', &mut items),
            },
            other => literal(other, &mut items),
        }
    }
    Ok(items)
}

fn literal(character: char, items: &mut Vec<Item>) {
    match items.last_mut() {
        Some(Item::Text(text)) => text.push(character),
        _ => items.push(Item::Text(character.to_string())),
    }
}

fn item(letter: char, items: &mut Vec<Item>) -> Result<()> {
    let number = |field, least, most| Item::Number(field, least, most);
    let time = |hour: Item| {
        let text = |it: &str| Item::Text(it.to_owned());
        let (minute, second) = (number(Field::Minute, 2, 2), number(Field::Second, 2, 2));
        [hour, text(":"), minute, text(":"), second]
    };
    match letter {
        'T' => {
            items.extend(time(number(Field::Hour, 2, 2)));
            return Ok(());
        }
        'r' => {
            items.extend(time(number(Field::HalfClockHour, 2, 2)));
            items.extend([Item::Text(" ".to_owned()), Item::Half]);
            return Ok(());
        }
        _ => {}
    }
    items.push(match letter {
        'a' => Item::Weekday(false),
        'W' => Item::Weekday(true),
        'b' => Item::Month(false),
        'M' => Item::Month(true),
        'c' => number(Field::Month, 1, 2),
        'm' => number(Field::Month, 2, 2),
        'd' => number(Field::Day, 2, 2),
        'e' => number(Field::Day, 1, 2),
        'f' => Item::Fraction(6),
        'H' => number(Field::Hour, 2, 2),
        'k' => number(Field::Hour, 1, 2),
        'h' | 'I' => number(Field::HalfClockHour, 2, 2),
        'l' => number(Field::HalfClockHour, 1, 2),
        'i' => number(Field::Minute, 2, 2),
        's' | 'S' => number(Field::Second, 2, 2),
        'j' => number(Field::DayOfYear, 3, 3),
        'p' => Item::Half,
        'v' => number(Field::Week, 2, 2),
        'x' => number(Field::WeekYear, 4, 4),
        'Y' => number(Field::Year, 4, 4),
        'y' => Item::ShortYear(Field::Year),
        'D' | 'U' | 'u' | 'V' | 'w' | 'X' => {
            return exec_err!("%{letter} in a pattern of times is not supported");
        }
        other => {
            literal(other, items);
            return Ok(());
        }
    });
    Ok(())
}
