//! `annostore job`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::resource::{self, PageArgs, print_json, print_pairs, print_table};
use super::{Globals, header, output};
use crate::api::operations::{GetImportJobResponse, ListJobsResponse};
use crate::catalog::{Job, Normalization};
use crate::model::api::{JobFilter, ListAnnotationImportJobs};
use crate::model::{Error, ErrorKind, JobStatus, Result};
use crate::service::Header;

/// Show and cancel import jobs
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore job list --store-name clinvar --status FAILED
  annostore job get 3f1c0b9e-6a53-4c39-9d0e-2f6f0f3f7a11
  annostore job report 3f1c0b9e-6a53-4c39-9d0e-2f6f0f3f7a11
  annostore job cancel 3f1c0b9e-6a53-4c39-9d0e-2f6f0f3f7a11

Jobs are started with `annostore import`, and by clients of `annostore serve`.")]
pub struct JobArgs {
    #[command(subcommand)]
    command: JobCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum JobCommand {
    /// Show a job
    Get(GetJob),
    /// List jobs, newest first
    List(ListArgs),
    /// Show what a job found in its file
    Report(ReportArgs),
    /// Cancel a job that runs: nothing of it is stored
    Cancel(JobId),
}

#[derive(Args, Clone, Debug)]
struct JobId {
    /// Id of the job
    job_id: String,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore job get 3f1c0b9e-6a53-4c39-9d0e-2f6f0f3f7a11
  annostore job get 3f1c0b9e-6a53-4c39-9d0e-2f6f0f3f7a11 --header")]
struct GetJob {
    #[command(flatten)]
    job: JobId,
    /// Print the header of the job's file as it stands there; with --json, also what it declares
    #[arg(long)]
    header: bool,
}

#[derive(Args, Clone, Debug)]
struct ReportArgs {
    /// Id of the job
    job_id: String,
    /// All that was kept, as `check --output json` writes it
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct ListArgs {
    /// Only the jobs with these ids, separated by commas (1 to 20)
    #[arg(long, value_name = "ID,...", value_delimiter = ',')]
    ids: Option<Vec<String>>,
    #[arg(
        long,
        value_name = "STATUS",
        help = resource::only("jobs in this state", JobStatus::WORDS)
    )]
    status: Option<String>,
    /// Only jobs into this store
    #[arg(long, value_name = "NAME")]
    store_name: Option<String>,
    #[command(flatten)]
    page: PageArgs,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

/// Runs `annostore job`.
pub fn run(args: JobArgs, globals: &Globals) -> Result<ExitCode> {
    match args.command {
        JobCommand::Get(args) => get(&args, globals),
        JobCommand::List(args) => list(&args, globals),
        JobCommand::Report(args) => report(&args, globals),
        JobCommand::Cancel(args) => cancel(&args, globals),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn get(GetJob { job: args, header }: &GetJob, globals: &Globals) -> Result<()> {
    let service = resource::service(globals)?;
    let job = service.get_annotation_import_job(&args.job_id)?;
    if *header {
        return print_header(service.header_of_job(&job)?, &job, args.json);
    }
    if args.json {
        return print_json(&GetImportJobResponse::new(&job));
    }
    let normalized = service.catalog().normalization_of_job(&job.id)?;
    let mut pairs = describe(&job, &service.catalog().job_files(&job)?, normalized.as_ref());
    let header = service.header_of_job(&job)?;
    pairs.push(("header", header.map(|it| header::summary(&it)).unwrap_or_default()));
    print_pairs(&pairs)
}

fn print_header(header: Option<Header>, job: &Job, json: bool) -> Result<()> {
    let header = header.ok_or_else(|| {
        let state = job.status.as_str();
        Error::new(ErrorKind::NotFound, "nothing of the job is stored, and so no header")
            .with("job", &job.id)
            .with("status", state)
            .with_help("a header is kept with the rows: from the end of the job to their deletion")
    })?;
    if json { header::print_as_json(&[header]) } else { header::print(&header) }
}

fn describe(
    it: &Job,
    files: &[PathBuf],
    normalized: Option<&Normalization>,
) -> Vec<(&'static str, String)> {
    let ended = it.completed.is_some();
    let file = |stem: &str| {
        let found = files.iter().find(|it| it.file_stem().is_some_and(|it| it == stem));
        found.map(|it| it.display().to_string()).unwrap_or_default()
    };
    let once_ended = |text: String| if ended { text } else { String::new() };
    vec![
        ("id", it.id.clone()),
        ("store", it.store_name.to_string()),
        ("version", it.version_name.to_string()),
        ("source", it.source.clone()),
        ("status", it.status.as_str().to_owned()),
        ("message", it.status_message.clone()),
        ("rows stored", once_ended(resource::count(it.rows_stored))),
        ("lines rejected", once_ended(resource::count(it.lines_rejected))),
        ("rejected lines in", file("rejected")),
        ("report", file("report")),
        ("left-normalized", left_normalized(it, normalized)),
        ("reference", normalized.map(resource::reference).unwrap_or_default()),
        ("annotation fields", resource::pairs(&it.annotation_fields)),
        ("source SHA-256", it.source_sha256.clone()),
        ("role", it.role_arn.clone()),
        ("created", resource::time(it.created)),
        ("completed", it.completed.map(resource::time).unwrap_or_default()),
    ]
}

/// What became of the records; that they were to be normalized, where the job has not come to its
/// end.
fn left_normalized(it: &Job, normalized: Option<&Normalization>) -> String {
    match normalized {
        Some(done) => resource::normalized(done),
        None if it.left_normalize => "yes".to_owned(),
        None => String::new(),
    }
}

fn list(args: &ListArgs, globals: &Globals) -> Result<()> {
    let service = resource::service(globals)?;
    let listed = args.page.read(|max_results, next_token| {
        let (status, store_name) = (args.status.clone(), args.store_name.clone());
        let filter = Some(JobFilter { status, store_name });
        let ids = args.ids.clone();
        let request = ListAnnotationImportJobs { ids, filter, max_results, next_token };
        service.list_annotation_import_jobs(&request)
    })?;
    if args.json {
        return print_json(&ListJobsResponse::new(&listed));
    }
    let row = |it: &Job| {
        [
            it.id.clone(),
            it.store_name.to_string(),
            it.version_name.to_string(),
            it.status.as_str().to_owned(),
            resource::count(it.rows_stored),
            resource::time(it.created),
            it.source.clone(),
        ]
    };
    let rows: Vec<_> = listed.items.iter().map(row).collect();
    print_table(["JOB", "STORE", "VERSION", "STATUS", "ROWS", "CREATED", "SOURCE"], &rows)?;
    resource::print_next(listed.next_token.as_deref());
    Ok(())
}

fn report(args: &ReportArgs, globals: &Globals) -> Result<()> {
    let service = resource::service(globals)?;
    let job = service.get_annotation_import_job(&args.job_id)?;
    let (name, other) = ("report.json", "report.txt");
    let (name, other) = if args.json { (name, other) } else { (other, name) };
    let files = service.catalog().job_files(&job)?;
    let find = |name: &str| files.iter().find(|it| it.file_name().is_some_and(|it| it == name));
    let Some(path) = find(name) else {
        if find(other).is_some() {
            return Err(half_report(&job));
        }
        return no_report(&job, service.catalog().is_for_a_version(&job)?);
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::new(ErrorKind::Storage, "cannot read the report of the job")
            .with("file", path.display())
            .with_source(error)
    })?;
    // An earlier program may have been stopped while it wrote one.
    let is_whole = text.ends_with('\n')
        && (!args.json || serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok());
    if is_whole { output::result(&text) } else { Err(half_report(&job)) }
}

fn half_report(job: &Job) -> Error {
    let stopped = "the report of the job is not whole: its program was stopped while it wrote it";
    Error::new(ErrorKind::Storage, stopped)
        .with("job", &job.id)
        .with("source", &job.source)
        .with_help("`annostore check FILE` makes one anew")
}

/// A job that found nothing to report leaves no report, and one that has not ended has none yet;
/// that of a version that was deleted went with it.
fn no_report(job: &Job, has_version: bool) -> Result<()> {
    if job.completed.is_none() {
        return Err(Error::new(
            ErrorKind::Conflict,
            "the job has not ended, and so has no report yet",
        )
        .with("job", &job.id)
        .with("status", job.status.as_str()));
    }
    let why = match job.status {
        _ if !has_version => "its version was deleted, and its report with it",
        JobStatus::Failed | JobStatus::Cancelled => "it ended before it had a report",
        _ => "it found nothing to report",
    };
    output::message(&format!("job {} is {}: {why}", job.id, job.status.as_str()));
    if !job.status_message.is_empty() {
        output::message(&job.status_message);
    }
    Ok(())
}

fn cancel(args: &JobId, globals: &Globals) -> Result<()> {
    let job = resource::service(globals)?.cancel_annotation_import_job(&args.job_id)?;
    if args.json {
        return print_json(&serde_json::Map::new());
    }
    output::result(&format!("cancelled job {}\n", job.id))
}
