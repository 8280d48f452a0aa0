//! `annostore view`: queries that are kept under names.

use std::fs::File;

use crate::common::program::Home;
use crate::{SOUND, STORE, check_refusal};

fn home() -> Home {
    let home = Home::with_store(STORE);
    let file = home.file("a.vcf", SOUND);
    home.done(["import", file.to_str().unwrap(), "--store", STORE]);
    home
}

fn count(home: &Home, view: &str) -> String {
    home.done(["query", &format!("SELECT count(*) AS n FROM {view}"), "-f", "csv"])
}

#[test]
fn a_view_is_kept_queried_replaced_and_dropped() {
    let home = home();
    let sql = "SELECT start FROM variants WHERE start > 10";
    assert_eq!(home.done(["view", "create", "late", sql]), "created late\n");
    assert_eq!(home.done(["view", "show", "late"]), format!("{sql}\n"));
    assert_eq!(count(&home, "late"), "n\n1\n");
    let listed = home.json(&["view", "list", "--json"]);
    assert_eq!((&listed[0]["name"], &listed[0]["sql"]), (&"late".into(), &sql.into()));
    assert!(home.done(["view", "list"]).contains(sql));
    let again = home.run(["view", "create", "late", "SELECT 1 AS x"]);
    check_refusal(&again, 4, "there is a view `late`", "--replace");
    let file = home.file("late.sql", "-- all of them\nTABLE variants;\n");
    let mut command = home.command(["view", "create", "late", "-", "--replace"]);
    let replaced = command.stdin(File::open(file).unwrap()).output().unwrap();
    assert!(replaced.status.success(), "{}", String::from_utf8_lossy(&replaced.stderr));
    assert_eq!(count(&home, "late"), "n\n2\n");
    // It sees the store as it is.
    let more = home.file("b.vcf", SOUND);
    home.done(["import", more.to_str().unwrap(), "--store", STORE]);
    assert_eq!(count(&home, "late"), "n\n4\n");
    assert_eq!(home.done(["view", "drop", "late"]), "dropped late\n");
    check_refusal(&home.run(["view", "show", "late"]), 4, "there is no view `late`", "view list");
}

#[test]
fn a_view_belongs_to_its_account_and_hides_no_store() {
    let home = home();
    home.done(["view", "create", "mine", "SELECT 1 AS x"]);
    let other = ["--account", "111122223333"];
    let seen = home.run([&other[..], &["query", "SELECT * FROM mine"]].concat());
    assert_eq!(seen.code, 4, "{}", seen.err);
    let listed = home.done([&other[..], &["query", "SHOW VIEWS", "-f", "csv"]].concat());
    assert_eq!(listed, "view,sql\n");
    home.done([&other[..], &["view", "create", "mine", "SELECT 2 AS x"]].concat());
    assert_eq!(home.done(["query", "TABLE mine", "-f", "csv"]), "x\n1\n");
    let store = home.run(["view", "create", STORE, "SELECT 1 AS x"]);
    check_refusal(&store, 4, "there is a store `variants`", "another name");
}

#[test]
fn a_view_that_cannot_be_planned_is_not_kept() {
    let home = home();
    for (sql, code, what) in [
        ("SELECT nosuch FROM variants", 2, "nosuch"),
        ("SELECT * FROM elsewhere", 4, "no store `elsewhere`"),
        ("SELECT * FROM bad", 2, "bad reads bad"),
        ("DROP TABLE variants", 2, "not a query"),
        ("SELECT * FROM 'a.vcf'", 2, "no files"),
        ("SELECT", 2, ""),
    ] {
        let said = home.run(["view", "create", "bad", sql]);
        assert_eq!(said.code, code, "{sql}: {}", said.err);
        assert!(said.err.contains(what), "{sql}: {}", said.err);
    }
    check_refusal(&home.run(["view", "create", "B-ad", "SELECT 1"]), 2, "name", "name");
    assert_eq!(home.done(["query", "SHOW VIEWS", "-f", "csv"]), "view,sql\n");
}

#[test]
fn views_read_views_only_so_deep() {
    let home = home();
    home.done(["view", "create", "deep0", "SELECT 1 AS x"]);
    for number in 1..16 {
        let sql = format!("SELECT x + 1 AS x FROM deep{}", number - 1);
        home.done(["view", "create", &format!("deep{number}"), &sql]);
    }
    assert_eq!(home.done(["query", "TABLE deep15", "-f", "csv"]), "x\n16\n");
    let deeper = home.run(["view", "create", "deep16", "TABLE deep15"]);
    check_refusal(&deeper, 2, "more than 16 deep", "one view for several");
}
