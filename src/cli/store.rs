//! `annostore store`

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::resource::{self, PageArgs, print_json, print_pairs, print_table};
use super::signals::stop_on_signals;
use super::{Globals, creation, output};
use crate::api::operations::{
    CreateStoreResponse, DeleteStoreResponse, GetStoreResponse, ListStoresResponse,
    UpdateStoreResponse,
};
use crate::catalog::Store;
use crate::model::api::{
    CreateAnnotationStore, ListAnnotationStores, Reference, StatusFilter, UpdateAnnotationStore,
};
use crate::model::{NullMarks, ResourceStatus, Result, TsvSettings};

/// Make, show, change and delete stores
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore store create --name clinvar --store-format VCF
  annostore store create --request store.json
  annostore store list
  annostore store get clinvar --json
  annostore store update clinvar --default-version v2026_11
  annostore store delete clinvar")]
pub struct StoreArgs {
    #[command(subcommand)]
    command: StoreCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum StoreCommand {
    /// Make a store with its first version
    Create(Box<CreateArgs>),
    /// Show a store
    Get(GetArgs),
    /// List stores, newest first
    List(ListArgs),
    /// Change the description or the default version of a store: nothing else can be changed
    Update(UpdateArgs),
    /// Delete a store with its data
    Delete(DeleteArgs),
}

#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore store create --name clinvar --store-format VCF
  annostore store create --name calls --store-format VCF --reference GRCh38.fa.gz
  annostore store create --name scores --store-format TSV --store-options @options.json
  annostore store create --request create-annotation-store.json
  annostore infer scores.tsv | annostore store create --request - --name scores
  annostore store create --request it.json --read-options it.json --null-marks .,NA --name scores

A file of store options:
  {\"tsvStoreOptions\": {
    \"annotationType\": \"CHR_POS\",
    \"formatToHeader\": {\"CHR\": \"chrom\", \"POS\": \"pos\"},
    \"schema\": [{\"chrom\": \"STRING\"}, {\"pos\": \"LONG\"}, {\"score\": \"DOUBLE\"}]}}")]
