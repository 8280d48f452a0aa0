//! `annostore diff`: two versions of a store, row by row.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

#[path = "common/mod.rs"]
mod common;

use std::collections::BTreeMap;

use common::program::{Home, Said};
use common::random::Random;
use serde_json::{Value, json};

const HEADER: &str = "##fileformat=VCFv4.2\n##INFO=<ID=AF,Number=A,Type=Float,Description=\"f\">\n\
    ##INFO=<ID=TX,Number=1,Type=String,Description=\"t\">\n##contig=<ID=1>\n##contig=<ID=2>\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

/// A home with a store `calls`, whose versions hold these records.
fn home(versions: &[(&str, &str)]) -> Home {
    let home = Home::with_store("calls");
    for (version, records) in versions {
        home.done(["version", "create", "calls", "--version-name", version]);
        let name = format!("{version}.vcf");
        home.file(&name, format!("{HEADER}{records}"));
        let into = ["--store", "calls", "--version", version, "--allow-empty"];
        home.done(["import", name.as_str()].into_iter().chain(into));
    }
    home
}

const BEFORE: &str = "1\t5\trs1\tA\tC\t1\tPASS\tAF=0.1;TX=a\n1\t9\t.\tG\tT\t.\t.\tAF=0.5\n\
    2\t7\t.\tA\tC,G\t.\t.\tAF=0.1,0.2\n2\t9\t.\tA\tC\t.\t.\t.\n";
const AFTER: &str = "1\t5\trs1\tA\tC\t1\tPASS\tAF=0.2;TX=a\n1\t9\trs2\tG\tT\t.\t.\tAF=0.6\n\
    2\t7\t.\tA\tC,G\t.\t.\tAF=0.1,0.2\n2\t8\t.\tA\tC\t.\t.\t.\n";

