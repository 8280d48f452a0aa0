//! Common types as Trino finds them, before DataFusion does: a decimal beside a float becomes a
//! float. DataFusion makes a decimal of 15 digits behind the point of both, which small numbers and
//! NaN do not survive.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRewriter};
use datafusion::common::{Column, DFSchema, DataFusionError, Result};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr::{
    AggregateFunction, Between, BinaryExpr, Case, InList, InSubquery, ScalarFunction,
    SetComparison, WindowFunction,
};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{
    Expr, ExprSchemable, Join, LogicalPlan, Projection, Subquery, Union, cast,
};
use datafusion::optimizer::AnalyzerRule;
use datafusion::optimizer::analyzer::Analyzer;
use datafusion::optimizer::analyzer::type_coercion::TypeCoercionRewriter;
use datafusion::scalar::ScalarValue;

use super::decimal;
use crate::model::Error;
use crate::query::types::sql_type;

/// DataFusion's rules, with ours in the place of the one that decides on types, and another before
/// it.
pub fn analyzer_rules(before: [Rule; 2]) -> Vec<Rule> {
    let mut rules = Analyzer::new().rules;
    let at = rules.iter().position(|it| it.name() == "type_coercion").unwrap_or(rules.len());
    let ours = before.into_iter().chain([Arc::new(CommonTypes) as Rule]);
    rules.splice(at..rules.len().min(at + 1), ours);
    rules
}

type Rule = Arc<dyn AnalyzerRule + Send + Sync>;

/// Casts decimals that meet floats, and decides on all other types as DataFusion does: what an
/// expression is depends on what was made of those within it.
#[derive(Debug)]
struct CommonTypes;

impl AnalyzerRule for CommonTypes {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        plan.transform_up_with_subqueries(|plan| Ok(Transformed::yes(of_plan(plan)?))).data()
    }

    fn name(&self) -> &'static str {
        "common_types"
    }
}

fn of_plan(plan: LogicalPlan) -> Result<LogicalPlan> {
    if matches!(plan, LogicalPlan::TableScan(_)) {
        return Ok(plan);
    }
    let schema = merge_schema(&plan.inputs());
    let plan = match plan {
        LogicalPlan::Union(union) => LogicalPlan::Union(of_union(union)?),
        LogicalPlan::Join(join) => LogicalPlan::Join(of_join(join)?),
        LogicalPlan::Filter(mut filter) => {
            filter.predicate = filter.predicate.cast_to(&DataType::Boolean, &schema)?;
            LogicalPlan::Filter(filter)
        }
        other => other,
    };
    let names = NamePreserver::new(&plan);
    let mut rewriter = Both { schema: &schema, rest: TypeCoercionRewriter::new(&schema) };
    let plan = plan.map_expressions(|expr| {
        let name = names.save(&expr);
        Ok(expr.rewrite(&mut rewriter)?.update_data(|it| name.restore(it)))
    })?;
    rewriter.rest.coerce_plan(plan.data)?.recompute_schema()
}

struct Both<'a> {
    schema: &'a DFSchema,
    rest: TypeCoercionRewriter<'a>,
}

impl TreeNodeRewriter for Both<'_> {
    type Node = Expr;

    fn f_up(&mut self, expr: Expr) -> Result<Transformed<Expr>> {
        self.rest.f_up(self.of(expr)?)
    }
}

