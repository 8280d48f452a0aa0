//! DataFusion's errors in our words: what is wrong, where, what to do. One line instead of a wall.

use std::error::Error as _;
use std::io;
use std::sync::Arc;

use arrow::error::ArrowError;
use datafusion::common::DataFusionError;

use super::faults::is_of_values;
use super::missing::schema_error;
use super::version_table::VersionTable;
use super::words::{as_written, line, phrase, shortened, sql_type_named};
use crate::model::{Error, ErrorKind};

/// What to do about a damaged data file.
const RESTORE: &str = "`annostore verify` finds all damaged files; delete their versions and \
                       import them again, or put the files back from a backup";

/// An error of a statement over these tables.
pub fn translate(error: &DataFusionError, sources: &[Arc<VersionTable>]) -> Error {
    // Whatever came of it.
    if let Some(damage) = sources.iter().find_map(|it| it.damage()) {
        return damage.with_help(RESTORE);
    }
    match error.find_root() {
        DataFusionError::SchemaError(error, _) => schema_error(error, sources),
        DataFusionError::External(inner) if inner.is::<Error>() => ours(inner.downcast_ref()),
        DataFusionError::SQL(error, _) => Error::invalid(format!("cannot parse the SQL: {error}")),
        DataFusionError::NotImplemented(message) => not_implemented(message),
        DataFusionError::ResourcesExhausted(_) => {
            Error::new(ErrorKind::QuotaExceeded, "the query needs more memory than it may use")
                .with_help("give it more with --memory, or narrow it with --region or WHERE")
                .with_source(line(&error.to_string()))
        }
        DataFusionError::Plan(message)
        | DataFusionError::Configuration(message)
        | DataFusionError::Execution(message) => invalid(message),
        DataFusionError::ArrowError(inner, _) if is_of_values(inner) => {
            of_filter(&inner.to_string()).unwrap_or_else(|| {
                Error::invalid(format!("the query fails on a value: {}", line(&inner.to_string())))
            })
        }
        // Data files are read through the object store, so that this is of a temporary file.
        DataFusionError::IoError(inner) => spill_error(inner),
        DataFusionError::ArrowError(inner, _) => match inner.as_ref() {
            ArrowError::IoError(_, inner) => spill_error(inner),
            _ => storage_error(error, sources),
        },
        DataFusionError::ParquetError(inner) => match value_fault(inner.as_ref()) {
            Some(fault) => of_filter(&fault).unwrap_or_else(|| {
                Error::invalid(format!("the query fails on a value: {}", line(&fault)))
            }),
            None => storage_error(error, sources),
        },
        DataFusionError::ObjectStore(_) => storage_error(error, sources),
        DataFusionError::Internal(message) if phrase(message).is_some() => invalid(message),
        other => Error::internal("the query engine failed").with_source(line(&other.to_string())),
    }
}

/// An error of ours that DataFusion passed on; it cannot be taken out.
fn ours(error: Option<&Error>) -> Error {
    let Some(error) = error else { return Error::internal("the query engine failed") };
    let copy = Error::new(error.kind(), error.message());
    let copy = error.context().iter().fold(copy, |copy, (key, value)| copy.with(key, value));
    match error.help() {
        Some(help) => copy.with_help(help),
        None => copy,
    }
}

fn not_implemented(message: &str) -> Error {
    if message.contains("OuterReferenceColumn") {
        return Error::invalid(
            "a subquery uses a column from outside of it in a way that is not supported yet",
        )
        .with_help("write the subquery as a join");
    }
    match phrase(message) {
        Some(words) if message.contains("ubquery") || message.contains("Exists") => {
            Error::invalid(words).with_help("write the subquery as a join")
        }
        Some(words) => Error::invalid(words),
        None => {
            Error::invalid(format!("the SQL asks for what is not supported: {}", line(message)))
        }
    }
}

/// A fault of the statement, of which there is only DataFusion's text.
fn invalid(message: &str) -> Error {
    of_form(message)
        .or_else(|| wrong_arguments(message))
        .or_else(|| same_names(message))
        .or_else(|| no_function(message))
        .unwrap_or_else(|| Error::invalid(line(message)))
}

