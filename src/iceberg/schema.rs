//! A version's columns as Iceberg's schema: the names, types and field ids that the Parquet files
//! have. [Specification](https://iceberg.apache.org/spec/#schemas).

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde_json::{Value, json};

use crate::catalog::{Store, Version};
use crate::model::{Error, Result, StoreFormat, TsvStoreOptions};
use crate::write::schema::{FIELD_ID, INFO_KEY, gff_schema, tsv_schema, vcf_schema};
use crate::write::{CoordinateNames, tsv_columns};

/// The columns that a version's files have once it has so many INFO columns.
pub fn columns_of(store: &Store, version: &Version, info_columns: usize) -> Result<SchemaRef> {
    Ok(match store.format {
        StoreFormat::Vcf => {
            let known = &version.info_columns;
            vcf_schema(&known[..info_columns.min(known.len())])
        }
        StoreFormat::Gff => gff_schema(),
        StoreFormat::Tsv => tsv_schema(&tsv_columns(options_of(store, version)?)),
    })
}

/// The columns that give the place of a row; none where rows have none.
pub fn coordinates_of(store: &Store, version: &Version) -> Result<Option<CoordinateNames>> {
    Ok(match store.format {
        StoreFormat::Vcf => Some(CoordinateNames::vcf()),
        StoreFormat::Gff => Some(CoordinateNames::gff()),
        StoreFormat::Tsv => CoordinateNames::tsv(options_of(store, version)?),
    })
}

/// The schema that other engines see in a version once it has so many INFO columns, which is the
/// schema's id, too.
///
/// A VCF version has no `attributes`: `info` and `info_other` hold all of it. A TSV version has
/// `information`, as the service has it, which no file has, so that it is null in every row.
pub fn schema(store: &Store, version: &Version, info_columns: usize) -> Result<Value> {
    let columns = columns_of(store, version, info_columns)?;
    let mut fields = fields(columns.as_ref())?;
    if store.format == StoreFormat::Tsv {
        let map = json!({
            "type": "map", "key-id": 3, "key": "string",
            "value-id": 4, "value": "string", "value-required": false,
        });
        fields.push(json!({"id": 2, "name": "information", "required": false, "type": map}));
    }
    Ok(json!({"type": "struct", "schema-id": info_columns, "fields": fields}))
}

/// The highest field id in a schema.
pub fn last_column_id(schema: &Value) -> i64 {
    match schema {
        Value::Object(members) => {
            let id = |(name, value): (&String, &Value)| match name.as_str() {
                "id" | "element-id" | "key-id" | "value-id" => value.as_i64().unwrap_or_default(),
                _ => last_column_id(value),
            };
            members.iter().map(id).max().unwrap_or_default()
        }
        Value::Array(items) => items.iter().map(last_column_id).max().unwrap_or_default(),
        _ => 0,
    }
}

fn fields(schema: &Schema) -> Result<Vec<Value>> {
    schema.fields().iter().map(|it| nested(it)).collect()
}

fn nested(field: &Field) -> Result<Value> {
    let mut nested = json!({
        "id": id(field)?,
        "name": field.name(),
        "required": !field.is_nullable(),
        "type": iceberg_type(field.data_type())?,
    });
    if let Some(key) = field.metadata().get(INFO_KEY) {
        nested["doc"] = json!(format!("INFO key {key}"));
    }
    Ok(nested)
}

fn iceberg_type(data_type: &DataType) -> Result<Value> {
    Ok(match data_type {
        DataType::Utf8 => json!("string"),
        DataType::Int32 => json!("int"),
        DataType::Int64 => json!("long"),
        DataType::Float32 => json!("float"),
        DataType::Float64 => json!("double"),
        DataType::Boolean => json!("boolean"),
        DataType::List(element) => json!({
            "type": "list",
            "element-id": id(element)?,
            "element": iceberg_type(element.data_type())?,
            "element-required": !element.is_nullable(),
        }),
        DataType::Struct(fields) => {
            let fields = fields.iter().map(|it| nested(it)).collect::<Result<Vec<_>>>()?;
            json!({"type": "struct", "fields": fields})
        }
        DataType::Map(entries, _) => {
            let DataType::Struct(entries) = entries.data_type() else { return Err(unknown()) };
            let [key, value] = &entries[..] else { return Err(unknown()) };
            json!({
                "type": "map",
                "key-id": id(key)?,
                "key": iceberg_type(key.data_type())?,
                "value-id": id(value)?,
                "value": iceberg_type(value.data_type())?,
                "value-required": !value.is_nullable(),
            })
        }
        _ => return Err(unknown()),
    })
}

/// The id that a column of the Parquet files has for ever.
pub fn id(field: &Field) -> Result<i64> {
    let id = field.metadata().get(FIELD_ID).and_then(|it| it.parse().ok());
    id.ok_or_else(|| Error::internal("a column has no field id").with("column", field.name()))
}

fn unknown() -> Error {
    Error::internal("a column is of a type that Iceberg's schema has no word for")
}

fn options_of<'a>(store: &'a Store, version: &'a Version) -> Result<&'a TsvStoreOptions> {
    let options = version.options.as_ref().or(store.options.as_ref());
    options.ok_or_else(|| Error::internal("a TSV store without options"))
}