impl Both<'_> {
    fn of(&self, expr: Expr) -> Result<Expr> {
        Ok(match expr {
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
                if op.supports_propagation() {
                    self.check([&*left, &*right])?;
                }
                let (left, right) = self.pair(*left, *right)?;
                Expr::BinaryExpr(BinaryExpr::new(Box::new(left), op, Box::new(right)))
            }
            Expr::Between(Between { expr, negated, low, high }) => {
                self.check([&*expr, &*low, &*high])?;
                let [expr, low, high] = self.array([*expr, *low, *high])?.map(Box::new);
                Expr::Between(Between { expr, negated, low, high })
            }
            Expr::InList(InList { expr, list, negated }) => {
                self.check(std::iter::once(&*expr).chain(&list))?;
                let mut all = self.leveled(std::iter::once(*expr).chain(list).collect())?;
                let list = all.split_off(1);
                let expr = Box::new(all.pop().unwrap_or_default());
                Expr::InList(InList { expr, list, negated })
            }
            Expr::InSubquery(InSubquery { expr, subquery, negated }) => {
                let (expr, subquery) = self.with_subquery(*expr, subquery)?;
                Expr::InSubquery(InSubquery { expr: Box::new(expr), subquery, negated })
            }
            Expr::SetComparison(SetComparison { expr, subquery, op, quantifier }) => {
                let (expr, subquery) = self.with_subquery(*expr, subquery)?;
                Expr::SetComparison(SetComparison::new(Box::new(expr), subquery, op, quantifier))
            }
            Expr::Case(case) => Expr::Case(self.case(case)?),
            Expr::ScalarFunction(ScalarFunction { func, args }) if compares(func.name()) => {
                if !func.name().starts_with("array_") {
                    self.check(&args)?;
                }
                let args = self.leveled(args)?;
                Expr::ScalarFunction(ScalarFunction { func, args })
            }
            Expr::AggregateFunction(mut call) if of_floats(call.func.name()) => {
                self.floats(&mut call)?;
                Expr::AggregateFunction(call)
            }
            Expr::WindowFunction(mut call) if of_floats(call.fun.name()) => {
                self.floats_of_window(&mut call)?;
                Expr::WindowFunction(call)
            }
            other => other,
        })
    }

    /// Refuses values that the engine would make texts of, or numbers of texts.
    fn check<'a>(&self, exprs: impl IntoIterator<Item = &'a Expr>) -> Result<()> {
        let types = exprs.into_iter().map(|it| it.get_type(self.schema));
        check_families(&types.collect::<Result<Vec<_>>>()?)
    }

    fn leveled(&self, exprs: Vec<Expr>) -> Result<Vec<Expr>> {
        let types = exprs.iter().map(|it| it.get_type(self.schema)).collect::<Result<Vec<_>>>()?;
        let Some(float) = meeting(&types) else { return Ok(exprs) };
        let floats = exprs.into_iter().zip(types);
        Ok(floats.map(|(expr, data_type)| to_float(expr, &data_type, &float)).collect())
    }

    fn array<const N: usize>(&self, exprs: [Expr; N]) -> Result<[Expr; N]> {
        let mut leveled = self.leveled(exprs.into())?.into_iter();
        Ok(std::array::from_fn(|_| leveled.next().unwrap_or_default()))
    }

    fn pair(&self, left: Expr, right: Expr) -> Result<(Expr, Expr)> {
        let [left, right] = self.array([left, right])?;
        Ok((left, right))
    }

    fn with_subquery(&self, expr: Expr, subquery: Subquery) -> Result<(Expr, Subquery)> {
        let plan = subquery.subquery.as_ref();
        let types = [expr.get_type(self.schema)?, plan.schema().field(0).data_type().clone()];
        check_families(&types)?;
        let Some(float) = meeting(&types) else { return Ok((expr, subquery)) };
        let expr = to_float(expr, &types[0], &float);
        let rows = with_floats(Arc::clone(&subquery.subquery), &[Some(float)])?;
        Ok((expr, subquery.with_plan(rows)))
    }

    fn case(&self, case: Case) -> Result<Case> {
        let Case { expr, when_then_expr, else_expr } = case;
        let (when, then): (Vec<_>, Vec<_>) =
            when_then_expr.into_iter().map(|(when, then)| (*when, *then)).unzip();
        let count = then.len();
        let mut results: Vec<Expr> = then;
        results.extend(else_expr.map(|it| *it));
        self.check(&results)?;
        let mut results = self.leveled(results)?;
        let else_expr = results.split_off(count).pop().map(Box::new);
        let (expr, when) = match expr {
            Some(operand) => {
                self.check(std::iter::once(&*operand).chain(&when))?;
                let mut all = self.leveled(std::iter::once(*operand).chain(when).collect())?;
                let when = all.split_off(1);
                (all.pop().map(Box::new), when)
            }
            None => (None, when),
        };
        let pairs = when.into_iter().zip(results);
        let when_then_expr = pairs.map(|(when, then)| (Box::new(when), Box::new(then))).collect();
        Ok(Case { expr, when_then_expr, else_expr })
    }

    fn floats(&self, call: &mut AggregateFunction) -> Result<()> {
        call.params.args = self.all_floats(std::mem::take(&mut call.params.args))?;
        Ok(())
    }

    fn floats_of_window(&self, call: &mut WindowFunction) -> Result<()> {
        call.params.args = self.all_floats(std::mem::take(&mut call.params.args))?;
        Ok(())
    }

    fn all_floats(&self, exprs: Vec<Expr>) -> Result<Vec<Expr>> {
        let float = |it: Expr| {
            let data_type = it.get_type(self.schema)?;
            Ok(to_float(it, &data_type, &DataType::Float64))
        };
        exprs.into_iter().map(float).collect()
    }
}

/// Functions that compare their arguments with each other, or make values of one type of them.
fn compares(function: &str) -> bool {
    function.starts_with("array_")
        || matches!(
            function,
            "coalesce" | "contains" | "greatest" | "least" | "make_array" | "nullif" | "nvl"
        )
}

/// Aggregates that Trino has for floats, and computes of decimals as floats.
fn of_floats(function: &str) -> bool {
    let starts = ["stddev", "var", "covar", "regr_", "corr"];
    starts.iter().any(|it| function.starts_with(it))
}

