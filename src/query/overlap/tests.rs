//! Joins of intervals against DataFusion's own, which compare each row with each.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::util::display::array_value_to_string;
use datafusion::catalog::memory::MemorySourceConfig;
use datafusion::common::{JoinSide, NullEquality, Result};
use datafusion::config::ConfigOptions;
use datafusion::execution::TaskContext;
use datafusion::execution::context::SessionConfig;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{JoinType, Operator};
use datafusion::physical_expr::PhysicalExprRef;
use datafusion::physical_expr::expressions::{Column, binary};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::joins::utils::{ColumnIndex, JoinFilter};
use datafusion::physical_plan::joins::{HashJoinExec, NestedLoopJoinExec, PartitionMode};
use datafusion::physical_plan::{ExecutionPlan, collect_partitioned};
use proptest::prelude::*;

use super::index::{Cursor, Entry, Index, Place, Touching, Window};
use super::rule::OverlapJoins;
use crate::query::physical::BottomUp;

const TYPES: [JoinType; 10] = [
    JoinType::Inner,
    JoinType::Left,
    JoinType::Right,
    JoinType::Full,
    JoinType::LeftSemi,
    JoinType::RightSemi,
    JoinType::LeftAnti,
    JoinType::RightAnti,
    JoinType::LeftMark,
    JoinType::RightMark,
];

/// A contig, a start, an end, and something else: nulls among them, and ends before starts.
type Row = (Option<u8>, Option<i64>, Option<i64>, Option<i64>);

fn a_row() -> impl Strategy<Value = Row> {
    let bound = || {
        prop_oneof![
            12 => (0_i64..60).prop_map(Some),
            1 => Just(None),
            1 => prop_oneof![Just(i64::MIN), Just(i64::MAX)].prop_map(Some)
        ]
    };
    let few = |most: u8| prop::option::weighted(0.9, 0..most);
    (few(3), bound(), bound(), few(4)).prop_map(|(contig, start, end, other)| {
        // Most intervals are short and the right way round.
        let end = match (start, end, other) {
            (Some(start), Some(end), Some(1..)) => Some(start.saturating_add(end % 9)),
            _ => end,
        };
        (contig, start, end, other.map(i64::from))
    })
}

fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(a_row(), 0..most)
}

fn schema() -> SchemaRef {
    let number = |name| Field::new(name, DataType::Int64, true);
    let text = |name| Field::new(name, DataType::Utf8, true);
    let fields = [text("contig"), number("start"), number("end"), number("other"), text("long")];
    Arc::new(Schema::new(fields.to_vec()))
}

fn batch(rows: &[Row]) -> RecordBatch {
    let number = |of: fn(&Row) -> Option<i64>| {
        Arc::new(rows.iter().map(of).collect::<Int64Array>()) as ArrayRef
    };
    let contigs = rows.iter().map(|it| it.0.map(|number| format!("chr{number}")));
    let long = rows.iter().map(|it| it.1.map(|start| format!("{start:0200}")));
    let columns = vec![
        Arc::new(contigs.collect::<StringArray>()) as ArrayRef,
        number(|it| it.1),
        number(|it| it.2),
        number(|it| it.3),
        Arc::new(long.collect::<StringArray>()),
    ];
    RecordBatch::try_new(schema(), columns).unwrap()
}

/// A plan that gives the rows in batches of 20, dealt out to so many streams.
fn scan(rows: &[Row], streams: usize) -> Arc<dyn ExecutionPlan> {
    let mut dealt = vec![Vec::new(); streams];
    for (number, rows) in rows.chunks(20).enumerate() {
        dealt[number % streams].push(batch(rows));
    }
    MemorySourceConfig::try_new_exec(&dealt, schema(), None).unwrap()
}

/// How a join is asked for.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools)]
struct Asked {
    join_type: JoinType,
    low_touches: bool,
    high_touches: bool,
    has_key: bool,
    nulls_are_equal: bool,
    has_rest: bool,
    projection: Option<Vec<usize>>,
}

fn asked() -> impl Strategy<Value = Asked> {
    (prop::sample::select(&TYPES[..]), any::<[bool; 6]>()).prop_map(|(join_type, flags)| {
        let [low_touches, high_touches, has_key, nulls_are_equal, has_rest, projected] = flags;
        let projection = match join_type {
            _ if !projected => None,
            JoinType::Inner | JoinType::Left | JoinType::Right | JoinType::Full => Some(vec![8, 1]),
            _ => Some(Vec::new()),
        };
        Asked {
            join_type,
            low_touches,
            high_touches,
            has_key,
            nulls_are_equal,
            has_rest,
            projection,
        }
    })
}

/// `left.start < right.end AND right.start < left.end`, perhaps with `<=`, and perhaps that the
/// others differ.
fn filter(asked: &Asked) -> JoinFilter {
    let places = [(JoinSide::Left, 1), (JoinSide::Left, 2), (JoinSide::Left, 3)];
    let places = places.into_iter().chain([1, 2, 3].map(|it| (JoinSide::Right, it)));
    let indices: Vec<_> = places.map(|(side, index)| ColumnIndex { index, side }).collect();
    let fields: Vec<_> = indices.iter().map(|it| schema().field(it.index).clone()).collect();
    let schema = Schema::new(fields);
    let column = |it: usize| Arc::new(Column::new(schema.field(it).name(), it)) as PhysicalExprRef;
    let compare = |left, op, right| binary(left, op, right, &schema).unwrap();
    let less = |touches| if touches { Operator::LtEq } else { Operator::Lt };
    let begins = compare(column(0), less(asked.low_touches), column(4));
    let ends = compare(column(3), less(asked.high_touches), column(1));
    let mut all = compare(begins, Operator::And, ends);
    if asked.has_rest {
        let rest = compare(column(2), Operator::NotEq, column(5));
        all = compare(rest, Operator::And, all);
    }
    JoinFilter::new(all, indices, Arc::new(schema))
}

