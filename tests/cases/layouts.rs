//! Cases of TSV: well-known layouts, and files longer than a megabyte.

use serde_json::json;

use super::{Case, Guess, case};

/// A line of a table: fields, with tabs between them.
fn row(fields: &[&str]) -> String {
    fields.join("\t") + "\n"
}

/// Writes a file beside the home of a case, and infers its options.
fn inferred(name: &str, content: impl AsRef<[u8]>, more: &[&str]) -> (Case, Guess) {
    let case = Case::made();
    case.home.file(name, content);
    let guess = case.infer(name, more);
    (case, guess)
}

#[test]
fn places_under_well_known_names() {
    let Some(case) = case("tsv") else { return };
    for (file, chr, start) in [
        ("N_cosmic98.tsv", "chromosome", "genome_start"),
        ("N_rmsk.tsv", "genoname", "genostart"),
        ("N_egenes.tsv", "gene_chr", "gene_start"),
        ("N_biomart.tsv", "chromosome_scaffold_name", "gene_start_bp"),
        ("N_seg.tsv", "chrom", "loc_start"),
        ("N_hgmd.tsv", "chromosome", "coordstart"),
        ("N_manifest.tsv", "chr", "mapinfo"),
        ("L47_mane.txt", "grch38_chr", "chr_start"),
        ("L53_annotsv.tsv", "sv_chrom", "sv_start"),
    ] {
        let guess = case.infer(file, &[]);
        let place = guess.role(if guess.role("POS").is_empty() { "START" } else { "POS" });
        let found = guess.role("CHR") == chr && place == start;
        let is_named = guess.kind() == "GENERIC" && guess.says(&[start]);
        assert!(found || is_named, "{file}: {} {}", guess.options, guess.said.err);
    }
}

#[test]
fn places_that_only_values_tell() {
    let Some(case) = case("tsv") else { return };
    for (file, chr, start) in [("L07_refGene.txt", 3, 5), ("L102_genePred.txt", 2, 4)] {
        let guess = case.infer(file, &[]);
        let names = guess.names();
        let column = |key: &str| names.iter().position(|it| it == guess.role(key)).map(|it| it + 1);
        let found = (column("CHR"), column("START"));
        assert_eq!(found, (Some(chr), Some(start)), "{file}: {}", guess.said.err);
    }
}

#[test]
fn contigs_are_text_whatever_the_first_megabyte_says() {
    let names = "Gene stable ID|Chromosome/scaffold name|Gene start (bp)|Gene end (bp)|Gene name";
    let mut text = row(&names.split('|').collect::<Vec<_>>());
    let contigs = (1..23).map(|it| it.to_string()).chain(["X", "Y", "MT"].map(str::to_owned));
    for contig in contigs {
        for i in 0..1200 {
            let (start, end) = (format!("{}", 1000 * i + 1), format!("{}", 1000 * i + 500));
            text += &row(&[&format!("ENSG{contig}{i:08}"), &contig, &start, &end, "GENE OF A"]);
        }
    }
    let (case, guess) = inferred("contigs.txt", text, &[]);
    assert_eq!(guess.schema()[1].1, "STRING");
    let checked = case.check_with("contigs.txt", &guess);
    assert_eq!(checked.code, 0, "{}", checked.text);
}

#[test]
fn the_whole_file_proves_quotes_and_encoding() {
    let mut text = row(&["gene", "chrom", "summary"]);
    for i in 0..45_000 {
        text += &row(&[&format!("G{i}"), "1", &format!("some text number {i} here")]);
    }
    let quotes = text.clone()
        + &row(&["GX", "1", "\"Lorem\" starts here"])
        + &row(&["GY", "2", "\"never closed"])
        + &row(&["GZ", "3", "fine"]);
    let (case, guess) = inferred("quotes.tsv", quotes, &["--full"]);
    assert_eq!(guess.read("quote"), "\u{1}", "{}", guess.said.err);
    case.import_with("quotes.tsv", &guess);
    let late = "SELECT summary FROM s00 WHERE gene IN ('GX', 'GY', 'GZ') ORDER BY gene";
    let right = ["\"Lorem\" starts here", "\"never closed", "fine"].map(|it| json!(it));
    assert_eq!(case.column(late), right);

    let bytes = [text.as_bytes(), b"GX\t1\tM\xfcller\n"].concat();
    let (_, guess) = inferred("bytes.tsv", bytes, &["--full"]);
    assert!(guess.says(&["UTF-8"]), "{}", guess.said.err);
}

#[test]
fn apostrophes_within_fields_are_no_quotes() {
    let mut text = row(&["id", "name", "generic"])
        + &row(&["PA1", "a", "\"x\",\"y\""])
        + &row(&["PA2", "5'-x", "\"z\""]);
    for i in 0..40_000 {
        let name = format!("some plain name {i}");
        text += &row(&[&format!("PB{i}"), &name, &format!("some text {i}")]);
    }
    text += &row(&["PZ1", "'Quoted'", "t1"]);
    text += &row(&["PZ2", "'open", "t2"]);
    text += &row(&["PZ3", "end", "t3"]);
    let (case, guess) = inferred("apostrophes.tsv", text, &[]);
    case.import_with("apostrophes.tsv", &guess);
    let late = "SELECT name FROM s00 WHERE id LIKE 'PZ%' ORDER BY id";
    assert_eq!(case.column(late), ["'Quoted'", "'open", "end"].map(|it| json!(it)));
}

#[test]
fn a_first_row_longer_than_the_sample_is_a_row() {
    let long = "ACGT".repeat(500_000);
    let text = row(&["gene", "chrom", "seq"]) + &row(&["A", "1", &long]) + &row(&["B", "2", "AC"]);
    let (case, guess) = inferred("long.tsv", text, &[]);
    assert!(!guess.says(&["no rows"]), "{}", guess.said.err);
    case.import_with("long.tsv", &guess);
    assert_eq!(case.column("SELECT count(*) FROM s00"), [json!(2)]);
}