/// Texts, numbers, booleans and times, none of which becomes another by itself.
#[derive(Clone, Copy, PartialEq)]
enum Family {
    Text,
    Number,
    Boolean,
    Time,
}

fn family(data_type: &DataType) -> Option<Family> {
    match data_type {
        DataType::Utf8 | DataType::Utf8View => Some(Family::Text),
        DataType::Boolean => Some(Family::Boolean),
        DataType::Date32 | DataType::Timestamp(..) => Some(Family::Time),
        it if it.is_numeric() => Some(Family::Number),
        _ => None,
    }
}

/// An error where values of these types are of several families.
pub fn check_families<'a>(types: impl IntoIterator<Item = &'a DataType>) -> Result<()> {
    let families = types.into_iter().filter_map(|it| Some((it, family(it)?)));
    let mut families = families.collect::<Vec<_>>().into_iter();
    let Some((first, of_first)) = families.next() else { return Ok(()) };
    let Some((other, _)) = families.find(|(_, it)| *it != of_first) else { return Ok(()) };
    let (first, other) = (sql_type(first), sql_type(other));
    let error = Error::invalid(format!("{first} and {other} have no common type"));
    let help = format!("CAST one of them: CAST(x AS {other}), or CAST(x AS {first})");
    Err(DataFusionError::External(Box::new(error.with_help(help))))
}

/// The float that decimals among these types have to become.
fn meeting(types: &[DataType]) -> Option<DataType> {
    let leaves: Vec<_> = types.iter().map(leaf).collect();
    if !leaves.iter().any(|it| it.is_decimal()) {
        return None;
    }
    let floats = [DataType::Float64, DataType::Float32];
    floats.into_iter().find(|float| leaves.contains(&float))
}

fn leaf(data_type: &DataType) -> &DataType {
    match data_type {
        DataType::List(element) | DataType::LargeList(element) => leaf(element.data_type()),
        other => other,
    }
}

fn with_leaf(data_type: &DataType, float: &DataType) -> DataType {
    let element =
        |it: &Field| Arc::new(it.clone().with_data_type(with_leaf(it.data_type(), float)));
    match data_type {
        DataType::List(it) => DataType::List(element(it)),
        DataType::LargeList(it) => DataType::LargeList(element(it)),
        _ => float.clone(),
    }
}

/// The expression with floats in the place of its decimals.
fn to_float(expr: Expr, data_type: &DataType, float: &DataType) -> Expr {
    if !leaf(data_type).is_decimal() {
        return expr;
    }
    // Statistics are asked about constants, not about casts of them.
    if let (Expr::Literal(ScalarValue::Decimal128(Some(value), _, scale), _), DataType::Float64) =
        (&expr, float)
    {
        let value = decimal::to_float(*value, *scale);
        return Expr::Literal(ScalarValue::Float64(Some(value)), None);
    }
    cast(expr, with_leaf(data_type, float))
}

/// The plan with those of its columns as floats for which there is one.
fn with_floats(plan: Arc<LogicalPlan>, floats: &[Option<DataType>]) -> Result<Arc<LogicalPlan>> {
    let columns = plan.schema().iter().zip(floats.iter().chain(std::iter::repeat(&None)));
    let columns = columns.map(|((relation, field), float)| {
        let column = Expr::Column(Column::from((relation, field)));
        match float {
            Some(float) if leaf(field.data_type()).is_decimal() => {
                let value = to_float(column, field.data_type(), float);
                value.alias_qualified(relation.cloned(), field.name())
            }
            _ => column,
        }
    });
    let columns = columns.collect();
    Ok(Arc::new(LogicalPlan::Projection(Projection::try_new(columns, plan)?)))
}

fn of_union(union: Union) -> Result<Union> {
    let type_of = |plan: &Arc<LogicalPlan>, at: usize| plan.schema().field(at).data_type().clone();
    let count = union.schema.fields().len();
    let float = |at: usize| {
        let types: Vec<_> = union.inputs.iter().map(|it| type_of(it, at)).collect();
        check_families(&types)?;
        Ok(meeting(&types))
    };
    let floats: Vec<_> = (0..count).map(float).collect::<Result<_>>()?;
    if floats.iter().all(Option::is_none) {
        return Ok(union);
    }
    let inputs = union.inputs.iter().map(|it| with_floats(Arc::clone(it), &floats));
    Union::try_new_with_loose_types(inputs.collect::<Result<_>>()?)
}

fn of_join(mut join: Join) -> Result<Join> {
    let pair = |(left, right): (Expr, Expr)| {
        let types = [left.get_type(join.left.schema())?, right.get_type(join.right.schema())?];
        check_families(&types)?;
        Ok(match meeting(&types) {
            Some(float) => (to_float(left, &types[0], &float), to_float(right, &types[1], &float)),
            None => (left, right),
        })
    };
    join.on = std::mem::take(&mut join.on).into_iter().map(pair).collect::<Result<_>>()?;
    Ok(join)
}