fn rows(said: &Said) -> Vec<Value> {
    said.out.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

#[test]
fn what_was_added_removed_and_changed_is_told_with_its_columns() {
    let home = home(&[("first", BEFORE), ("second", AFTER)]);
    let said = home.run(["diff", "calls.first", "calls.second"]);
    assert_eq!(said.code, 1, "{}", said.err);
    for line in ["added 1", "removed 1", "changed 2", "same 1", "info.af 2", "names 1"] {
        let words = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.out.lines().any(|it| words(it) == line), "{line}\n{}", said.out);
    }
    let said = home.run(["diff", "calls.first", "calls.second", "--format", "ndjson"]);
    assert_eq!(said.code, 1);
    let rows = rows(&said);
    let kinds: Vec<_> = rows.iter().map(|it| it["difference"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["changed", "changed", "added", "removed"]);
    assert_eq!(rows[0]["columns"], json!(["info.af"]));
    assert_eq!(rows[0]["before"], json!({"info.af": "[0.1]"}));
    assert_eq!(rows[0]["after"], json!({"info.af": "[0.2]"}));
    assert_eq!(rows[1]["columns"], json!(["names", "info.af"]));
    assert_eq!((&rows[2]["contigname"], &rows[2]["start"]), (&json!("2"), &json!(7)));
    assert!(said.err.contains("info.af"), "{}", said.err);
}

#[test]
fn the_code_is_0_where_nothing_differs_or_nobody_minds() {
    let home = home(&[("first", BEFORE), ("again", BEFORE), ("second", AFTER), ("none", "")]);
    let code = |arguments: &[&str]| home.run(["diff"].iter().chain(arguments)).code;
    assert_eq!(code(&["calls.first", "calls.again"]), 0);
    assert_eq!(code(&["calls.none", "calls.none"]), 0);
    assert_eq!(code(&["calls.first", "calls.second", "--exit-zero"]), 0);
    assert_eq!(code(&["calls.first", "calls.second", "--region", "2:1-7"]), 0);
    assert_eq!(code(&["calls.first", "calls.second", "--region", "1"]), 1);
    assert_eq!(code(&["calls.first", "calls.none"]), 1);
    assert_eq!(code(&["calls.first", "calls.absent"]), 4);
    assert_eq!(code(&["calls.first", "calls.second", "--key", "absent"]), 2);
    assert_eq!(code(&["calls.first", "calls.second", "-o", "it.sam"]), 2);
}

#[test]
fn a_key_may_be_any_columns() {
    let home = home(&[("first", BEFORE), ("second", AFTER)]);
    let count = |key: &str| {
        let diff = ["diff", "calls.first", "calls.second", "--format", "ndjson", "--key", key];
        let mut kinds = BTreeMap::new();
        for row in rows(&home.run(diff)) {
            *kinds.entry(row["difference"].as_str().unwrap().to_owned()).or_insert(0) += 1;
        }
        kinds.into_iter().collect::<Vec<_>>()
    };
    let pairs =
        |it: &[(&str, i32)]| it.iter().map(|(a, b)| ((*a).to_owned(), *b)).collect::<Vec<_>>();
    assert_eq!(count("all"), pairs(&[("added", 3), ("removed", 3)]));
    assert_eq!(count("contigname,referenceallele"), pairs(&[("changed", 3)]));
    assert_eq!(count("variant"), pairs(&[("added", 1), ("changed", 2), ("removed", 1)]));
}

#[test]
fn differences_are_written_to_files() {
    let home = home(&[("first", BEFORE), ("second", AFTER)]);
    let said = home.run(["diff", "calls.first", "calls.second", "-o", "it.csv"]);
    assert!(said.code == 1 && said.out.contains("changed"), "{}", said.err);
    let csv = std::fs::read_to_string(home.beside("it.csv")).unwrap();
    assert!(csv.starts_with("difference,contigname,start,end,"), "{csv}");
    assert_eq!(csv.lines().count(), 5, "{csv}");
}

#[test]
fn an_output_that_exists_is_kept_unless_it_is_forced() {
    let home = home(&[("first", BEFORE), ("second", AFTER)]);
    let diff = |name: &str, more: &[&str]| {
        home.run(["diff", "calls.first", "calls.second", "-o", name].iter().chain(more))
    };
    for name in ["it.csv", "it.vcf.gz", "it.parquet"] {
        home.file(name, "mine");
        let said = diff(name, &[]);
        assert!(said.code == 4 && said.err.contains("--force"), "{}", said.err);
        assert_eq!(std::fs::read_to_string(home.beside(name)).unwrap(), "mine");
        assert_eq!(diff(name, &["--force"]).code, 1);
        assert_ne!(std::fs::read(home.beside(name)).unwrap(), b"mine");
    }
    let said = diff("/dev/stdout", &["--format", "csv"]);
    assert!(said.code == 1 && said.out.starts_with("difference,contigname,"), "{}", said.out);
}

/// The order of keys in a map is that of INFO, and no value.
#[test]
fn the_order_of_keys_is_no_difference() {
    let many = |order: &mut dyn Iterator<Item = usize>| {
        order.map(|it| format!("U{it}={it}")).collect::<Vec<_>>().join(";")
    };
    let (one, other) = (many(&mut (0..20)), many(&mut (0..20).rev()));
    let text = |infos: [&str; 3]| {
        let line = |(at, it): (usize, &&str)| format!("1\t{}\t.\tA\tC\t.\t.\t{it}\n", at + 1);
        infos.iter().enumerate().map(line).collect::<String>()
    };
    let first = text([&one, "X=1;Y=2", "X=1;Y=2"]);
    let second = text([&other, "Y=2;X=1", "Y=1;X=2"]);
    let home = home(&[("first", &first), ("second", &second)]);
    assert_eq!(told(&home, "calls.first", "calls.second"), [0, 0, 1, 2]);
    let all = ["diff", "calls.first", "calls.second", "--key", "all", "--format", "ndjson"];
    assert_eq!(rows(&home.run(all)).len(), 2);
}

#[test]
fn differences_are_records_of_vcf() {
    let home = home(&[("first", BEFORE), ("second", AFTER)]);
    let names = ["it.vcf", "it.vcf.gz", "it.bcf"];
    for name in names {
        let said = home.run(["diff", "calls.first", "calls.second", "-o", name]);
        assert_eq!((said.code, said.err.as_str()), (1, ""));
        assert!(said.out.contains("changed column"), "{}", said.out);
    }
    let text = std::fs::read_to_string(home.beside("it.vcf")).unwrap();
    let records: Vec<_> = text.lines().filter(|it| !it.starts_with('#')).collect();
    let expected = [
        "1\t5\trs1\tA\tC\t1\tPASS\tDIFF=changed;DIFF_COLUMNS=info.af;DIFF_BEFORE=0.1;\
         DIFF_AFTER=0.2;AF=0.2;TX=a",
        "1\t9\trs2\tG\tT\t.\t.\tDIFF=changed;DIFF_COLUMNS=names,info.af;DIFF_BEFORE=.,0.5;\
         DIFF_AFTER=rs2,0.6;AF=0.6",
        "2\t8\t.\tA\tC\t.\t.\tDIFF=added",
        "2\t9\t.\tA\tC\t.\t.\tDIFF=removed",
    ];
    assert_eq!(records, expected);
    assert!(text.contains("##INFO=<ID=AF,Number=A,Type=Float,Description=\"f\">"), "{text}");
    let read = |name: &str| {
        let sql = format!("SELECT contigname, start, names, filters, info FROM '{name}'");
        home.done(["query", sql.as_str(), "--format", "ndjson"])
    };
    let [plain, blocks, bcf] = names.map(read);
    assert!(plain.lines().count() == 4 && plain == blocks && plain == bcf, "{plain}{bcf}");
    assert!(home.beside("it.vcf.gz.tbi").exists() && home.beside("it.bcf.csi").exists());
    assert_eq!(home.run(["check", "it.vcf"]).code, 0);
}

/// What a value may not have in a list of INFO, keys that are taken, and samples.
#[test]
fn records_of_vcf_keep_any_value() {
    let header = HEADER.replace("FILTER\tINFO", "FILTER\tINFO\tFORMAT\ta\tb").replace(
        "##contig=<ID=1>",
        "##INFO=<ID=DIFF,Number=1,Type=String,Description=\"\">\n\
         ##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"\">\n##contig=<ID=1>",
    );
    let home = home(&[("first", ""), ("second", "")]);
    for (version, info, depth) in [("first", "DIFF=x;TX=a,b%c", 5), ("second", "DIFF=y", 6)] {
        let record = format!("1\t5\t.\tA\tC,G\t.\t.\t{info}\tDP\t5:{depth}\n");
        let record = record.replace("5:", "5\t");
        home.file("it.vcf", format!("{header}{record}"));
        home.done(["import", "it.vcf", "--store", "calls", "--version", version]);
    }
    assert_eq!(home.run(["diff", "calls.first", "calls.second", "-o", "out.vcf"]).code, 1);
    let text = std::fs::read_to_string(home.beside("out.vcf")).unwrap();
    let records: Vec<_> = text.lines().filter(|it| !it.starts_with('#')).collect();
    let all = |it: &str| {
        format!("1\t5\t.\tA\tC,G\t.\t.\tDIFF_=changed;DIFF_COLUMNS={it};DIFF_SAMPLE=b;DIFF=y")
    };
    let depth = "depth,info.tx,info.diff;DIFF_BEFORE=5,a%2Cb%25c,x;DIFF_AFTER=6,.,y";
    assert_eq!(records[1], all(depth), "{text}");
    assert_eq!(records.len(), 2);
}

#[test]
fn values_are_compared_whatever_headers_call_them() {
    let home = home(&[("first", ""), ("second", "")]);
    let key = |id: &str, number: &str, kind: &str| {
        format!("##INFO=<ID={id},Number={number},Type={kind},Description=\"\">\n")
    };
    for (version, number, kind, value) in
        [("first", "1", "Float", "x"), ("second", "A", "Integer", "y")]
    {
        let keys = [key("N", number, "Float"), key("I", "1", kind), key("S", number, "String")];
        let header =
            HEADER.replace("##contig=<ID=1>", &format!("{}##contig=<ID=1>", keys.concat()));
        let records = format!(
            "1\t5\t.\tA\tC\t.\t.\tN=0.5;I=3;S=x\n1\t6\t.\tA\tC\t.\t.\t.\n\
             1\t7\t.\tA\tC\t.\t.\tS={value}\n"
        );
        home.file("it.vcf", header + &records);
        home.done(["import", "it.vcf", "--store", "calls", "--version", version]);
    }
    let diff = ["diff", "calls.first", "calls.second"];
    let found = rows(&home.run(diff.iter().chain(&["--format", "ndjson"])));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["before"], json!({"info.s": "[x]"}));
    home.run(diff.iter().chain(&["-o", "out.vcf"]));
    let text = std::fs::read_to_string(home.beside("out.vcf")).unwrap();
    assert!(text.ends_with("DIFF_BEFORE=x;DIFF_AFTER=y;S=y\n"), "{text}");
}

