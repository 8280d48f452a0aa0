//! The program itself, over a home with one imported store.

use std::process::{Command, Stdio};

use crate::common::program::{Home, Said, said};

/// Three rows, each with every row of seven more tables: more than a pipe takes.
pub const LONG: &str = "SELECT a.* FROM clinvar a, clinvar b, clinvar c, clinvar d, clinvar e,
    clinvar f, clinvar g, clinvar h";

/// A home with store `clinvar` and its three rows.
pub fn home() -> Home {
    let home = Home::with_store("clinvar");
    let text = "##fileformat=VCFv4.2
##INFO=<ID=CLNSIG,Number=1,Type=String,Description=\"Significance\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t11\t.\tA\tG\t.\tPASS\tCLNSIG=Benign
chr1\t21\t.\tA\tG\t.\tPASS\tCLNSIG=Pathogenic
chr2\t11\t.\tA\tG\t.\tPASS\t.
";
    let file = home.file("clinvar.vcf", text);
    home.done(["import", file.to_str().unwrap(), "--store", "clinvar"]);
    home
}

/// More than 4 MB can sort, and nothing that is done in a second.
pub fn sorted() -> String {
    format!(
        "SELECT a.*, random() AS r FROM ({LONG}) a, clinvar i, clinvar j, clinvar k
         ORDER BY r, a.start, a.contigname"
    )
}

pub fn query(home: &Home, arguments: &[&str]) -> Said {
    home.run([&["query"], arguments].concat())
}

pub fn stdout(home: &Home, arguments: &[&str]) -> String {
    let said = query(home, arguments);
    assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
    said.out
}

#[test]
fn answers_come_in_the_form_asked_for() {
    let home = home();
    let sql = "SELECT start, attributes['CLNSIG'] AS sig FROM clinvar ORDER BY contigname, start";
    assert_eq!(
        stdout(&home, &[sql]),
        "\
+-------+------------+
| start | sig        |
+-------+------------+
|    10 | Benign     |
|    20 | Pathogenic |
|    10 | NULL       |
+-------+------------+
"
    );
    let csv = "start,sig\n10,Benign\n20,Pathogenic\n10,\n";
    assert_eq!(stdout(&home, &[sql, "--format", "csv"]), csv);
    assert_eq!(
        stdout(&home, &[sql, "-f", "ndjson", "--region", "chr1:21-30"]),
        "{\"start\":20,\"sig\":\"Pathogenic\"}\n"
    );
    let tables = stdout(&home, &["SHOW TABLES", "-f", "csv"]);
    assert_eq!(tables, "table,is_default,format,rows\nclinvar.clinvar,true,VCF,3\n");
}

#[test]
fn a_file_appears_whole_or_not_at_all() {
    let home = home();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.parquet");
    let path = file.to_str().unwrap();
    assert_eq!(stdout(&home, &["SELECT * FROM clinvar", "-o", path]), "");
    assert_eq!(&std::fs::read(&file).unwrap()[..4], b"PAR1");
    std::fs::remove_file(&file).unwrap();
    let said = query(&home, &["SELECT 1 / (start - start) FROM clinvar", "-o", path]);
    assert_eq!(said.code, 2);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn exit_codes_and_messages_tell_what_is_wrong() {
    let home = home();
    for (arguments, code, words) in [
        (&["SELECT 1 FROM clinva"][..], 4, "the stores are clinvar"),
        (&["SELECT x FROM clinvar"], 2, "no column `x`"),
        (&["DROP TABLE clinvar"], 2, "read-only"),
        (&["SELECT 1 FROM clinvar", "--region", "chr9"], 2, "chr1, chr2"),
        (&["SELECT 1", "-o", "/nonexistent/x.csv"], 5, "/nonexistent/x.csv"),
        (&["--file", "/nonexistent.sql"], 3, "/nonexistent.sql"),
    ] {
        let said = query(&home, arguments);
        assert_eq!(said.code, code, "{arguments:?}: {}", said.err);
        assert!(said.err.contains(words), "{arguments:?}: {}", said.err);
        assert!(said.err.lines().count() <= 2, "{}", said.err);
    }
    let said = query(&home, &["SELECT 1", "-f", "xml"]);
    assert_eq!(said.code, 2);
    let forms = "[possible values: table, records, csv, tsv, json, ndjson, parquet, arrow]";
    assert!(said.err.contains(forms), "{}", said.err);
    let help = query(&home, &["--help"]).out;
    assert!(help.contains(r"`C:\dir` comes out as `C:\\dir`"), "{help}");
}

#[test]
fn the_query_may_come_from_standard_input() {
    let sql = b"SELECT 1 AS a, 'x' AS b".to_vec();
    let said = home().run_on(["query", "-", "-f", "tsv", "-q"], sql);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "a\tb\n1\tx\n", ""));
}

/// What a sort cannot keep in memory goes to disk, where this shell lets no file grow.
#[cfg(unix)]
#[test]
fn a_full_folder_of_temporary_files_is_told_as_that() {
    let home = home();
    let sql = sorted();
    let shell = "ulimit -f 400; exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", shell, env!("CARGO_BIN_EXE_annostore"), "query", &sql]);
    command.args(["-f", "ndjson", "--memory", "4M"]).env("ANNOSTORE_HOME", home.path());
    let said = said(&command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap());
    assert_eq!(said.code, 5, "{}", said.err);
    assert!(said.err.contains("no space left for temporary files"), "{}", said.err);
    assert!(said.err.contains("TMPDIR"), "{}", said.err);
}
