//! Orders by columns that another one is thought to be unique beside.
//!
//! The keys of a GROUP BY are unique in its rows, and DataFusion leaves out of an ORDER BY what
//! follows columns that are. In 55.2 it finds them by their place, also in a projection upon the
//! rows, where others have that place (`EquivalenceProperties::projected_constraints`): `SELECT n,
//! key … ORDER BY n, key` of rows in the order of `n` was not sorted. So while it is decided what
//! is sorted, nothing is said to be unique below a projection, and no projection that runs knows of
//! it: a sort asks again when it begins.

use std::fmt::{self, Formatter};
use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Constraints, Result, internal_err};
use datafusion::config::ConfigOptions;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateInputMode};
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties,
    PlanProperties, ReplaceChildrenOptions,
};

/// The rule that decides what is sorted.
const SORTS: &str = "EnsureRequirements";

type Rule = Arc<dyn PhysicalOptimizerRule + Send + Sync>;

/// These rules, the one that decides what is sorted between ours. [`Settled`] is to be the last.
pub fn around_sorts(mut rules: Vec<Rule>) -> Vec<Rule> {
    if let Some(at) = rules.iter().position(|it| it.name() == SORTS) {
        rules.insert(at + 1, Arc::new(Shown));
        rules.insert(at, Arc::new(Hidden));
    }
    rules
}

/// The same node upon an input of which nothing is said to be unique; none where that is no other.
fn without_keys(node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let [input] = node.children()[..] else { return Ok(None) };
    if input.equivalence_properties().constraints().is_empty() || !moves_columns(node) {
        return Ok(None);
    }
    let hidden = Arc::new(WithoutKeys::of(Arc::clone(input)));
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

impl PhysicalOptimizerRule for Hidden {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            Ok(match without_keys(&node)? {
                Some(hidden) => Transformed::yes(hidden),
                None => Transformed::no(node),
            })
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "hidden_keys"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Takes away what hides them.
#[derive(Debug)]
struct Shown;

impl PhysicalOptimizerRule for Shown {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            Ok(match node.downcast_ref::<WithoutKeys>() {
                Some(hidden) => Transformed::yes(Arc::clone(&hidden.input)),
                None => Transformed::no(node),
            })
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "shown_keys"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Has nodes that give columns other places know nothing of unique ones.
#[derive(Debug)]
pub struct Settled;

impl PhysicalOptimizerRule for Settled {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            let Some(hidden) = without_keys(&node)? else { return Ok(Transformed::no(node)) };
            let input = node.children().into_iter().cloned().collect();
            let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Keep);
            hidden.replace_children(input, options).map(Transformed::yes)
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "settled_keys"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// The rows of its input, of which no column is said to be unique.
#[derive(Debug)]
struct WithoutKeys {
    input: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
}

impl WithoutKeys {
    fn of(input: Arc<dyn ExecutionPlan>) -> Self {
        let properties = input.properties().as_ref().clone();
        let properties = Arc::new(properties.with_constraints(Constraints::default()));
        Self { input, properties }
    }
}

impl DisplayAs for WithoutKeys {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut Formatter) -> fmt::Result {
        f.write_str("WithoutKeys")
    }
}

impl ExecutionPlan for WithoutKeys {
    fn name(&self) -> &'static str {
        "WithoutKeys"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([input]) = <[_; 1]>::try_from(children) else {
            return internal_err!("one input was expected");
        };
        Ok(Arc::new(Self::of(input)))
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, options)
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        self.input.execute(partition, context)
    }
}