/// The join as DataFusion makes it.
fn nested(left: &[Row], right: &[Row], streams: usize, asked: &Asked) -> Arc<dyn ExecutionPlan> {
    let (left, right) = (scan(left, 1), scan(right, streams));
    let filter = Some(filter(asked));
    let Asked { join_type, projection, .. } = asked.clone();
    if !asked.has_key {
        let join = NestedLoopJoinExec::try_new(left, right, filter, &join_type, projection);
        return Arc::new(join.unwrap());
    }
    let key = || Arc::new(Column::new("contig", 0)) as PhysicalExprRef;
    let nulls = if asked.nulls_are_equal {
        NullEquality::NullEqualsNull
    } else {
        NullEquality::NullEqualsNothing
    };
    let (mode, on) = (PartitionMode::CollectLeft, vec![(key(), key())]);
    let join =
        HashJoinExec::try_new(left, right, on, filter, &join_type, projection, mode, nulls, false);
    Arc::new(join.unwrap())
}

fn ours(plan: Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
    let plan = BottomUp(OverlapJoins).optimize(plan, &ConfigOptions::default()).unwrap();
    assert_eq!(plan.name(), "OverlapJoinExec");
    plan
}

/// All rows of a plan as texts, in order.
fn answer(plan: &Arc<dyn ExecutionPlan>, memory: usize) -> Result<Vec<String>> {
    let pool = Arc::new(FairSpillPool::new(memory));
    let runtime = RuntimeEnvBuilder::new().with_memory_pool(pool).build_arc()?;
    let config = SessionConfig::new().with_batch_size(7);
    let context = TaskContext::default().with_runtime(runtime).with_session_config(config);
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let batches = tokio.block_on(collect_partitioned(Arc::clone(plan), Arc::new(context)))?;
    let mut rows = Vec::new();
    for batch in batches.iter().flatten() {
        assert_eq!(batch.schema(), plan.schema());
        let is_ours = plan.name() == "OverlapJoinExec";
        assert!(!is_ours || batch.num_rows() <= 20, "a batch has {} rows", batch.num_rows());
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().map(|it| array_value_to_string(it, row).unwrap());
            rows.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    rows.sort_unstable();
    Ok(rows)
}

const PLENTY: usize = 1 << 30;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_join_of_intervals_gives_what_nested_loops_give(
        left in rows(70),
        right in rows(70),
        streams in 1_usize..4,
        asked in asked(),
    ) {
        let wanted = answer(&nested(&left, &right, streams, &asked), PLENTY).unwrap();
        let seen = answer(&ours(nested(&left, &right, streams, &asked)), PLENTY).unwrap();
        prop_assert_eq!(seen, wanted);
    }

    #[test]
    fn so_it_does_where_it_has_little_memory(
        left in rows(300),
        right in rows(150),
        streams in 1_usize..3,
        asked in asked(),
    ) {
        let wanted = answer(&nested(&left, &right, streams, &asked), PLENTY).unwrap();
        let plan = ours(nested(&left, &right, streams, &asked));
        prop_assert_eq!(answer(&plan, 40 << 10).unwrap(), wanted);
        let spilled = plan.metrics().and_then(|it| it.spilled_rows()).unwrap_or(0);
        prop_assert!(left.len() < 150 || spilled > 100, "{spilled} rows were spilled");
    }

    #[test]
    fn an_index_finds_what_a_look_at_each_interval_finds(
        intervals in prop::collection::vec((0_u32..3, 0_i64..1000, 0_i64..1000), 0..700),
        windows in prop::collection::vec((0_u32..3, 0_i64..1000, 0_i64..1000), 1..80),
        sorted in any::<bool>(),
        touching in any::<[bool; 2]>(),
    ) {
        let [low, high] = touching;
        let place = |row: usize| Place { batch: 0, row: u32::try_from(row).unwrap() };
        let entry = |(row, (group, one, other)): (usize, &(u32, i64, i64))| {
            // One in ten is long, so that it hides what stands behind it.
            let length = if row % 10 == 0 { *other } else { other % 20 - 2 };
            Entry { group: *group, low: *one, high: one + length, place: place(row) }
        };
        let entries: Vec<Entry> = intervals.iter().enumerate().map(entry).collect();
        let index = Index::new(entries.clone(), 3, Touching { low, high });
        let mut windows = windows;
        if sorted {
            windows.sort_unstable();
        }
        let mut cursor = Cursor::default();
        for (group, after, length) in windows {
            let window = Window { group, before: after + length % 30 - 5, after };
            let mut among = index.candidates(window, &mut cursor);
            let mut seen = Vec::new();
            while let Some(at) = index.next(among.clone(), after) {
                seen.push(index.place(at).row);
                among.start = at + 1;
            }
            seen.sort_unstable();
            let meets = |it: &&Entry| {
                it.group == group
                    && (it.low < window.before || low && it.low == window.before)
                    && (it.high > after || high && it.high == after)
            };
            let wanted: Vec<u32> = entries.iter().filter(meets).map(|it| it.place.row).collect();
            prop_assert_eq!(seen, wanted);
        }
    }
}
