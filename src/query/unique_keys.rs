//! Orders by columns that another one is thought to be unique beside.
//!
//! The keys of a GROUP BY are unique in its rows, and DataFusion leaves out of an ORDER BY what
//! follows columns that are. In 55.2 it finds them by their place, also in a projection upon the
//! rows, where others have that place (`EquivalenceProperties::projected_constraints`): `SELECT n,
//! key … ORDER BY n, key` of rows in the order of `n` was not sorted. So while it is decided what
//! is sorted, nothing is said to be unique below a projection, and no projection that runs knows of
//! it: a sort asks again when it begins.

use std::sync::Arc;

use datafusion::common::{Constraints, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateInputMode};
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
    ReplaceChildrenOptions,
};

use super::physical::{BottomUp, NodeRule, Passing, PassingExec};

/// The rule that decides what is sorted.
const SORTS: &str = "EnsureRequirements";

type Rule = Arc<dyn PhysicalOptimizerRule + Send + Sync>;

/// These rules, the one that decides what is sorted between ours. [`Settled`] is to be the last.
pub fn around_sorts(mut rules: Vec<Rule>) -> Vec<Rule> {
    if let Some(at) = rules.iter().position(|it| it.name() == SORTS) {
        rules.insert(at + 1, Arc::new(BottomUp(Shown)));
        rules.insert(at, Arc::new(BottomUp(Hidden)));
    }
    rules
}

/// The same node upon an input of which nothing is said to be unique; none where that is no other.
fn without_keys(node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let [input] = node.children()[..] else { return Ok(None) };
    if input.equivalence_properties().constraints().is_empty() || !moves_columns(node) {
        return Ok(None);
    }
    let hidden = Arc::new(PassingExec::new(Arc::clone(input), WithoutKeys));
    let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
    Arc::clone(node).replace_children(vec![hidden], options).map(Some)
}

fn moves_columns(node: &Arc<dyn ExecutionPlan>) -> bool {
    match node.downcast_ref::<AggregateExec>() {
        Some(aggregate) => aggregate.mode().input_mode() == AggregateInputMode::Raw,
        None => node.is::<ProjectionExec>() || node.is::<FilterExec>(),
    }
}

/// Hides which columns are unique where they get other places.
#[derive(Debug)]
struct Hidden;

impl NodeRule for Hidden {
    const NAME: &'static str = "hidden_keys";

    fn replaced(&self, node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        without_keys(node)
    }
}

/// Takes away what hides them.
#[derive(Debug)]
struct Shown;

impl NodeRule for Shown {
    const NAME: &'static str = "shown_keys";

    fn replaced(&self, node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let hidden = node.downcast_ref::<PassingExec<WithoutKeys>>();
        Ok(hidden.map(|it| Arc::clone(it.input())))
    }
}

/// Has nodes that give columns other places know nothing of unique ones.
#[derive(Debug)]
pub struct Settled;

impl NodeRule for Settled {
    const NAME: &'static str = "settled_keys";

    fn replaced(&self, node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let Some(hidden) = without_keys(node)? else { return Ok(None) };
        let input = node.children().into_iter().cloned().collect();
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Keep);
        hidden.replace_children(input, options).map(Some)
    }
}

/// The rows of its input, of which no column is said to be unique.
#[derive(Clone, Debug)]
struct WithoutKeys;

impl Passing for WithoutKeys {
    const NAME: &'static str = "WithoutKeys";

    fn properties(&self, input: &Arc<dyn ExecutionPlan>) -> Arc<PlanProperties> {
        let properties = input.properties().as_ref().clone();
        Arc::new(properties.with_constraints(Constraints::default()))
    }

    fn rows(
        &self,
        input: &Arc<dyn ExecutionPlan>,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        input.execute(partition, context)
    }
}
