//! Rows of the catalog as domain types, and back. The only place that knows the disk form of options and bounds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde_json::{Map, Value, json};

use super::failure::damaged;
use super::resource::ContigBounds;
use crate::model::{
    AnnotationType, ColumnType, Error, FormatOptions, HeaderKey, InfoColumn, Name, ReadOptions,
    Result, SchemaColumn, TsvStoreOptions, ValueType, VcfOptions,
};

/// A time of the catalog.
pub(super) fn time(row: &Row<'_>, column: &str) -> Result<Timestamp> {
    to_time(row.get(column)?)
}

pub(super) fn to_time(microseconds: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(microseconds)
        .map_err(|_| damaged("time", &microseconds.to_string()))
}

/// A count of the catalog, which SQLite keeps signed.
pub(super) fn count(row: &Row<'_>, column: &str) -> Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or_default())
}

/// A count for the catalog.
pub(super) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn name(row: &Row<'_>, column: &str) -> Result<Name> {
    let text: String = row.get(column)?;
    Name::new("name", &text).map_err(|_| damaged("name", &text))
}

/// A word of the catalog that stands for one of a few things.
pub(super) fn word<T>(
    row: &Row<'_>,
    column: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| damaged(column, &text))
}

fn json_of(row: &Row<'_>, column: &str) -> Result<Option<Value>> {
    let Some(text) = row.get::<_, Option<String>>(column)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|_| damaged("JSON text", &text))
}

/// The tags of a store (`store_tags`, `store_id`) or a version (`version_tags`, `version_id`).
pub(super) fn tags(
    connection: &Connection,
    table: &str,
    id: &str,
) -> Result<BTreeMap<String, String>> {
    let of = table.trim_end_matches("_tags");
    let sql = format!("SELECT key, value FROM {table} WHERE {of}_id = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let tags = statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(tags.collect::<Result<_, _>>()?)
}

/// Puts tags on a store or a version that has none.
pub(super) fn insert_tags(
    connection: &Connection,
    table: &str,
    id: &str,
    tags: &BTreeMap<String, String>,
) -> Result<()> {
    let of = table.trim_end_matches("_tags");
    let sql = format!("INSERT INTO {table} ({of}_id, key, value) VALUES (?1, ?2, ?3)");
    for (key, value) in tags {
        connection.execute(&sql, params![id, key, value])?;
    }
    Ok(())
}

/// The INFO columns of a version, in order.
pub(super) fn info_columns(connection: &Connection, version: &str) -> Result<Vec<InfoColumn>> {
    let mut statement = connection.prepare_cached(
        "SELECT key, name, value_type, list, field_id FROM info_columns
         WHERE version_id = ?1 ORDER BY position",
    )?;
    let mut rows = statement.query([version])?;
    let mut columns = Vec::new();
    while let Some(row) = rows.next()? {
        columns.push(InfoColumn {
            key: row.get("key")?,
            name: row.get("name")?,
            value: word(row, "value_type", value_type)?,
            list: row.get("list")?,
            field_id: row.get("field_id")?,
        });
    }
    Ok(columns)
}

/// Makes `columns` the INFO columns of a version. Columns are only ever added, at the end.
pub(super) fn extend_info_columns(
    connection: &Connection,
    version: &str,
    known: usize,
    columns: &[InfoColumn],
) -> Result<()> {
    for (position, column) in columns.iter().enumerate().skip(known) {
        connection.execute(
            "INSERT INTO info_columns (version_id, position, key, name, value_type, list, field_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                version,
                i64::try_from(position).unwrap_or(i64::MAX),
                column.key,
                column.name,
                column.value.as_str(),
                column.list,
                column.field_id
            ],
        )?;
    }
    Ok(())
}

fn value_type(text: &str) -> Option<ValueType> {
    [ValueType::Integer, ValueType::Float, ValueType::String, ValueType::Flag]
        .into_iter()
        .find(|it| it.as_str() == text)
}

/// `[[contig, min start, max end, rows], ...]`
pub(super) fn bounds_to_json(bounds: &[ContigBounds]) -> String {
    let bounds: Vec<Value> =
        bounds.iter().map(|it| json!([it.contig, it.min_start, it.max_end, it.rows])).collect();
    Value::Array(bounds).to_string()
}

pub(super) fn bounds(row: &Row<'_>) -> Result<Vec<ContigBounds>> {
    let text: String = row.get("bounds")?;
    let bounds: Vec<(String, i64, i64, u64)> =
        serde_json::from_str(&text).map_err(|_| damaged("list of bounds", &text))?;
    let contig =
        |(contig, min_start, max_end, rows)| ContigBounds { contig, min_start, max_end, rows };
    Ok(bounds.into_iter().map(contig).collect())
}

