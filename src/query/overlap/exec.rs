//! The join of intervals as an operator of DataFusion.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::config::ConfigOptions;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::JoinType;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr, PhysicalExprRef};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::filter_pushdown::{
    ChildFilterDescription, ChildPushdownResult, FilterDescription, FilterPushdownPhase,
    FilterPushdownPropagation,
};
use datafusion::physical_plan::joins::utils::{JoinFilter, build_join_schema};
use datafusion::physical_plan::metrics::{
    ExecutionPlanMetricsSet, MetricBuilder, MetricsSet, SpillMetrics,
};
use datafusion::physical_plan::projection::{
    EmbeddedProjection, ProjectionExec, try_embed_projection,
};
use datafusion::physical_plan::spill::SpillManager;
use datafusion::physical_plan::stream::RecordBatchReceiverStream;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, Distribution, ExecutionPlan,
    ExecutionPlanProperties, InputDistributionRequirements, Partitioning, PlanProperties,
    ReplaceChildrenOptions, apply_expression_roots,
};
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use super::build::{Build, Built};
use super::form::OverlapForm;
use super::keys::Keys;
use super::narrow::Narrowing;
use super::output::Output;
use super::probe::{Join, Probe};

/// Batches that may wait for whoever reads the join.
const WAITING: usize = 2;

/// The kept side, for whoever waits for it.
type SharedBuilt = Shared<BoxFuture<'static, Result<Arc<Built>, Arc<DataFusionError>>>>;

/// A join of intervals: the left side is kept in an order in which what overlaps is found, the
/// right side streams.
pub struct OverlapJoinExec {
    left: Arc<dyn ExecutionPlan>,
    right: Arc<dyn ExecutionPlan>,
    nulls_are_equal: bool,
    /// The columns of the join that are wanted; all where there are none.
    projection: Option<Vec<usize>>,
    join: Arc<Join>,
    /// What the right side leaves out, where it can.
    narrowing: Option<Narrowing>,
    built: Mutex<Option<SharedBuilt>>,
    metrics: ExecutionPlanMetricsSet,
    properties: Arc<PlanProperties>,
}

impl OverlapJoinExec {
    /// The join of two sides.
    pub fn try_new(
        left: Arc<dyn ExecutionPlan>,
        right: Arc<dyn ExecutionPlan>,
        form: OverlapForm,
        nulls_are_equal: bool,
        join_type: JoinType,
        projection: Option<Vec<usize>>,
    ) -> Result<Self> {
        let (schema, columns) = build_join_schema(&left.schema(), &right.schema(), &join_type);
        let output = match &projection {
            None => Output { schema: Arc::new(schema), columns, join_type },
            Some(wanted) => Output {
                schema: Arc::new(schema.project(wanted)?),
                columns: wanted.iter().filter_map(|it| columns.get(*it).cloned()).collect(),
                join_type,
            },
        };
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&output.schema)),
            Partitioning::UnknownPartitioning(right.output_partitioning().partition_count()),
            if output.marks_left() { EmissionType::Both } else { EmissionType::Incremental },
            Boundedness::Bounded,
        );
        let keys = |it: &[_]| Keys::new(it, nulls_are_equal);
        let join = Join {
            left_keys: Arc::new(keys(&form.left.key_types(&left.schema())?)?),
            right_keys: keys(&form.right.key_types(&right.schema())?)?,
            form,
            output,
        };
        Ok(Self {
            left,
            right,
            nulls_are_equal,
            projection,
            join: Arc::new(join),
            narrowing: None,
            built: Mutex::default(),
            metrics: ExecutionPlanMetricsSet::new(),
            properties: Arc::new(properties),
        })
    }

    /// The same with other sides, or with other columns.
    fn again(
        &self,
        left: &Arc<dyn ExecutionPlan>,
        right: &Arc<dyn ExecutionPlan>,
        projection: Option<Vec<usize>>,
    ) -> Result<Self> {
        let (form, join_type) = (self.join.form.clone(), self.join.output.join_type);
        let (left, right) = (Arc::clone(left), Arc::clone(right));
        let join = Self::try_new(left, right, form, self.nulls_are_equal, join_type, projection)?;
        Ok(Self { narrowing: self.narrowing.clone(), ..join })
    }

    /// Whether rows of the right side that meet none are left out of the answer.
    fn may_narrow(&self) -> bool {
        let (_, right) = self.join.output.join_type.on_lr_is_preserved();
        right && !self.nulls_are_equal
    }

    fn spills(
        &self,
        side: &Arc<dyn ExecutionPlan>,
        stream: usize,
        on: &TaskContext,
    ) -> SpillManager {
        let metrics = SpillMetrics::new(&self.metrics, stream);
        SpillManager::new(on.runtime_env(), metrics, side.schema())
    }

    /// The kept side, which the first stream that asks for it begins to read.
    fn built(&self, stream: usize, context: &Arc<TaskContext>) -> Result<SharedBuilt> {
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(built) = built.as_ref() {
            return Ok(built.clone());
        }
        let input = self.left.execute(0, Arc::clone(context))?;
        let reader = Build {
            reading: self.join.reading(),
            context: Arc::clone(context),
            spills: self.spills(&self.left, stream, context),
            streams: self.right.output_partitioning().partition_count(),
            marks: self.join.output.marks_left(),
        };
        let (narrowing, join) = (self.narrowing.clone(), Arc::clone(&self.join));
        let right = self.right.schema();
        let reads = reader.read(input).map(move |read| {
            let told = read.and_then(|built| {
                if let Some(narrowing) = narrowing {
                    narrowing.tell(built.kept(), &join.form, &right)?;
                }
                Ok(Arc::new(built))
            });
            told.map_err(Arc::new)
        });
        Ok(built.insert(reads.boxed().shared()).clone())
    }
}

