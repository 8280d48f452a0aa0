//! Marks of absence, and numbers that are spelt as the service does not read them.

use std::process::Command;

use crate::{check_note, of, schema, try_named};

#[test]
fn marks_of_absence_are_known() {
    for mark in ["#NA", "<NA>", "---", "NONE", "#DIV/0!"] {
        let found = of(format!("gene\tbeta\nA\t{mark}\nB\t0.5\n"));
        check_note(&found, &format!("`infer --null-marks '{mark}'` types them"));
    }
}

#[test]
fn a_strand_is_no_mark_of_absence() {
    let found = of("id\tstart\tn\tstrand\nA\t5\t.\t+\nB\t-\t1\t-\n");
    check_note(&found, "`-` is the minus strand in column `strand`");
    check_note(&found, "`infer --null-marks '.'` types them");
}

#[test]
fn commas_in_numbers_are_told() {
    for (text, columns) in [
        ("gene;beta\nA;0,5\nB;1\n", "there): `beta`"),
        ("gene\tn\tlist\nA\t1,000\t1,2,3\nB\t12,345,678\t4\n", "there): `n`"),
    ] {
        check_note(&of(text), columns);
    }
    let words = of("gene\tx\nA\t0,5\nB\tx\n");
    assert!(!words.notes.iter().any(|it| it.contains("commas")), "{:?}", words.notes);
}

#[test]
fn a_position_that_is_no_whole_number_is_shown() {
    for value in ["1,000", "1e+05", "100.0", "pos"] {
        let found = of(format!("chrom\tpos\tn\n1\t5\t1\n1\t{value}\t2\n"));
        check_note(&found, &format!("column `pos` is a position by its name, but has `{value}`"));
    }
}

#[test]
fn what_proves_columns_lined_up_by_blanks_is_said() {
    let text = format!("  CHR    BP      P\n{}", "   1  75256    0.1\n".repeat(60_000));
    let found = try_named("a.assoc", text.as_bytes(), true).unwrap();
    assert!(schema(&found).starts_with("chr STRING"));
    check_note(&found, "make tabs of the blanks first, and --full proves them on all rows of that");
}

#[test]
fn a_mark_may_begin_with_a_hyphen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tsv");
    std::fs::write(&path, "id\tn\tstrand\nA\t-9\t+\nB\t-\t-\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_annostore"));
    let output = command.arg("infer").arg(&path).args(["--null-marks", "-9,-"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let notes = String::from_utf8(output.stderr).unwrap();
    assert!(notes.contains("`-` is the minus strand in column `strand`"), "{notes}");
}