struct CreateArgs {
    /// The request as JSON, as the AWS CLI takes it with --cli-input-json or as `infer` prints it;
    /// - is standard input. Flags stand in for its members
    #[arg(long, value_name = "FILE")]
    request: Option<String>,
    /// Name: 3 to 255 lower-case letters, digits and underscores, beginning with a letter
    #[arg(long)]
    name: Option<String>,
    /// What its files are: VCF, GFF or TSV
    #[arg(long, value_name = "FORMAT")]
    store_format: Option<String>,
    /// The genome that positions are on, as the API names it [default: an ARN made from the name
    /// of the store; TSV stores of type GENERIC go without]
    #[arg(long, value_name = "ARN")]
    reference_arn: Option<String>,
    /// The genome that positions are on, as a FASTA file, plain or compressed with bgzip, which is
    /// added as with `reference add`
    #[arg(long, value_name = "FASTA", conflicts_with = "reference_arn")]
    reference: Option<String>,
    /// Free text, at most 500 characters
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Tags, as KEY=VALUE,... or JSON
    #[arg(long, value_name = "TAGS")]
    tags: Option<String>,
    /// Name of the first version [default: the name of the store]
    #[arg(long, value_name = "NAME")]
    version_name: Option<String>,
    /// Encryption, as JSON or @FILE: kept and shown, but nothing is encrypted here
    #[arg(long, value_name = "JSON")]
    sse_config: Option<String>,
    /// Schema and annotation type of a TSV store, as JSON or @FILE
    #[arg(long, value_name = "JSON")]
    store_options: Option<String>,
    /// Cells that are imported as null, separated by commas, but for contigs and alleles: a
    /// setting of annostore alone, of TSV stores (`.,NA`)
    #[arg(long, value_name = "MARK,...", allow_hyphen_values = true)]
    null_marks: Option<String>,
    /// How files are read where an import does not say: readOptions, or what `infer` prints, as
    /// JSON or a file; a setting of annostore alone, of TSV stores
    #[arg(long, value_name = "JSON|FILE")]
    read_options: Option<String>,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct GetArgs {
    /// Name of the store
    name: String,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct ListArgs {
    /// Only the stores with these ids, separated by commas (1 to 20)
    #[arg(long, value_name = "ID,...", value_delimiter = ',')]
    ids: Option<Vec<String>>,
    #[arg(
        long,
        value_name = "STATUS",
        help = resource::only("stores in this state", ResourceStatus::WORDS)
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
    /// Free text, at most 500 characters
    #[arg(long, value_name = "TEXT", required_unless_present = "default_version")]
    description: Option<String>,
    /// The version that the name of the store alone means from now on, in queries and imports; a
    /// setting of annostore alone
    #[arg(long, value_name = "NAME")]
    default_version: Option<String>,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct DeleteArgs {
    /// Name of the store
    name: String,
    /// Also if it has several versions, or an import runs (which then fails)
    #[arg(long)]
    force: bool,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

/// Runs `annostore store`.
pub fn run(args: StoreArgs, globals: &Globals) -> Result<ExitCode> {
    match args.command {
        StoreCommand::Create(args) => create(*args, globals),
        StoreCommand::Get(args) => get(&args, globals),
        StoreCommand::List(args) => list(&args, globals),
        StoreCommand::Update(args) => update(&args, globals),
        StoreCommand::Delete(args) => delete(&args, globals),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn create(args: CreateArgs, globals: &Globals) -> Result<()> {
    let json = args.json;
    let settings = TsvSettings {
        null_marks: args
            .null_marks
            .as_deref()
            .map(NullMarks::parse)
            .transpose()?
            .unwrap_or_default(),
        read_options: args.read_options.as_deref().map(resource::read_options).transpose()?,
    };
    let fasta = args.reference.clone();
    let mut request = create_request(args)?;
    let service = resource::service_of_new(globals)?;
    let stop = stop_on_signals()?;
    creation::add_reference(&mut request, fasta.as_deref(), &service, &stop, globals)?;
    let store = service.create_annotation_store_with(&request, settings)?;
    if json {
        return print_json(&CreateStoreResponse::new(&store));
    }
    output::result(&format!(
        "made {} store {} with version {}\n",
        store.format, store.name, store.default_version
    ))
}

fn create_request(args: CreateArgs) -> Result<CreateAnnotationStore> {
    let sse_config = args.sse_config.map(|it| resource::structure("--sse-config", &it));
    let store_options = args.store_options.map(|it| resource::structure("--store-options", &it));
    let given = CreateAnnotationStore {
        name: args.name,
        // The API takes capitals alone; at a terminal nobody means another format by `vcf`.
        store_format: args.store_format.map(|it| it.to_ascii_uppercase()),
        reference: args.reference_arn.map(Reference::from),
        description: args.description,
        tags: args.tags.map(|it| resource::tags(&it)).transpose()?,
        version_name: args.version_name,
        sse_config: sse_config.transpose()?,
        store_options: store_options.transpose()?,
    };
    match &args.request {
        Some(path) => Ok(given.over(resource::request_of_store(path)?)),
        None => Ok(given),
    }
}

fn get(args: &GetArgs, globals: &Globals) -> Result<()> {
    let service = resource::service(globals)?;
    let store = service.get_annotation_store(&args.name)?;
    if args.json {
        return print_json(&GetStoreResponse::new(&service, &store));
    }
    let arn = service.store_arn(&store).to_string();
    print_pairs(&describe(&store, arn))
}

fn describe(it: &Store, arn: String) -> Vec<(&'static str, String)> {
    let mut pairs = vec![
        ("name", it.name.to_string()),
        ("id", it.id.clone()),
        ("arn", arn),
        ("format", it.format.to_string()),
        ("status", it.status.as_str().to_owned()),
        ("message", it.status_message.clone()),
        ("description", it.description.clone()),
        ("reference", it.reference_arn.clone().unwrap_or_default()),
        ("key", it.sse_key_arn.clone().unwrap_or_default()),
        ("versions", it.version_count.to_string()),
        ("default version", it.default_version.to_string()),
        ("size", resource::size(it.size_bytes)),
        ("tags", resource::pairs(&it.tags)),
        ("created", resource::time(it.created)),
        ("updated", resource::time(it.updated)),
    ];
    pairs.extend(it.options.iter().flat_map(resource::describe_options));
    pairs.extend(resource::describe_settings(&it.settings));
    pairs
}

fn list(args: &ListArgs, globals: &Globals) -> Result<()> {
    let service = resource::service(globals)?;
    let listed = args.page.read(|max_results, next_token| {
        let filter = Some(StatusFilter { status: args.status.clone() });
        let ids = args.ids.clone();
        let request = ListAnnotationStores { ids, filter, max_results, next_token };
        service.list_annotation_stores(&request)
    })?;
    if args.json {
        return print_json(&ListStoresResponse::new(&service, &listed));
    }
    let row = |it: &Store| {
        [
            it.name.to_string(),
            it.format.to_string(),
            it.status.as_str().to_owned(),
            it.version_count.to_string(),
            resource::size(it.size_bytes),
            resource::time(it.created),
            it.description.clone(),
        ]
    };
    let rows: Vec<_> = listed.items.iter().map(row).collect();
    let headings = ["NAME", "FORMAT", "STATUS", "VERSIONS", "SIZE", "CREATED", "DESCRIPTION"];
    print_table(headings, &rows)?;
    resource::print_next(listed.next_token.as_deref());
    Ok(())
}

fn update(args: &UpdateArgs, globals: &Globals) -> Result<()> {
    let service = resource::service(globals)?;
    let mut text = String::new();
    let mut changed = None;
    if let Some(description) = &args.description {
        let request = UpdateAnnotationStore { description: Some(description.clone()) };
        let store = service.update_annotation_store(&args.name, &request)?;
        text += &format!("changed the description of store {}\n", store.name);
        changed = Some(store);
    }
    if let Some(version) = &args.default_version {
        let store = service.set_default_version(&args.name, version)?;
        text += &format!("{0} means {0}.{1} from now on\n", store.name, store.default_version);
        changed = Some(store);
    }
    match changed {
        Some(store) if args.json => print_json(&UpdateStoreResponse::new(&store)),
        _ => output::result(&text),
    }
}

fn delete(args: &DeleteArgs, globals: &Globals) -> Result<()> {
    let service = resource::service(globals)?;
    let status = service.delete_annotation_store(&args.name, args.force)?;
    resource::warn_of_copy(&service);
    if args.json {
        return print_json(&DeleteStoreResponse { status: status.as_str() });
    }
    output::result(&format!("deleted store {}\n", args.name))
}
