//! The Arrow schemas of the stores: names and types of the service's tables, with Parquet field ids
//! that never change.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};

use crate::model::annotation::{AnnotationColumn, Shape};
use crate::model::{AnnotationKind, ColumnType, InfoColumn, SchemaColumn, ValueType};

/// The metadata key under which Arrow and Parquet keep a field's id.
pub const FIELD_ID: &str = "PARQUET:field_id";
/// The metadata key under which an INFO column keeps the key as its header spells it.
pub const INFO_KEY: &str = "annostore:key";

/// Where Parquet has the ids of records of VCF, one by one. They have Bloom filters: who looks one
/// up has no place to prune by.
pub const NAME: &str = "names.list.element";
/// The column of the number of a row's record in its file. No column of a store can have this name.
pub const RECORD_NUMBER: &str = "$record";

/// The column of record numbers, which every data file has behind those of its store; those of
/// earlier programs do not.
pub fn record_number() -> FieldRef {
    Arc::new(field(RECORD_NUMBER, DataType::Int64, 104))
}

/// The columns of a VCF store on disk, in the service's order without `attributes`; then `info`
/// (where the version has INFO columns: Parquet knows no empty struct) and `info_other`.
pub fn vcf_schema(info: &[InfoColumn]) -> SchemaRef {
    let mut fields = vec![
        field("importjobid", DataType::Utf8, 1).with_nullable(false),
        field("contigname", DataType::Utf8, 2).with_nullable(false),
        field("start", DataType::Int64, 3).with_nullable(false),
        field("end", DataType::Int64, 4).with_nullable(false),
        list("names", DataType::Utf8, 5),
        field("referenceallele", DataType::Utf8, 7),
        list("alternatealleles", DataType::Utf8, 8),
        field("qual", DataType::Float64, 10),
        list("filters", DataType::Utf8, 11),
        field("splitfrommultiallelic", DataType::Boolean, 13),
        field("phased", DataType::Boolean, 14),
        list("calls", DataType::Int32, 15),
        list("genotypelikelihoods", DataType::Float64, 17),
        list("phredlikelihoods", DataType::Int32, 19),
        list("alleledepths", DataType::Int32, 21),
        field("conditionalquality", DataType::Int32, 23),
        list("spl", DataType::Int32, 24),
        field("depth", DataType::Int32, 26),
        field("ps", DataType::Int32, 27),
        field("sampleid", DataType::Utf8, 28),
        text_map("information", 29),
        field("annotations", annotations_type(), 32),
    ];
    if !info.is_empty() {
        fields.push(field("info", DataType::Struct(info.iter().map(info_field).collect()), 100));
    }
    fields.push(text_map("info_other", 101));
    Arc::new(Schema::new(fields))
}

/// The columns of a TSV store on disk: those of its schema in order, `end` where the annotation
/// type makes one, and `importjobid`. Every column of the schema keeps its id for the life of the
/// version.
pub fn tsv_schema(columns: &[SchemaColumn]) -> SchemaRef {
    let mut fields: Vec<Field> = columns
        .iter()
        .zip(FIRST_TSV_ID..)
        .map(|(column, id)| field(&column.name, tsv_type(column.data_type), id))
        .collect();
    fields.push(field("importjobid", DataType::Utf8, 1).with_nullable(false));
    Arc::new(Schema::new(fields))
}

/// The columns of a GFF store, in the service's order.
pub fn gff_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        field("importjobid", DataType::Utf8, 1).with_nullable(false),
        field("seqid", DataType::Utf8, 2),
        field("source", DataType::Utf8, 3),
        field("type", DataType::Utf8, 4),
        field("start", DataType::Int64, 5),
        field("end", DataType::Int64, 6),
        field("score", DataType::Float64, 7),
        field("strand", DataType::Utf8, 8),
        field("phase", DataType::Int32, 9),
        field("id", DataType::Utf8, 10),
        field("name", DataType::Utf8, 11),
        field("alias", DataType::Utf8, 12),
        list("parent", DataType::Utf8, 13),
        field("target", DataType::Utf8, 15),
        field("gap", DataType::Utf8, 16),
        field("derivesfrom", DataType::Utf8, 17),
        list("note", DataType::Utf8, 18),
        list("dbxref", DataType::Utf8, 20),
        list("ontologyterm", DataType::Utf8, 22),
        field("is_circular", DataType::Boolean, 24),
        text_map("information", 25),
    ]))
}

/// Field ids of the columns of a TSV schema begin here.
const FIRST_TSV_ID: i32 = 1_000;

fn tsv_type(data_type: ColumnType) -> DataType {
    match data_type {
        ColumnType::Int => DataType::Int32,
        ColumnType::Long => DataType::Int64,
        ColumnType::Float => DataType::Float32,
        ColumnType::Double => DataType::Float64,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::String => DataType::Utf8,
    }
}

/// The field of one INFO key within `info`.
pub fn info_field(column: &InfoColumn) -> FieldRef {
    let value = match column.value {
        ValueType::Integer => DataType::Int64,
        ValueType::Float => DataType::Float64,
        ValueType::String => DataType::Utf8,
        ValueType::Flag => DataType::Boolean,
    };
    let field = if column.list {
        list(&column.name, value, column.field_id)
    } else {
        field(&column.name, value, column.field_id)
    };
    let mut metadata = field.metadata().clone();
    metadata.insert(INFO_KEY.to_owned(), column.key.clone());
    Arc::new(field.with_metadata(metadata))
}

/// `annotations`: a row with a list for VEP and one for `SnpEff`, each with a row per entry.
fn annotations_type() -> DataType {
    let list = |kind: AnnotationKind, id: i32| {
        let mut next = id + 2;
        let mut take = |count: i32| {
            next += count;
            next - count
        };
        let mut entry: Vec<Field> = Vec::new();
        for AnnotationColumn { name, shape, .. } in kind.columns() {
            entry.push(match shape {
                Shape::Text => field(name, DataType::Utf8, take(1)),
                Shape::Texts => self::list(name, DataType::Utf8, take(2)),
                Shape::Pair(first, second) => pair(name, first, second, take(3)),
            });
        }
        entry.push(text_map("extras", take(3)));
        self::list(kind.name(), DataType::Struct(entry.into()), id)
    };
    let vep = list(AnnotationKind::Vep, 33);
    let ann = list(AnnotationKind::Ann, 200);
    DataType::Struct(Fields::from(vec![vep, ann]))
}

/// A row of two texts, with the two ids after its own.
fn pair(name: &str, first: &str, second: &str, id: i32) -> Field {
    let parts = vec![field(first, DataType::Utf8, id + 1), field(second, DataType::Utf8, id + 2)];
    field(name, DataType::Struct(parts.into()), id)
}

fn field(name: &str, data_type: DataType, id: i32) -> Field {
    Field::new(name, data_type, true)
        .with_metadata(HashMap::from([(FIELD_ID.to_owned(), id.to_string())]))
}

/// A list whose element has the id after its own, under Parquet's standard name.
fn list(name: &str, element: DataType, id: i32) -> Field {
    field(name, DataType::List(Arc::new(field("element", element, id + 1))), id)
}

/// A map from text to text; key and value have the two ids after its own.
fn text_map(name: &str, id: i32) -> Field {
    let key = field("key", DataType::Utf8, id + 1).with_nullable(false);
    let value = field("value", DataType::Utf8, id + 2);
    let entries = Field::new("key_value", DataType::Struct(vec![key, value].into()), false);
    field(name, DataType::Map(Arc::new(entries), false), id)
}
