//! Ids of records leave out row groups by Bloom filters.

use std::fmt::Write as _;

use super::fixture::{plan, rows};
use super::imported::Imports;

/// Three files: rs0 to rs299, ids of two names, and records without ids.
fn imports() -> Imports {
    let mut imports = Imports::new();
    let ids: [&dyn Fn(u32) -> String; 3] =
        [&|it| format!("rs{it}"), &|it| format!("x{it};y{}", it + 1), &|_| ".".to_owned()];
    for id in ids {
        let mut text = "##fileformat=VCFv4.3\n#CHROM POS ID REF ALT QUAL FILTER INFO\n".to_owned();
        for row in 0..300 {
            writeln!(text, "1 {} {} A C . . .", row + 1, id(row)).unwrap();
        }
        imports.vcf("snp", &text);
    }
    imports
}

/// Conditions, the names that they ask for, and whether these are what is pruned by.
const CONDITIONS: [(&str, &[&str], bool); 12] = [
    ("contains(names, 'rs7')", &["rs7"], true),
    ("contains(names, 'y8')", &["y8"], true),
    ("names[1] = 'rs7'", &["rs7"], true),
    ("'x8' = element_at(names, 1)", &["x8"], true),
    ("names[1] IN ('x8', 'x9')", &["x8", "x9"], true),
    ("contains(names, 'x8') OR contains(names, 'y9')", &["x8", "y9"], true),
    ("start > 3 AND contains(names, 'rs7')", &["rs7"], true),
    ("arrays_overlap(names, ARRAY['x8', 'nothing'])", &["x8"], true),
    ("contains(names, 'nothing')", &[], true),
    ("contains(names, 'rs7') OR start = 7", &["rs7"], false),
    ("NOT contains(names, 'rs7') AND start = 7", &[], false),
    ("any_match(names, it -> it = 'rs7')", &["rs7"], false),
];

#[test]
fn answers_are_those_of_all_row_groups() {
    let (engine, _home) = imports().engine();
    for (condition, names, is_pruned) in CONDITIONS {
        let of = |where_: &str| {
            rows(
                &engine,
                &format!("SELECT \"$path\" AS p, start FROM snp WHERE {where_} ORDER BY 1, 2"),
            )
        };
        // What a lambda asks for is not seen.
        let found = of(condition);
        assert_eq!(found, of(&format!("coalesce({condition}, false)")), "{condition}");
        for name in names {
            let any = format!("({condition}) AND any_match(names, it -> it = '{name}')");
            assert!(!of(&any).is_empty(), "{condition}");
        }
        let sql = format!("SELECT start FROM snp WHERE {condition}");
        let files = plan(&engine, &sql).matches(".parquet").count();
        assert_eq!(files < 3, is_pruned, "{condition}: {files} files");
    }
}
