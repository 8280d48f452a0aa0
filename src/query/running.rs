//! A query on its way.

use std::sync::Arc;

use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::ExecutionPlan;

use super::abandoned::Abandoned;
use super::files::Told;
use super::version_table::VersionTable;

/// A query that was planned and runs.
pub struct Running {
    /// Its rows.
    pub stream: SendableRecordBatchStream,
    /// What runs.
    pub plan: Arc<dyn ExecutionPlan>,
    /// Ends it.
    pub abandoned: Abandoned,
    /// The tables it reads. They keep the data files.
    pub sources: Vec<Arc<VersionTable>>,
    /// What it may not have meant.
    pub notes: Vec<String>,
    /// Takes what is to be said of files once they were read.
    pub told: Told,
}
