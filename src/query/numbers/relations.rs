//! What a FROM may hold that DataFusion plans otherwise: VALUES with decimals beside floats, and
//! TABLESAMPLE, which it leaves out.

use arrow::datatypes::DataType;
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::functions::math::expr_fn::random;
use datafusion::logical_expr::planner::{
    PlannedRelation, RelationPlanner, RelationPlannerContext, RelationPlanning,
};
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlanBuilder, lit};
use datafusion::optimizer::simplify_expressions::{ExprSimplifier, SimplifyContext};
use datafusion::sql::sqlparser::ast::{
    self, CastKind, ExactNumberInfo, SetExpr, TableFactor, TableSample, TableSampleKind,
    TableSampleMethod,
};

use super::coercion::check_families;

/// Plans these relations.
#[derive(Debug)]
pub struct RelationsPlanner;

impl RelationPlanner for RelationsPlanner {
    fn plan_relation(
        &self,
        mut relation: TableFactor,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<RelationPlanning> {
        if let TableFactor::Table { sample, .. } | TableFactor::Derived { sample, .. } =
            &mut relation
            && let Some(sample) = sample.take()
        {
            return sampled(relation, sample, context);
        }
        if let TableFactor::Derived { subquery, .. } = &mut relation
            && let SetExpr::Values(values) = subquery.body.as_mut()
        {
            level(values, context)?;
        }
        Ok(RelationPlanning::Original(Box::new(relation)))
    }
}

/// Makes doubles of the decimals of columns that have floats as well.
fn level(values: &mut ast::Values, context: &mut dyn RelationPlannerContext) -> Result<()> {
    let nothing = DFSchema::empty();
    let mut types: Vec<Vec<DataType>> = Vec::with_capacity(values.rows.len());
    for row in &values.rows {
        let type_of =
            |cell: &ast::Expr| context.sql_to_expr(cell.clone(), &nothing)?.get_type(&nothing);
        types.push(row.iter().map(type_of).collect::<Result<_>>()?);
    }
    let columns = types.iter().map(Vec::len).min().unwrap_or(0);
    for column in 0..columns {
        check_families(types.iter().map(|row| &row[column]))?;
        let has = |is: fn(&DataType) -> bool| types.iter().any(|row| is(&row[column]));
        if !has(DataType::is_floating) || !has(DataType::is_decimal) {
            continue;
        }
        for (row, types) in values.rows.iter_mut().zip(&types) {
            if types[column].is_decimal() {
                let expr = Box::new(row[column].clone());
                row[column] = ast::Expr::Cast {
                    kind: CastKind::Cast,
                    expr,
                    data_type: ast::DataType::Double(ExactNumberInfo::None),
                    array: false,
                    format: None,
                };
            }
        }
    }
    Ok(())
}

fn sampled(
    relation: TableFactor,
    sample: TableSampleKind,
    context: &mut dyn RelationPlannerContext,
) -> Result<RelationPlanning> {
    let (TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample)) =
        sample;
    let share = share(*sample, context)?;
    let plan = LogicalPlanBuilder::from(context.plan(relation)?)
        .filter(random().lt(lit(share)))?
        .build()?;
    Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(plan, None))))
}

/// The share of rows to keep. SYSTEM takes rows too: how large its parts are is not said.
fn share(sample: TableSample, context: &mut dyn RelationPlannerContext) -> Result<f64> {
    let usage = "TABLESAMPLE takes BERNOULLI (percent) or SYSTEM (percent)";
    let TableSample {
        name, quantity: Some(quantity), seed: None, bucket: None, offset: None, ..
    } = sample
    else {
        return plan_err!("{usage}");
    };
    let known = matches!(name, Some(TableSampleMethod::Bernoulli | TableSampleMethod::System));
    if !known || quantity.unit.is_some() {
        return plan_err!("{usage}");
    }
    let percent = context.sql_to_expr(quantity.value, &DFSchema::empty())?;
    let percent = percent.cast_to(&DataType::Float64, &DFSchema::empty())?;
    let percent = ExprSimplifier::new(SimplifyContext::default()).simplify(percent)?;
    let Expr::Literal(value, _) = percent else { return plan_err!("{usage}, a constant") };
    match f64::try_from(value) {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent / 100.0),
        _ => plan_err!("{usage}, from 0 to 100"),
    }
}
