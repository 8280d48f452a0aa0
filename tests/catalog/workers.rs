//! The jobs of a server, when it or another one ends.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Command;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use annostore::catalog::{Catalog, ImportRun, JobStatus, NewJob, OwnerKind};
use annostore::model::Account;
use annostore::model::api::{
    CreateAnnotationStore, ImportItem, Reference, StartAnnotationImportJob,
};
use annostore::objects::{Folder, NoObjects, Objects};
use annostore::read::Pipe;
use annostore::service::worker::{JOBS_AT_ONCE, Workers};
use annostore::service::{Quotas, Service};

use super::common::program::Home;
use super::processes::child;
use super::{account, home, job_from, rows};

pub const VCF: &str = "##fileformat=VCFv4.3
##contig=<ID=chr1>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t2\t.\tC\tT\t.\t.\t.
";

fn submit(catalog: &Catalog, left_normalize: bool) -> String {
    let source = "s3://bucket/a.vcf".to_owned();
    let new = NewJob { source, left_normalize, owner: OwnerKind::Server, ..job_from(None) };
    catalog.submit_job(&new, None).unwrap().id
}

pub fn start(catalog: &Catalog, objects: Arc<dyn Objects>) -> Workers {
    Workers::start(catalog.clone(), objects, Quotas::Unlimited, JOBS_AT_ONCE, Some(1)).unwrap()
}

fn status(catalog: &Catalog, job: &str) -> JobStatus {
    catalog.job(&account(), job).unwrap().status
}

/// The state of a job once it has ended, or after a minute.
pub fn ended(catalog: &Catalog, job: &str) -> JobStatus {
    let end = Instant::now() + Duration::from_mins(1);
    while status(catalog, job).is_live() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    status(catalog, job)
}

/// Begins a job as a server does.
pub fn claim(catalog: &Catalog) -> ImportRun {
    submit(catalog, false);
    let (_job, run) = catalog.claim_job().unwrap().unwrap();
    run
}

#[test]
fn a_server_that_lives_takes_over_the_jobs_of_one_that_dies() {
    let (home, catalog) = home();
    let objects = tempfile::tempdir().unwrap();
    fs::create_dir(objects.path().join("bucket")).unwrap();
    fs::write(objects.path().join("bucket/a.vcf"), VCF).unwrap();
    let mut dying = child(home.path(), "claim");
    let mut told = BufReader::new(dying.stdout.take().unwrap()).lines().map_while(Result::ok);
    let job = told.find_map(|it| it.split("job ").nth(1).map(str::to_owned)).unwrap();
    let living = start(&catalog, Arc::new(Folder::new(objects.path()).unwrap()));
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(status(&catalog, &job), JobStatus::InProgress, "its server lives");
    dying.kill().unwrap();
    dying.wait().unwrap();
    assert_eq!(ended(&catalog, &job), JobStatus::Completed);
    assert_eq!(rows(&catalog), 1);
    living.stop();
}

/// As on a disk that is full: neither the commit nor the failure of a job can be written. Its
/// server lives, and runs other jobs.
#[test]
fn a_job_whose_end_cannot_be_written_begins_anew() {
    let (home, catalog) = home();
    let (other, run) = (claim(&catalog), claim(&catalog));
    let job = run.job_id().to_owned();
    assert_eq!(catalog.put_back_abandoned_jobs().unwrap(), 0);
    let beside = rusqlite::Connection::open(home.path().join("catalog.db")).unwrap();
    let full = "CREATE TRIGGER full BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'full'); END";
    beside.execute_batch(full).unwrap();
    assert!(run.fail("not today").is_err());
    assert!(catalog.put_back_abandoned_jobs().is_err());
    assert_eq!(status(&catalog, &job), JobStatus::InProgress);
    beside.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(catalog.put_back_abandoned_jobs().unwrap(), 1);
    assert_eq!(status(&catalog, &job), JobStatus::Submitted);
    assert_eq!(status(&catalog, other.job_id()), JobStatus::InProgress);
}

