//! Each format with the values that are hard to write in it.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal256Array, Float64Array, Int32Builder, Int64Array, ListArray, ListBuilder,
    MapBuilder, RecordBatch, StringArray, StringBuilder,
};
use arrow::datatypes::{Int64Type, i256};
use arrow::ipc::reader::{FileReader, StreamReader};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;

fn sample() -> RecordBatch {
    let mut list = ListBuilder::new(Int32Builder::new());
    list.append_value([Some(1), None]);
    list.append_null();
    list.append_value([]);
    let mut map = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    map.keys().append_value("DB");
    map.values().append_value("");
    map.keys().append_value("X");
    map.values().append_null();
    map.append(true).unwrap();
    map.append(false).unwrap();
    map.append(true).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("n", Arc::new(Int64Array::from(vec![Some(i64::MAX), None, Some(-1)]))),
        ("f", Arc::new(Float64Array::from(vec![f64::NAN, f64::NEG_INFINITY, -0.0]))),
        ("s", Arc::new(StringArray::from(vec![Some("a\t\"b\",\n\\"), None, Some("")]))),
        ("l", Arc::new(list.finish())),
        ("m", Arc::new(map.finish())),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn bytes(format: &'static AnswerFormat, file: bool, batch: &RecordBatch) -> Vec<u8> {
    let mut out = Vec::new();
    let layout = Layout { file, ..Layout::stream(format) };
    let mut batches = [Ok(batch.clone())].into_iter();
    write(layout, &batch.schema(), &mut batches, &mut out).unwrap();
    out
}

fn text(format: &'static AnswerFormat) -> String {
    String::from_utf8(bytes(format, false, &sample())).unwrap()
}

#[test]
fn ndjson_writes_every_column_of_every_row() {
    assert_eq!(
        text(&NDJSON),
        "{\"n\":9223372036854775807,\"f\":\"NaN\",\"s\":\"a\\t\\\"b\\\",\\n\\\\\",\
         \"l\":[1,null],\"m\":{\"DB\":\"\",\"X\":null}}\n\
         {\"n\":null,\"f\":\"-Infinity\",\"s\":null,\"l\":null,\"m\":null}\n\
         {\"n\":-1,\"f\":-0.0,\"s\":\"\",\"l\":[],\"m\":{}}\n"
    );
}

#[test]
fn json_is_one_array() {
    let values: Vec<serde_json::Value> = serde_json::from_str(&text(&JSON)).unwrap();
    assert_eq!(values.len(), 3);
    assert_eq!(values[0]["n"], serde_json::json!(i64::MAX));
    let empty = sample().slice(0, 0);
    assert_eq!(bytes(&JSON, false, &empty), b"[]\n");
}

#[test]
fn csv_tells_null_from_empty_text() {
    assert_eq!(
        text(&CSV),
        "n,f,s,l,m\n\
         9223372036854775807,NaN,\"a\t\"\"b\"\",\n\\\",\"[1,null]\",\
         \"{\"\"DB\"\":\"\"\"\",\"\"X\"\":null}\"\n\
         ,-Infinity,,,\n\
         -1,-0.0,\"\",[],{}\n"
    );
}

#[test]
fn tsv_escapes_what_would_break_its_lines() {
    let text = text(&TSV);
    assert!(
        text.starts_with("n\tf\ts\tl\tm\n9223372036854775807\tNaN\ta\\t\"b\",\\n\\\\\t[1,null]\t")
    );
    assert_eq!(text.lines().count(), 4);
}

#[test]
fn a_table_escapes_control_characters_and_cuts_wide_cells() {
    let wide = "x".repeat(50);
    let batch = RecordBatch::try_from_iter([
        ("n", Arc::new(Int64Array::from(vec![Some(5), None])) as ArrayRef),
        ("s", Arc::new(StringArray::from(vec!["\u{1b}[31m\u{202e}", &wide])) as ArrayRef),
    ])
    .unwrap();
    let mut out = Vec::new();
    let layout = Layout { cell_width: Some(20), ..Layout::stream(&TABLE) };
    let mut batches = [Ok(batch.clone())].into_iter();
    let written = write(layout, &batch.schema(), &mut batches, &mut out).unwrap();
    assert_eq!(written, Written { rows: 2, cut: true, columns_left_out: 0 });
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "+------+----------------------+\n\
         | n    | s                    |\n\
         +------+----------------------+\n\
         |    5 | \\u{1b}[31m\\u{202e}   |\n\
         | NULL | xxxxxxxxxxxxxxxxxxx… |\n\
         +------+----------------------+\n"
    );
}

#[test]
fn a_table_cuts_no_number() {
    let long = Decimal256Array::from(vec![i256::from_string(&"7".repeat(30)).unwrap()]);
    let lists = ListArray::from_iter_primitive::<Int64Type, _, _>([Some(vec![
        Some(12_345),
        Some(67_890),
        Some(-24_680),
    ])]);
    let batch = RecordBatch::try_from_iter([
        ("d", Arc::new(long.with_precision_and_scale(40, 5).unwrap()) as ArrayRef),
        ("l", Arc::new(lists) as ArrayRef),
    ])
    .unwrap();
    let mut out = Vec::new();
    let layout = Layout { cell_width: Some(12), ..Layout::stream(&TABLE) };
    let mut batches = [Ok(batch.clone())].into_iter();
    write(layout, &batch.schema(), &mut batches, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    let number = format!("{}.{}", "7".repeat(25), "7".repeat(5));
    assert!(out.contains(&format!("| {number} | [… 3 more] |")), "{out}");
    assert!(out.lines().all(|it| it.chars().count() == out.lines().next().unwrap().len()), "{out}");
}

#[test]
fn a_table_without_rows_has_a_head() {
    let out = String::from_utf8(bytes(&TABLE, false, &sample().slice(0, 0))).unwrap();
    assert_eq!(out.lines().count(), 4);
    assert!(out.contains("| n | f | s | l | m |"));
}

#[test]
fn parquet_and_arrow_read_back() {
    let batch = sample();
    let parquet = bytes(&PARQUET, true, &batch);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&parquet).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let back: Vec<_> = reader.build().unwrap().map(Result::unwrap).collect();
    assert_eq!(back[0].column(3), batch.column(3));
    let file = bytes(&ARROW, true, &batch);
    let back = FileReader::try_new(std::io::Cursor::new(file), None).unwrap().next().unwrap();
    assert_eq!(back.unwrap(), batch);
    let stream = bytes(&ARROW, false, &batch);
    let back = StreamReader::try_new(std::io::Cursor::new(stream), None).unwrap().next().unwrap();
    assert_eq!(back.unwrap(), batch);
}

