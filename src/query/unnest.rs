//! UNNEST with Trino's meaning: a list becomes rows beside the columns of the tables before it, and
//! the fields of a list of rows become columns. A map becomes two columns.

use arrow::datatypes::{DataType, Fields};
use datafusion::common::{Column, NullHandling, Result, UnnestOptions, plan_err};
use datafusion::functions::core::expr_fn::{coalesce, get_field, greatest};
use datafusion::functions_nested::expr_fn::{map_keys, map_values, range};
use datafusion::logical_expr::planner::{
    PlannedRelation, RelationPlanner, RelationPlannerContext, RelationPlanning,
};
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, LogicalPlanBuilder, lit};
use datafusion::sql::sqlparser::ast::{
    self, Join, JoinConstraint, JoinOperator, TableAlias, TableFactor, TableWithJoins, Value,
};

use super::columns::apart;
use super::dialect::{ROW_STAR, is_unnest_join};
use super::functions::CARDINALITY;

/// Plans the UNNESTs of a FROM, each with what stands before it.
#[derive(Debug)]
pub struct UnnestPlanner;

impl RelationPlanner for UnnestPlanner {
    fn plan_relation(
        &self,
        relation: TableFactor,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<RelationPlanning> {
        let (before, unnest, kind) = match relation {
            TableFactor::NestedJoin { table_with_joins, alias: None }
                if is_unnest_join(&table_with_joins) =>
            {
                let TableWithJoins { relation, mut joins } = *table_with_joins;
                let Some(Join { relation: unnest, join_operator, .. }) = joins.pop() else {
                    return plan_err!("an UNNEST without a join");
                };
                (context.plan(relation)?, unnest, kind(&join_operator)?)
            }
            unnest @ TableFactor::UNNEST { .. } => {
                (LogicalPlanBuilder::empty(true).build()?, unnest, Kind::Inner)
            }
            other => return Ok(RelationPlanning::Original(Box::new(other))),
        };
        let TableFactor::UNNEST { alias, array_exprs, with_ordinality, with_offset, .. } = unnest
        else {
            return plan_err!("an UNNEST was expected");
        };
        if with_offset {
            return plan_err!(
                "UNNEST has no WITH OFFSET: use WITH ORDINALITY, which counts from 1"
            );
        }
        let mut lists = Vec::new();
        for array in array_exprs {
            let expr = context.sql_to_expr(array, before.schema())?;
            lists.push(List::new(expr, &before)?);
        }
        let plan = Unnesting { lists, with_ordinality, kind, alias }.plan(before)?;
        Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(plan, None))))
    }
}

/// What becomes of a row whose lists are all empty or null.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// It has no rows.
    Inner,
    /// It stays, with nulls.
    Left,
}

fn kind(operator: &JoinOperator) -> Result<Kind> {
    let always = |constraint: &JoinConstraint| match constraint {
        JoinConstraint::None => true,
        JoinConstraint::On(ast::Expr::Value(value)) => value.value == Value::Boolean(true),
        _ => false,
    };
    match operator {
        JoinOperator::CrossJoin(it) | JoinOperator::Join(it) | JoinOperator::Inner(it)
            if always(it) =>
        {
            Ok(Kind::Inner)
        }
        JoinOperator::Left(it) | JoinOperator::LeftOuter(it) if always(it) => Ok(Kind::Left),
        _ => plan_err!(
            "UNNEST can be joined by CROSS JOIN, by JOIN ... ON true and by LEFT JOIN ... ON true: \
             put other conditions into WHERE"
        ),
    }
}

/// One argument of an UNNEST.
enum List {
    /// A list of plain values.
    Values(Expr),
    /// A list of rows with these fields.
    Rows(Expr, Fields),
    /// A map.
    Entries(Expr),
}

impl List {
    fn new(expr: Expr, before: &LogicalPlan) -> Result<Self> {
        match expr.get_type(before.schema())? {
            DataType::List(element)
            | DataType::LargeList(element)
            | DataType::FixedSizeList(element, _) => match element.data_type() {
                DataType::Struct(fields) => Ok(Self::Rows(expr, fields.clone())),
                _ => Ok(Self::Values(expr)),
            },
            DataType::Map(..) => Ok(Self::Entries(expr)),
            other => {
                plan_err!("UNNEST takes arrays and maps, and {} is {other}", expr.schema_name())
            }
        }
    }

    /// The lists to unnest.
    fn lists(&self) -> Vec<Expr> {
        match self {
            Self::Values(expr) | Self::Rows(expr, _) => vec![expr.clone()],
            Self::Entries(expr) => vec![map_keys(expr.clone()), map_values(expr.clone())],
        }
    }

