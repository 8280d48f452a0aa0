//! What is to be told of a run, in words.

use super::counts::{RecordCounts, SourceCounts};
use super::source::Source;
use crate::diagnostic::render::number::{counted, grouped};

/// Contigs that a message names.
const NAMED: usize = 4;

/// What people are to know of a run that ended well, of all records or of those in regions: notes
/// and warnings.
pub fn notes(sources: &[Source], counts: &RecordCounts, has_regions: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if counts.unsorted {
        let note = "note: the records are not in order of contig and position: each is looked up \
                    by its place, which takes longer";
        notes.push(note.to_owned());
    }
    if counts.is_open {
        notes.push("note: the last line has no line break: was the file cut?".to_owned());
    }
    if counts.replaced > 0 {
        let values = counted(counts.replaced, "INFO value");
        notes.push(format!("note: {values} of the file gave way to those of a store"));
    }
    if let Some(example) = &counts.misfit {
        let records = counted(counts.misfits, "record");
        notes.push(format!(
            "warning: {records} with another REF than the reference ({example}): are both of one \
             assembly?"
        ));
    }
    if counts.off_reference > 0 {
        let records = counted(counts.off_reference, "record");
        notes.push(format!(
            "note: {records} on contigs that the reference has not: alleles are compared as they \
             are written"
        ));
    }
    if counts.in_regions == 0 && (counts.records > 0 || has_regions) {
        notes.push("warning: no record lies in a region that --region names".to_owned());
        return notes;
    }
    for (source, of) in sources.iter().zip(&counts.sources) {
        of_source(source, of, counts, &mut notes);
    }
    notes
}

fn of_source(source: &Source, of: &SourceCounts, counts: &RecordCounts, notes: &mut Vec<String>) {
    let table = &source.table;
    if !of.renamed.is_empty() {
        let pairs: Vec<_> =
            of.renamed.iter().map(|(own, other)| format!("{own} is {other}")).collect();
        let pairs = pairs.join(", ");
        notes.push(format!("note: contigs have other names in {table}: {pairs}"));
    }
    if of.several > 0 {
        let records = counted(of.several, "record");
        notes.push(format!(
            "note: {records} with a variant that several rows of {table} are of: {} \
             (--on-many)",
            match source.on_many {
                super::request::OnMany::All => "the values of all are joined",
                _ => "the first one is taken",
            }
        ));
    }
    if of.cut > 0 {
        let fields = counted(of.cut, "field");
        let most = grouped(super::added::MOST_VALUES as u64);
        notes
            .push(format!("note: {fields} with more than {most} values of {table} have the first"));
    }
    if of.large > 0 {
        let fields = counted(of.large, "field");
        let most = grouped(super::of_alleles::MOST_VALUES as u64);
        notes.push(format!(
            "note: {fields} of {table} left out of records that would have got more than {most} \
             values, or 16 MiB of them"
        ));
    }
    if of.hits == 0 && counts.records > 0 {
        notes.push(without_hits(source, of));
    }
}

fn without_hits(source: &Source, of: &SourceCounts) -> String {
    let table = &source.table;
    let cause = match (of.on_contigs, source.by_alleles, of.at_rows) {
        (0, ..) => {
            let names = source.lookup.contigs().names();
            let mut shown = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
            if names.len() > NAMED {
                shown += ", ...";
            }
            let own = of.without.as_deref().unwrap_or_default();
            let has = if names.is_empty() { "no rows".to_owned() } else { shown };
            format!("they share no contig: the file has {own}, the store {has}")
        }
        (_, true, 0) => "no row begins where a record does: are both of one assembly?".to_owned(),
        (_, true, records) => format!(
            "rows begin where {} {}, but have other alleles (or other ends, where these are \
             symbolic): are both normalized? --reference FASTA compares them as if they were",
            counted(records, "record"),
            if records == 1 { "does" } else { "do" }
        ),
        (_, false, _) => "no row overlaps a record: are both of one assembly?".to_owned(),
    };
    format!("warning: no record got a value of {table}: {cause}")
}
