//! `annostore tag`

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::resource::{self, print_json, print_pairs};
use super::{Globals, output};
use crate::api::operations::TagsResponse;
use crate::model::Result;
use crate::model::api::{TagResource, UntagResource};
use crate::service::Service;

/// Put tags on stores and versions, take them off, and list them
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore tag put clinvar --tags team=genomics,stage=test
  annostore tag put clinvar --version v_2 --tags '{\"team\": \"genomics\"}'
  annostore tag remove clinvar --tag-keys stage
  annostore tag list arn:aws:omics:us-east-1:000000000000:annotationStore/clinvar")]
pub struct TagArgs {
    #[command(subcommand)]
    command: TagCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum TagCommand {
    /// Put tags on a resource; a tag of the same key is replaced
    Put(PutArgs),
    /// Take tags off a resource
    Remove(RemoveArgs),
    /// List the tags of a resource
    List(ListArgs),
}

#[derive(Args, Clone, Debug)]
struct ResourceArg {
    /// Name of a store, or the ARN of a store or a version
    #[arg(value_name = "STORE")]
    resource: String,
    /// Name of a version of the store
    #[arg(long, value_name = "NAME")]
    version: Option<String>,
}

#[derive(Args, Clone, Debug)]
struct PutArgs {
    #[command(flatten)]
    resource: ResourceArg,
    /// Tags, as KEY=VALUE,... or JSON
    #[arg(long, value_name = "TAGS")]
    tags: String,
}

#[derive(Args, Clone, Debug)]
struct RemoveArgs {
    #[command(flatten)]
    resource: ResourceArg,
    /// Keys of the tags, separated by commas
    #[arg(long, value_name = "KEY,...", value_delimiter = ',', required = true)]
    tag_keys: Vec<String>,
}

#[derive(Args, Clone, Debug)]
struct ListArgs {
    #[command(flatten)]
    resource: ResourceArg,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

/// Runs `annostore tag`.
pub fn run(args: TagArgs, globals: &Globals) -> Result<ExitCode> {
    let service = resource::service(globals)?;
    match args.command {
        TagCommand::Put(args) => {
            let tags = resource::tags(&args.tags)?;
            let count = counted(tags.len());
            let request = TagResource { tags: Some(tags) };
            service.tag_resource(&arn(&args.resource, &service)?, &request)?;
            output::result(&format!("put {count} on {}\n", args.resource.resource))
        }
        TagCommand::Remove(args) => {
            let count = counted(args.tag_keys.len());
            let request = UntagResource { tag_keys: Some(args.tag_keys) };
            service.untag_resource(&arn(&args.resource, &service)?, &request)?;
            output::result(&format!("took {count} off {}\n", args.resource.resource))
        }
        TagCommand::List(args) => {
            let tags = service.list_tags_for_resource(&arn(&args.resource, &service)?)?;
            if args.json {
                print_json(&TagsResponse { tags })
            } else {
                let pairs: Vec<_> =
                    tags.iter().map(|(key, it)| (key.as_str(), it.clone())).collect();
                print_pairs(&pairs)
            }
        }
    }?;
    Ok(ExitCode::SUCCESS)
}

/// The ARN of the resource that the arguments name.
fn arn(args: &ResourceArg, service: &Service) -> Result<String> {
    let arn = if args.resource.starts_with("arn:") {
        args.resource.clone()
    } else {
        service.store_arn(&service.get_own_annotation_store(&args.resource)?).to_string()
    };
    Ok(match &args.version {
        Some(version) => format!("{arn}/version/{version}"),
        None => arn,
    })
}

fn counted(tags: usize) -> String {
    if tags == 1 { "1 tag".to_owned() } else { format!("{tags} tags") }
}
