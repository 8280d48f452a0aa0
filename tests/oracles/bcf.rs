//! BCF that noodles writes of a VCF file has, as a table, the rows of that file.

use std::path::Path;

use noodles_bcf as bcf;
use noodles_vcf as vcf;
use proptest::prelude::*;
use serde_json::Value;
use vcf::variant::io::Write as _;

use crate::{Stores, compare};

/// Whether noodles miswrites the samples of a line: it loses the phase of alleles that are missing,
/// and where all samples lack a list or their ploidy differs, it writes other bytes than it
/// announces, which bcftools takes for damage as we do.
fn is_miswritten(line: &str) -> bool {
    let samples: Vec<&str> = line.trim_end().split('\t').skip(9).collect();
    let field = |it: &str, at: usize| it.split(':').nth(at).unwrap_or(".").to_owned();
    let ploidy = |it: &&str| field(it, 0).split(['/', '|']).count();
    let lacks_depths = samples.iter().all(|it| field(it, 1) == ".");
    let is_phased_missing = |it: &&str| field(it, 0).contains('|') && field(it, 0).contains('.');
    !samples.is_empty()
        && (lacks_depths
            || samples.iter().any(is_phased_missing)
            || samples.iter().any(|it| ploidy(it) != ploidy(&samples[0])))
}

/// The records of a file that noodles can write, as text and as BCF: it refuses texts of samples
/// that are missing in all.
fn written(text: &str) -> (String, Vec<u8>) {
    let mut reader = vcf::io::Reader::new(text.as_bytes());
    let header = reader.read_header().unwrap();
    let mut writer = bcf::io::Writer::new(Vec::new());
    writer.write_variant_header(&header).unwrap();
    let (lines, records): (Vec<_>, Vec<_>) =
        text.split_inclusive('\n').partition(|it| it.starts_with('#'));
    let mut written = lines.concat();
    for (record, line) in reader.record_bufs(&header).zip(records) {
        if !is_miswritten(line) && writer.write_variant_record(&header, &record.unwrap()).is_ok() {
            written.push_str(line);
        }
    }
    writer.try_finish().unwrap();
    (written, writer.get_ref().get_ref().clone())
}

/// Rows without INFO as text, where numbers may be spelled otherwise.
fn rows(stores: &Stores, path: &Path) -> Vec<Value> {
    let mut rows = stores.answer(&format!("SELECT * FROM '{}'", path.display()));
    for row in &mut rows {
        row.as_object_mut().unwrap().remove("attributes");
    }
    rows
}

#[test]
fn bcf_has_the_rows_of_its_text() {
    let stores = Stores::new();
    crate::check(24, &crate::vcf::file(), |(text, _)| {
        // noodles numbers no filter that the header does not declare.
        let filter = "##FILTER=<ID=s50,Description=\"s\">\n##contig";
        let text = text.replacen("##contig", filter, 1);
        let (text, bcf) = written(&text);
        let (of_text, of_bcf) =
            (stores.home.file("it.vcf", &text), stores.home.file("it.bcf", bcf));
        let (expected, found) = (rows(&stores, &of_text), rows(&stores, &of_bcf));
        prop_assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            compare(found, expected, text.as_bytes())?;
        }
        Ok(())
    });
}