/// A list of words.
pub(super) fn words_to_json(words: &[String]) -> String {
    Value::from(words).to_string()
}

pub(super) fn words(row: &Row<'_>, column: &str) -> Result<Option<Vec<String>>> {
    let Some(text) = row.get::<_, Option<String>>(column)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|_| damaged("list of words", &text))
}

/// A map of words.
pub(super) fn map_to_json(map: &BTreeMap<String, String>) -> String {
    let map: Map<String, Value> =
        map.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect();
    Value::Object(map).to_string()
}

pub(super) fn map(row: &Row<'_>, column: &str) -> Result<BTreeMap<String, String>> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| damaged("map of words", &text))
}

/// `{"type": ..., "roles": {"CHR": ...}, "schema": [[name, type], ...]}`
pub(super) fn store_options_to_json(options: &TsvStoreOptions) -> String {
    let roles: Map<String, Value> = options
        .format_to_header
        .iter()
        .map(|(key, column)| (key.as_str().to_owned(), Value::from(column.as_str())))
        .collect();
    let schema: Vec<Value> =
        options.schema.iter().map(|it| json!([it.name, it.data_type.as_str()])).collect();
    json!({"type": options.annotation_type.as_str(), "roles": roles, "schema": schema}).to_string()
}

pub(super) fn store_options(row: &Row<'_>) -> Result<Option<TsvStoreOptions>> {
    let Some(value) = json_of(row, "options")? else { return Ok(None) };
    let bad = || damaged("store option", &value.to_string());
    let annotation_type = value["type"].as_str().and_then(AnnotationType::parse).ok_or_else(bad)?;
    let role = |(key, column): (&String, &Value)| {
        Some((HeaderKey::parse(key)?, column.as_str()?.to_owned()))
    };
    let roles = value["roles"].as_object().ok_or_else(bad)?;
    let format_to_header =
        roles.iter().map(|it| role(it).ok_or_else(bad)).collect::<Result<_>>()?;
    let schema = value["schema"].as_array().ok_or_else(bad)?;
    let column = |it: &Value| {
        let data_type = ColumnType::parse(it[1].as_str()?)?;
        Some(SchemaColumn { name: it[0].as_str()?.to_owned(), data_type })
    };
    let schema = schema.iter().map(|it| column(it).ok_or_else(bad)).collect::<Result<_>>()?;
    Ok(Some(TsvStoreOptions { annotation_type, format_to_header, schema }))
}

/// `{"vcf": [ignore qual, ignore filter]}` or `{"tsv": null or {...}}`
pub(super) fn format_options_to_json(options: &FormatOptions) -> String {
    match options {
        FormatOptions::Vcf(it) => json!({"vcf": [it.ignore_qual_field, it.ignore_filter_field]}),
        FormatOptions::Tsv(None) => json!({"tsv": null}),
        FormatOptions::Tsv(Some(it)) => json!({"tsv": {
            "sep": it.sep, "encoding": it.encoding, "quote": it.quote, "quote_all": it.quote_all,
            "escape": it.escape, "escape_quotes": it.escape_quotes, "comment": it.comment,
            "header": it.header, "line_sep": it.line_sep,
        }}),
    }
    .to_string()
}

pub(super) fn format_options(row: &Row<'_>) -> Result<Option<FormatOptions>> {
    let Some(value) = json_of(row, "format_options")? else { return Ok(None) };
    if let Some(vcf) = value.get("vcf") {
        let flag = |at: usize| vcf[at].as_bool().unwrap_or_default();
        let options = VcfOptions { ignore_qual_field: flag(0), ignore_filter_field: flag(1) };
        return Ok(Some(FormatOptions::Vcf(options)));
    }
    let read = value.get("tsv").ok_or_else(|| damaged("format option", &value.to_string()))?;
    Ok(Some(FormatOptions::Tsv(read.is_object().then(|| read_options(read)))))
}

fn read_options(value: &Value) -> ReadOptions {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let flag = |key: &str| value[key].as_bool();
    ReadOptions {
        sep: text("sep"),
        encoding: text("encoding"),
        quote: text("quote"),
        quote_all: flag("quote_all"),
        escape: text("escape"),
        escape_quotes: flag("escape_quotes"),
        comment: text("comment"),
        header: flag("header"),
        line_sep: text("line_sep"),
    }
}

/// Collects rows into domain types.
pub(super) fn collect<T>(
    connection: &Connection,
    sql: &str,
    values: &[&dyn rusqlite::ToSql],
    mut make: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(make(row)?);
    }
    Ok(items)
}

/// The first row as a domain type, if there is one.
pub(super) fn first<T>(
    connection: &Connection,
    sql: &str,
    values: &[&dyn rusqlite::ToSql],
    make: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Option<T>, Error> {
    Ok(collect(connection, sql, values, make)?.into_iter().next())
}
