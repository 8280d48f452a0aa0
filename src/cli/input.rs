//! What an argument names: a file, standard input, or a file of a server.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::Globals;
use crate::model::{Error, ErrorKind, Result};
use crate::read::source::Input;

/// The input that an argument names: `-`, a path, or a URL with one of these schemes: `https`,
/// `http`, `s3`.
pub fn of(argument: &str, stop: &Arc<AtomicBool>, globals: &Globals) -> Result<Input> {
    match argument.split_once("://").map(|it| it.0) {
        Some(scheme @ ("https" | "http" | "s3")) => remote(scheme, argument, stop, globals),
        Some(scheme @ ("ftp" | "ftps" | "gs" | "az" | "file")) => {
            let message = format!("files of {scheme}:// cannot be read");
            let help = "most servers give them by https:// as well; else fetch it first";
            Err(Error::new(ErrorKind::Unreadable, message).with("file", argument).with_help(help))
        }
        _ => Ok(Input::from(argument)),
    }
}

#[cfg(feature = "store")]
fn remote(
    scheme: &str,
    argument: &str,
    stop: &Arc<AtomicBool>,
    globals: &Globals,
) -> Result<Input> {
    use crate::service::objects::{Objects as _, S3, web};
    let object = match scheme {
        "s3" => S3::of_environment(&globals.aws_region)?.open(argument, stop)?,
        _ => web::open(argument, stop)?,
    };
    Ok(Input::Object(object))
}

#[cfg(not(feature = "store"))]
fn remote(scheme: &str, argument: &str, _: &Arc<AtomicBool>, _: &Globals) -> Result<Input> {
    let fetch = if scheme == "s3" { "aws s3 cp" } else { "curl -sSL" };
    let to = if scheme == "s3" { " -" } else { "" };
    Err(Error::new(ErrorKind::Unreadable, "this program, built for `check` alone, reads no URLs")
        .with("file", argument)
        .with_help(format!("pipe it in: {fetch} '{argument}'{to} | annostore check -")))
}
