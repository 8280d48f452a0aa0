//! What a query may not have meant: names that no row has, which SQL takes without a word.

mod contigs;

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::expr::{BinaryExpr, InList};
use datafusion::logical_expr::{Expr, LogicalPlan, Operator};

use crate::query::attributes::ATTRIBUTES_COLUMN;
use crate::query::functions::ELEMENT_AT;
use crate::query::names::nearest;
use crate::query::version_table::VersionTable;

/// Notes on a plan over these tables.
pub fn of(plan: &LogicalPlan, tables: &[Arc<VersionTable>]) -> Vec<String> {
    let mut named = Named::default();
    let visited = plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                named.visit(part, tables);
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    // A plan that cannot be walked has other faults.
    if visited.is_err() {
        return Vec::new();
    }
    let mut notes: Vec<_> = named.keys.iter().filter_map(|key| unknown_key(key, tables)).collect();
    notes.extend(unknown_contigs(&named.contigs, tables));
    notes.extend(contigs::of_other_style(plan, tables));
    notes
}

/// What expressions name.
#[derive(Default)]
struct Named {
    /// Keys of `attributes`.
    keys: BTreeSet<String>,
    /// What a contig is compared with.
    contigs: BTreeSet<String>,
}

impl Named {
    fn visit(&mut self, expr: &Expr, tables: &[Arc<VersionTable>]) {
        let is_contig = |it: &Expr| match it {
            Expr::Column(column) => {
                tables.iter().any(|table| table.contig_column() == Some(column.name.as_str()))
            }
            _ => false,
        };
        match expr {
            Expr::ScalarFunction(call) if call.func == *ELEMENT_AT => {
                if let [Expr::Column(column), key] = call.args.as_slice()
                    && column.name == ATTRIBUTES_COLUMN
                {
                    self.keys.extend(text(key));
                }
            }
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
                if is_contig(left) {
                    self.contigs.extend(text(right));
                } else if is_contig(right) {
                    self.contigs.extend(text(left));
                }
            }
            Expr::InList(InList { expr, list, negated: false }) if is_contig(expr) => {
                self.contigs.extend(list.iter().filter_map(text));
            }
            _ => {}
        }
    }
}

fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Literal(value, _) => value.try_as_str().flatten().map(str::to_owned),
        _ => None,
    }
}

/// A key that no file of the tables has.
fn unknown_key(key: &str, tables: &[Arc<VersionTable>]) -> Option<String> {
    let keys: Option<Vec<BTreeSet<&str>>> = tables
        .iter()
        .filter(|it| it.has_attributes() && !it.files().is_empty())
        .map(|it| it.info_keys())
        .collect();
    // Where a file does not tell its keys, any may be there.
    let known: BTreeSet<&str> = keys?.into_iter().flatten().collect();
    if known.contains(key) || known.is_empty() {
        return None;
    }
    let near = nearest(key, known.into_iter());
    Some(format!("no row has the INFO key `{}`; the keys are {near}", key.escape_debug()))
}

/// A contig that no row lies on, where none of those that are named is another. Lists may name more
/// than there are.
fn unknown_contigs(named: &BTreeSet<String>, tables: &[Arc<VersionTable>]) -> Option<String> {
    let first = named.first()?;
    let known: BTreeSet<&str> = tables.iter().flat_map(|it| it.contigs()).collect();
    if known.is_empty() || named.iter().any(|it| known.contains(it.as_str())) {
        return None;
    }
    let near = nearest(first, known.into_iter());
    Some(format!("no row lies on contig `{}`; the contigs are {near}", first.escape_debug()))
}