/// A form that is a function of ours here, by a name that nobody writes, and says what it takes.
fn of_form(message: &str) -> Option<Error> {
    let (_, call) = message.split_once("Function '$")?;
    let (_, said) = call.split_once("failed with: Error during planning: ")?;
    Some(Error::invalid(line(said.split(". No function matches").next()?)))
}

/// A call whose arguments the function does not take. DataFusion tells at length what each of its
/// signatures wants.
fn wrong_arguments(message: &str) -> Option<Error> {
    let (_, call) = message.split_once("given name and argument types '")?;
    let (call, _) = call.split_once("'. You might need")?;
    let (function, types) = call.strip_suffix(')')?.split_once('(')?;
    if let Some(usage) = usage(message, function) {
        return Some(Error::invalid(line(usage)));
    }
    let types: Vec<_> = top_level_parts(types).into_iter().map(sql_type_named).collect();
    let fault = match types.as_slice() {
        [] => "needs arguments".to_owned(),
        [one] => format!("does not take an argument of type {one}"),
        many => format!("does not take arguments of types {}", many.join(", ")),
    };
    Some(Error::invalid(shortened(&format!("function `{function}` {fault}"))).with_help(
        "check how many arguments it takes and of which types; CAST(x AS double) changes a type",
    ))
}

/// What a function says that it takes, see `query::rows`.
fn usage<'a>(message: &'a str, function: &str) -> Option<&'a str> {
    let (_, said) = message.split_once("user-defined coercion failed with: ")?;
    let said = said.strip_prefix("Error during planning: ")?;
    let (said, _) = said.split_once(". No function matches")?;
    said.strip_prefix('`')?.starts_with(function).then_some(said)
}

/// A function that there is not. DataFusion proposes one of its own, however far.
fn no_function(message: &str) -> Option<Error> {
    let (_, rest) = message.split_once("Invalid function '")?;
    let (name, _) = rest.split_once('\'')?;
    let error = Error::invalid(format!("there is no function `{}`", name.escape_debug()));
    Some(error.with_help(match near_function(name) {
        Some(near) => format!("did you mean `{near}`? SHOW FUNCTIONS lists all"),
        None => "SHOW FUNCTIONS LIKE '%part of a name%' finds those that there are".to_owned(),
    }))
}

/// The function of Trino whose name, or a word of it, is like another name.
fn near_function(name: &str) -> Option<&'static str> {
    let known = include_str!("../../docs/functions.md").lines();
    // Behind the name stands an example, in the code of the page, where there is the function.
    let known = known.filter_map(|it| Some(it.strip_prefix("| `")?.split_once("` | `")?.0));
    let distance = |known: &str| {
        let words = known.split('_').filter(|it| it.len() > 4);
        let of_word = words.map(|it| strsim::levenshtein(name, it)).min();
        let whole = strsim::levenshtein(name, known);
        whole.min(of_word.map_or(usize::MAX, |it| it + 1))
    };
    let most = name.len().min(64) / 3;
    let near = known.map(|it| (distance(it), it)).min()?;
    (near.0 <= most.min(3)).then_some(near.1)
}

/// The parts between commas that stand in no brackets.
fn top_level_parts(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|it| !it.is_empty());
    parts
}

/// Two columns of a SELECT with one name.
fn same_names(message: &str) -> Option<Error> {
    let (_, rest) = message.split_once("expression names but the expression \"")?;
    let (first, rest) = rest.split_once("\" at position ")?;
    let (one, rest) = rest.split_once(" and ")?;
    let (_, two) = rest.rsplit_once("\" at position ")?;
    let two = two.split(|it: char| !it.is_ascii_digit()).next()?;
    let (one, two): (usize, usize) = (one.parse().ok()?, two.parse().ok()?);
    let name = as_written(first);
    let message = format!("columns {} and {} of the SELECT are both `{name}`", one + 1, two + 1);
    Some(Error::invalid(shortened(&message)).with_help(format!(
        "leave one of them out, or name it: {} AS other_name",
        shortened(&name)
    )))
}

/// What a value did to a condition that was tried while a file was read.
fn value_fault(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(fault) = cause.downcast_ref().filter(|it| is_of_values(it)) {
            return Some(fault.to_string());
        }
        next = cause.source();
    }
    None
}

