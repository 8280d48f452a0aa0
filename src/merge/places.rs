//! Where rows lie.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Int32Type, Int64Type};

use super::order::ContigOrder;

/// The place of a row: the rank of its contig, and its start. Rows without a start come before the
/// others of their contig.
pub type RowPlace = (u32, i64);

/// The places of rows whose last two columns are contig and start.
pub fn places(rows: &RecordBatch, order: &ContigOrder) -> Vec<RowPlace> {
    let columns = rows.num_columns();
    let (contigs, starts) = (rows.column(columns - 2), rows.column(columns - 1));
    let names = contigs.as_string::<i32>();
    let start = |row: usize| match starts.data_type() {
        _ if starts.is_null(row) => i64::MIN,
        DataType::Int32 => i64::from(starts.as_primitive::<Int32Type>().value(row)),
        _ => starts.as_primitive::<Int64Type>().value(row),
    };
    let mut last: Option<(&str, u32)> = None;
    let place = |row: usize| {
        let name = if names.is_valid(row) { names.value(row) } else { "" };
        let rank = match last {
            Some((same, rank)) if same == name => rank,
            _ => order.rank(name),
        };
        last = Some((name, rank));
        (rank, start(row))
    };
    (0..rows.num_rows()).map(place).collect()
}
