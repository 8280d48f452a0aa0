//! csv reads in our CSV answers what was asked for.

use csv::ReaderBuilder;
use proptest::prelude::*;

use crate::Stores;

/// A cell of each type: what SQL calls it, and what csv is to read.
type Cell = (String, String);

fn text() -> impl Strategy<Value = Cell> {
    let letters = vec!["a", "\"", "\"\"", ",", "\n", "\r\n", "\t", " ", "\\", "'", ";", "é", "😀"];
    let letters = proptest::collection::vec(proptest::sample::select(letters), 0..6);
    prop_oneof![
        6 => letters.prop_map(|it| {
            let it = it.concat();
            (format!("'{}'", it.replace('\'', "''")), it)
        }),
        // csv does not tell null from an empty text.
        1 => Just(("CAST(NULL AS varchar)".to_owned(), String::new())),
    ]
}

fn number() -> impl Strategy<Value = Cell> {
    prop_oneof![
        3 => any::<i64>().prop_map(|it| (format!("CAST('{it}' AS bigint)"), it.to_string())),
        1 => Just(("CAST(NULL AS bigint)".to_owned(), String::new())),
    ]
}

fn truth() -> impl Strategy<Value = Cell> {
    any::<bool>().prop_map(|it| (it.to_string(), it.to_string()))
}

#[test]
fn csv_reads_what_was_asked_for() {
    let stores = Stores::new();
    let rows = proptest::collection::vec((text(), number(), text(), truth()), 1..12);
    crate::check(32, &rows, |rows| {
        let rows: Vec<[Cell; 4]> = rows.into_iter().map(|(a, b, c, d)| [a, b, c, d]).collect();
        let line = |it: &[Cell; 4]| format!("({})", it.each_ref().map(|it| &*it.0).join(", "));
        let values = rows.iter().map(line).collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT * FROM (VALUES {values}) AS t(a, b, c, d)");
        stores.home.file("it.sql", &sql);
        let answer = stores.home.done(["query", "--file", "it.sql", "--format", "csv"]);
        let mut reader = ReaderBuilder::new().from_reader(answer.as_bytes());
        prop_assert_eq!(reader.headers().unwrap(), vec!["a", "b", "c", "d"]);
        let found: Vec<Vec<String>> =
            reader.records().map(|it| it.unwrap().iter().map(str::to_owned).collect()).collect();
        let expected: Vec<Vec<String>> =
            rows.iter().map(|it| it.iter().map(|it| it.1.clone()).collect()).collect();
        prop_assert_eq!(found, expected, "{}", sql);
        Ok(())
    });
}
