//! `annostore serve`

use std::io::Write;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};

use super::log::{Log, LogForm};
use super::{Globals, output, resource};
use crate::api::auth::Auth;
use crate::api::key_file::KeyFile;
use crate::api::local::LocalHosts;
use crate::api::server::Server;
use crate::emit::Unfinished;
use crate::model::{Error, ErrorKind, Result, excerpt};
use crate::objects::{Folder, NoObjects, Objects, S3};
use crate::service::Quotas;
use crate::service::worker::{JOBS_AT_ONCE, Workers};

/// Answer the API over HTTP, for boto3, the AWS CLI and other clients of AWS
///
/// Clients need two variables, which are printed: the endpoint, and that no prefix goes before its
/// host. Import jobs run here, a few at once; accounts take turns. SIGTERM and Ctrl-C end the
/// server within 10 seconds; jobs that run then start anew with the next one.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore serve --s3-root /data/s3
  annostore serve --s3-endpoint http://127.0.0.1:9000
  annostore serve --listen 0.0.0.0:4599 --auth sigv4 \
    --credentials accounts.ini --s3-root /data/s3")]
pub struct ServeArgs {
    /// Address or name, and port; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4599")]
    listen: String,
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
    /// A further name by which callers on this machine call the server; may be given several times
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Import jobs that run at once
    #[arg(long, value_name = "N", default_value_t = JOBS_AT_ONCE as u64,
        value_parser = clap::value_parser!(u64).range(1..=100))]
    jobs: u64,
    /// What accounts may have
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = QuotasFlag::None)]
    quotas: QuotasFlag,
    /// The form of the log, which goes to standard error
    #[arg(long, value_name = "FORM", value_enum, default_value_t = LogForm::Text)]
    log_format: LogForm,
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

/// Serves until a signal comes.
pub fn run(args: &ServeArgs, globals: &Globals) -> Result<ExitCode> {
    let _log = Log::begin(args.log_format, level(globals))?;
    let addresses = addresses(&args.listen)?;
    let auth = auth(args, &addresses, globals)?;
    let objects = objects(args, globals)?;
    let quotas = match args.quotas {
        QuotasFlag::None => Quotas::Unlimited,
        QuotasFlag::Service => Quotas::Service,
    };
    let service = resource::service_of_new(globals)?.with_quotas(quotas);
    let catalog = service.catalog().clone();
    let jobs = usize::try_from(args.jobs).unwrap_or(JOBS_AT_ONCE);
    let workers = Arc::new(Workers::start(catalog, objects, quotas, jobs, globals.threads)?);
    let ready = |address| tell(address, args.port_file.as_deref());
    Server::new(service, workers, auth).run(&addresses, ready, stopped())?;
    Ok(ExitCode::SUCCESS)
}

/// What a name with a port stands for, such as `localhost:4599`.
fn addresses(listen: &str) -> Result<Vec<SocketAddr>> {
    let wrong = |message: &str| {
        Error::invalid(format!("--listen {}: {message}", excerpt(listen)))
            .with_help("give an address or a name of this machine with a port: 127.0.0.1:4599")
    };
    let found = listen
        .to_socket_addrs()
        .map_err(|error| wrong("this is no address with a port").with_source(error))?;
    let mut found: Vec<_> = found.collect();
    // Most clients that are told a name try this one first, or alone.
    found.sort_by_key(SocketAddr::is_ipv6);
    if found.is_empty() { Err(wrong("the name has no address")) } else { Ok(found) }
}

fn auth(args: &ServeArgs, addresses: &[SocketAddr], globals: &Globals) -> Result<Auth> {
    let away = addresses.iter().find(|it| !it.ip().is_loopback());
    match (args.auth, &args.credentials, away) {
        (AuthFlag::Sigv4, Some(_), _) if !args.allow_host.is_empty() => {
            Err(Error::invalid("--allow-host is given, but callers are known by their signatures")
                .with_help("leave --allow-host out: with --auth sigv4 any name will do"))
        }
        (AuthFlag::Sigv4, Some(path), _) => {
            Ok(Auth::SigV4(KeyFile::open(path)?, globals.aws_region.clone()))
        }
        (AuthFlag::Sigv4, None, _) => Err(Error::invalid("--auth sigv4 needs --credentials FILE")),
        (AuthFlag::TrustKeyId, Some(_), _) => {
            Err(Error::invalid("--credentials is given, but signatures are not verified")
                .with_help("add --auth sigv4"))
        }
        (AuthFlag::TrustKeyId, None, Some(away)) => {
            Err(Error::invalid(format!("{} can be reached from other machines", away.ip()))
                .with_help(
                    "verify who calls with --auth sigv4 --credentials FILE, or listen on 127.0.0.1",
                ))
        }
        (AuthFlag::TrustKeyId, None, None) => {
            let hosts = LocalHosts::allowing(&args.allow_host);
            Ok(Auth::TrustKeyId(globals.account()?, hosts))
        }
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

/// What the log tells: requests and jobs; with `-v` also why requests were refused, with `-q` only
/// what went wrong.
fn level(globals: &Globals) -> tracing::Level {
    match (globals.quiet, globals.verbose) {
        (true, _) => tracing::Level::WARN,
        (false, 0) => tracing::Level::INFO,
        (false, _) => tracing::Level::DEBUG,
    }
}

/// What a client needs, ready to be pasted into a shell.
fn tell(address: SocketAddr, port_file: Option<&Path>) -> Result<()> {
    let host = if address.ip().is_unspecified() { "127.0.0.1".to_owned() } else { host(address) };
    let told = output::result(&format!(
        "export AWS_ENDPOINT_URL_OMICS=http://{host}:{}\n\
         export AWS_DISABLE_HOST_PREFIX_INJECTION=true\n",
        address.port()
    ));
    if let Err(error) = told {
        // Who does not read it may know it.
        tracing::warn!(%error, "cannot say what clients need");
    }
    let Some(path) = port_file else { return Ok(()) };
    let failed = |error| {
        Error::new(ErrorKind::Storage, "cannot write the port")
            .with("file", path.display())
            .with_source(error)
    };
    // Whoever waits for the file finds the port in it, never half of it.
    let mut file = Unfinished::new(path).map_err(failed)?;
    writeln!(file, "{}", address.port()).and_then(|()| file.finish()).map_err(failed)
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
