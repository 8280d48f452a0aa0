//! `annostore share`

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::resource::{self, PageArgs, print_json, print_pairs, print_table};
use super::{Globals, output};
use crate::api::operations::{
    CreateShareResponse, GetShareResponse, ListSharesResponse, ShareDetails, ShareStatusResponse,
};
use crate::catalog::Share;
use crate::model::api::{CreateShare, ListShares, ShareFilter};
use crate::model::{Error, Result, ShareStatus};
use crate::service::Service;

/// Let other accounts of this home read a store
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore --account 111122223333 share create --store clinvar --principal-subscriber 444455556666
  annostore --account 444455556666 share list --resource-owner OTHER
  annostore --account 444455556666 share accept 3f1c0b9e-6a53-4c39-9d0e-2f6f0f3f7a11
  annostore --account 444455556666 query 'SELECT count(*) FROM \"111122223333_clinvar\"'
  annostore --account 111122223333 share delete 3f1c0b9e-6a53-4c39-9d0e-2f6f0f3f7a11

A share is for the programs that come through `annostore serve`. At a terminal, --account is a
point of view: who can read the home can read its stores.")]
pub struct ShareArgs {
    #[command(subcommand)]
    command: ShareCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum ShareCommand {
    /// Offer a store, with all its versions, to an account
    Create(CreateArgs),
    /// Show a share
    Get(ShareId),
    /// List shares, newest first
    List(ListArgs),
    /// Accept a share that was offered to the account
    Accept(ShareId),
    /// Revoke a share, or leave one
    Delete(ShareId),
}

#[derive(Args, Clone, Debug)]
struct CreateArgs {
    /// The whole request as JSON, as the AWS CLI takes it with --cli-input-json; - is standard
    /// input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["store", "resource_arn", "principal_subscriber", "share_name"]
    )]
    request: Option<String>,
    /// Name of the store
    #[arg(long, value_name = "NAME", conflicts_with = "resource_arn")]
    store: Option<String>,
    /// The store by its ARN
    #[arg(long, value_name = "ARN")]
    resource_arn: Option<String>,
    /// The 12 digits of the account that is to read the store
    #[arg(long, value_name = "ID")]
    principal_subscriber: Option<String>,
    /// What to call the share
    #[arg(long, value_name = "NAME")]
    share_name: Option<String>,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct ShareId {
    /// Id of the share
    share_id: String,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
struct ListArgs {
    /// SELF for the shares of own stores, OTHER for those that were offered
    #[arg(long, value_name = "SIDE", default_value = "SELF")]
    resource_owner: String,
    /// Only the shares of the stores with these ARNs, separated by commas (1 to 10)
    #[arg(long, value_name = "ARN,...", value_delimiter = ',')]
    resource_arns: Option<Vec<String>>,
    #[arg(
        long,
        value_name = "STATUS,...",
        value_delimiter = ',',
        help = resource::only("shares in one of these states", ShareStatus::WORDS)
    )]
    status: Option<Vec<String>>,
    #[command(flatten)]
    page: PageArgs,
    /// Answer in the API's shape
    #[arg(long)]
    json: bool,
}

/// Runs `annostore share`.
pub fn run(args: ShareArgs, globals: &Globals) -> Result<ExitCode> {
    let service = resource::service(globals)?;
    match args.command {
        ShareCommand::Create(args) => create(args, &service),
        ShareCommand::Get(args) => get(&args, &service),
        ShareCommand::List(args) => list(&args, &service),
        ShareCommand::Accept(args) => {
            let share = service.accept_share(&args.share_id)?;
            tell(&share, &args, "accepted")
        }
        ShareCommand::Delete(args) => {
            let share = service.delete_share(&args.share_id)?;
            tell(&share, &args, "ended")
        }
    }?;
    Ok(ExitCode::SUCCESS)
}

fn create(args: CreateArgs, service: &Service) -> Result<()> {
    let request: CreateShare = match &args.request {
        Some(path) => resource::request(path)?,
        None => CreateShare {
            resource_arn: match (args.resource_arn, &args.store) {
                (Some(arn), _) => Some(arn),
                (None, Some(store)) => {
                    Some(service.store_arn(&service.get_own_annotation_store(store)?).to_string())
                }
                (None, None) => {
                    return Err(Error::invalid("no store is named")
                        .with_help("give --store NAME or --resource-arn ARN"));
                }
            },
            principal_subscriber: args.principal_subscriber,
            share_name: args.share_name,
        },
    };
    let share = service.create_share(&request)?;
    if args.json {
        return print_json(&CreateShareResponse::new(&share));
    }
    output::result(&format!(
        "offered store {} to {} (share {})\n",
        share.store_name, share.subscriber, share.id
    ))
}

fn get(args: &ShareId, service: &Service) -> Result<()> {
    let share = service.get_share(&args.share_id)?;
    if args.json {
        return print_json(&GetShareResponse { share: ShareDetails::new(service, &share) });
    }
    print_pairs(&[
        ("id", share.id.clone()),
        ("name", share.name.clone().unwrap_or_default()),
        ("store", service.shared_arn(&share).to_string()),
        ("owner", share.owner.to_string()),
        ("subscriber", share.subscriber.to_string()),
        ("status", share.status.as_str().to_owned()),
        ("message", share.status_message.clone()),
        ("created", resource::time(share.created)),
        ("updated", resource::time(share.updated)),
    ])
}

fn list(args: &ListArgs, service: &Service) -> Result<()> {
    let listed = args.page.read(|max_results, next_token| {
        let (resource_arns, status) = (args.resource_arns.clone(), args.status.clone());
        let filter = Some(ShareFilter { resource_arns, status, types: None });
        let resource_owner = Some(args.resource_owner.clone());
        service.list_shares(&ListShares { resource_owner, filter, max_results, next_token })
    })?;
    if args.json {
        return print_json(&ListSharesResponse::new(service, &listed));
    }
    let row = |it: &Share| {
        [
            it.id.clone(),
            it.store_name.to_string(),
            it.owner.to_string(),
            it.subscriber.to_string(),
            it.status.as_str().to_owned(),
            resource::time(it.created),
            it.name.clone().unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = listed.items.iter().map(row).collect();
    print_table(["SHARE", "STORE", "OWNER", "SUBSCRIBER", "STATUS", "CREATED", "NAME"], &rows)?;
    resource::print_next(listed.next_token.as_deref());
    Ok(())
}

fn tell(share: &Share, args: &ShareId, what: &str) -> Result<()> {
    if args.json {
        return print_json(&ShareStatusResponse { status: share.status.as_str() });
    }
    output::result(&format!("{what} share {} of store {}\n", share.id, share.store_name))
}