/// The FASTA file becomes a pipe without an end, so that the server stops within its pass for sure.
#[test]
fn a_server_that_stops_while_it_indexes_a_reference_puts_the_job_back() {
    let (home, catalog) = home();
    let fasta = home.path().join("reference.fa");
    fs::write(&fasta, ">chr1\nACGT\n").unwrap();
    let service = Service::open(home.path(), account(), "us-east-1").unwrap();
    let pipe = Pipe::new(Some(1), 1 << 20).unwrap();
    service.add_reference(fasta.to_str().unwrap(), Some(super::REFERENCE), &pipe).unwrap();
    fs::remove_file(&fasta).unwrap();
    assert!(Command::new("mkfifo").arg(&fasta).status().unwrap().success());
    // Both ends, so that whoever opens the pipe for a look neither waits nor ends it.
    let ends = fs::OpenOptions::new().read(true).write(true).open(&fasta).unwrap();
    let job = submit(&catalog, true);
    let workers = start(&catalog, Arc::new(NoObjects));
    let (reads, read) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut pipe = fs::OpenOptions::new().write(true).open(&fasta).unwrap();
            pipe.write_all(b">chr1\n").unwrap();
            // More than a pipe holds, so that somebody has begun to read it.
            let lines = b"ACGT\n".repeat(1 << 16);
            pipe.write_all(&lines).unwrap();
            reads.send(()).unwrap();
            // Until nobody reads it any more.
            while pipe.write_all(&lines).is_ok() {}
        });
        read.recv().unwrap();
        assert_eq!(status(&catalog, &job), JobStatus::InProgress);
        workers.stop();
        drop(ends);
    });
    let job = catalog.job(&account(), &job).unwrap();
    assert_eq!(job.status, JobStatus::Submitted, "{}", job.status_message);
}

#[test]
fn a_job_of_a_server_reads_as_its_store_says() {
    let home = Home::new();
    let options = r#"{"tsvStoreOptions": {"annotationType": "GENERIC",
        "schema": [{"gene": "STRING"}, {"score": "INT"}]}}"#;
    home.done(
        [
            "store",
            "create",
            "--name",
            "scores",
            "--store-format",
            "TSV",
            "--store-options",
            options,
        ]
        .into_iter()
        .chain(["--null-marks", ".", "--read-options", r#"{"sep": ";"}"#]),
    );
    let objects = tempfile::tempdir().unwrap();
    fs::create_dir(objects.path().join("bucket")).unwrap();
    fs::write(objects.path().join("bucket/a.csv"), "A;.\nB;5\n").unwrap();
    let service = Service::open(&home.path(), account(), "us-east-1").unwrap();
    let request = StartAnnotationImportJob {
        destination_name: Some("scores".to_owned()),
        role_arn: Some("arn:aws:iam::000000000000:role/importer".to_owned()),
        items: Some(vec![ImportItem::from("s3://bucket/a.csv".to_owned())]),
        ..StartAnnotationImportJob::default()
    };
    let job = service.start_annotation_import_job(&request).unwrap().id;
    let workers = start(service.catalog(), Arc::new(Folder::new(objects.path()).unwrap()));
    assert_eq!(ended(service.catalog(), &job), JobStatus::Completed);
    workers.stop();
    let found = home.done(["query", "SELECT * FROM scores", "--format", "csv"]);
    assert!(found.contains("A,,") && found.contains("B,5,"), "{found}");
}

#[test]
fn accounts_take_turns() {
    let (folder, catalog) = home();
    let other = Account::new("444455556666").unwrap();
    let service = Service::open(folder.path(), other.clone(), "us-east-1").unwrap();
    let request = CreateAnnotationStore {
        name: Some("clinvar".to_owned()),
        store_format: Some("VCF".to_owned()),
        reference: Some(Reference::from("arn:x".to_owned())),
        ..CreateAnnotationStore::default()
    };
    service.create_annotation_store(&request).unwrap();
    let late = || {
        let new = NewJob { account: other.clone(), owner: OwnerKind::Server, ..job_from(None) };
        catalog.submit_job(&new, None).unwrap().id
    };
    let greedy = [submit(&catalog, false), submit(&catalog, false), submit(&catalog, false)];
    let first_of_other = late();
    let claim = || {
        let (job, run) = catalog.claim_job().unwrap().unwrap();
        (job.id, run)
    };
    // Who has a job already waits for who has none, although that one came last.
    let (one, two) = (claim(), claim());
    assert_eq!([&one.0, &two.0], [&greedy[0], &first_of_other]);
    one.1.fail("").unwrap();
    two.1.fail("").unwrap();
    // One at a time: it is the turn of who had none for longer.
    let second_of_other = late();
    for turn in [&greedy[1], &second_of_other, &greedy[2]] {
        let (job, run) = claim();
        assert_eq!(&job, turn);
        run.fail("").unwrap();
    }
}
