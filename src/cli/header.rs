//! The header of an imported file: in one line for people, whole, or as JSON.

use serde::Serialize;
use serde_json::{Value, json};

use super::output;
use super::resource::{count, print_json, size};
use crate::diagnostic::render::number::counted;
use crate::model::Result;
use crate::service::Header;

/// Digits of a digest that tell it from others.
const DIGEST_SHOWN: usize = 12;

/// A header in one line.
pub fn summary(header: &Header) -> String {
    let text = &header.text;
    if header.is_made {
        let what = "not kept by the program that imported; made from the types of the version";
        return what.to_owned();
    }
    if text.lines == 0 {
        return "none in the file".to_owned();
    }
    let mut parts = vec![format!("{}, {}", counted(text.lines, "line"), size(text.bytes))];
    if let Some(it) = header.declared() {
        let numbers = [
            (it.contigs.len(), "contig"),
            (it.info.len(), "INFO key"),
            (it.format.len(), "FORMAT key"),
            (it.filters.len(), "filter"),
            (it.samples.len(), "sample"),
        ];
        let numbers = numbers.into_iter().filter(|it| it.0 > 0);
        parts.extend(numbers.map(|(number, what)| counted(number as u64, what)));
    }
    parts.push(format!("SHA-256 {}", &text.sha256[..DIGEST_SHOWN.min(text.sha256.len())]));
    if text.packed.is_none() {
        parts.push("too large to be kept".to_owned());
    }
    parts.join(", ")
}

/// Says how many jobs share what a line says.
pub fn of_jobs(jobs: usize) -> String {
    if jobs == 1 { String::new() } else { format!(" ({} jobs)", count(jobs as u64)) }
}

/// Prints the text of a header, byte for byte.
pub fn print(header: &Header) -> Result<()> {
    if header.is_made {
        output::message(
            "note: the program that imported the file kept no header; \
             this one is made from the types of the version",
        );
    }
    if let Some(text) = header.text.text() {
        return output::write_result(|out| out.write_all(&text));
    }
    output::message(&format!(
        "note: the header was too large to be kept: {} in {}, SHA-256 {}",
        size(header.text.bytes),
        counted(header.text.lines, "line"),
        header.text.sha256
    ));
    Ok(())
}

/// Prints headers as JSON.
pub fn print_as_json(headers: &[Header]) -> Result<()> {
    print_json(&Headers { headers: headers.iter().map(as_json).collect() })
}

#[derive(Serialize)]
struct Headers {
    headers: Vec<Value>,
}

/// All of a header. A text that is not UTF-8 has U+FFFD where bytes are none.
fn as_json(header: &Header) -> Value {
    let text = header.text.text();
    let mut members = json!({
        "jobIds": header.jobs,
        "madeFromTypes": header.is_made,
        "sha256": header.text.sha256,
        "bytes": header.text.bytes,
        "lines": header.text.lines,
        "text": text.map(|it| String::from_utf8_lossy(&it).into_owned()),
    });
    let Some(declared) = header.declared() else { return members };
    let definition = |it: &crate::read::vcf::Definition| {
        json!({
            "id": it.key,
            "number": it.number.to_string(),
            "type": it.value.as_str(),
            "description": it.description,
        })
    };
    let contig = |it: &crate::read::vcf::Contig| json!({"id": it.id, "length": it.length});
    members["contigs"] = declared.contigs.iter().map(contig).collect();
    members["filters"] = declared.filters.into();
    members["info"] = declared.info.iter().map(definition).collect();
    members["format"] = declared.format.iter().map(definition).collect();
    members["samples"] = declared.samples.into();
    members
}
