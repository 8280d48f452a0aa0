//! A statement that was planned, and can be run.

use std::sync::Arc;

use datafusion::common::{DataFusionError, Result};
use datafusion::execution::context::SQLOptions;
use datafusion::execution::session_state::SessionState;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::sql::parser::Statement as DfStatement;

use super::session::{self, Setting};
use super::version_table::VersionTable;
use super::{bounds, notes, recursion, wide};

/// A statement that was planned.
pub struct Prepared {
    state: SessionState,
    /// What is computed.
    pub logical: LogicalPlan,
    /// What runs.
    pub physical: Arc<dyn ExecutionPlan>,
    /// What the statement may not have meant.
    pub notes: Vec<String>,
}

impl Prepared {
    /// Plans a statement over these tables.
    pub async fn of(
        setting: &Setting<'_>,
        tables: session::Resolved,
        statement: DfStatement,
        sources: &[Arc<VersionTable>],
    ) -> Result<Self> {
        let mut state = session::state(setting, tables);
        let plan = state.statement_to_plan(statement).await?;
        // The statement was judged before; this holds should DataFusion make more of it than meets
        // the eye.
        SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false)
            .verify_plan(&plan)?;
        let notes = notes::of(&plan, sources);
        bounds::check_lambdas(&plan)?;
        let bytes = setting.options.batch_bytes;
        let (logical, physical) = match planned(&mut state, &plan, bytes).await {
            Err(error) if is_of_extraction(&error) => {
                let optimizer = &mut state.config_mut().options_mut().optimizer;
                optimizer.enable_leaf_expression_pushdown = false;
                planned(&mut state, &plan, bytes).await?
            }
            planned => planned?,
        };
        Ok(Self { state, logical, physical, notes })
    }

    /// What it runs in.
    pub fn task(&self) -> Arc<TaskContext> {
        self.state.task_ctx()
    }

    /// Starts it.
    pub fn run(self) -> Result<(Arc<dyn ExecutionPlan>, SendableRecordBatchStream)> {
        let stream = execute_stream(Arc::clone(&self.physical), self.state.task_ctx())?;
        Ok((self.physical, stream))
    }
}

async fn planned(
    state: &mut SessionState,
    plan: &LogicalPlan,
    batch_bytes: usize,
) -> Result<(LogicalPlan, Arc<dyn ExecutionPlan>)> {
    let logical = state.optimize(plan)?;
    let most = bounds::batch_size(&logical)?.unwrap_or(usize::MAX);
    let wide = wide::batch_size(&logical, batch_bytes)?;
    let rows = most.min(wide).min(state.config().batch_size());
    *state.config_mut() = state.config().clone().with_batch_size(rows);
    let planner = Arc::clone(state.query_planner());
    let physical = planner.create_physical_plan(&logical, state).await?;
    Ok((logical, recursion::bounded(physical)?))
}

/// Whether DataFusion took fields of rows out of expressions and lost its way with their names, as
/// it does where both sides of a join have some (apache/datafusion, issue 24241).
fn is_of_extraction(error: &DataFusionError) -> bool {
    error.to_string().contains("__datafusion_extracted")
}
