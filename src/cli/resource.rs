//! What the commands on stores, versions and jobs have in common: the service, structures as
//! arguments, and text for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::signals::stop_flag;
use super::{Globals, document, output};
use crate::api::parse;
use crate::catalog::Normalization;
use crate::diagnostic::render::table::table;
use crate::model::api::CreateAnnotationStore;
use crate::model::{Error, ReadOptions, Result, TsvSettings, TsvStoreOptions, visible};
use crate::service::{Listed, Service};

pub use crate::diagnostic::render::number::grouped as count;

/// Which part of a list to show.
#[derive(Args, Clone, Debug, Default)]
pub struct PageArgs {
    /// Show one page of at most so many (1 to 100) instead of everything
    #[arg(long, value_name = "N")]
    max_results: Option<i64>,
    /// Show the page after the one that gave this token
    #[arg(long, value_name = "TOKEN")]
    next_token: Option<String>,
}

impl PageArgs {
    /// The page that was asked for; all of them, as one, where none was.
    pub fn read<T>(
        &self,
        read: impl Fn(Option<i64>, Option<String>) -> Result<Listed<T>>,
    ) -> Result<Listed<T>> {
        let mut listed = read(self.max_results, self.next_token.clone())?;
        if self.max_results.is_some() || self.next_token.is_some() {
            return Ok(listed);
        }
        while let Some(token) = listed.next_token.take() {
            let more = read(self.max_results, Some(token))?;
            listed.items.extend(more.items);
            listed.next_token = more.next_token;
        }
        Ok(listed)
    }
}

/// The help of a filter by state.
pub fn only(what: &str, words: &[&str]) -> String {
    let (last, others) = words.split_last().unwrap_or((&"", &[]));
    format!("Only {what}: {} or {last}", others.join(", "))
}

/// The service on the home that the global options name. A home that does not exist is not made: it
/// reads as an empty one, and a note says so.
pub fn service(globals: &Globals) -> Result<Service> {
    let home = globals.home()?;
    let service = Service::open_to_read(&home, globals.account()?, &globals.aws_region)?;
    if service.catalog().is_absent() && !globals.quiet {
        let home = service.catalog().home().display();
        output::message(&format!(
            "note: there is no home at {home} yet; `annostore store create` makes one"
        ));
    }
    Ok(warned(service))
}

/// The service on the home that the global options name, which is made where there is none.
pub fn service_of_new(globals: &Globals) -> Result<Service> {
    let home = globals.home()?;
    Service::open(&home, globals.account()?, &globals.aws_region).map(warned)
}

fn warned(service: Service) -> Service {
    service.catalog().stopped_by(&stop_flag());
    if let Some(error) = service.catalog().recovery_failure() {
        output::message(&format!(
            "warning: what an earlier run left could not be cleaned up: {error}"
        ));
    }
    service
}

/// Says where the copy of the catalog in a bucket does not know of a deletion.
pub fn warn_of_copy(service: &Service) {
    if let Some(error) = service.catalog().take_copy_failure() {
        output::message(&format!(
            "warning: the copy of the catalog in the bucket does not know of it yet, but the next \
             import or deletion tells it: {error}"
        ));
    }
}

/// A structure that was given as JSON text, `@FILE` or `-` for standard input.
pub fn structure<T: DeserializeOwned>(flag: &'static str, argument: &str) -> Result<T> {
    let text = match argument.strip_prefix('@') {
        Some(path) => document::read(path)?,
        None if argument == "-" => document::read(argument)?,
        None => argument.to_owned(),
    };
    parse(&text).map_err(|error| error.with("argument", flag))
}

/// `readOptions`, as JSON text or in a file: alone, or within the request that has them.
pub fn read_options(argument: &str) -> Result<ReadOptions> {
    let is_text = argument.starts_with(['{', '@']);
    let argument = if is_text { argument.to_owned() } else { format!("@{argument}") };
    let document: serde_json::Value = structure("--read-options", &argument)?;
    let outer = ["formatOptions", "tsvOptions"];
    let outer = outer.iter().fold(&document, |it, member| it.get(member).unwrap_or(it));
    let within = ["formatOptions", "tsvOptions", "readOptions", "storeOptions"];
    let is_within = within.iter().any(|it| document.get(it).is_some());
    let found = if is_within { outer.get("readOptions") } else { Some(&document) };
    let found = found.ok_or_else(|| {
        Error::invalid("the document has no readOptions")
            .with("argument", "--read-options")
            .with_help("give what `annostore infer FILE` prints, or readOptions as JSON")
    })?;
    parse(&found.to_string()).map_err(|error| error.with("argument", "--read-options"))
}

/// A whole request from a file, or from standard input for `-`.
pub fn request<T: DeserializeOwned>(path: &str) -> Result<T> {
    let text = document::read(path)?;
    parse(&text).map_err(|error| error.with("file", path))
}

/// A request to make a store. What `infer` prints beside it, the options of an import, is left out.
pub fn request_of_store(path: &str) -> Result<CreateAnnotationStore> {
    let text = document::read(path)?;
    let members: Option<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(&text).ok();
    let with_import =
        members.filter(|it| it.contains_key("formatOptions") && it.contains_key("storeOptions"));
    let text = match with_import {
        Some(mut members) => {
            members.shift_remove("formatOptions");
            serde_json::Value::from(members).to_string()
        }
        None => text,
    };
    parse(&text).map_err(|error| error.with("file", path))
}

