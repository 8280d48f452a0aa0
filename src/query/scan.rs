//! How far the scans of a query have come.

use std::sync::Arc;

use datafusion::datasource::physical_plan::FileScanConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::{MetricValue, MetricsSet};

use super::files::FileScan;

/// The scans of a query, for whoever watches them from another thread.
#[derive(Clone)]
pub struct Scan {
    plan: Arc<dyn ExecutionPlan>,
}

/// How far scans have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scanned {
    /// Rows that were looked at.
    pub rows: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// How much was done, of how much, where that is known.
    pub done: Option<(u64, u64)>,
}

impl Scan {
    pub(super) fn of(plan: &Arc<dyn ExecutionPlan>) -> Self {
        Self { plan: Arc::clone(plan) }
    }

    /// How far they have come by now.
    pub fn now(&self) -> Scanned {
        let mut scanned = Scanned::default();
        look(&self.plan, &mut scanned);
        scanned
    }
}

fn look(plan: &Arc<dyn ExecutionPlan>, scanned: &mut Scanned) {
    plan.children().into_iter().for_each(|child| look(child, scanned));
    let Some(scan) = plan.downcast_ref::<DataSourceExec>() else { return };
    if let Some(file) = scan.data_source().downcast_ref::<FileScan>() {
        let (rows, bytes, all) = file.progress();
        scanned.rows += rows;
        scanned.bytes += bytes;
        let (done, of) = scanned.done.unwrap_or_default();
        scanned.done = (of + all > 0).then_some((done + bytes, of + all));
        return;
    }
    let Some(files) = scan.data_source().downcast_ref::<FileScanConfig>() else { return };
    let metrics = plan.metrics().unwrap_or_default();
    // Rows that a filter left out while reading have been looked at as well.
    let pruned = sum(&metrics, "pushdown_rows_pruned") + pages_pruned(&metrics);
    let rows = metrics.output_rows().unwrap_or(0) as u64 + pruned;
    scanned.rows += rows;
    scanned.bytes += sum(&metrics, "bytes_scanned");
    if let Some(all) = files.statistics().num_rows.get_value() {
        let (done, of) = scanned.done.unwrap_or_default();
        scanned.done = Some((done + rows, of + *all as u64));
    }
}

fn sum(metrics: &MetricsSet, name: &str) -> u64 {
    metrics.sum_by_name(name).map_or(0, |it| it.as_usize() as u64)
}

/// Rows of pages that need not be read.
fn pages_pruned(metrics: &MetricsSet) -> u64 {
    let pruned = metrics.iter().filter_map(|metric| match metric.value() {
        MetricValue::PruningMetrics { name, pruning_metrics }
            if name == "page_index_rows_pruned" =>
        {
            Some(pruning_metrics.pruned() as u64)
        }
        _ => None,
    });
    pruned.sum()
}
