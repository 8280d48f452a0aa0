//! The header of the file with lines for what is added.

use super::fields::Field;
use super::request::OnMany;
use super::source::Source;
use crate::model::{Error, Result, ValueType};
use crate::read::vcf::{Definition, Header, Number};

/// The header with a line for each field that it does not have, and one for the command, each as
/// its own lines end. Fields that the file has as one value for each record are marked so.
///
/// A key of the file of another type is refused.
pub fn with_fields(
    text: &[u8],
    header: &Header,
    sources: &mut [Source],
    command: Option<&str>,
) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for source in sources {
        let (by_alleles, on_many) = (source.by_alleles, source.on_many);
        for it in &mut source.fields {
            let field = &it.field;
            if seen.contains(&field.key) {
                let message = format!("two fields would be INFO {}", field.key);
                return Err(Error::invalid(message).with_help(ANOTHER_NAME));
            }
            seen.push(field.key.clone());
            let number = number(field, by_alleles, on_many);
            match header.info.iter().find(|it| it.key == field.key) {
                Some(own) => it.once = takes(own, field, number)?,
                None => lines.push(line(field, number, &source.table)),
            }
        }
    }
    if let Some(command) = command {
        lines.push(format!("##annostore_annotateVersion={}", env!("CARGO_PKG_VERSION")));
        lines.push(format!("##annostore_annotateCommand={}", crate::model::visible(command)));
    }
    Ok(with_lines(text, &lines))
}

/// A header with more lines before that of the names of columns, each as its own lines end.
pub fn with_lines(text: &[u8], lines: &[String]) -> Vec<u8> {
    let at = columns_at(text);
    let line_end = if text[at..].ends_with(b"\r\n") { "\r\n" } else { "\n" };
    let mut whole = text[..at].to_vec();
    for line in lines {
        whole.extend_from_slice(line.as_bytes());
        whole.extend_from_slice(line_end.as_bytes());
    }
    whole.extend_from_slice(&text[at..]);
    if !whole.ends_with(b"\n") {
        whole.push(b'\n');
    }
    whole
}

const ANOTHER_NAME: &str = "give one another name, FIELD=NAME, or names a beginning with --prefix";

/// Where the line of column names begins.
fn columns_at(text: &[u8]) -> usize {
    if text.starts_with(COLUMNS) {
        return 0;
    }
    let is_line = |at: &usize| text[..*at].ends_with(b"\n");
    memchr::memmem::find_iter(text, COLUMNS).find(is_line).unwrap_or(text.len())
}

/// What the line of column names begins with.
const COLUMNS: &[u8] = b"#CHROM";

/// How many values a record gets of a field.
fn number(field: &Field, by_alleles: bool, on_many: OnMany) -> Number {
    match (field.number, by_alleles, on_many) {
        _ if field.value == ValueType::Flag => Number::Count(0),
        (_, false, _) | (_, true, OnMany::All) => Number::Any,
        (Number::Count(1) | Number::A, true, _) => Number::A,
        (number @ (Number::R | Number::G), true, _) => number,
        _ => Number::Any,
    }
}

/// Whether the file has a field as one value for each record; refused where its definition of the
/// key takes no such values.
fn takes(own: &Definition, field: &Field, number: Number) -> Result<bool> {
    let is_wider = own.value == ValueType::Float && field.value == ValueType::Integer;
    if own.value == field.value || is_wider || own.value == ValueType::String {
        match (own.number, field.number) {
            (Number::Any, _) => return Ok(false),
            (own, _) if own == number => return Ok(false),
            (Number::Count(1), Number::Count(1)) if number == Number::A => return Ok(true),
            _ => {}
        }
    }
    let message = format!(
        "the file has INFO {} already, with Number={} and Type={}, not Number={number} and Type={}",
        own.key,
        own.number,
        own.value.as_str(),
        field.value.as_str()
    );
    Err(Error::invalid(message).with_help(ANOTHER_NAME))
}

fn line(field: &Field, number: Number, table: &str) -> String {
    let Field { key, value, .. } = field;
    let (store, version) = table.rsplit_once('.').unwrap_or((table, ""));
    let description = match field.description.as_str() {
        "" => format!("{key} of {table}"),
        text => text.replace('\\', "\\\\").replace('"', "\\\""),
    };
    format!(
        "##INFO=<ID={key},Number={number},Type={},Description=\"{description}\",\
         Source=\"{store}\",Version=\"{version}\">",
        value.as_str()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_before_the_names_of_columns() {
        for (text, at) in [
            ("##a\n##b #CHROM\n#CHROM\n", 15),
            ("#CHROM", 0),
            ("##a\r\n#CHROM\r\n", 5),
            ("##a\n#CHROM\n#comment\n", 4),
        ] {
            assert_eq!(columns_at(text.as_bytes()), at, "{text:?}");
        }
    }
}
