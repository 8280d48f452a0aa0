//! Homes that earlier programs made: each answers as it did then, migrates whole or not at all, and
//! goes on. `testdata/homes/make.sh` says how they were made.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use annostore::catalog::{Catalog, JobFilter, JobStatus};
use annostore::objects::Folder;
use serde_json::Value;

use super::account;
use super::common::program::{Home, Said};
use super::processes::child;
use super::workers;

/// The folders of all homes, in order of their forms.
fn forms() -> Vec<PathBuf> {
    let homes = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/homes");
    let entries = fs::read_dir(homes).unwrap().map(|it| it.unwrap().path());
    let mut forms: Vec<_> = entries.filter(|it| it.is_dir()).collect();
    forms.sort();
    assert!(!forms.is_empty());
    forms
}

/// A copy of a home, since to open one may change it.
fn copy_of(form: &Path) -> Home {
    let home = Home::new();
    copy(&form.join("home"), &home.path());
    home
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The commands of an `answers.txt`, each with what the program of then printed.
fn answers(form: &Path) -> Vec<(Vec<String>, String)> {
    let text = fs::read_to_string(form.join("answers.txt")).unwrap();
    let mut answers = Vec::<(Vec<String>, String)>::new();
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ annostore ") {
            answers.push((shell_words::split(command).unwrap(), String::new()));
        } else {
            let (_, answer) = answers.last_mut().unwrap();
            answer.push_str(line);
            answer.push('\n');
        }
    }
    answers
}

#[test]
fn homes_of_before_answer_as_they_did() {
    for form in forms() {
        let home = copy_of(&form);
        let answers = answers(&form);
        assert!(answers.len() > 40, "{} questions", answers.len());
        for (command, then) in answers {
            let said = home.run(command.iter().map(String::as_str).chain(["--quiet"]));
            assert_alike(&command, &then, &said);
        }
    }
}

/// JSON may have got further members, DESCRIBE further columns and rows, and other texts further
/// lines and other room between words. Rows stay as they are.
#[track_caller]
fn assert_alike(command: &[String], then: &str, said: &Said) {
    let mut now = said.out.clone();
    if said.code != 0 {
        now.push_str(&format!("exit code {}\n", said.code));
    }
    let words = |text: &str| -> Vec<Vec<String>> {
        text.lines().map(|it| it.split_whitespace().map(str::to_owned).collect()).collect()
    };
    let alike = if command[1].starts_with("DESCRIBE") {
        let mut now = now.lines();
        then.lines().all(|then| now.any(|now| now.starts_with(then)))
    } else if command[0] == "query" {
        then == now
    } else {
        let of_json = (serde_json::from_str(then), serde_json::from_str(&now));
        if let (Ok(then), Ok(now)) = of_json {
            holds(&now, &then)
        } else {
            let now = words(&now);
            let mut now = now.iter();
            words(then).iter().all(|then| now.any(|now| now == then))
        }
    };
    assert!(alike, "{command:?}\nthen:\n{then}\nnow:\n{now}{}", said.err);
}

/// Whether a value has all that another one has.
fn holds(now: &Value, then: &Value) -> bool {
    match (now, then) {
        (Value::Object(now), Value::Object(then)) => {
            then.iter().all(|(key, then)| now.get(key).is_some_and(|now| holds(now, then)))
        }
        (Value::Array(now), Value::Array(then)) => {
            now.len() == then.len() && now.iter().zip(then).all(|(now, then)| holds(now, then))
        }
        (now, then) => now == then,
    }
}

/// Headers came with form 4.
#[test]
fn what_was_imported_without_a_header_has_one_made_from_its_types() {
    let home = copy_of(&forms()[0]);
    let vcf = home.run(["version", "get", "variants", "variants", "--header"]);
    assert!(vcf.err.contains("made from the types"), "{}", vcf.err);
    for line in [
        "##contig=<ID=chr2>",
        "##INFO=<ID=AF,Number=.,Type=Float,Description=\"\">",
        "##INFO=<ID=DB,Number=0,Type=Flag,Description=\"\">",
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
    ] {
        assert!(vcf.out.lines().any(|it| it == line), "{line}\n{}", vcf.out);
    }
    let shown = home.done(["version", "get", "scores", "first"]);
    assert!(shown.contains("made from the types"), "{shown}");
    let scores = home.run(["version", "get", "scores", "first", "--header"]);
    assert_eq!(scores.out, "chrom\tpos\tref\talt\tscore\trank\tratio\tgood\n");
    let file = home.file("new.vcf", workers::VCF);
    home.done(["import", file.to_str().unwrap(), "--store", "variants"]);
    let both = home.json(&["version", "get", "variants", "variants", "--header", "--json"]);
    let made: Vec<_> =
        both["headers"].as_array().unwrap().iter().map(|it| &it["madeFromTypes"]).collect();
    assert_eq!(made, [&Value::from(true), &Value::from(false)]);
}

#[test]
fn homes_of_before_go_on() {
    for form in forms() {
        let home = copy_of(&form);
        let count = || home.done(["query", "SELECT count(*) FROM variants", "--format", "csv"]);
        let before = count();
        let file = home.file("new.vcf", workers::VCF);
        let file = file.to_str().unwrap();
        assert_eq!(home.run(["import", file, "--store", "variants"]).code, 0);
        assert_ne!(count(), before);
        let numbers = "SELECT count(*), count(\"$record\"), max(\"$record\") FROM variants";
        let before: u64 = before.lines().last().unwrap().parse().unwrap();
        // What was imported before has no numbers; the one record of the new file has.
        let expected = format!("{},1,1", before + 1);
        let numbers = home.done(["query", numbers, "--format", "csv"]);
        assert_eq!(numbers.lines().last(), Some(expected.as_str()));
        assert!(!home.files("data").is_empty());
        for store in ["variants", "scores", "genes"] {
            home.done(["store", "delete", store, "--force"]);
        }
        assert_eq!(home.files("data"), Vec::<String>::new());
    }
}

