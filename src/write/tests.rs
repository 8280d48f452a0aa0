//! What the sinks do with values that their columns cannot take.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Field};

use super::*;
use crate::model::{
    AnnotationKind, AnnotationType, ColumnType, ErrorKind, HalfOpen, InfoColumn, Result,
    SchemaColumn, TsvStoreOptions, ValueType,
};
use crate::read::gff::{Feature, Sink as _, Tag};
use crate::read::tsv::{Sink as _, TsvReading};
use crate::read::vcf::{Elements, Fixed, SampleColumn, Sink as _};

/// Gives a row a value that does not fit.
type Set<T> = fn(&mut T);

fn column(key: &str, value: ValueType, list: bool, field_id: i32) -> InfoColumn {
    let (key, name) = (key.to_owned(), key.to_ascii_lowercase());
    InfoColumn { key, name, value, list, field_id }
}

/// A record with an integer, a list of floats and a list of annotations of VEP.
fn record(samples: usize) -> VcfRows {
    let columns = vec![
        column("DP", ValueType::Integer, false, 10_000),
        column("AF", ValueType::Float, true, 10_002),
    ];
    let samples = (0..samples).map(|it| it.to_string()).collect();
    begun(VcfLayout::new(columns, samples, vec![AnnotationKind::Vep], "job"))
}

/// Rows of a layout whose first record has begun.
fn begun(layout: VcfLayout) -> VcfRows {
    let mut rows = VcfRows::new(&Arc::new(layout));
    rows.record(&Fixed {
        contig: b"1",
        ids: b".",
        reference: b"A",
        alternates: b"C",
        quality: None,
        filters: b".",
        is_split: false,
    });
    rows
}

fn outcome(mut rows: VcfRows) -> Result<Rows> {
    rows.end_record(HalfOpen { start: 0, end: 1 });
    rows.finish()
}

#[track_caller]
fn is_misfit(outcome: Result<Rows>, column: &str) {
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.to_string().ends_with(&format!("of another kind (column: {column})")), "{error}");
}

#[test]
fn values_of_their_columns_are_rows() {
    let mut rows = record(1);
    rows.integer(0, 7);
    Elements::push(rows.floats(1), Some(0.5));
    Elements::finish(rows.floats(1));
    rows.sample(0);
    rows.sample_integer(SampleColumn::Depth, 3);
    assert_eq!(outcome(rows).unwrap().batch.num_rows(), 1);
}

#[test]
fn fields_without_a_value_share_their_nulls() {
    let columns = (0..4).map(|it| {
        let value = if it == 3 { ValueType::String } else { ValueType::Integer };
        column(&format!("K{it}"), value, false, 10_000 + it)
    });
    let layout = VcfLayout::new(columns.collect(), Vec::new(), Vec::new(), "job");
    let mut rows = begun(layout);
    rows.integer(1, 7);
    let batch = outcome(rows).unwrap().batch;
    let info = batch.column_by_name("info").unwrap().as_struct();
    assert!(Arc::ptr_eq(info.column(0), info.column(2)));
    let nulls: Vec<_> = info.columns().iter().map(|it| it.null_count()).collect();
    assert_eq!(nulls, [1, 0, 1, 1]);
}

#[test]
fn a_value_of_another_kind_than_its_info_column_is_an_error() {
    let cases: [(Set<VcfRows>, &str); 9] = [
        (|it| it.integer(1, 7), "AF"),
        (|it| it.float(0, 0.5), "DP"),
        (|it| it.text(0, b"x"), "DP"),
        (|it| it.flag(1), "AF"),
        (|it| Elements::finish(it.integers(0)), "DP"),
        (|it| Elements::finish(it.floats(0)), "DP"),
        (|it| Elements::finish(it.texts(1)), "AF"),
        (|it| it.annotations(AnnotationKind::Ann), "ann"),
        (
            |it| {
                it.annotations(AnnotationKind::Vep);
                it.annotation(AnnotationKind::Vep);
                it.annotation_pair(AnnotationKind::Vep, 0, Some(b"x"), None);
            },
            "allele",
        ),
    ];
    for (set, column) in cases {
        let mut rows = record(1);
        set(&mut rows);
        is_misfit(outcome(rows), column);
    }
}

