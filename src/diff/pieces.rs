//! The versions in pieces that fit into memory: ranges of positions, or shares of all rows.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};

use super::columns::{BothColumns, internal};
use super::key::{Side, quoted};
use super::piece::DiffPiece;
use crate::model::Result;
use crate::query::Engine;
use crate::write::CoordinateNames;

/// Rows of a piece, about, on the side that has more.
const ROWS: i64 = 1 << 16;
/// Rows of a share of all: each share reads the versions anew.
const ROWS_OF_SHARE: i64 = 1 << 19;
/// Bases whose rows are counted together.
const BIN: i64 = 1 << 12;

/// Contig and bin of rows.
type Bin = (Option<String>, Option<i64>);

/// The pieces of two versions, in the order of contigs and positions.
pub fn pieces(
    engine: &Engine,
    sides: &[Side; 2],
    columns: &BothColumns,
    regions: &[String],
) -> Result<Vec<DiffPiece>> {
    let coordinates = sides[0].coordinates().filter(|it| {
        columns.is_key(&it.contig) && columns.is_key(&it.start) && columns.is_integer(&it.start)
    });
    let Some(coordinates) = coordinates else {
        let rows = sides.iter().map(Side::rows).max().unwrap_or_default();
        let shares = u64::try_from(rows / ROWS_OF_SHARE + 1).unwrap_or(1);
        return Ok((0..shares).map(|it| DiffPiece::Share(it, shares)).collect());
    };
    let mut bins: BTreeMap<Bin, i64> = BTreeMap::new();
    for side in sides {
        for (bin, rows) in counted(engine, side, &coordinates, regions)? {
            let most = bins.entry(bin).or_default();
            *most = rows.max(*most);
        }
    }
    Ok(ranges(&bins, &coordinates))
}

/// How many rows each bin of a version has.
fn counted(
    engine: &Engine,
    side: &Side,
    names: &CoordinateNames,
    regions: &[String],
) -> Result<Vec<(Bin, i64)>> {
    let (contig, start) = (quoted(&names.contig), quoted(&names.start));
    // Division goes towards zero.
    let bin = format!("({start} - CASE WHEN {start} < 0 THEN {} ELSE 0 END) / {BIN}", BIN - 1);
    let sql = format!(
        "SELECT {contig} AS c, CAST({bin} AS bigint) AS b, count(*) AS n FROM {} GROUP BY 1, 2",
        side.sql
    );
    let mut bins = Vec::new();
    for batch in engine.query(&sql, regions)? {
        let batch = batch?;
        let texts = cast(batch.column(0), &DataType::Utf8).map_err(internal)?;
        let contigs = texts.as_string::<i32>();
        let (bases, rows) = (batch.column(1).as_primitive::<Int64Type>(), batch.column(2));
        let rows = rows.as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let contig = contigs.is_valid(row).then(|| contigs.value(row).to_owned());
            let bin = bases.is_valid(row).then(|| bases.value(row));
            bins.push(((contig, bin), rows.value(row)));
        }
    }
    Ok(bins)
}

/// Bins of a contig that are read together; none for rows without a position.
struct Range<'a> {
    contig: Option<&'a str>,
    bins: Option<(i64, i64)>,
    rows: i64,
}

/// Puts bins together that have few rows.
fn ranges(bins: &BTreeMap<Bin, i64>, names: &CoordinateNames) -> Vec<DiffPiece> {
    let mut ranges: Vec<Range<'_>> = Vec::new();
    for ((contig, bin), rows) in bins {
        let contig = contig.as_deref();
        if let Some(last) = ranges.last_mut()
            && let (Some((_, to)), Some(bin)) = (&mut last.bins, bin)
            && last.contig == contig
            && last.rows + rows <= ROWS
        {
            *to = *bin;
            last.rows += rows;
        } else {
            ranges.push(Range { contig, bins: bin.map(|it| (it, it)), rows: *rows });
        }
    }
    ranges.iter().map(|it| range(names, it.contig, it.bins)).collect()
}

/// The rows of a contig from one bin to another.
fn range(names: &CoordinateNames, contig: Option<&str>, bins: Option<(i64, i64)>) -> DiffPiece {
    let (column, start) = (quoted(&names.contig), quoted(&names.start));
    let contig = match contig {
        Some(contig) => format!("{column} = '{}'", contig.replace('\'', "''")),
        None => format!("{column} IS NULL"),
    };
    let place = match bins {
        Some((from, to)) => {
            let (from, end) = (from.saturating_mul(BIN), (to + 1).saturating_mul(BIN));
            format!("{start} >= {from} AND {start} < {end}")
        }
        None => format!("{start} IS NULL"),
    };
    DiffPiece::Where(format!("{contig} AND {place}"))
}