impl EmbeddedProjection for OverlapJoinExec {
    fn with_projection(&self, projection: Option<Vec<usize>>) -> Result<Self> {
        let projection = match (projection, &self.projection) {
            (None, before) => before.clone(),
            (after, None) => after,
            (Some(after), Some(before)) => {
                Some(after.iter().filter_map(|it| before.get(*it).copied()).collect())
            }
        };
        self.again(&self.left, &self.right, projection)
    }
}

impl ExecutionPlan for OverlapJoinExec {
    fn name(&self) -> &'static str {
        "OverlapJoinExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn input_distribution_requirements(&self) -> InputDistributionRequirements {
        InputDistributionRequirements::new(vec![
            Distribution::SinglePartition,
            Distribution::UnspecifiedDistribution,
        ])
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.left, &self.right]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        let OverlapForm { left, right, rest, .. } = &self.join.form;
        let rest = rest.iter().map(JoinFilter::expression);
        apply_expression_roots(left.all().chain(right.all()).chain(rest), f)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([left, right]) = <[_; 2]>::try_from(children) else {
            return internal_err!("a join of intervals has two sides");
        };
        Ok(Arc::new(self.again(&left, &right, self.projection.clone())?))
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, options)
    }

    fn try_swapping_with_projection(
        &self,
        projection: &ProjectionExec,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        try_embed_projection(projection, self)
    }

    fn dynamic_expressions_produced(&self) -> Vec<PhysicalExprRef> {
        self.narrowing.iter().map(|it| Arc::clone(it.filter()) as _).collect()
    }

    fn gather_filters_for_pushdown(
        &self,
        phase: FilterPushdownPhase,
        parents: Vec<PhysicalExprRef>,
        config: &ConfigOptions,
    ) -> Result<FilterDescription> {
        let left = ChildFilterDescription::all_unsupported(&parents);
        let mut right = ChildFilterDescription::all_unsupported(&parents);
        let is_allowed = config.optimizer.enable_join_dynamic_filter_pushdown;
        let is_time = matches!(phase, FilterPushdownPhase::Post) && self.narrowing.is_none();
        if is_allowed && is_time && self.may_narrow() {
            right = right.with_self_filter(Narrowing::filter_of(&self.join.form.right));
        }
        Ok(FilterDescription::new().with_child(left).with_child(right))
    }

    fn handle_child_pushdown_result(
        &self,
        _: FilterPushdownPhase,
        pushed: ChildPushdownResult,
        _: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn ExecutionPlan>>> {
        let ours = pushed.self_filters.get(1).and_then(|it| it.first());
        let ours = ours.map(|it| Arc::clone(&it.predicate) as Arc<dyn Any + Send + Sync>);
        let result = FilterPushdownPropagation::if_all(pushed);
        let Some(Ok(filter)) = ours.map(Arc::downcast) else { return Ok(result) };
        let join = self.again(&self.left, &self.right, self.projection.clone())?;
        let narrowing = Some(Narrowing::of(filter));
        Ok(result.with_updated_node(Arc::new(Self { narrowing, ..join })))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let built = self.built(partition, &context)?;
        let input = self.right.execute(partition, Arc::clone(&context))?;
        let schema = Arc::clone(&self.join.output.schema);
        let mut rows = RecordBatchReceiverStream::builder(schema, WAITING);
        let probe = Probe {
            join: Arc::clone(&self.join),
            kept_spills: self.spills(&self.left, partition, &context),
            spills: self.spills(&self.right, partition, &context),
            context,
            out: rows.tx(),
            made: MetricBuilder::new(&self.metrics).output_rows(partition),
        };
        rows.spawn(async move {
            let built = built.await.map_err(DataFusionError::Shared)?;
            probe.run(&built, input).await
        });
        Ok(rows.build())
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}

impl DisplayAs for OverlapJoinExec {
    fn fmt_as(&self, form: DisplayFormatType, f: &mut fmt::Formatter) -> fmt::Result {
        let OverlapForm { left, right, touching, rest } = &self.join.form;
        let (less, greater) =
            (if touching.low { "<=" } else { "<" }, if touching.high { ">=" } else { ">" });
        let join_type = self.join.output.join_type;
        if matches!(form, DisplayFormatType::TreeRender) {
            return writeln!(f, "join_type={join_type}");
        }
        write!(f, "OverlapJoinExec: join_type={join_type}, on=[")?;
        for (number, (one, other)) in left.keys.iter().zip(&right.keys).enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            write!(f, "{comma}({one}, {other})")?;
        }
        write!(f, "], bounds=[{} {less} {}, ", left.below, right.below)?;
        write!(f, "{} {greater} {}]", left.above, right.above)?;
        if let Some(rest) = rest {
            write!(f, ", filter={}", rest.expression())?;
        }
        match &self.projection {
            Some(columns) => write!(f, ", projection={columns:?}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for OverlapJoinExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OverlapJoinExec")
            .field("left", &self.left)
            .field("right", &self.right)
            .field("join", &self.join)
            .finish_non_exhaustive()
    }
}