    /// The names of its columns; none for a list of plain values.
    fn names(&self) -> Vec<&str> {
        match self {
            Self::Values(_) => vec!["unnest"],
            Self::Rows(_, fields) => fields.iter().map(|it| it.name().as_str()).collect(),
            Self::Entries(_) => vec!["key", "value"],
        }
    }
}

struct Unnesting {
    lists: Vec<List>,
    with_ordinality: bool,
    kind: Kind,
    alias: Option<TableAlias>,
}

impl Unnesting {
    fn plan(self, before: LogicalPlan) -> Result<LogicalPlan> {
        let kept: Vec<Expr> = before.schema().columns().into_iter().map(Expr::Column).collect();
        let mut lists: Vec<Expr> = self.lists.iter().flat_map(List::lists).collect();
        let names = self.names()?;
        if self.with_ordinality {
            lists.push(ordinals(&lists));
        }
        let temporary: Vec<Column> =
            (0..lists.len()).map(|it| Column::from_name(format!("__unnest_{it}"))).collect();
        let values = lists.into_iter().zip(&temporary).map(|(it, column)| it.alias(&column.name));
        let nulls = match self.kind {
            Kind::Inner => NullHandling::Drop,
            Kind::Left => NullHandling::PreserveAndExpandEmpty,
        };
        let options = UnnestOptions::new().with_null_handling(nulls);
        let columns = self.columns(&temporary, names.len());
        let table = self.alias.as_ref().map(|it| it.name.value.as_str());
        let columns =
            columns.into_iter().zip(names).map(|(it, name)| it.alias_qualified(table, name));
        LogicalPlanBuilder::from(before)
            .project(kept.iter().cloned().chain(values))?
            .unnest_columns_with_options(temporary.clone(), options)?
            .project(kept.iter().cloned().chain(columns))?
            .build()
    }

    /// The columns of the rows, from the lists that were unnested.
    fn columns(&self, temporary: &[Column], count: usize) -> Vec<Expr> {
        let plain = count == temporary.len();
        let mut unnested = temporary.iter().cloned().map(Expr::Column);
        let mut columns = Vec::new();
        for list in &self.lists {
            let values = unnested.by_ref().take(list.lists().len());
            match list {
                List::Rows(_, fields) if !plain || fields.len() == 1 => {
                    for value in values {
                        let field = |name: &String| get_field(value.clone(), name.as_str());
                        columns.extend(fields.iter().map(|it| field(it.name())));
                    }
                }
                _ => columns.extend(values),
            }
        }
        columns.extend(unnested);
        columns
    }

    /// The names of the columns. Where a list of rows is given a single name, it names the row:
    /// Trino would refuse that.
    fn names(&self) -> Result<Vec<String>> {
        let mut own: Vec<&str> = self.lists.iter().flat_map(List::names).collect();
        let rows = self.lists.iter().map(|it| it.lists().len()).sum::<usize>();
        let ordinality = usize::from(self.with_ordinality);
        if self.with_ordinality {
            own.push("ordinality");
        }
        let given = self.alias.iter().flat_map(|it| &it.columns);
        let given: Vec<String> = given.map(|it| it.name.value.clone()).collect();
        let is_of_row = self.alias.as_ref().is_some_and(|it| it.name.value.starts_with(ROW_STAR));
        if is_of_row {
            if !matches!(self.lists.as_slice(), [List::Rows(..)]) {
                return plan_err!("`.*` stands behind a table or a row");
            }
            if !given.is_empty() && given.len() != own.len() {
                let (fields, names) = (own.len(), given.len());
                return plan_err!("the row has {fields} fields, but AS (...) names {names}");
            }
            let names = given.iter().map(String::as_str);
            let names = if given.is_empty() { own } else { names.collect() };
            // No other column is meant by the name of a field.
            return Ok(names.iter().enumerate().map(|(at, name)| apart(name, at)).collect());
        }
        if given.is_empty() {
            return Ok(own.into_iter().map(str::to_owned).collect());
        }
        if given.len() == own.len() || given.len() == rows + ordinality {
            return Ok(given);
        }
        plan_err!(
            "the UNNEST gives {} columns ({}), but the alias names {}",
            own.len(),
            own.join(", "),
            given.len()
        )
    }
}

/// `[1, 2, ...]`, as long as the longest of the lists.
fn ordinals(lists: &[Expr]) -> Expr {
    let length = |it: &Expr| coalesce(vec![CARDINALITY.call(vec![it.clone()]), lit(0_i64)]);
    let lengths: Vec<Expr> = lists.iter().map(length).collect();
    let longest = match lengths.as_slice() {
        [one] => one.clone(),
        _ => greatest(lengths),
    };
    range(lit(1_i64), longest + lit(1_i64), lit(1_i64))
}
