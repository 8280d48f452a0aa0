//! `annostore version`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::resource::{self, PageArgs, print_json, print_pairs, print_table};
use super::{Globals, header, output};
use crate::api::operations::{
    CreateVersionResponse, DeleteVersionsResponse, GetVersionResponse, ListVersionsResponse,
    UpdateVersionResponse,
};
use crate::catalog::{DataFile, Version};
use crate::model::api::{
    CreateAnnotationStoreVersion, DeleteAnnotationStoreVersions, ListAnnotationStoreVersions,
    StatusFilter, UpdateAnnotationStoreVersion,
};
use crate::model::key_case::fields_by_case;
use crate::model::{Error, ErrorKind, ResourceStatus, Result};
use crate::service::Service;

/// Refused by the store: see the exit codes of the program.
const REFUSED: u8 = 4;
/// Versions that are named where the default one was deleted, and headers that are shown.
const SHOWN: usize = 5;

/// Make, show, change and delete versions of a store
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore version create clinvar --version-name v2026_11
  annostore version list clinvar
  annostore version get clinvar v2026_11
  annostore version delete clinvar v2026_10 v2026_09")]
pub struct VersionArgs {
    #[command(subcommand)]
    command: VersionCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum VersionCommand {
    /// Make a version of a store
    Create(CreateArgs),
    /// Show a version
    Get(GetArgs),
    /// List the versions of a store, newest first
    List(ListArgs),
    /// Change the description of a version: nothing else can be changed
    Update(UpdateArgs),
    /// Delete versions with their data
    Delete(DeleteArgs),
}

#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore version create clinvar --version-name v2026_11 --description 'release of November'
  annostore version create scores --version-name v_2 --version-options @options.json
  annostore version create --request version.json")]
struct CreateArgs {
    /// Name of the store
    #[arg(required_unless_present = "request")]
    name: Option<String>,
    /// The whole request as JSON, as the AWS CLI takes it with --cli-input-json; - is standard
    /// input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["version_name", "description", "tags", "version_options"]
    )]
    request: Option<String>,
    /// Name: 3 to 255 lower-case letters, digits and underscores, beginning with a letter
    #[arg(long, value_name = "NAME")]
    version_name: Option<String>,
    /// Free text, at most 500 characters
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Tags, as KEY=VALUE,... or JSON
    #[arg(long, value_name = "TAGS")]
    tags: Option<String>,
    /// Schema and annotation type of a TSV version, as JSON or @FILE [default: those of the store]
    #[arg(long, value_name = "JSON")]
    version_options: Option<String>,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore version get clinvar v2026_11
  annostore version get clinvar v2026_11 --header > header.vcf")]
