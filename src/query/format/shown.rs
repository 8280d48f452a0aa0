//! Values for people, in no more characters than there is room for.

use arrow::array::{Array, ArrayRef};

use super::cell::{Cell, cell};

/// The text of a value.
pub struct Shown {
    /// The text.
    pub text: String,
    /// Whether it is a number, which stands at the right and is never cut: the rest of it would be
    /// another number.
    pub is_number: bool,
    /// Whether some of the value is left out.
    pub is_cut: bool,
}

impl Shown {
    /// A text that may come from a file.
    pub fn of_text(text: &str, limit: usize) -> Self {
        let mut out = Line { text: String::new(), left: limit };
        let is_cut = !out.push_text(text);
        if is_cut {
            out.cut(limit);
        }
        Self { text: out.text, is_number: false, is_cut }
    }

    /// How many characters it takes.
    pub fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// The value of a column at a row, in Trino's manner: `[a, b]`, `{key=value}`. Of what is longer
/// than the limit, text loses its end, and what is nested its last elements, which are counted.
pub fn shown(column: &ArrayRef, row: usize, limit: usize) -> Shown {
    let number = |text: &str| Shown { text: text.to_owned(), is_number: true, is_cut: false };
    match cell(column, row) {
        Cell::Number(text) => return number(&text),
        Cell::NotANumber(text) => return number(text),
        _ => {}
    }
    let mut out = Line { text: String::new(), left: limit };
    if append(column, row, &mut out) {
        return Shown { text: out.text, is_number: false, is_cut: false };
    }
    let text = match cell(column, row) {
        Cell::Text(text) => return Shown::of_text(&text, limit),
        Cell::List(values) => {
            let one = |index: usize, out: &mut Line| append(&values, index, out);
            shortened('[', ']', values.len(), limit, one, |room| shown(&values, 0, room))
        }
        Cell::Map(keys, values) => {
            let one = |index: usize, out: &mut Line| entry(&keys, &values, index, out);
            let first = |room| of_name(&shown(&keys, 0, room).text, &values, 0, room);
            shortened('{', '}', keys.len(), limit, one, first)
        }
        Cell::Struct(fields) => {
            let one = |index: usize, out: &mut Line| {
                let (name, values) = fields[index];
                out.push_text(name) && out.push("=") && append(values, row, out)
            };
            let first = |room| of_name(fields[0].0, fields[0].1, row, room);
            shortened('{', '}', fields.len(), limit, one, first)
        }
        Cell::Null | Cell::Boolean(_) | Cell::Number(_) | Cell::NotANumber(_) => out.text,
    };
    Shown { text, is_number: false, is_cut: true }
}

/// As many elements as there is room for, and how many more there are. Of the first one there is
/// some at least, if it can be cut.
fn shortened(
    open: char,
    close: char,
    count: usize,
    limit: usize,
    one: impl Fn(usize, &mut Line) -> bool,
    first: impl Fn(usize) -> Shown,
) -> String {
    let mut text = String::from(open);
    let mut used = 1;
    for index in 0..count {
        let separator = if index == 0 { "" } else { ", " };
        let more = more(count - index - 1);
        let taken = used + separator.len() + more.chars().count() + 1;
        let room = limit.saturating_sub(taken);
        let mut element = Line { text: String::new(), left: room };
        if !one(index, &mut element) {
            let cut = if index == 0 && room > 0 { Some(first(room)) } else { None };
            match cut.filter(|it| it.width() <= room) {
                Some(cut) => text.push_str(&format!("{}{more}", cut.text)),
                None => text.push_str(&self::more(count - index)[if index == 0 { 2 } else { 0 }..]),
            }
            text.push(close);
            return text;
        }
        used += separator.len() + (room - element.left);
        text.push_str(separator);
        text.push_str(&element.text);
    }
    text.push(close);
    text
}

fn more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(", … {count} more") }
}

fn of_name(name: &str, values: &ArrayRef, row: usize, room: usize) -> Shown {
    let value = shown(values, row, room.saturating_sub(name.chars().count() + 1));
    Shown { text: format!("{name}={}", value.text), ..value }
}

/// Text with as much room as is left for it.
struct Line {
    text: String,
    left: usize,
}

impl Line {
    /// Adds a text; false where there is no room for all of it.
    fn push(&mut self, text: &str) -> bool {
        // No character has more than four bytes: what is longer than all of them could be is not
        // even copied.
        if text.len() / 4 > self.left {
            self.left = 0;
            return false;
        }
        let count = text.chars().count();
        self.text.push_str(text);
        let fits = count <= self.left;
        self.left = self.left.saturating_sub(count);
        fits
    }

    /// Adds a text of a file, which must not steer the terminal: control characters and those that
    /// turn the direction of writing are escaped.
    fn push_text(&mut self, text: &str) -> bool {
        if !text.chars().any(steers) && text.len() <= self.left {
            return self.push(text);
        }
        text.chars().all(|character| {
            if steers(character) {
                self.push(&character.escape_default().to_string())
            } else {
                self.push(character.encode_utf8(&mut [0; 4]))
            }
        })
    }

    /// Keeps all but the last of so many characters, and says that there were more.
    fn cut(&mut self, limit: usize) {
        let last = self.text.char_indices().nth(limit.saturating_sub(1));
        self.text.truncate(last.map_or(self.text.len(), |(at, _)| at));
        self.text.push('…');
    }
}

fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(character, '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Adds a whole value; false as soon as there is no room for more of it.
fn append(column: &ArrayRef, row: usize, out: &mut Line) -> bool {
    match cell(column, row) {
        Cell::Null => out.push("NULL"),
        Cell::Boolean(value) => out.push(if value { "true" } else { "false" }),
        Cell::Number(text) => out.push(&text),
        Cell::NotANumber(text) => out.push(text),
        Cell::Text(text) => out.push_text(&text),
        Cell::List(values) => {
            join("[", "]", values.len(), out, |index, out| append(&values, index, out))
        }
        Cell::Map(keys, values) => {
            join("{", "}", keys.len(), out, |index, out| entry(&keys, &values, index, out))
        }
        Cell::Struct(fields) => join("{", "}", fields.len(), out, |index, out| {
            let (name, values) = fields[index];
            out.push_text(name) && out.push("=") && append(values, row, out)
        }),
    }
}

fn entry(keys: &ArrayRef, values: &ArrayRef, index: usize, out: &mut Line) -> bool {
    append(keys, index, out) && out.push("=") && append(values, index, out)
}

fn join(
    open: &str,
    close: &str,
    count: usize,
    out: &mut Line,
    one: impl Fn(usize, &mut Line) -> bool,
) -> bool {
    let elements =
        |out: &mut Line| (0..count).all(|index| (index == 0 || out.push(", ")) && one(index, out));
    out.push(open) && elements(out) && out.push(close)
}
