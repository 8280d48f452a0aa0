//! `annostore init`

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

use super::{Globals, output, resource};
use crate::catalog::Catalog;
use crate::diagnostic::render::number::counted;
use crate::model::{Error, Result};
use crate::objects::BucketAddress;
use crate::service::Service;

/// Make a home, the folder that holds stores and catalog
///
/// `store create` makes one, too, where there is none. A home is its owner's alone (mode 0700).
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore init
  annostore init --home /data/annostore --group-readable
  annostore init --keep-removed 24h
  annostore init --data-url s3://genomics/annostore --s3-region eu-west-1
  annostore init --data-url s3://data/annostore --s3-endpoint http://localhost:9000")]
pub struct InitArgs {
    /// Let the folder's group read all that is in the home, now and later: folders have mode 0750,
    /// files 0640. Also for a home that exists
    #[arg(long)]
    group_readable: bool,
    /// Keep the files of what is deleted for so long (24h, 90m, 0s), for engines that read versions
    /// as Iceberg tables and hold no lock here. Also for a home that exists [default: 0s, or as it
    /// is]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    keep_removed: Option<Duration>,
    /// Keep the data files, and what other engines are told of them, below a prefix of a bucket.
    /// The catalog stays in the home. Also for a home that exists: its data files are copied there
    #[arg(long, value_name = "s3://BUCKET/PREFIX")]
    data_url: Option<String>,
    #[command(flatten)]
    server: S3Server,
}

/// The server of a bucket.
#[derive(Args, Clone, Debug)]
pub struct S3Server {
    /// The server of the bucket, such as `MinIO`: kept with the home, whatever `AWS_ENDPOINT_URL`
    /// says later [default: AWS]
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<String>,
    /// The region of the bucket, kept with the home [default: `AWS_REGION`, or that of
    /// --aws-region]
    #[arg(long, value_name = "REGION")]
    s3_region: Option<String>,
}

impl S3Server {
    /// A prefix of a bucket of this server.
    pub fn address(&self, url: &str, globals: &Globals) -> Result<BucketAddress> {
        let named = || ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().find_map(|it| env::var(it).ok());
        let region = self.s3_region.clone().or_else(named);
        let region = region.unwrap_or_else(|| globals.aws_region.clone());
        BucketAddress::new(url, self.s3_endpoint.clone(), region)
    }
}

fn parse_time(text: &str) -> Result<Duration, String> {
    let time = text.parse::<SignedDuration>().ok().and_then(|it| Duration::try_from(it).ok());
    time.ok_or_else(|| "it has to be a time such as 24h, 90m or 0s".to_owned())
}

/// Runs `annostore init`.
pub fn run(args: &InitArgs, globals: &Globals) -> Result<ExitCode> {
    if args.data_url.is_none() && args.server.s3_endpoint.is_some() {
        return Err(Error::invalid(
            "--s3-endpoint is the server of a bucket, and no bucket is named",
        )
        .with_help("name it with --data-url s3://BUCKET/PREFIX"));
    }
    let address = args.data_url.as_ref().map(|url| args.server.address(url, globals));
    let address = address.transpose()?;
    let is_new = !globals.home()?.join("catalog.db").exists();
    if let Some(address) = address.as_ref().filter(|_| is_new) {
        Catalog::check_bucket(address)?;
    }
    let service = resource::service_of_new(globals)?;
    if args.group_readable {
        service.catalog().let_group_read()?;
    }
    if let Some(kept) = args.keep_removed {
        service.catalog().set_keep_removed(kept)?;
    }
    let home = service.catalog().home().display();
    let made = if is_new { "made the home" } else { "the home exists already:" };
    let shared = if args.group_readable { ", which its group can read" } else { "" };
    output::result(&format!("{made} {home}{shared}\n"))?;
    if let Some(address) = address {
        keep_data_in(&service, address)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn keep_data_in(service: &Service, address: BucketAddress) -> Result<()> {
    let url = address.url();
    let catalog = service.catalog();
    let sent = catalog.keep_data_in(address, |file| {
        output::message(&format!("copied {}", file.place));
    })?;
    output::result(&format!("its data files lie below {url}\n"))?;
    service.sync_tables(None, |_, _, _| Ok(()))?;
    if sent > 0 {
        let (files, home) = (counted(sent, "data file"), catalog.home().display());
        output::message(&format!(
            "{files} of the home were copied there: {home}/data and {home}/iceberg can be removed \
             once nobody reads them"
        ));
    }
    Ok(())
}
