//! `annostore reference`

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::progress::Progress;
use super::resource::{self, print_json, print_pairs, print_table};
use super::signals::stop_on_signals;
use super::{Globals, output};
use crate::api::operations::{ListReferencesResponse, ReferenceItem};
use crate::catalog::StoredReference;
use crate::diagnostic::render::number::counted;
use crate::model::Result;
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};

/// Add, list, show and delete references: FASTA files that stores name by ARN
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore reference add GRCh38.fa.gz
  annostore reference add GRCh38.fa \\
    --arn arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1
  annostore reference list
  annostore import clinvar.vcf.gz --store clinvar --left-normalize")]
pub struct ReferenceArgs {
    #[command(subcommand)]
    command: ReferenceCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum ReferenceCommand {
    /// Add a FASTA file, plain or compressed with bgzip; it stays where it is
    Add(AddArgs),
    /// List the references
    List(ListArgs),
    /// Show a reference with its contigs
    Get(GetArgs),
    /// Forget a reference; its file stays
    Delete(DeleteArgs),
}

#[derive(Args, Clone, Debug)]
struct AddArgs {
    /// The FASTA file
    fasta: String,
    /// The ARN by which stores name it [default: a new one]
    #[arg(long, value_name = "ARN")]
    arn: Option<String>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct ListArgs {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct GetArgs {
    /// The ARN of the reference
    arn: String,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct DeleteArgs {
    /// The ARN of the reference
    arn: String,
}

/// Runs `annostore reference`.
pub fn run(args: ReferenceArgs, globals: &Globals) -> Result<ExitCode> {
    match args.command {
        ReferenceCommand::Add(args) => add(&args, globals),
        ReferenceCommand::List(args) => list(&args, globals),
        ReferenceCommand::Get(args) => get(&args, globals),
        ReferenceCommand::Delete(args) => delete(&args, globals),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn add(args: &AddArgs, globals: &Globals) -> Result<()> {
    let service = resource::service_of_new(globals)?;
    let stop = stop_on_signals()?;
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(&stop);
    let progress = Progress::start(&args.fasta, &pipe.meter, globals);
    let added = service.add_reference(&args.fasta, args.arn.as_deref(), &pipe);
    progress.finish();
    let added = added?;
    if let Some(stale) = &added.stale {
        output::message(&format!("warning: {stale}"));
    }
    let it = &added.reference;
    if args.json {
        return print_json(&ReferenceItem::from(it));
    }
    output::result(&format!(
        "added reference {}: {}, {}\n",
        it.arn,
        counted(it.index.contigs.len() as u64, "contig"),
        counted(it.index.bases(), "base")
    ))
}

fn list(args: &ListArgs, globals: &Globals) -> Result<()> {
    let references = resource::service(globals)?.references()?;
    if args.json {
        return print_json(&ListReferencesResponse::from(&references[..]));
    }
    let row = |it: &StoredReference| {
        [
            it.arn.clone(),
            resource::count(it.index.contigs.len() as u64),
            resource::count(it.index.bases()),
            resource::time(it.created),
            it.path.display().to_string(),
        ]
    };
    let rows: Vec<_> = references.iter().map(row).collect();
    print_table(["REFERENCE", "CONTIGS", "BASES", "CREATED", "FILE"], &rows)
}

fn get(args: &GetArgs, globals: &Globals) -> Result<()> {
    let it = resource::service(globals)?.reference(&args.arn)?;
    if args.json {
        return print_json(&ReferenceItem::from(&it));
    }
    print_pairs(&[
        ("arn", it.arn.clone()),
        ("file", it.path.display().to_string()),
        ("bases", resource::count(it.index.bases())),
        ("digest", it.digest.clone()),
        ("created", resource::time(it.created)),
    ])?;
    output::result("\n")?;
    let contigs = it.index.contigs.iter();
    let rows: Vec<_> =
        contigs.map(|it| [it.name.clone(), resource::count(it.length), it.md5.clone()]).collect();
    print_table(["CONTIG", "BASES", "MD5"], &rows)
}

fn delete(args: &DeleteArgs, globals: &Globals) -> Result<()> {
    resource::service(globals)?.delete_reference(&args.arn)?;
    output::result(&format!("deleted reference {}; its file stays\n", args.arn))
}