struct GetArgs {
    /// Name of the store
    name: String,
    /// Name of the version
    version_name: String,
    /// Print the headers of the files in it, each once; with --json, also what they declare
    #[arg(long)]
    header: bool,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct ListArgs {
    /// Name of the store
    name: String,
    #[arg(
        long,
        value_name = "STATUS",
        help = resource::only("versions in this state", ResourceStatus::WORDS)
    )]
    status: Option<String>,
    #[command(flatten)]
    page: PageArgs,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct UpdateArgs {
    /// Name of the store
    name: String,
    /// Name of the version
    version_name: String,
    /// Free text, at most 500 characters
    #[arg(long, value_name = "TEXT")]
    description: String,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct DeleteArgs {
    /// Name of the store
    name: String,
    /// Names of the versions (1 to 10)
    #[arg(required = true, value_name = "VERSION")]
    versions: Vec<String>,
    /// Also if an import runs (which then fails)
    #[arg(long)]
    force: bool,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

/// Runs `annostore version`.
pub fn run(args: VersionArgs, globals: &Globals) -> Result<ExitCode> {
    match args.command {
        VersionCommand::Create(args) => create(args, globals),
        VersionCommand::Get(args) => get(&args, globals),
        VersionCommand::List(args) => list(&args, globals),
        VersionCommand::Update(args) => update(&args, globals),
        VersionCommand::Delete(args) => return delete(&args, globals),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn create(args: CreateArgs, globals: &Globals) -> Result<()> {
    let json = args.json;
    let positional = args.name.clone();
    let mut request = match &args.request {
        Some(path) => resource::request(path)?,
        None => create_request(args)?,
    };
    request.name = match (request.name.take(), positional) {
        (Some(named), Some(given)) if named != given => {
            return Err(Error::invalid(format!(
                "the request names store {named}, the command line {given}"
            ))
            .with_help("leave one of them out"));
        }
        (named, given) => named.or(given),
    };
    let version = resource::service(globals)?.create_annotation_store_version(&request)?;
    if json {
        return print_json(&CreateVersionResponse::new(&version));
    }
    output::result(&format!("made version {} of store {}\n", version.name, version.store_name))
}

fn create_request(args: CreateArgs) -> Result<CreateAnnotationStoreVersion> {
    let options = args.version_options.map(|it| resource::structure("--version-options", &it));
    Ok(CreateAnnotationStoreVersion {
        name: args.name,
        version_name: args.version_name,
        description: args.description,
        version_options: options.transpose()?,
        tags: args.tags.map(|it| resource::tags(&it)).transpose()?,
    })
}

fn get(args: &GetArgs, globals: &Globals) -> Result<()> {
    let service = resource::service(globals)?;
    let version = service.get_annotation_store_version(&args.name, &args.version_name)?;
    if args.header {
        return print_headers(&service, &version, args.json);
    }
    let table = service.find_table(&version)?;
    if args.json {
        return print_json(&ShownVersion {
            version: GetVersionResponse::new(&service, &version),
            metadata_location: table.map(|it| it.location()).transpose()?,
            data_files: data_files(&service, &version)?,
        });
    }
    let arn = service.version_arn(&version).to_string();
    let normalized = service.catalog().normalizations_of_version(&version.id)?;
    let mut pairs = describe(&version, arn);
    pairs.push(("Iceberg", table.map(|it| it.location()).transpose()?.unwrap_or_default()));
    for it in &normalized {
        pairs.push(("left-normalized", resource::normalized(it)));
        pairs.push(("reference", resource::reference(it)));
    }
    let headers = service.headers_of_version(&version)?;
    let more = headers.len().saturating_sub(SHOWN);
    for of in headers.into_iter().take(SHOWN) {
        let header = service.header(of, &version)?;
        pairs.push(("header", header::summary(&header) + &header::of_jobs(header.jobs.len())));
    }
    if more > 0 {
        pairs.push(("header", format!("and {more} others: --header prints all")));
    }
    print_pairs(&pairs)
}

/// What `version get --json` prints: the answer of the API, and what only this machine knows.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownVersion {
    #[serde(flatten)]
    version: GetVersionResponse,
    /// The Iceberg metadata, where they are there; `annostore iceberg sync` writes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata_location: Option<String>,
    data_files: Vec<ShownFile>,
}

#[derive(Serialize)]
struct ShownFile {
    path: String,
    rows: u64,
    bytes: u64,
    sha256: String,
}

fn data_files(service: &Service, version: &Version) -> Result<Vec<ShownFile>> {
    let (store, name) = (version.store_name.as_str(), version.name.as_str());
    let snapshot = service.catalog().read_version(service.account(), store, Some(name))?;
    let shown = |it: DataFile| ShownFile {
        path: it.place.to_string(),
        rows: it.rows,
        bytes: it.bytes,
        sha256: it.sha256,
    };
    Ok(snapshot.files.into_iter().map(shown).collect())
}

fn print_headers(service: &Service, version: &Version, json: bool) -> Result<()> {
    let headers = service.headers_of_version(version)?;
    if headers.is_empty() {
        return Err(Error::new(ErrorKind::NotFound, "nothing was imported, and so no header")
            .with("store", &version.store_name)
            .with("version", &version.name));
    }
    if json {
        let headers = headers.into_iter().map(|it| service.header(it, version));
        return header::print_as_json(&headers.collect::<Result<Vec<_>>>()?);
    }
    if headers.len() > 1 {
        output::message(&format!(
            "note: {} headers follow one another; `annostore job get JOB --header` prints one",
            headers.len()
        ));
    }
    headers.into_iter().try_for_each(|it| header::print(&service.header(it, version)?))
}

fn describe(it: &Version, arn: String) -> Vec<(&'static str, String)> {
    let (columns, info) = (it.info_columns.len(), it.info_columns.iter().collect::<Vec<_>>());
    let mut pairs = vec![
        ("store", it.store_name.to_string()),
        ("version", it.name.to_string()),
        ("id", it.id.clone()),
        ("arn", arn),
        ("status", it.status.as_str().to_owned()),
        ("message", it.status_message.clone()),
        ("description", it.description.clone()),
        ("rows", resource::count(it.row_count)),
        ("size", resource::size(it.size_bytes)),
        ("INFO columns", if columns == 0 { String::new() } else { columns.to_string() }),
        ("keys by case", fields_by_case(&info).unwrap_or_default()),
        ("tags", resource::pairs(&it.tags)),
        ("created", resource::time(it.created)),
        ("updated", resource::time(it.updated)),
    ];
    pairs.extend(it.options.iter().flat_map(resource::describe_options));
    pairs
}

fn list(args: &ListArgs, globals: &Globals) -> Result<()> {
    let service = resource::service(globals)?;
    let listed = args.page.read(|max_results, next_token| {
        let filter = Some(StatusFilter { status: args.status.clone() });
        let request = ListAnnotationStoreVersions { filter, max_results, next_token };
        service.list_annotation_store_versions(&args.name, &request)
    })?;
    if args.json {
        return print_json(&ListVersionsResponse::new(&service, &listed));
    }
    let row = |it: &Version| {
        [
            it.name.to_string(),
            it.status.as_str().to_owned(),
            resource::count(it.row_count),
            resource::size(it.size_bytes),
            resource::time(it.created),
            it.description.clone(),
        ]
    };
    let rows: Vec<_> = listed.items.iter().map(row).collect();
    print_table(["VERSION", "STATUS", "ROWS", "SIZE", "CREATED", "DESCRIPTION"], &rows)?;
    let store = service.get_annotation_store(&args.name)?;
    output::result(&format!("default version: {}\n", store.default_version))?;
    resource::print_next(listed.next_token.as_deref());
    Ok(())
}

fn update(args: &UpdateArgs, globals: &Globals) -> Result<()> {
    let request = UpdateAnnotationStoreVersion { description: Some(args.description.clone()) };
    let service = resource::service(globals)?;
    let version =
        service.update_annotation_store_version(&args.name, &args.version_name, &request)?;
    if args.json {
        return print_json(&UpdateVersionResponse::new(&version));
    }
    output::result(&format!(
        "changed the description of version {} of store {}\n",
        version.name, version.store_name
    ))
}

fn delete(args: &DeleteArgs, globals: &Globals) -> Result<ExitCode> {
    let service = resource::service(globals)?;
    let (versions, force) = (Some(args.versions.clone()), Some(args.force));
    let request = DeleteAnnotationStoreVersions { versions, force };
    let errors = service.delete_annotation_store_versions(&args.name, &request)?;
    resource::warn_of_copy(&service);
    let refused = |name: &String| errors.iter().any(|it| it.version_name == *name);
    let code = if errors.is_empty() { ExitCode::SUCCESS } else { REFUSED.into() };
    if args.json {
        print_json(&DeleteVersionsResponse { errors })?;
        return Ok(code);
    }
    for name in args.versions.iter().filter(|it| !refused(it)) {
        output::result(&format!("deleted version {name} of store {}\n", args.name))?;
    }
    if !globals.quiet {
        tell_of_lost_default(args, &service, refused)?;
    }
    for error in &errors {
        output::message(&format!(
            "error: version {} is not deleted: {}",
            error.version_name, error.message
        ));
    }
    Ok(code)
}

/// Where the default version was deleted, the bare name of the store means nothing any more: says
/// what to write instead.
fn tell_of_lost_default(
    args: &DeleteArgs,
    service: &Service,
    refused: impl Fn(&String) -> bool,
) -> Result<()> {
    let default = service.get_annotation_store(&args.name)?.default_version;
    if !args.versions.iter().any(|it| *it == default.as_str() && !refused(it)) {
        return Ok(());
    }
    let all = ListAnnotationStoreVersions::default();
    let left = service.list_annotation_store_versions(&args.name, &all)?.items;
    let names: Vec<_> =
        left.iter().take(SHOWN).map(|it| format!("{}.{}", args.name, it.name)).collect();
    let more = if left.len() > SHOWN {
        format!(" and others (`annostore version list {}`)", args.name)
    } else {
        String::new()
    };
    output::message(&format!(
        "note: it was the default version: `{0}` alone names no version now; query {1}{more}, or \
         choose another with `annostore store update {0} --default-version NAME`",
        args.name,
        names.join(", ")
    ));
    Ok(())
}