#[test]
fn columns_of_one_name_are_numbered() {
    let batch = RecordBatch::try_from_iter([
        ("start", Arc::new(Int64Array::from(vec![1])) as ArrayRef),
        ("start", Arc::new(Int64Array::from(vec![2])) as ArrayRef),
    ])
    .unwrap();
    assert_eq!(bytes(&NDJSON, false, &batch), b"{\"start\":1,\"start_2\":2}\n");
}

#[test]
fn a_file_name_tells_the_format() {
    assert_eq!(AnswerFormat::of_path(Path::new("x.parquet")), Some(&PARQUET));
    assert_eq!(AnswerFormat::of_path(Path::new("x.JSONL")), Some(&NDJSON));
    assert_eq!(AnswerFormat::of_path(Path::new("x")), None);
}

fn on_screen(width: usize, batch: &RecordBatch) -> (String, Written) {
    let mut out = Vec::new();
    let layout = Layout { cell_width: Some(60), width: Some(width), ..Layout::stream(&TABLE) };
    let mut batches = [Ok(batch.clone())].into_iter();
    let written = write(layout, &batch.schema(), &mut batches, &mut out).unwrap();
    (String::from_utf8(out).unwrap(), written)
}

#[test]
fn a_narrow_screen_narrows_cells_and_then_leaves_out_columns_in_the_middle() {
    let text = |it: &str| Arc::new(StringArray::from(vec![it.to_owned()])) as ArrayRef;
    let number = Arc::new(Int64Array::from(vec![1_234_567_890_123])) as ArrayRef;
    let long = "x".repeat(50);
    let columns = [("a", text(&long)), ("b", number.clone()), ("c", text(&long)), ("d", number)];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let (table, written) = on_screen(150, &batch);
    assert!(table.contains(&long) && !written.cut, "{table}");
    let (table, written) = on_screen(100, &batch);
    assert!(table.lines().all(|it| it.chars().count() <= 100), "{table}");
    assert!(written.cut && written.columns_left_out == 0, "{table}");
    let (table, written) = on_screen(70, &batch);
    let head = format!("| a{} | b             | … | d             |", " ".repeat(23));
    assert_eq!(table.lines().nth(1), Some(head.as_str()));
    assert_eq!(written.columns_left_out, 1);
    assert!(table.contains("1234567890123 | … | 1234567890123 |"), "{table}");
    let (table, written) = on_screen(5, &batch);
    assert_eq!(written.columns_left_out, 3, "{table}");
}

#[test]
fn long_lists_are_shortened_with_a_count_and_short_ones_are_whole() {
    let list = |values: Vec<i64>| {
        let lists =
            ListArray::from_iter_primitive::<Int64Type, _, _>([Some(values.into_iter().map(Some))]);
        RecordBatch::try_from_iter([("l", Arc::new(lists) as ArrayRef)]).unwrap()
    };
    let shown = |values, limit| {
        let batch: RecordBatch = list(values);
        shown::shown(batch.column(0), 0, limit).text
    };
    assert_eq!(shown(vec![1, 2, 3], 9), "[1, 2, 3]");
    assert_eq!(shown(vec![1, 2, 3, 4, 5], 14), "[1, … 4 more]");
    assert_eq!(shown((0..1000).collect(), 20), "[0, 1, … 998 more]");
    assert_eq!(shown(vec![123_456_789], 5), "[… 1 more]");
    assert_eq!(shown(vec![i64::MAX], 4), "[… 1 more]");
}

#[test]
fn records_have_a_line_for_each_column_and_key() {
    let text = text(&RECORDS);
    let first = "-[ record 1 ]------------\n\
                 n       | 9223372036854775807\n\
                 f       | NaN\n\
                 s       | a\\t\"b\",\\n\\\n\
                 l       | [1, NULL]\n\
                 m['DB'] | \n\
                 m['X']  | NULL\n";
    assert!(text.starts_with("-[ record 1 ]"), "{text}");
    let body = |it: &str| it.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(body(&text)[..6], body(first)[..6], "{text}");
    assert!(text.contains("-[ record 3 ]"), "{text}");
}

#[test]
fn names_of_columns_may_be_left_out() {
    for (format, lines) in [(&TABLE, 5), (&CSV, 4), (&TSV, 3)] {
        let mut out = Vec::new();
        let layout = Layout { header: false, ..Layout::stream(format) };
        let mut batches = [Ok(sample())].into_iter();
        write(layout, &sample().schema(), &mut batches, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.lines().count(), lines, "{out}");
        assert!(!out.contains(" l ") && !out.starts_with('n'), "{out}");
    }
}
