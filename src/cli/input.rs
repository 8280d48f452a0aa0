//! What an argument names: a file, standard input, or a file of a server.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::Globals;
use crate::model::Result;
use crate::read::source::Input;

/// The input that an argument names: `-`, a path, or a URL with one of these schemes: `https`,
/// `http`, `s3`.
pub fn of(argument: &str, stop: &Arc<AtomicBool>, globals: &Globals) -> Result<Input> {
    match Input::scheme_of(argument)? {
        Some(scheme) => remote(scheme, argument, stop, globals),
        None => Ok(Input::from(argument)),
    }
}

#[cfg(feature = "store")]
fn remote(_: &str, argument: &str, stop: &Arc<AtomicBool>, globals: &Globals) -> Result<Input> {
    let object = crate::objects::of_url(argument, &globals.aws_region, stop)?;
    Ok(Input::Object(object))
}

#[cfg(not(feature = "store"))]
fn remote(scheme: &str, argument: &str, _: &Arc<AtomicBool>, _: &Globals) -> Result<Input> {
    use crate::model::{Error, ErrorKind};
    let fetch = if scheme == "s3" { "aws s3 cp" } else { "curl -sSL" };
    let to = if scheme == "s3" { " -" } else { "" };
    Err(Error::new(ErrorKind::Unreadable, "this program, built for `check` alone, reads no URLs")
        .with("file", argument)
        .with_help(format!("pipe it in: {fetch} '{argument}'{to} | annostore check -")))
}
