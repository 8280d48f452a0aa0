//! A query that nobody waits for any more ends soon, also where it is in the middle of a join.
//!
//! DataFusion's operators yield to whoever stops them when they read. A join that makes many rows
//! of few reads seldom: [`YieldingJoins`] has it yield with each batch that it makes, and, where
//! its condition lets no row through, fail once the query is [`Abandoned`].

use std::fmt::{self, Display, Formatter};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, FieldRef, Schema};
use datafusion::common::{Result, exec_err, internal_err};
use datafusion::logical_expr::ColumnarValue;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::joins::utils::JoinFilter;
use datafusion::physical_plan::joins::{
    CrossJoinExec, HashJoinExec, NestedLoopJoinExec, NestedLoopJoinExecBuilder,
};

use super::physical::NodeRule;

/// Whether nobody waits for the answer of a query any more.
#[derive(Clone, Debug, Default)]
pub struct Abandoned(Arc<AtomicBool>);

impl Abandoned {
    /// Says so.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Makes joins yield, and end with their query.
#[derive(Debug)]
pub struct YieldingJoins(pub Abandoned);

impl NodeRule for YieldingJoins {
    const NAME: &'static str = "yielding_joins";

    fn replaced(&self, node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        Ok(self.join(node)?.map(|it| Arc::new(CooperativeExec::new(it)) as _))
    }
}

impl YieldingJoins {
    fn join(&self, node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        if let Some(join) = node.downcast_ref::<HashJoinExec>() {
            let Some(filter) = join.filter() else { return Ok(Some(Arc::clone(node))) };
            return join.builder().with_filter(Some(self.ending(filter))).build_exec().map(Some);
        }
        if let Some(join) = node.downcast_ref::<NestedLoopJoinExec>() {
            let Some(filter) = join.filter() else { return Ok(Some(Arc::clone(node))) };
            let join = NestedLoopJoinExecBuilder::from(join);
            let join = join.with_filter(Some(self.ending(filter))).build()?;
            return Ok(Some(Arc::new(join)));
        }
        Ok(node.downcast_ref::<CrossJoinExec>().map(|_| Arc::clone(node)))
    }

    /// The condition, which fails once the query is abandoned.
    fn ending(&self, filter: &JoinFilter) -> JoinFilter {
        let expression = Arc::clone(filter.expression());
        let expression = Arc::new(Ending { expression, abandoned: self.0.clone() });
        let columns = filter.column_indices().to_vec();
        JoinFilter::new(expression, columns, Arc::clone(filter.schema()))
    }
}

/// What the expression gives, as long as somebody waits for it.
#[derive(Debug)]
struct Ending {
    expression: Arc<dyn PhysicalExpr>,
    abandoned: Abandoned,
}

impl PhysicalExpr for Ending {
    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        if self.abandoned.is_set() {
            return exec_err!("the query was given up");
        }
        self.expression.evaluate(batch)
    }

    fn data_type(&self, schema: &Schema) -> Result<DataType> {
        self.expression.data_type(schema)
    }

    fn nullable(&self, schema: &Schema) -> Result<bool> {
        self.expression.nullable(schema)
    }

    fn return_field(&self, schema: &Schema) -> Result<FieldRef> {
        self.expression.return_field(schema)
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        vec![&self.expression]
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn PhysicalExpr>>,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let Ok([expression]) = <[_; 1]>::try_from(children) else {
            return internal_err!("a condition is one expression");
        };
        Ok(Arc::new(Self { expression, abandoned: self.abandoned.clone() }))
    }

    fn fmt_sql(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.expression.fmt_sql(f)
    }
}

impl Display for Ending {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.expression.fmt(f)
    }
}

impl PartialEq for Ending {
    fn eq(&self, other: &Self) -> bool {
        self.expression.eq(&other.expression)
    }
}

impl Eq for Ending {}

impl Hash for Ending {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.expression.hash(state);
    }
}