#[test]
fn a_value_of_another_kind_than_its_sample_column_is_an_error() {
    let cases: [(Set<VcfRows>, &str); 4] = [
        (|it| it.sample_integer(SampleColumn::Calls, 7), "Calls"),
        (|it| Elements::finish(it.sample_integers(SampleColumn::Depth)), "Depth"),
        (|it| Elements::finish(it.sample_floats(SampleColumn::Spl)), "Spl"),
        (|it| it.sample(1), "sampleid"),
    ];
    for (set, column) in cases {
        let mut rows = record(1);
        rows.sample(0);
        set(&mut rows);
        is_misfit(outcome(rows), column);
    }
}

#[test]
fn a_value_of_another_kind_than_its_tsv_column_is_an_error() {
    let schema = vec![SchemaColumn { name: "score".to_owned(), data_type: ColumnType::Float }];
    let store = TsvStoreOptions {
        annotation_type: AnnotationType::Generic,
        format_to_header: BTreeMap::new(),
        schema,
    };
    let layout = Arc::new(TsvLayout::new(&TsvReading::new(store, None).unwrap(), "job"));
    let cases: [Set<TsvRows>; 5] = [
        |it| it.int(0, 1),
        |it| it.long(0, 1),
        |it| it.double(0, 0.5),
        |it| it.boolean(0, true),
        |it| it.text(0, b"x"),
    ];
    for set in cases {
        let mut rows = TsvRows::new(&layout);
        set(&mut rows);
        rows.end_row();
        is_misfit(rows.finish(), "score");
    }
}

#[test]
fn a_value_of_another_kind_than_its_gff_column_is_an_error() {
    let cases: [(Set<GffRows>, &str); 4] = [
        (|it| it.text(Tag::Parent, b"x"), "Parent"),
        (|it| it.begin_list(Tag::Name), "Name"),
        (|it| it.element(Tag::Id, b"x"), "ID"),
        (|it| it.end_list(Tag::Gap), "Gap"),
    ];
    for (set, column) in cases {
        let mut rows = GffRows::new(&Arc::new(GffLayout::new("job")));
        rows.feature(1, &Feature::default());
        set(&mut rows);
        rows.end_feature();
        is_misfit(rows.finish(), column);
    }
}

/// 30 kB for each of 100,000 samples.
#[test]
fn a_record_that_is_too_much_for_its_samples_is_refused_in_words() {
    let mut rows = record(100_000);
    rows.other(b"LONG", &vec![b'x'; 30_000]);
    let error = outcome(rows).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert!(error.message().contains("3000000000 bytes or values in the 100000 rows"), "{error}");
    assert!(error.help().is_some_and(|it| it.contains("bcftools view -s")), "{error}");
}

/// The Parquet ids of a field and of all that is in it.
fn field_ids(field: &Field, ids: &mut Vec<String>) {
    ids.extend(field.metadata().get(schema::FIELD_ID).cloned());
    match field.data_type() {
        DataType::Struct(fields) => fields.iter().for_each(|it| field_ids(it, ids)),
        DataType::List(element) | DataType::Map(element, _) => field_ids(element, ids),
        _ => {}
    }
}

#[test]
fn no_two_columns_have_one_id() {
    let schemas = [
        schema::vcf_schema(&[]),
        schema::gff_schema(),
        schema::tsv_schema(&[SchemaColumn { name: "a".into(), data_type: ColumnType::Int }]),
    ];
    for schema in schemas {
        let mut ids = Vec::new();
        let numbers = RecordNumbers::new(&schema);
        numbers.schema().fields().iter().for_each(|it| field_ids(it, &mut ids));
        assert!(ids.len() > schema.fields().len(), "{ids:?}");
        let distinct: BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len(), "{ids:?}");
    }
}