/// The program of form 3 wrote Integers of INFO in 32 bits.
#[test]
fn integers_of_32_bits_are_read_beside_those_of_64() {
    let home = copy_of(&forms()[0]);
    let ask = |sql: &str| home.done(["query", sql, "--format", "csv"]);
    let number = "SELECT start, info.dp, attributes['DP'] AS text FROM variants WHERE info.dp > 5 \
                  ORDER BY start, sampleid";
    let before = ask(number);
    assert!(before.contains(",10,10\n"), "{before}");
    let info = "##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">\n#CHROM";
    let wide = workers::VCF.replace("#CHROM", info).replace("\t.\n", "\tDP=3000000000\n");
    let file = home.file("wide.vcf", wide);
    home.run(["import", file.to_str().unwrap(), "--store", "variants"]);
    assert_eq!(ask(number), before.replace("text\n", "text\n1,3000000000,3000000000\n"));
    let sum = ask("SELECT max(info.dp), count(info) FROM variants WHERE info.dp = 3000000000");
    assert!(sum.ends_with("3000000000,1\n"), "{sum}");
    let whole = ask("SELECT info FROM variants WHERE info.dp IS NOT NULL ORDER BY start");
    assert!(whole.contains("3000000000") && whole.contains("\"\"dp\"\":10,"), "{whole}");
}

#[test]
fn a_job_that_waited_for_a_server_of_before_is_run() {
    for form in forms() {
        let home = copy_of(&form);
        let objects = home.beside("s3");
        fs::create_dir_all(objects.join("bucket")).unwrap();
        fs::write(objects.join("bucket/waiting.vcf"), workers::VCF).unwrap();
        let catalog = Catalog::open(&home.path()).unwrap();
        let waiting =
            JobFilter { status: Some(JobStatus::Submitted), limit: 9, ..JobFilter::default() };
        let waiting = catalog.jobs(&account(), &waiting).unwrap().items;
        assert_eq!(waiting.len(), 1);
        let server = workers::start(&catalog, Arc::new(Folder::new(&objects).unwrap()));
        assert_eq!(workers::ended(&catalog, &waiting[0].id), JobStatus::Completed);
        server.stop();
    }
}

/// Tables that came with later forms.
const LATER: [&str; 5] = ["shares", "fasta_references", "normalizations", "headers", "job_headers"];

/// Makes a catalog one of form 1.
fn take_back(catalog: &Path) {
    let connection = rusqlite::Connection::open(catalog).unwrap();
    for table in LATER {
        connection.execute_batch(&format!("DROP TABLE IF EXISTS {table}")).unwrap();
    }
    connection.execute_batch("DROP INDEX live_jobs_of_version; PRAGMA user_version = 1").unwrap();
}

/// The number of a catalog's form, and which of the later tables it has.
fn form_of(catalog: &Path) -> (u32, Vec<&'static str>) {
    let connection = rusqlite::Connection::open(catalog).unwrap();
    let form = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    let has = |table: &&str| connection.table_exists(None, *table).unwrap();
    (form, LATER.into_iter().filter(has).collect())
}

#[test]
fn a_migration_that_fails_leaves_the_form_of_before() {
    let home = copy_of(&forms()[0]);
    let path = home.path().join("catalog.db");
    take_back(&path);
    let connection = rusqlite::Connection::open(&path).unwrap();
    // In the way of the last table: those before it can be made.
    connection.execute_batch("CREATE TABLE normalizations (a)").unwrap();
    drop(connection);
    assert!(Catalog::open(&home.path()).is_err());
    assert_eq!(form_of(&path), (1, vec!["normalizations"]));
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch("DROP TABLE normalizations").unwrap();
    drop(connection);
    let catalog = Catalog::open(&home.path()).unwrap();
    assert!(form_of(&path).0 >= 4);
    assert_eq!(form_of(&path).1, LATER);
    assert_eq!(catalog.read_all(&account()).unwrap().len(), 3);
}

/// Kills a process that migrates a catalog, later and later, until it is done before the kill.
#[test]
fn a_migration_that_is_killed_leaves_one_form_or_the_other() {
    let home = copy_of(&forms()[0]);
    let path = home.path().join("catalog.db");
    take_back(&path);
    let old = fs::read(&path).unwrap();
    let (mut kept, mut migrated) = (0, 0);
    for round in 0..1000 {
        let mut child = child(&home.path(), "import 0");
        std::thread::sleep(Duration::from_micros(round * 500));
        child.kill().unwrap();
        child.wait().unwrap();
        match form_of(&path) {
            (1, tables) => {
                assert_eq!(tables, Vec::<&str>::new());
                kept += 1;
            }
            (_, tables) => {
                assert_eq!(tables, LATER);
                migrated += 1;
            }
        }
        if migrated == 5 {
            break;
        }
        // SQLite has ended, and with it the files beside this one.
        fs::write(&path, &old).unwrap();
    }
    assert!(kept > 0 && migrated == 5, "{kept} kept, {migrated} migrated");
}
