//! Files of web servers, for who runs the program: what callers of a server name comes from its
//! store of objects alone.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use object_store::http::HttpBuilder;
use object_store::path::Path;
use object_store::{ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt};

use super::ranges::{Asker, Connector, Redirects, Remote, Tries, Waiting, cannot_read};
use crate::model::{Error, ErrorKind, Result};
use crate::read::source::Object;

/// Opens a file of a web server, which has to give parts of files. It is named without what
/// follows a question mark, which may be a secret.
pub fn open(url: &str, stop: &Arc<AtomicBool>) -> Result<Arc<dyn Object>> {
    let name = named(url);
    let plain = url.starts_with("http://");
    let store = |tries| {
        let builder = HttpBuilder::new()
            .with_url(url)
            .with_client_options(ClientOptions::new().with_allow_http(plain))
            .with_http_connector(Connector { redirects: Redirects::Followed, tries })
            .with_retry(tries.config());
        let made = builder.build().map_err(|error| cannot_read(&name, &error, Asker::Operator));
        made.map(|it| Arc::new(it) as Arc<dyn ObjectStore>)
    };
    let (first, later) = (store(Tries::First(3))?, store(Tries::Patient)?);
    let waiting = Arc::new(Waiting::start()?);
    // The first byte, since URLs that are signed are so for GET alone.
    let begin = async {
        let path = Path::default();
        let range = Some(GetRange::Bounded(0..1));
        match first.get_opts(&path, GetOptions { range, ..GetOptions::default() }).await {
            Ok(found) => Ok(found.meta),
            // A file of no bytes has no first one.
            Err(error) => match first.head(&path).await {
                Ok(meta) if meta.size == 0 => Ok(meta),
                _ => Err(error),
            },
        }
    };
    let opened = Remote::open((&name, Asker::Operator), later, &waiting, stop, begin);
    let remote = opened.map_err(|error| {
        if !error.to_string().contains(WHOLE) {
            return error;
        }
        let message = "the server gives whole files only, and reading needs parts of them";
        Error::new(ErrorKind::Unreadable, message).with("source", &name).with_help(format!(
            "fetch it with `curl -LO '{name}'`; or from a pipe, where `-` stands for the file: \
                 `curl -sSL '{name}' | annostore check -`"
        ))
    })?;
    Ok(Arc::new(remote))
}

/// What `object_store` says of an answer that has more than was asked for.
const WHOLE: &str = "Range request not supported";

/// A URL as it is shown: without user, password, query and fragment.
fn named(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_once('/').map_or((rest, None), |it| (it.0, Some(it.1)));
    let host = host.rsplit_once('@').map_or(host, |it| it.1);
    path.map_or_else(|| format!("{scheme}://{host}"), |it| format!("{scheme}://{host}/{it}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_secrets() {
        for (url, name) in [
            ("https://a.b/c/d.vcf.gz?X-Amz-Signature=1#f", "https://a.b/c/d.vcf.gz"),
            ("https://me:secret@a.b/d@e.vcf", "https://a.b/d@e.vcf"),
            ("http://a.b", "http://a.b"),
        ] {
            assert_eq!(named(url), name);
        }
    }
}
