//! All findings as a Parquet file, as `DuckDB` and our own SQL read it.

use std::fs;

use serde_json::{Value, json};

use crate::forms::{files, judged};

#[test]
fn parquet_has_all_findings() {
    let (home, mut files) = files();
    let orphan = |it: u32| format!("c\ts\tgene\t{it}\t9999\t.\t+\t.\tParent=p{it}\n");
    let orphans = (1..=3000).map(orphan).collect::<Vec<_>>().concat();
    home.file("orphans.gff3", format!("##gff-version 3\n{orphans}"));
    let header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    let fault = |it: u32| format!("1\t{it}\t.\tA\tQ\tz\t.\tX={it}\n");
    let faults = (1..=3000).map(fault).collect::<Vec<_>>().concat();
    home.file("faults.vcf", format!("{header}{faults}"));
    files.extend(["orphans.gff3", "faults.vcf"].map(str::to_owned));
    let mut totals = Vec::new();
    for threads in ["1", "3"] {
        let check = ["--threads", threads, "check", "--max-findings", "50"];
        let outputs = ["--output", "json", "--output", "parquet=rejects.parquet"];
        let said =
            home.run(check.iter().chain(&outputs).copied().chain(files.iter().map(|it| &**it)));
        assert_eq!(said.code, 3, "{}", said.err);
        let report: Value = serde_json::from_str(&said.out).unwrap();
        let of_files = report["files"].as_array().unwrap().iter();
        let counted: u64 = of_files.filter_map(|it| it["findings_total"].as_u64()).sum();
        assert!(counted > 14_000, "{counted}");
        let sql = "SELECT code, min(line) AS first, max(line) AS last, count(*) AS rows, \
                   sum(count) AS findings, count(DISTINCT message) AS messages \
                   FROM 'rejects.parquet' GROUP BY code ORDER BY code NULLS FIRST";
        let rows = home.done(["query", "-f", "ndjson", sql]);
        let rows: Vec<Value> = rows.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
        // The row of the file that is not there has no code.
        assert_eq!((&rows[0]["code"], &rows[0]["rows"]), (&Value::Null, &json!(1)));
        let findings = rows[1..].iter().filter_map(|it| it["findings"].as_u64());
        assert_eq!(findings.sum::<u64>(), counted, "{rows:?}");
        let orphans = rows.iter().find(|it| it["code"] == "GFF301").unwrap();
        assert_eq!(orphans["messages"], orphans["rows"], "{orphans}");
        assert_eq!((&orphans["rows"], &orphans["last"]), (&json!(3000), &json!(3001)));
        totals.push(rows);
    }
    assert_eq!(totals[0], totals[1]);
    judged("rejects", &[home.beside("rejects.parquet").to_str().unwrap()]);
    // A terminal has no use for it, but a pipe has.
    let said = home.command(["check", "--output", "parquet", "sound.vcf"]).output().unwrap();
    assert_eq!((&said.stdout[..4], said.status.code()), (&b"PAR1"[..], Some(0)));
    assert!(fs::metadata(home.beside("rejects.parquet")).unwrap().len() > 0);
}
