//! Tables joined by contigs of which none is in both, because their files name contigs in other
//! styles: `chr1` and `1`.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, Result};
use datafusion::datasource::source_as_provider;
use datafusion::logical_expr::expr::BinaryExpr;
use datafusion::logical_expr::{Expr, LogicalPlan, Operator};

use crate::model::contigs::plain_name;
use crate::query::version_table::VersionTable;

/// A note for each pair of contigs that are compared, and of which none is equal for their style
/// alone.
pub fn of_other_style(plan: &LogicalPlan, tables: &[Arc<VersionTable>]) -> Vec<String> {
    let mut compared = Compared::default();
    // A plan that cannot be walked has other faults.
    if plan.apply_with_subqueries(|node| compared.visit(node, tables)).is_err() {
        return Vec::new();
    }
    compared.pairs.iter().filter_map(|pair| compared.note(pair)).collect()
}

/// Tables by the names that a statement gives them, and the columns that it compares.
#[derive(Default)]
struct Compared<'a> {
    /// None for a name that several tables have.
    tables: HashMap<String, Option<&'a VersionTable>>,
    pairs: BTreeSet<(Column, Column)>,
}

impl<'a> Compared<'a> {
    fn visit(
        &mut self,
        node: &LogicalPlan,
        tables: &'a [Arc<VersionTable>],
    ) -> Result<TreeNodeRecursion> {
        match node {
            LogicalPlan::TableScan(scan) => {
                self.name(scan.table_name.to_string(), table_of(node, tables));
            }
            LogicalPlan::SubqueryAlias(it) => {
                self.name(it.alias.to_string(), table_of(&it.input, tables));
            }
            LogicalPlan::Join(join) => {
                for (left, right) in &join.on {
                    self.compare(left, right);
                }
            }
            _ => {}
        }
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                if let Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) = part {
                    self.compare(left, right);
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    }

    fn name(&mut self, name: String, table: Option<&'a VersionTable>) {
        let Some(table) = table else { return };
        let is_it = |it: &VersionTable| std::ptr::eq(it, table);
        self.tables
            .entry(name)
            .and_modify(|it| *it = it.filter(|it| is_it(it)))
            .or_insert(Some(table));
    }

    fn compare(&mut self, left: &Expr, right: &Expr) {
        if let (Expr::Column(left), Expr::Column(right)) = (left, right) {
            self.pairs.insert((left.clone(), right.clone()));
        }
    }

    /// The table whose contigs a column has.
    fn table_of_contigs(&self, column: &Column) -> Option<&'a VersionTable> {
        let table = (*self.tables.get(&column.relation.as_ref()?.to_string())?)?;
        (table.contig_column() == Some(&column.name)).then_some(table)
    }

    fn note(&self, (left, right): &(Column, Column)) -> Option<String> {
        let (of_left, of_right) = (self.table_of_contigs(left)?, self.table_of_contigs(right)?);
        let ours: BTreeSet<&str> = of_left.contigs().collect();
        if of_right.contigs().any(|it| ours.contains(it)) {
            return None;
        }
        let plain: HashMap<_, _> = ours.into_iter().map(|it| (plain_name(it), it)).collect();
        let (one, other) =
            of_right.contigs().find_map(|it| Some((plain.get(&plain_name(it))?, it)))?;
        Some(format!(
            "no contig of {} is one of {}: one has `{}` where the other has `{}`; contig({}) = \
             contig({}) compares them",
            of_left.name(),
            of_right.name(),
            one.escape_debug(),
            other.escape_debug(),
            left.flat_name(),
            right.flat_name()
        ))
    }
}

/// The table whose rows a plan has, or some of them.
fn table_of<'a>(plan: &LogicalPlan, tables: &'a [Arc<VersionTable>]) -> Option<&'a VersionTable> {
    let mut node = plan;
    loop {
        if let LogicalPlan::TableScan(scan) = node {
            let provider = source_as_provider(&scan.source).ok()?;
            let table = provider.downcast_ref::<VersionTable>()?;
            return tables.iter().map(Arc::as_ref).find(|it| std::ptr::eq(*it, table));
        }
        let [input] = node.inputs()[..] else { return None };
        node = input;
    }
}
