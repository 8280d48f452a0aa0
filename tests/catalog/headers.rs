//! Headers of imported files: kept once, with the rows that they stand over, and gone with them.

use annostore::catalog::JobsHeader;

use super::*;

const TEXT: &[u8] = b"##fileformat=VCFv4.3\n##note=\xff\r\n#CHROM\n";

/// The headers in the catalog's file, and how many jobs have one.
fn kept(catalog: &Catalog) -> (Vec<String>, u32) {
    let connection = rusqlite::Connection::open(catalog.home().join("catalog.db")).unwrap();
    let mut headers = connection.prepare("SELECT sha256 FROM headers ORDER BY rowid").unwrap();
    let headers = headers.query_map([], |row| row.get(0)).unwrap().map(|it| it.unwrap()).collect();
    let jobs = connection.query_row("SELECT count(*) FROM job_headers", [], |row| row.get(0));
    (headers, jobs.unwrap())
}

fn import(catalog: &Catalog, version: Option<&str>, text: &[u8]) -> String {
    let run = begin(catalog, version);
    let result = ImportResult { header: Some(HeaderText::of(text)), ..write(&run) };
    run.commit(&result).unwrap().id
}

#[test]
fn a_header_of_many_files_is_kept_once() {
    let (_home, catalog) = home();
    make_version(&catalog, "second");
    let mut jobs: Vec<_> = (0..20).map(|_| import(&catalog, None, TEXT)).collect();
    let other = import(&catalog, None, b"##other\n");
    jobs.push(import(&catalog, None, TEXT));
    let elsewhere = import(&catalog, Some("second"), TEXT);
    let sha256 = HeaderText::of(TEXT).sha256;
    assert_eq!(kept(&catalog), (vec![sha256.clone(), HeaderText::of(b"##other\n").sha256], 23));
    assert_eq!(catalog.header(&sha256).unwrap().unwrap().text().unwrap(), TEXT);
    let version = catalog.version(&account(), "clinvar", "clinvar").unwrap();
    let headers = catalog.headers_of_version(&version.id).unwrap();
    assert_eq!(headers[0], JobsHeader { sha256: Some(sha256.clone()), jobs });
    assert_eq!((headers.len(), &headers[1].jobs), (2, &vec![other]));
    let of_job = catalog.header_of_job(&elsewhere).unwrap().unwrap();
    assert_eq!(of_job, JobsHeader { sha256: Some(sha256), jobs: vec![elsewhere] });
}

#[test]
fn headers_go_with_the_last_version_that_has_them() {
    let (_home, catalog) = home();
    make_version(&catalog, "second");
    make_version(&catalog, "third");
    let gone = import(&catalog, Some("second"), TEXT);
    import(&catalog, Some("second"), b"##only here\n");
    import(&catalog, Some("third"), TEXT);
    let sha256 = HeaderText::of(TEXT).sha256;
    catalog.delete_version(&account(), "clinvar", "second", false).unwrap();
    assert_eq!(kept(&catalog), (vec![sha256], 1));
    assert_eq!(catalog.header_of_job(&gone).unwrap(), None);
    catalog.delete_store(&account(), "clinvar", true).unwrap();
    assert_eq!(kept(&catalog), (vec![], 0));
}

#[test]
fn an_import_that_does_not_commit_leaves_no_header() {
    let (_home, catalog) = home();
    let run = begin(&catalog, None);
    let id = run.job_id().to_owned();
    write(&run);
    run.fail("a bad row").unwrap();
    let run = begin(&catalog, None);
    let mut result = write(&run);
    // The files are moved last: this fails when the header has been written.
    result.files[0].path = result.files[0].path.with_file_name("absent.parquet");
    run.commit(&result).unwrap_err();
    assert_eq!(kept(&catalog), (vec![], 0));
    assert_eq!(catalog.header_of_job(&id).unwrap(), None);
}

#[test]
fn a_header_too_large_to_keep_leaves_its_digest_and_a_damaged_one_is_an_error() {
    let (_home, catalog) = home();
    let run = begin(&catalog, None);
    let whole = HeaderText::of(TEXT);
    let large = HeaderText { packed: None, ..whole.clone() };
    let result = ImportResult { header: Some(large.clone()), ..write(&run) };
    run.commit(&result).unwrap();
    assert_eq!(catalog.header(&whole.sha256).unwrap(), Some(large));
    let connection = rusqlite::Connection::open(catalog.home().join("catalog.db")).unwrap();
    connection.execute("UPDATE headers SET packed = x'00'", []).unwrap();
    assert_eq!(catalog.header(&whole.sha256).unwrap_err().kind(), ErrorKind::Storage);
}
