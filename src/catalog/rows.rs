//! Rows of the catalog as domain types, and back.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::Page;
use super::failure::damaged;
use super::json::{SettingsText, StoreOptionsText, optional_json};
use crate::model::{Error, InfoColumn, Name, Result, TsvSettings, TsvStoreOptions, ValueType};

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

pub(super) fn store_options(row: &Row<'_>) -> Result<Option<TsvStoreOptions>> {
    let text: Option<StoreOptionsText> = optional_json(row, "options", "store option")?;
    text.map(TsvStoreOptions::try_from).transpose()
}

pub(super) fn settings(row: &Row<'_>) -> Result<TsvSettings> {
    let text: Option<SettingsText> = optional_json(row, "settings", "setting of a store")?;
    Ok(text.map(TsvSettings::from).unwrap_or_default())
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

/// A page of rows, which the statement gives with one more than `limit`.
pub(super) fn page<T>(
    connection: &Connection,
    sql: &str,
    values: &[&dyn rusqlite::ToSql],
    limit: u32,
    mut make: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Page<T>> {
    let mut found: Vec<(i64, T)> =
        collect(connection, sql, values, |row| Ok((row.get("seq")?, make(row)?)))?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().map(|(place, _)| *place).filter(|_| more);
    Ok(Page { items: found.into_iter().map(|(_, item)| item).collect(), next })
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

/// How SQLite goes about a statement.
#[cfg(test)]
pub(super) fn plan(sql: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let catalog = super::Catalog::open(folder.path()).unwrap();
    let sql = format!("EXPLAIN QUERY PLAN {sql}");
    let plan = catalog.read(|connection| {
        let mut statement = connection.prepare(&sql)?;
        // What is not bound is null.
        let mut rows = statement.raw_query();
        let mut plan = String::new();
        while let Some(row) = rows.next()? {
            plan.push_str(&row.get::<_, String>("detail")?);
            plan.push('\n');
        }
        Ok(plan)
    });
    plan.unwrap()
}