/// What one header declares, and the other does not, has one value all the same.
#[test]
fn keys_that_one_header_declares_are_compared_with_the_texts_of_the_other() {
    let home = home(&[("first", ""), ("second", "")]);
    let declared: String = [
        ("N", "1", "Integer"),
        ("L", "A", "Float"),
        ("T", ".", "String"),
        ("W", "1", "String"),
        ("F", "0", "Flag"),
        ("G", "0", "Flag"),
    ]
    .map(|(id, number, kind)| {
        format!("##INFO=<ID={id},Number={number},Type={kind},Description=\"\">\n")
    })
    .concat();
    let records = |last: &str| {
        format!(
            "1\t5\t.\tA\tC,G\t.\t.\tN=07;L=1e-3,.;T=a,.;F;X=y\n\
             1\t6\t.\tA\tC\t.\t.\t.\n1\t7\t.\tA\tC\t.\t.\tN=7.5;W=.;F=1;L=0.1,x\n\
             1\t8\t.\tA\tC\t.\t.\tN={last};W=w\n"
        )
    };
    let bare = HEADER.to_owned() + &records("8");
    let full = HEADER.replace("##contig=<ID=1>", &format!("{declared}##contig=<ID=1>"));
    for (version, text) in [("first", bare), ("second", full + &records("9"))] {
        home.file("it.vcf", text);
        home.done(["import", "it.vcf", "--store", "calls", "--version", version]);
    }
    let versions = ["calls.first", "calls.second"];
    for [one, other] in [versions, [versions[1], versions[0]]] {
        let found = rows(&home.run(["diff", one, other, "--format", "ndjson"]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((&found[0]["start"], &found[0]["columns"]), (&json!(7), &json!(["info.n"])));
        let (before, after) = if one == versions[0] { ("8", "9") } else { ("9", "8") };
        let of = |at: &str| found[0][at]["info.n"].clone();
        assert_eq!((of("before"), of("after")), (json!(before), json!(after)));
    }
}

#[test]
fn rows_that_one_version_has_are_shown_whole_where_that_is_asked() {
    let home = home(&[("first", BEFORE), ("second", AFTER)]);
    let diff = ["diff", "calls.first", "calls.second", "--format", "ndjson", "--region", "2"];
    let said = home.run(diff.iter().chain(&["--whole-rows"]));
    let whole: Vec<_> =
        rows(&said).into_iter().map(|it| (it["before"].clone(), it["after"].clone())).collect();
    let values = json!({"splitfrommultiallelic": "false"});
    assert_eq!(whole, [(Value::Null, values.clone()), (values, Value::Null)]);
    assert_eq!(rows(&home.run(diff))[0]["after"], Value::Null);
}

/// A home with a store of rows without a place, and two versions of it.
fn home_of_genes(versions: [&str; 2]) -> Home {
    let home = Home::new();
    let request = json!({
        "name": "genes", "storeFormat": "TSV",
        "storeOptions": {"tsvStoreOptions": {"annotationType": "GENERIC",
            "schema": [{"gene": "STRING"}, {"score": "LONG"}]}},
    });
    home.file("store.json", request.to_string());
    home.done(["store", "create", "--request", "store.json", "--version-name", "first"]);
    home.done(["version", "create", "genes", "--version-name", "second"]);
    for (version, rows) in ["first", "second"].iter().zip(versions) {
        home.file("it.tsv", format!("gene\tscore\n{rows}"));
        home.done(["import", "it.tsv", "--store", "genes", "--version", version]);
    }
    home
}

#[test]
fn rows_without_a_place_are_compared_as_a_whole() {
    let home = home_of_genes(["A\t1\nB\t2\nB\t2\n", "B\t2\nC\t3\nA\t1\n"]);
    let said = home.run(["diff", "genes.first", "genes.second", "--format", "ndjson"]);
    let found: Vec<_> =
        rows(&said).iter().map(|it| (it["difference"].clone(), it["gene"].clone())).collect();
    assert_eq!(found, [("removed".into(), "B".into()), ("added".into(), "C".into())]);
}

/// More rows than one share has, in another order.
#[test]
fn rows_without_a_place_are_compared_share_by_share() {
    let text = |rows: &[usize], score: usize| {
        let lines =
            rows.iter().map(|it| format!("G{it}\t{}\n", if it % 1000 == 0 { score } else { 0 }));
        lines.collect::<Vec<_>>().concat()
    };
    let first: Vec<usize> = (0..140_000).collect();
    let second: Vec<usize> = (500..140_500).rev().collect();
    let home = home_of_genes([&text(&first, 1), &text(&second, 2)].map(String::as_str));
    let counts = |key: &str| {
        let said = home.run(["diff", "genes.first", "genes.second", "--limit", "0", "--key", key]);
        let words = |it: &str| it.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        said.out
            .lines()
            .skip(1)
            .take(4)
            .map(|it| words(it)[1].clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(counts("gene"), "500 500 139 139,361");
    assert_eq!(counts("all"), "639 639 0 139,361");
}

/// Random versions against a map of their records.
#[test]
fn counts_are_those_of_a_look_at_every_record() {
    let mut random = Random::seeded(7);
    let mut records = || {
        let mut records = BTreeMap::new();
        for _ in 0..300 {
            let key = (1 + random.below(2), 1 + random.below(40_000) * 7_000, random.below(2));
            records.insert(key, random.below(3));
        }
        records
    };
    let (before, after) = (records(), records());
    let mut second = before.clone();
    for (key, value) in after.iter().take(150) {
        second.insert(*key, *value);
    }
    second.retain(|key, _| key.1 / 7_000 % 5 > 0);
    let text = |records: &BTreeMap<(usize, usize, usize), usize>| {
        let line = |((contig, position, allele), value): (&(usize, usize, usize), &usize)| {
            let allele = ["C", "G"][*allele];
            format!("{contig}\t{position}\t.\tA\t{allele}\t.\t.\tAF=0.{value}\n")
        };
        records.iter().map(line).collect::<String>()
    };
    let home = home(&[("first", &text(&before)), ("second", &text(&second))]);
    let said = home.run(["diff", "calls.first", "calls.second", "--format", "ndjson"]);
    let count = |kind: &str| rows(&said).iter().filter(|it| it["difference"] == kind).count();
    let added = second.keys().filter(|it| !before.contains_key(it)).count();
    let removed = before.keys().filter(|it| !second.contains_key(it)).count();
    let changed =
        before.iter().filter(|it| second.get(it.0).is_some_and(|now| now != it.1)).count();
    assert_eq!((count("added"), count("removed"), count("changed")), (added, removed, changed));
    assert!(added > 50 && removed > 20);
}

/// A record: contig, position, allele and value.
type Record = (usize, usize, usize, usize);

/// How many records of each key are added, removed, changed and the same: those that are the same
/// are paired first.
fn counted(before: &[Record], after: &[Record]) -> [usize; 4] {
    let mut keys: BTreeMap<_, [Vec<usize>; 2]> = BTreeMap::new();
    for (side, records) in [before, after].into_iter().enumerate() {
        for (contig, position, allele, value) in records {
            keys.entry((contig, position, allele)).or_default()[side].push(*value);
        }
    }
    let mut counts = [0; 4];
    for [mut rows, mut others] in keys.into_values() {
        let all = rows.len();
        rows.retain(|row| {
            let same = others.iter().position(|it| it == row);
            same.map(|it| others.remove(it)).is_none()
        });
        let changed = rows.len().min(others.len());
        counts[0] += others.len() - changed;
        counts[1] += rows.len() - changed;
        counts[2] += changed;
        counts[3] += all - rows.len();
    }
    counts
}

fn lines(records: &[Record]) -> String {
    let line = |(contig, position, allele, value): &Record| {
        let allele = ["C", "G"][*allele];
        format!("{contig}\t{position}\t.\tA\t{allele}\t.\t.\tAF=0.{value}\n")
    };
    records.iter().map(line).collect()
}

/// How many rows of each kind `diff` tells of, and that they come by place.
#[track_caller]
fn told(home: &Home, first: &str, second: &str) -> [usize; 4] {
    let said = home.run(["diff", first, second, "--format", "ndjson"]);
    let rows = rows(&said);
    let places: Vec<_> =
        rows.iter().map(|it| (it["contigname"].to_string(), it["start"].as_u64())).collect();
    assert!(places.is_sorted());
    let count = |kind: &str| rows.iter().filter(|it| it["difference"] == kind).count();
    let words = |it: &str| it.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let same = said.err.lines().map(words).find(|it| it.first().is_some_and(|it| it == "same"));
    let same = same.unwrap_or_else(|| panic!("{}", said.err))[1].replace(',', "");
    [count("added"), count("removed"), count("changed"), same.parse().unwrap()]
}

/// More rows than a piece has, many of one place and one key, which pieces must not part; and rows
/// that only one version has, behind which all others are shifted.
#[test]
fn rows_that_are_shifted_or_of_one_key_are_paired_across_pieces() {
    let mut random = Random::seeded(11);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for number in 0..40_000 {
        let place = (1 + number / 25_000, 1 + number / 3 * 5);
        let record = (place.0, place.1, random.below(2), random.below(2));
        match random.below(50) {
            0 => before.push(record),
            1 => after.push(record),
            2 => {
                before.push(record);
                after.push((record.0, record.1, record.2, record.3 + 2));
            }
            _ => {
                before.push(record);
                after.push(record);
            }
        }
        // Rows of one place come in another order.
        let last = after.len().saturating_sub(1);
        if last > 0 && random.below(9) == 0 && after[last - 1].1 == after[last].1 {
            after.swap(last - 1, last);
        }
    }
    // A place with more rows than a piece has, and the same rows the other way round.
    let many: Vec<Record> = (0..20_000).map(|it| (2, 900_000, it % 2, it / 2 % 7)).collect();
    before.extend(&many);
    after.extend(many.iter().rev().skip(1));
    let home = home(&[("first", &lines(&before)), ("second", &lines(&after))]);
    let expected = counted(&before, &after);
    assert!(expected.iter().all(|it| *it > 300), "{expected:?}");
    assert_eq!(told(&home, "calls.first", "calls.second"), expected);
    let [added, removed, changed, same] = expected;
    let back = [removed, added, changed, same];
    assert_eq!(told(&home, "calls.second", "calls.first"), back);
}

#[test]
fn versions_of_files_that_overlap_are_compared_in_one_order() {
    let mut random = Random::seeded(3);
    let all: Vec<Record> =
        (0..3_000).map(|it| (1 + it / 2_000, 1 + it * 3, it % 2, random.below(3))).collect();
    let home = home(&[("first", &lines(&all)), ("second", "")]);
    // Every third record in a file of its own, with the contigs the other way round.
    for file in 0..3 {
        let mut part: Vec<Record> = all.iter().skip(file).step_by(3).copied().collect();
        part.sort_by_key(|it| (std::cmp::Reverse(it.0), it.1));
        let name = format!("{file}.vcf");
        home.file(&name, format!("{HEADER}{}", lines(&part)));
        home.done(["import", name.as_str(), "--store", "calls", "--version", "second"]);
    }
    assert_eq!(told(&home, "calls.first", "calls.second"), [0, 0, 0, 3_000]);
    home.file("more.vcf", format!("{HEADER}{}", lines(&[(1, 4, 0, 9), (2, 6_001, 1, 9)])));
    home.done(["import", "more.vcf", "--store", "calls", "--version", "second"]);
    let [added, removed, changed, same] = told(&home, "calls.first", "calls.second");
    assert_eq!([added + changed, removed, same], [2, 0, 3_000]);
}

#[test]
fn a_region_may_lie_in_few_files_or_in_one_version() {
    let home = home(&[("first", BEFORE), ("second", "")]);
    for contig in ["1", "2"] {
        let of_contig = AFTER.split_inclusive('\n').filter(|it| it.starts_with(contig));
        let records: String = of_contig.collect();
        home.file("it.vcf", format!("{HEADER}{records}"));
        home.done(["import", "it.vcf", "--store", "calls", "--version", "second"]);
        let diff = |first, second| {
            let said = home.run(["diff", first, second, "--region", "2", "--format", "ndjson"]);
            let kinds = rows(&said).into_iter().map(|it| it["difference"].to_string());
            kinds.collect::<Vec<_>>().join(" ")
        };
        let expected = ["\"removed\" \"removed\"", "\"added\" \"removed\""];
        assert_eq!(diff("calls.first", "calls.second"), expected[usize::from(contig == "2")]);
        assert_eq!(diff("calls.second", "calls.second"), "");
    }
    let said = home.run(["diff", "calls.first", "calls.second", "--region", "3"]);
    assert!(said.code == 2 && said.err.contains("no row lies on contig"), "{}", said.err);
}

#[test]
fn a_default_version_is_what_the_bare_name_means() {
    let home = home(&[("first", BEFORE), ("none", "")]);
    let count = || home.done(["query", "SELECT count(*) AS n FROM calls", "--format", "csv"]);
    assert_eq!(count(), "n\n0\n");
    let told = home.done(["store", "update", "calls", "--default-version", "first"]);
    assert_eq!(told, "calls means calls.first from now on\n");
    assert_eq!(count(), "n\n4\n");
    assert!(home.done(["version", "list", "calls"]).ends_with("default version: first\n"));
    assert_eq!(home.run(["diff", "calls", "calls.first"]).code, 0);
    let said = home.run(["store", "update", "calls", "--default-version", "absent"]);
    assert!(said.code == 4 && said.err.contains("no such version"), "{}", said.err);
    let said = home.run(["version", "delete", "calls", "first"]);
    assert!(said.err.contains("store update calls --default-version"), "{}", said.err);
    let said = home.run(["query", "SELECT count(*) FROM calls"]);
    assert!(said.code == 4 && said.err.contains("--default-version"), "{}", said.err);
    home.done(["store", "update", "calls", "--default-version", "none"]);
    assert_eq!(count(), "n\n0\n");
}
