//! Judges the JSON of a request as the service would, and reads from it how files are to be read.
//!
//! What is misspelt is a finding, and counts as it was meant where that leaves no doubt.

mod accept;
mod judge;
mod nearest;
mod options;

use std::sync::LazyLock;

use jsonc_parser::ast::{Object, Value as Json};
use jsonc_parser::common::Range;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};
use serde::Deserialize;
use serde_json::Value;

use crate::diagnostic::Findings;
use crate::diagnostic::report::RequestReport;
use crate::diagnostic::rules::request as rule;
use crate::model::api::{
    CreateAnnotationStore, CreateAnnotationStoreVersion, StartAnnotationImportJob, StoreOptions,
    TsvStoreOptions, VersionOptions,
};
use crate::model::excerpt;
use crate::model::shape::{Member, Shape, Shaped};

use judge::{Fault, Judge};

pub use accept::{accept, accept_local, accept_member};

/// `CreateAnnotationStore` and `StartAnnotationImportJob` in one object, as `infer` prints them.
static STORE_AND_IMPORT: LazyLock<Vec<Member>> = LazyLock::new(|| {
    let members = [&CreateAnnotationStore::SHAPE, &StartAnnotationImportJob::SHAPE];
    members.into_iter().flat_map(Shape::members).copied().collect()
});

/// What a document is given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// What a store or a version is made with.
    Store,
    /// What an import job is started with.
    Import,
    /// Both at once, as `infer` prints them.
    Both,
}

/// Where an import goes, as the command says it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Destination<'a> {
    /// The store.
    pub store: Option<&'a str>,
    /// The version.
    pub version: Option<&'a str>,
}

/// A document that was judged.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is wrong with it.
    pub report: RequestReport,
    /// Its members as far as they fit the API.
    body: Value,
}

/// What a document is.
struct Kind {
    operation: &'static str,
    shape: Shape,
    verdict: &'static str,
    is_part: bool,
}

impl Kind {
    fn of(operation: &'static str, shape: Shape, is_part: bool) -> Self {
        Self { operation, shape, verdict: if is_part { PART } else { TAKEN }, is_part }
    }

    fn request<R: Shaped>(is_part: bool) -> Self {
        Self::of(R::NAME, R::SHAPE, is_part)
    }
}

const TAKEN: &str = "the service would take this request";
const PART: &str = "the service would take these options";
const BOTH: &str = "annostore takes it; the service takes its two requests apart";

/// Judges the text of a document. `file` is the name that findings call it by.
pub fn check(file: &str, text: &str, purpose: Purpose, destination: Destination) -> Request {
    let json = match parse(text) {
        Ok(json) => json,
        Err(fault) => return Request::new(file, text, vec![fault], PART, Value::Null),
    };
    let kind = kind(&json, purpose);
    let mut judge = Judge { is_part: kind.is_part, ..Judge::new(kind.operation, &kind.shape) };
    let body = judge.value(&json, &kind.shape, "").unwrap_or_default();
    let mut faults = judge.faults;
    if !kind.is_part && kind.operation == CreateAnnotationStore::NAME {
        faults.extend(missing_reference(&json, &body));
    }
    if purpose != Purpose::Store {
        faults.extend(other_destination(&json, destination));
    }
    Request::new(file, text, faults, kind.verdict, body)
}

impl Request {
    fn new(
        file: &str,
        text: &str,
        mut faults: Vec<Fault>,
        verdict: &'static str,
        body: Value,
    ) -> Self {
        let mut findings = Findings::keeping(super::DEFAULT_MAX_FINDINGS);
        faults.sort_by_key(|it| it.range.start);
        let lines = Lines::of(text);
        for fault in faults {
            lines.add(&mut findings, fault);
        }
        let report = RequestReport { file: file.to_owned(), findings, verdict };
        Self { report, body }
    }
}

fn parse(text: &str) -> Result<Json<'_>, Fault> {
    let collect = CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let fault = |range, message| Fault::new(&rule::NOT_JSON, range, message);
    match parse_to_ast(text, &collect, &strict) {
        Ok(result) => {
            result.value.ok_or_else(|| fault(Range::new(0, 0), "the document is empty".to_owned()))
        }
        Err(error) => {
            let why = error.kind().to_string();
            let mut letters = why.chars();
            let first = letters.next().map(|it| it.to_ascii_lowercase());
            let why: String = first.into_iter().chain(letters).collect();
            Err(fault(error.range(), format!("this is no JSON: {why}")))
        }
    }
}