/// Tags as JSON text, `@FILE` or `KEY=VALUE,...`.
pub fn tags(argument: &str) -> Result<BTreeMap<String, String>> {
    if argument.starts_with(['{', '@']) {
        return structure("--tags", argument);
    }
    let pair = |it: &str| {
        it.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned())).ok_or_else(|| {
            Error::invalid(format!("--tags has `{}`, which is no KEY=VALUE", it.escape_debug()))
                .with_help("give --tags team=genomics,stage=test or JSON text")
        })
    };
    argument.split(',').map(pair).collect()
}

/// Prints a response in the API's shape.
pub fn print_json(body: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(body)
        .map_err(|error| Error::internal("cannot write JSON").with_source(error))?;
    output::result(&format!("{text}\n"))
}

/// Prints pairs of a label and a value, one per line. Empty values are left out.
pub fn print_pairs(pairs: &[(&str, String)]) -> Result<()> {
    let shown = pairs.iter().filter(|(_, value)| !value.is_empty());
    let width = shown.clone().map(|(label, _)| label.len()).max().unwrap_or_default();
    let mut lines = String::new();
    for (label, value) in shown {
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{label:width$}  {}", visible(value));
    }
    output::result(&lines)
}

/// Prints rows under headings, in columns as wide as what is in them.
pub fn print_table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> Result<()> {
    let rows = rows.iter().map(|row| row.each_ref().map(|it| visible(it).into_owned()));
    output::result(&table(headings, rows, &[]))
}

/// Says how to see the next page, on stderr.
pub fn print_next(token: Option<&str>) {
    if let Some(token) = token {
        output::message(&format!("there is more: --next-token {token}"));
    }
}

/// What a TSV store or version was made with.
pub fn describe_options(options: &TsvStoreOptions) -> Vec<(&'static str, String)> {
    let role = |(key, column): (&crate::model::HeaderKey, &String)| {
        (key.as_str().to_owned(), column.clone())
    };
    let columns: Vec<_> =
        options.schema.iter().map(|it| format!("{} {}", it.name, it.data_type.as_str())).collect();
    vec![
        ("annotation type", options.annotation_type.as_str().to_owned()),
        ("columns of positions", pairs(&options.format_to_header.iter().map(role).collect())),
        ("schema", columns.join(", ")),
    ]
}

/// The settings of a TSV store that the API does not have, as people read them.
pub fn describe_settings(settings: &TsvSettings) -> Vec<(&'static str, String)> {
    let marks = Some(&settings.null_marks).filter(|it| !it.is_empty());
    let read = settings.read_options.as_ref().map(serde_json::to_string);
    let marks = marks.map(|it| ("null marks", it.to_string()));
    let read = read.and_then(Result::ok).map(|it| ("read options", it));
    marks.into_iter().chain(read).collect()
}

/// What normalization did, as people read it.
pub fn normalized(it: &Normalization) -> String {
    let counts = it.counts;
    let always =
        [(counts.moved, "moved"), (counts.trimmed, "trimmed"), (counts.unchanged, "unchanged")];
    let at_times = [
        (counts.split, "split"),
        (counts.unlike, "unlike the reference"),
        (counts.left_out, "left out"),
    ];
    let shown = always.into_iter().chain(at_times.into_iter().filter(|it| it.0 > 0));
    shown.map(|(number, what)| format!("{} {what}", count(number))).collect::<Vec<_>>().join(", ")
}

/// The reference of a normalization, as people read it.
pub fn reference(it: &Normalization) -> String {
    format!("{} (digest {})", it.reference_arn, it.digest)
}

/// A time as people read it, to the second.
pub fn time(time: Timestamp) -> String {
    format!("{time:.0}")
}

/// `key=value` pairs.
pub fn pairs(map: &BTreeMap<String, String>) -> String {
    let pairs: Vec<_> = map.iter().map(|(key, value)| format!("{key}={value}")).collect();
    pairs.join(", ")
}

/// A size in bytes, shortened.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    // A rounded figure for people: the error of the conversion does not show.
    #[allow(clippy::cast_precision_loss)]
    let mut shown = bytes as f64 / 1000.0;
    let mut unit = 0;
    while shown >= 999.95 && unit + 1 < UNITS.len() {
        shown /= 1000.0;
        unit += 1;
    }
    format!("{shown:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short_and_right() {
        assert_eq!(
            [0, 999, 1000, 999_960, 1_500_000_000].map(size),
            ["0 B", "999 B", "1.0 kB", "1.0 MB", "1.5 GB"]
        );
    }

    #[test]
    fn tags_are_pairs_or_json() {
        let expected =
            BTreeMap::from([("a".to_owned(), "1".to_owned()), ("b".to_owned(), "x=y".to_owned())]);
        assert_eq!(tags("a=1,b=x=y").unwrap(), expected);
        assert_eq!(tags(r#"{"a": "1", "b": "x=y"}"#).unwrap(), expected);
        assert!(tags("a").is_err());
    }
}
