//! noodles-gff against our reading of GFF3.

use noodles::gff;
use noodles::gff::feature::record::{Phase, Strand};
use noodles::gff::record::attributes::field::Value as Attribute;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::{Stores, compare};

/// Text of a column or a value. Escapes of what separates things are decoded by both; of bytes that
/// are no UTF-8 noodles makes bytes, which no column of ours can hold.
fn text() -> impl Strategy<Value = String> {
    let letters = vec![
        "a", "B7", "-", ":", "(", "'", "é", " x", "%2C", "%3B", "%3D", "%26", "%25", "%09",
        "%C3%A9",
    ];
    proptest::collection::vec(select(letters), 1..5).prop_map(|it| it.concat().trim().to_owned())
}

/// One value, or several where the tag may have some.
fn values() -> impl Strategy<Value = String> {
    proptest::collection::vec(text(), 1..4).prop_map(|it| it.join(","))
}

/// The ninth column; it begins with a tag that tells rows apart. A tag stands once: of several,
/// noodles gives the first, we the last, and both are a fault of the file.
fn attributes() -> impl Strategy<Value = String> {
    let text = |tag: &'static str| text().prop_map(move |it| format!(";{tag}={it}")).boxed();
    let list = |tag: &'static str| values().prop_map(move |it| format!(";{tag}={it}")).boxed();
    let all = [
        text("Name"),
        list("Alias"),
        list("Parent"),
        list("Note"),
        list("Dbxref"),
        list("Ontology_term"),
        text("Derives_from"),
        Just(";Is_circular=true".to_owned()).boxed(),
        list("gene_biotype"),
        text("level"),
        Just(";empty=".to_owned()).boxed(),
    ];
    let maybe = all.map(|it| proptest::option::of(it).prop_map(Option::unwrap_or_default).boxed());
    maybe.to_vec().prop_map(|it| it.concat())
}

fn row() -> impl Strategy<Value = String> {
    let source = prop_oneof![Just(".".to_owned()), text()];
    let kind = select(vec!["gene", "mRNA", "exon", "SO:0000704", "."]);
    let score = prop_oneof![
        Just(".".to_owned()),
        any::<f32>().prop_filter_map("noodles and JSON differ on what is no number", |it| it
            .is_finite()
            .then(|| it.to_string()))
    ];
    let span = (1_u32..2_000_000_000, 0_u32..1_000_000);
    let strand = select(vec!["+", "-", ".", "?"]);
    let phase = select(vec!["0", "1", "2", "."]);
    let columns = (text(), source, kind, span, score, strand, phase, attributes());
    columns.prop_map(|(seqid, source, kind, (start, length), score, strand, phase, attributes)| {
        let end = start + length;
        let seqid = seqid.replace(' ', "_");
        let columns =
            format!("s{seqid}\t{source}\t{kind}\t{start}\t{end}\t{score}\t{strand}\t{phase}");
        // The caller puts the number of the row between.
        format!("{columns}\tID=row#{attributes}")
    })
}

/// A column: `.` is nothing.
fn present(text: &str) -> Value {
    if text == "." { Value::Null } else { json!(text) }
}

fn phase(phase: Phase) -> u8 {
    match phase {
        Phase::Zero => 0,
        Phase::One => 1,
        Phase::Two => 2,
    }
}

/// Values as one text: among several, what would separate them stays escaped.
fn joined(values: &[String]) -> String {
    if values.len() == 1 {
        return values.concat();
    }
    let escaped = values.iter().map(|it| it.replace('%', "%25").replace(',', "%2C"));
    escaped.collect::<Vec<_>>().join(",")
}

/// A row as noodles reads it, by our names of columns.
fn expected(record: &gff::Record<'_>) -> Value {
    let strand = match record.strand().unwrap() {
        Strand::None => Value::Null,
        Strand::Forward => json!("+"),
        Strand::Reverse => json!("-"),
        Strand::Unknown => json!("?"),
    };
    let mut row = json!({
        "seqid": record.reference_sequence_name().to_string(),
        "source": present(&record.source().to_string()),
        "type": present(&record.ty().to_string()),
        "start": usize::from(record.start().unwrap()) - 1,
        "end": usize::from(record.end().unwrap()),
        "score": record.score().map(|it| f64::from(it.unwrap())),
        "strand": strand,
        "phase": record.phase().map(|it| phase(it.unwrap())),
        "is_circular": null,
    });
    let mut information = Map::new();
    for field in record.attributes().iter() {
        let (tag, value) = field.unwrap();
        let values: Vec<String> = match &value {
            Attribute::String(text) => vec![text.to_string()],
            Attribute::Array(array) => array.iter().map(|it| it.to_string()).collect(),
        };
        let tag = tag.to_string();
        match tag.as_str() {
            "Parent" | "Note" | "Dbxref" | "Ontology_term" => {
                row[tag.to_lowercase().replace('_', "")] = json!(values);
            }
            "ID" | "Name" | "Alias" | "Derives_from" => {
                row[tag.to_lowercase().replace('_', "")] = json!(joined(&values));
            }
            "Is_circular" => row["is_circular"] = json!(values == ["true"]),
            _ => drop(information.insert(tag, json!(joined(&values)))),
        }
    }
    row["information"] = if information.is_empty() { Value::Null } else { json!(information) };
    row
}

#[test]
fn rows_are_those_of_noodles() {
    let stores = Stores::new();
    crate::check(24, &proptest::collection::vec(row(), 1..12), |rows| {
        let lines = rows.iter().enumerate();
        let lines =
            lines.map(|(number, it)| it.replace("ID=row#", &format!("ID=row{number}")) + "\n");
        let text = format!("##gff-version 3\n{}", lines.collect::<String>());
        let found = stores.rows("it.gff3", text.as_bytes(), None);
        let mut reader = gff::io::Reader::new(text.as_bytes());
        let mut count = 0;
        for line in reader.lines() {
            let line = line.unwrap();
            let Some(record) = line.as_record() else { continue };
            let expected = expected(&record.unwrap());
            // Rows are stored in the order of their places.
            let row = found.iter().find(|it| it["id"] == expected["id"]);
            compare(row.unwrap_or(&Value::Null), &expected, text.as_bytes())?;
            count += 1;
        }
        prop_assert_eq!(count, found.len());
        Ok(())
    });
}