/// An error of ours that a filter met while a file was read, of which there is only the text that
/// Rust writes for debugging.
fn of_filter(text: &str) -> Option<Error> {
    let (_, text) = text.split_once("Error { kind: ")?;
    let (kind, text) = text.split_once(", message: ")?;
    let (message, rest) = quoted_text(text)?;
    let kind = match kind {
        "InvalidInput" => ErrorKind::InvalidInput,
        "QuotaExceeded" => ErrorKind::QuotaExceeded,
        _ => return None,
    };
    let error = Error::new(kind, message);
    let help = rest.split_once("help: Some(").and_then(|(_, help)| quoted_text(help));
    Some(match help {
        Some((help, _)) => error.with_help(help),
        None => error,
    })
}

/// The text that stands in quotes at the start, as it was before Rust wrote it, and what follows.
fn quoted_text(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let (mut out, mut characters) = (String::new(), inner.char_indices());
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((out, &inner[at + 1..])),
            '\\' => match characters.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                '0' => out.push('\0'),
                'u' => {
                    let code: String = characters
                        .by_ref()
                        .map(|(_, it)| it)
                        .skip(1)
                        .take_while(|it| *it != '}')
                        .collect();
                    out.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)?);
                }
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
    None
}

/// What does not fit into memory goes to a folder that the system names.
fn spill_error(error: &io::Error) -> Error {
    let error = innermost(error);
    let folder = std::env::temp_dir();
    let (fault, help) = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            (
                "there is no space left for temporary files",
                "free space there, name another folder with TMPDIR, or give the query more \
             --memory, so that it needs less of it",
            )
        }
        _ => (
            "cannot use the folder for temporary files",
            "make it a folder that can be written, or name another with TMPDIR",
        ),
    };
    Error::new(ErrorKind::Storage, fault)
        .with("folder", folder.display())
        .with_help(help)
        .with_source(line(&error.to_string()))
}

/// The error that the system gave: Arrow and DataFusion wrap one another's.
fn innermost(error: &io::Error) -> &io::Error {
    let mut found = error;
    let mut cause = error.source();
    while let Some(inner) = cause {
        found = inner.downcast_ref().unwrap_or(found);
        cause = inner.source();
    }
    found
}

/// Names the data files that are at fault: DataFusion's errors often do not.
fn storage_error(error: &DataFusionError, sources: &[Arc<VersionTable>]) -> Error {
    let cause = line(&error.to_string());
    if too_many_open(error) {
        return Error::new(ErrorKind::Storage, "too many files are open")
            .with_help("raise the limit of open files (`ulimit -n`), or end other programs")
            .with_source(cause);
    }
    if let Some(failure) = passed_on(error) {
        return failure;
    }
    let said = error.to_string();
    for table in sources {
        for file in table.files() {
            // To read all files of a bucket again would take long: the error names the one.
            let in_bucket = file.place.path().is_none();
            if in_bucket && !said.contains(file.place.key()) {
                continue;
            }
            // Nothing stops the reading.
            match file.fault(|_| Ok(())) {
                Ok(Some(fault)) => {
                    let fault = Error::new(ErrorKind::Storage, format!("a data file {fault}"))
                        .with("version", table.name())
                        .with("file", &file.place)
                        .with_help(RESTORE);
                    return if in_bucket { fault } else { fault.with_source(cause) };
                }
                Err(failure) if in_bucket => return failure,
                _ => {}
            }
        }
    }
    Error::new(ErrorKind::Storage, "cannot read the data files").with_source(cause)
}

/// Why a file could not be read, in our words: the server of its bucket says so.
fn passed_on(error: &(dyn std::error::Error + 'static)) -> Option<Error> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(failure) = cause.downcast_ref::<Error>() {
            let said = failure.source().map(ToString::to_string);
            let copy = ours(Some(failure));
            return Some(match said {
                Some(said) => copy.with_source(line(&said)),
                None => copy,
            });
        }
        next = cause.source();
    }
    None
}

/// Whether the system let no further file be opened, which is no fault of the file.
fn too_many_open(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(cause) = next {
        // ENFILE and EMFILE, which have no kinds of their own.
        let number = cause.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error);
        if matches!(number, Some(23 | 24)) {
            return true;
        }
        next = cause.source();
    }
    false
}
