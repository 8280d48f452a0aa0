//! The limits of the API on single members. Lengths count characters.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use super::request;
use crate::catalog::{JobStatus, ResourceStatus};
use crate::model::{Error, FormatOptions, Name, ReadOptions, Result, VcfOptions, pattern};

/// A member that has to be given.
pub(super) fn required<T>(member: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| {
        Error::invalid(format!("{member} is missing")).with_help(format!("give {member}"))
    })
}

/// The name of a store or a version.
pub(super) fn name(member: &str, text: &str) -> Result<Name> {
    Name::new("name", text).map_err(|_| {
        wrong(
            member,
            text,
            "3 to 255 lower-case letters, digits and underscores, beginning with a letter",
        )
    })
}

/// Text of a limited length.
pub(super) fn text(member: &str, value: &str, length: RangeInclusive<usize>) -> Result<()> {
    let found = value.chars().count();
    if length.contains(&found) {
        return Ok(());
    }
    let (least, most) = (length.start(), length.end());
    let limit = match (least, most) {
        (least, most) if least == most => format!("exactly {most}"),
        (0, most) => format!("at most {most}"),
        (least, most) => format!("{least} to {most}"),
    };
    Err(Error::invalid(format!("{member} has {found} characters, but may have {limit}"))
        .with_help(format!("give {member} {limit} characters")))
}

/// `description`, empty where absent.
pub(super) fn description(value: Option<&str>) -> Result<String> {
    let value = value.unwrap_or_default();
    text("description", value, 0..=500)?;
    Ok(value.to_owned())
}

/// `shareName`
pub(super) fn share_name(name: &str) -> Result<()> {
    text("shareName", name, 1..=256)?;
    if name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-')) {
        return Ok(());
    }
    Err(wrong("shareName", name, "letters, digits, `_` and `-`"))
}

/// A job id: a UUID in lower case.
pub(super) fn job_id(id: &str) -> Result<()> {
    let hex = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    let parts: Vec<_> = id.split('-').collect();
    let lengths = parts.iter().map(|it| it.len()).eq([8, 4, 4, 4, 12]);
    if lengths && parts.iter().all(|it| it.bytes().all(hex)) {
        return Ok(());
    }
    Err(wrong("jobId", id, "a UUID in lower case, as `annostore job list` shows"))
}

/// Anything that may be an ARN.
pub(super) fn arn(member: &str, arn: &str) -> Result<()> {
    if arn.strip_prefix("arn:").is_some_and(|it| !it.is_empty() && !it.contains('\n')) {
        return Ok(());
    }
    Err(wrong(
        member,
        arn,
        "an ARN such as arn:aws:omics:us-east-1:000000000000:annotationStore/clinvar",
    ))
}

/// `resourceArn` of the operations on tags.
pub(super) fn tag_arn(it: &str) -> Result<()> {
    text("resourceArn", it, 1..=150)?;
    arn("resourceArn", it)
}

/// `tagKeys`: at most 50.
pub(super) fn tag_keys(keys: &[String]) -> Result<()> {
    if keys.len() > 50 {
        let message = format!("tagKeys has {} entries, but may have at most 50", keys.len());
        return Err(Error::invalid(message).with_help("leave some out"));
    }
    for (index, key) in keys.iter().enumerate() {
        text(&format!("tagKeys[{index}]"), key, 1..=128)?;
    }
    Ok(())
}

/// A list that has at least one entry where it is given.
pub(super) fn size(member: &str, list: Option<&[String]>, most: usize) -> Result<()> {
    match list.map(<[_]>::len) {
        Some(found) if !(1..=most).contains(&found) => {
            Err(Error::invalid(format!("{member} has {found} entries, but may have 1 to {most}"))
                .with_help(format!("give {member} 1 to {most} entries, or leave it out")))
        }
        _ => Ok(()),
    }
}

/// `tags`: at most 50.
pub(super) fn tags(tags: &BTreeMap<String, String>) -> Result<()> {
    if tags.len() > 50 {
        return Err(Error::invalid(format!(
            "tags has {} entries, but may have at most 50",
            tags.len()
        ))
        .with_help("leave some out"));
    }
    for (key, value) in tags {
        let shown = excerpt(key);
        text(&format!("the key `{shown}` of tags"), key, 1..=128)?;
        text(&format!("tags.{shown}"), value, 0..=256)?;
    }
    Ok(())
}

/// `reference.referenceArn`
pub(super) fn reference_arn(arn: &str) -> Result<()> {
    text("reference.referenceArn", arn, 1..=127)?;
    if pattern::is_arn(arn) {
        return Ok(());
    }
    Err(wrong(
        "reference.referenceArn",
        arn,
        "an ARN such as arn:aws:omics:us-east-1:000000000000:referenceStore/1234567890/reference/1234567890",
    ))
}

/// `sseConfig`: gives the key's ARN.
pub(super) fn sse_config(config: &request::SseConfig) -> Result<Option<String>> {
    let kind = required("sseConfig.type", config.kind.as_deref())?;
    if kind != "KMS" {
        return Err(wrong("sseConfig.type", kind, "KMS"));
    }
    let Some(arn) = &config.key_arn else { return Ok(None) };
    text("sseConfig.keyArn", arn, 20..=2048)?;
    if pattern::is_key_arn(arn) {
        return Ok(Some(arn.clone()));
    }
    Err(wrong(
        "sseConfig.keyArn",
        arn,
        "the ARN of a KMS key, such as arn:aws:kms:us-east-1:000000000000:key/1",
    ))
}

