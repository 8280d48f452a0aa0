//! `annostore serve`

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};

use super::unfinished::unfinished;
use super::{Globals, output, resource};
use crate::api::auth::Auth;
use crate::api::credentials::Credentials;
use crate::api::server::Server;
use crate::model::{Error, ErrorKind, Result};
use crate::service::Quotas;
use crate::service::objects::{Folder, NoObjects, Objects, S3};
use crate::service::worker::Workers;

/// Answer the API over HTTP, for boto3, the AWS CLI and other clients of AWS
///
/// Clients need two variables, which are printed: the endpoint, and that no prefix goes before its
/// host. Import jobs run here, five at once. SIGTERM and Ctrl-C end the server; jobs that run then
/// start anew with the next one.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore serve --s3-root /data/s3
  annostore serve --s3-endpoint http://127.0.0.1:9000
  annostore serve --listen 0.0.0.0:4599 --auth sigv4 \
    --credentials accounts.ini --s3-root /data/s3")]
pub struct ServeArgs {
    /// Address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4599")]
    listen: SocketAddr,
    /// Write the port to this file once the server listens
    #[arg(long, value_name = "FILE")]
    port_file: Option<PathBuf>,
    /// Read `s3://bucket/key` from DIR/bucket/key, and from nowhere else
    #[arg(long, value_name = "DIR", conflicts_with = "s3_endpoint")]
    s3_root: Option<PathBuf>,
    /// Read `s3://bucket/key` from this S3 server, with the credentials of the usual AWS variables
    /// [default: AWS itself, where `AWS_ACCESS_KEY_ID` is set and --s3-root is not]
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<String>,
    /// How callers show which account they are
    #[arg(long, value_name = "HOW", value_enum, default_value_t = AuthFlag::TrustKeyId)]
    auth: AuthFlag,
    /// AWS credentials file of those who may call, each profile with its `aws_account_id`
    #[arg(long, value_name = "FILE", required_if_eq("auth", "sigv4"))]
    credentials: Option<PathBuf>,
    /// What accounts may have
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = QuotasFlag::None)]
    quotas: QuotasFlag,
    /// The form of the log, which goes to standard error
    #[arg(long, value_name = "FORM", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AuthFlag {
    /// An access key id of 12 digits is the account, any other stands for --account; on loopback
    /// only
    TrustKeyId,
    /// Signatures are verified with the keys of --credentials
    Sigv4,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum QuotasFlag {
    /// What fits on the disk
    None,
    /// What the service gives a new account: 10 stores, 10 shares of a store, 5 live jobs, files of
    /// 20 GB, and requests in a second
    Service,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// Serves until a signal comes.
pub fn run(args: &ServeArgs, globals: &Globals) -> Result<ExitCode> {
    let auth = auth(args, globals)?;
    let objects = objects(args, globals)?;
    log(args.log_format, globals);
    let quotas = match args.quotas {
        QuotasFlag::None => Quotas::Unlimited,
        QuotasFlag::Service => Quotas::Service,
    };
    let service = resource::service(globals)?.with_quotas(quotas);
    let catalog = service.catalog().clone();
    let workers = Arc::new(Workers::start(catalog, objects, quotas, globals.threads)?);
    let server = Server::new(service, Arc::clone(&workers), auth);
    let ready = |address| tell(address, args.port_file.as_deref());
    let outcome = server.run(args.listen, ready, stopped());
    workers.stop();
    outcome?;
    Ok(ExitCode::SUCCESS)
}

fn auth(args: &ServeArgs, globals: &Globals) -> Result<Auth> {
    match (args.auth, &args.credentials) {
        (AuthFlag::Sigv4, Some(path)) => {
            Ok(Auth::SigV4(Credentials::read(path)?, globals.aws_region.clone()))
        }
        (AuthFlag::Sigv4, None) => Err(Error::invalid("--auth sigv4 needs --credentials FILE")),
        (AuthFlag::TrustKeyId, Some(_)) => {
            Err(Error::invalid("--credentials is given, but signatures are not verified")
                .with_help("add --auth sigv4"))
        }
        (AuthFlag::TrustKeyId, None) if !args.listen.ip().is_loopback() => {
            Err(Error::invalid(format!("{} can be reached from other machines", args.listen.ip()))
                .with_help(
                    "verify who calls with --auth sigv4 --credentials FILE, or listen on 127.0.0.1",
                ))
        }
        (AuthFlag::TrustKeyId, None) => Ok(Auth::TrustKeyId(globals.account()?)),
    }
}

fn objects(args: &ServeArgs, globals: &Globals) -> Result<Arc<dyn Objects>> {
    let keys = std::env::var_os("AWS_ACCESS_KEY_ID").is_some();
    Ok(match (&args.s3_root, &args.s3_endpoint) {
        (Some(root), _) => Arc::new(Folder::new(root)?),
        (None, Some(endpoint)) => Arc::new(S3::new(Some(endpoint), &globals.aws_region)?),
        (None, None) if keys => Arc::new(S3::new(None, &globals.aws_region)?),
        (None, None) => Arc::new(NoObjects),
    })
}

/// Writes the log to standard error: requests and jobs; with `-v` also why requests were refused,
/// with `-q` only what went wrong.
fn log(format: LogFormat, globals: &Globals) {
    let level = match (globals.quiet, globals.verbose) {
        (true, _) => tracing::Level::WARN,
        (false, 0) => tracing::Level::INFO,
        (false, _) => tracing::Level::DEBUG,
    };
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// What a client needs, ready to be pasted into a shell.
fn tell(address: SocketAddr, port_file: Option<&Path>) -> Result<()> {
    let host = if address.ip().is_unspecified() { "127.0.0.1".to_owned() } else { host(address) };
    output::result(&format!(
        "export AWS_ENDPOINT_URL_OMICS=http://{host}:{}\n\
         export AWS_DISABLE_HOST_PREFIX_INJECTION=true\n",
        address.port()
    ))?;
    let Some(path) = port_file else { return Ok(()) };
    let failed = |error| {
        Error::new(ErrorKind::Storage, "cannot write the port")
            .with("file", path.display())
            .with_source(error)
    };
    // Whoever waits for the file finds the port in it, never half of it.
    let mut file = unfinished(path).map_err(failed)?;
    writeln!(file, "{}", address.port()).map_err(failed)?;
    file.persist(path).map(drop).map_err(|error| failed(error.error))
}

fn host(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(it) => it.ip().to_string(),
        SocketAddr::V6(it) => format!("[{}]", it.ip()),
    }
}

/// Through once SIGTERM or Ctrl-C came.
async fn stopped() {
    let wait = |kind| async move {
        match signal(kind) {
            Ok(mut it) => {
                it.recv().await;
            }
            // Without the handler the signal ends the process by itself.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::interrupt()) => {}
    }
}
