//! Patterns of Joda: `yyyy-MM-dd`.

use datafusion::common::{Result, exec_err};

use super::formats::{Field, Item};

/// The items of a pattern.
pub fn items(pattern: &str) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (text, behind) = quoted(&rest[1..]);
            items.push(Item::Text(text));
            rest = behind;
            continue;
        }
        let count = rest.chars().take_while(|it| *it == first).count();
        rest = &rest[count * first.len_utf8()..];
        // Numbers that touch are told apart by how long they are.
        let touches = rest.starts_with(|it: char| "CyYxweDdHhKkmsSM".contains(it));
        items.push(match first {
            it if it.is_ascii_alphabetic() => item(it, count, touches)?,
            other => Item::Text(other.to_string().repeat(count)),
        });
    }
    Ok(items)
}

/// What is quoted, up to the quote that ends it, and what follows. Two quotes are one.
fn quoted(text: &str) -> (String, &str) {
    if let Some(rest) = text.strip_prefix('\'') {
        return ("'".to_owned(), rest);
    }
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once('\'') {
        out.push_str(before);
        rest = behind;
        match rest.strip_prefix('\'') {
            Some(more) => {
                out.push('\'');
                rest = more;
            }
            None => return (out, rest),
        }
    }
    (out + rest, "")
}

fn item(letter: char, count: usize, touches: bool) -> Result<Item> {
    let number = |field| Item::Number(field, count, 2.max(count));
    let long = |field| Item::Number(field, count, if touches { count } else { 9 });
    Ok(match letter {
        'G' => Item::Era,
        'C' => long(Field::Century),
        'Y' if count == 2 => Item::ShortYear(Field::YearOfEra),
        'y' if count == 2 => Item::ShortYear(Field::Year),
        'x' if count == 2 => Item::ShortYear(Field::WeekYear),
        'Y' => long(Field::YearOfEra),
        'y' => long(Field::Year),
        'x' => long(Field::WeekYear),
        'w' => number(Field::Week),
        'e' => Item::Number(Field::Weekday, count, 1.max(count)),
        'E' => Item::Weekday(count >= 4),
        'D' => Item::Number(Field::DayOfYear, count, 3.max(count)),
        'M' if count >= 3 => Item::Month(count >= 4),
        'M' => number(Field::Month),
        'd' => number(Field::Day),
        'a' => Item::Half,
        'K' => number(Field::HalfHour),
        'h' => number(Field::HalfClockHour),
        'H' => number(Field::Hour),
        'k' => number(Field::ClockHour),
        'm' => number(Field::Minute),
        's' => number(Field::Second),
        'S' => Item::Fraction(count),
        'z' => Item::Zone,
        'Z' if count >= 3 => Item::Zone,
        'Z' => Item::Offset(count == 2),
        _ => return exec_err!("a pattern of times has no letter `{letter}`: put it in quotes"),
    })
}