/// Tells what a document is by its members.
fn kind(json: &Json, purpose: Purpose) -> Kind {
    let none = Object { range: Range::new(0, 0), properties: Vec::new() };
    let object = if let Json::Object(object) = json { object } else { &none };
    let has = |names: &[&str]| names.iter().any(|it| object.get(it).is_some());
    let is_store = has(&["storeFormat", "storeOptions"]);
    let is_both = purpose == Purpose::Both
        || purpose == Purpose::Import && is_store
        || purpose == Purpose::Store && is_store && has(&["formatOptions"]);
    if is_both {
        let kind = Kind::of("the request", Shape::Structure(&STORE_AND_IMPORT), true);
        let both = has(&["formatOptions", "destinationName", "items"]) && is_store;
        return Kind { verdict: if both { BOTH } else { PART }, ..kind };
    }
    match purpose {
        Purpose::Import | Purpose::Both => Kind::request::<StartAnnotationImportJob>(!has(&[
            "destinationName",
            "roleArn",
            "items",
        ])),
        Purpose::Store if has(&["tsvStoreOptions"]) => {
            Kind::of("storeOptions", StoreOptions::SHAPE, true)
        }
        Purpose::Store if has(&["tsvVersionOptions"]) => {
            Kind::of("versionOptions", VersionOptions::SHAPE, true)
        }
        Purpose::Store if has(&["schema", "annotationType", "formatToHeader"]) => {
            Kind::of("tsvStoreOptions", TsvStoreOptions::SHAPE, false)
        }
        Purpose::Store if has(&["versionOptions"]) => {
            Kind::request::<CreateAnnotationStoreVersion>(!has(&["name", "versionName"]))
        }
        Purpose::Store => Kind::request::<CreateAnnotationStore>(!has(&["name", "reference"])),
    }
}

/// A request of a store that cannot go without a reference.
fn missing_reference(json: &Json, body: &Value) -> Option<Fault> {
    let is_given = json.as_object().is_some_and(|it| it.get("reference").is_some());
    let request = CreateAnnotationStore::deserialize(body).unwrap_or_default();
    let message = "CreateAnnotationStore lacks `reference`, which only TSV stores of type GENERIC \
                   go without";
    (!is_given && request.lacks_reference())
        .then(|| Fault::new(&rule::MISSING_MEMBER, Range::new(0, 1), message.to_owned()))
}

/// Where the request goes elsewhere than the command.
fn other_destination(json: &Json, destination: Destination) -> Vec<Fault> {
    let pairs = [
        ("destinationName", "--store", destination.store),
        ("versionName", "--version", destination.version),
    ];
    let mut faults = Vec::new();
    for (member, flag, given) in pairs {
        let found = json.as_object().and_then(|it| it.get_string(member));
        let (Some(found), Some(given)) = (found, given) else { continue };
        if found.value != given {
            let found_name = excerpt(&found.value);
            let message =
                format!("{member} is `{found_name}`, but the command says `{given}` ({flag})");
            let range = Range::new(found.range.start + 1, found.range.end - 1);
            faults.push(Fault::new(&rule::OTHER_DESTINATION, range, message));
        }
    }
    faults
}

/// The lines of a document, to find the place of a byte.
struct Lines<'a> {
    text: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let text = text.as_bytes();
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text).map(|it| it + 1));
        Self { text, starts: starts.collect() }
    }

    fn add(&self, findings: &mut Findings, fault: Fault) {
        let Fault { rule, range, message, .. } = fault;
        let index = self.starts.partition_point(|it| *it <= range.start).saturating_sub(1);
        let start = self.starts[index];
        let end = self.starts.get(index + 1).map_or(self.text.len(), |it| it - 1);
        let line = self.text.get(start..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let from = (range.start - start).min(line.len());
        // What goes on in the next line is shown as far as this one goes.
        let to = (range.end.max(range.start) - start).min(line.len());
        let number = index as u64 + 1;
        findings.add(rule, number, line, from..to, || message);
    }
}