/// `roleArn`
pub(super) fn role_arn(arn: &str) -> Result<()> {
    text("roleArn", arn, 20..=2048)?;
    if pattern::is_role_arn(arn) {
        return Ok(());
    }
    Err(wrong("roleArn", arn, "the ARN of a role, such as arn:aws:iam::000000000000:role/importer"))
}

/// An `s3://bucket/key` URI, where the source is one; a path or `-` is any text.
pub(super) fn source(source: &str) -> Result<()> {
    match source {
        "" => Err(wrong("items[0].source", source, "a path, - or s3://bucket/key")),
        uri if uri.starts_with("s3://") => s3_uri("items[0].source", uri),
        _ => Ok(()),
    }
}

/// `s3://bucket/key`
pub(super) fn s3_uri(member: &str, source: &str) -> Result<()> {
    if pattern::is_s3_address(source) {
        return Ok(());
    }
    Err(wrong(member, source, "s3://bucket/key, with a key of 1 to 1024 characters"))
}

/// `annotationFields`
pub(super) fn annotation_fields(fields: &BTreeMap<String, String>) -> Result<()> {
    for (key, value) in fields {
        let shown = excerpt(key);
        text(&format!("the key `{shown}` of annotationFields"), key, 1..=21)?;
        text(&format!("annotationFields.{shown}"), value, 1..=21)?;
    }
    Ok(())
}

/// The API's `formatOptions`, checked: a union with exactly one member, and the lengths of `readOptions`.
pub fn check_format_options(options: &request::FormatOptions) -> Result<FormatOptions> {
    match (&options.tsv, &options.vcf) {
        (Some(tsv), None) => {
            tsv.read_options.as_ref().map_or(Ok(()), read_options)?;
            Ok(FormatOptions::Tsv(tsv.read_options.clone()))
        }
        (None, Some(vcf)) => Ok(FormatOptions::Vcf(VcfOptions {
            ignore_qual_field: vcf.ignore_qual_field.unwrap_or_default(),
            ignore_filter_field: vcf.ignore_filter_field.unwrap_or_default(),
        })),
        (found, _) => Err(Error::invalid(format!(
            "formatOptions has {} members, but has to have exactly one",
            if found.is_some() { "two" } else { "no" }
        ))
        .with_help(
            "give formatOptions.tsvOptions or formatOptions.vcfOptions, or leave formatOptions out",
        )),
    }
}

fn read_options(options: &ReadOptions) -> Result<()> {
    let limits = [
        ("sep", &options.sep, 20),
        ("encoding", &options.encoding, 20),
        ("quote", &options.quote, 1),
        ("escape", &options.escape, 1),
        ("comment", &options.comment, 1),
        ("lineSep", &options.line_sep, 20),
    ];
    for (member, value, most) in limits {
        if let Some(value) = value {
            text(&format!("formatOptions.tsvOptions.readOptions.{member}"), value, 1..=most)?;
        }
    }
    Ok(())
}

/// `ids`: 1 to 20.
pub(super) fn ids(ids: Option<&[String]>) -> Result<()> {
    size("ids", ids, 20)?;
    for (index, id) in ids.unwrap_or_default().iter().enumerate() {
        text(&format!("ids[{index}]"), id, 1..=50)?;
    }
    Ok(())
}

/// `versions`: 1 to 10 names.
pub(super) fn version_names(names: &[String]) -> Result<()> {
    if !(1..=10).contains(&names.len()) {
        return Err(Error::invalid(format!(
            "versions has {} entries, but may have 1 to 10",
            names.len()
        ))
        .with_help("name 1 to 10 versions"));
    }
    for (index, text) in names.iter().enumerate() {
        name(&format!("versions[{index}]"), text)?;
    }
    Ok(())
}

/// `filter.status` of stores and versions.
pub(super) fn resource_status(text: Option<&str>) -> Result<Option<ResourceStatus>> {
    let all = ResourceStatus::ALL.map(ResourceStatus::as_str);
    text.map(|it| one_of("filter.status", it, ResourceStatus::parse, &all)).transpose()
}

/// `filter.status` of jobs.
pub(super) fn job_status(text: Option<&str>) -> Result<Option<JobStatus>> {
    let all = JobStatus::ALL.map(JobStatus::as_str);
    text.map(|it| one_of("filter.status", it, JobStatus::parse, &all)).transpose()
}

/// One of a few words.
pub(super) fn one_of<T>(
    member: &str,
    text: &str,
    parse: impl FnOnce(&str) -> Option<T>,
    all: &[&str],
) -> Result<T> {
    parse(text).ok_or_else(|| wrong(member, text, format!("one of {}", all.join(", "))))
}

/// A value that is not what it has to be.
pub(super) fn wrong(member: &str, found: &str, wanted: impl Display) -> Error {
    Error::invalid(format!("{member} is `{}`, but has to be {wanted}", excerpt(found)))
}

/// Enough of a value to recognize it, safe to print.
pub(super) fn excerpt(text: &str) -> String {
    let short: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() { format!("{short}...") } else { short }
}
