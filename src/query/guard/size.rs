//! How large a statement is once everything that it names is put in: a common table stands for its
//! query as often as it is named, and `GROUP BY CUBE` for as many groupings as there are subsets.
//! A plan has all of them, so few words can make one that never ends.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, GroupByExpr, GroupByWithModifier, Query, Select, SetExpr, TableFactor, Visit, Visitor,
};

use crate::model::{Error, Result};

/// How many tables a statement may read.
pub const MAX_TABLES: u64 = 1_000;
/// How many UNION, EXCEPT and INTERSECT a statement may have.
pub const MAX_SET_OPERATIONS: u64 = 100;
/// How many groupings CUBE, ROLLUP and GROUPING SETS may make (Trino,
/// `optimizer.max-grouping-sets`).
pub const MAX_GROUPINGS: u64 = 2_048;

/// Refuses a statement that is too large.
pub fn check(statement: &impl Visit) -> Result<()> {
    let mut count = Counter { queries: vec![Frame::default()] };
    let size = match statement.visit(&mut count) {
        ControlFlow::Break(never) => match never {},
        ControlFlow::Continue(()) => count.queries.pop().unwrap_or_default().size,
    };
    let most = [
        (size.tables, MAX_TABLES, "reads", "tables"),
        (size.set_operations, MAX_SET_OPERATIONS, "has", "UNION, EXCEPT and INTERSECT"),
        (size.groupings, MAX_GROUPINGS, "makes", "groupings"),
    ];
    match most.into_iter().find(|(count, most, ..)| count > most) {
        None => Ok(()),
        Some((count, most, does, what)) => Err(too_large(count, most, does, what)),
    }
}

fn too_large(count: u64, most: u64, does: &str, what: &str) -> Error {
    let count = if count == u64::MAX { "too many".to_owned() } else { format!("{count}") };
    let help = match what {
        "groupings" => "name those that are wanted in GROUPING SETS",
        _ => "a name that WITH gives counts as often as it is used: name it less often",
    };
    Error::invalid(format!("the SQL {does} {count} {what}, but at most {most} are allowed"))
        .with_help(help)
}

#[derive(Clone, Copy, Default)]
struct Size {
    tables: u64,
    set_operations: u64,
    groupings: u64,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.tables = self.tables.saturating_add(other.tables);
        self.set_operations = self.set_operations.saturating_add(other.set_operations);
        self.groupings = self.groupings.saturating_add(other.groupings);
    }
}

/// A query that the walk is in.
#[derive(Default)]
struct Frame {
    size: Size,
    /// The names that its WITH gives, which come first in it.
    names: Vec<String>,
    /// The sizes of those that the walk has passed.
    tables: Vec<Size>,
}

impl Frame {
    fn size_of(&self, name: &str) -> Option<Size> {
        let at = self.names.iter().position(|it| it.eq_ignore_ascii_case(name))?;
        self.tables.get(at).copied()
    }
}

struct Counter {
    /// The outermost one is the statement.
    queries: Vec<Frame>,
}

impl Counter {
    fn add(&mut self, size: Size) {
        if let Some(query) = self.queries.last_mut() {
            query.size.add(size);
        }
    }
}

enum Never {}

impl Visitor for Counter {
    type Break = Never;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<Never> {
        let with = query.with.iter().flat_map(|it| &it.cte_tables);
        let names = with.map(|it| it.alias.name.value.clone()).collect();
        self.queries.push(Frame { names, ..Frame::default() });
        let mut bodies = vec![query.body.as_ref()];
        while let Some(body) = bodies.pop() {
            if let SetExpr::SetOperation { left, right, .. } = body {
                self.add(Size { set_operations: 1, ..Size::default() });
                bodies.extend([left.as_ref(), right.as_ref()]);
            }
        }
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<Never> {
        let size = self.queries.pop().unwrap_or_default().size;
        if let Some(around) = self.queries.last_mut() {
            if around.tables.len() < around.names.len() {
                around.tables.push(size);
            } else {
                around.size.add(size);
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<Never> {
        self.add(Size { groupings: groupings(&select.group_by), ..Size::default() });
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<Never> {
        let TableFactor::Table { name, .. } = table else { return ControlFlow::Continue(()) };
        let size = match name.0.as_slice() {
            [part] => part.as_ident().and_then(|it| {
                self.queries.iter().rev().find_map(|query| query.size_of(&it.value))
            }),
            _ => None,
        };
        self.add(Size { tables: 1, ..Size::default() });
        self.add(size.unwrap_or_default());
        ControlFlow::Continue(())
    }
}

/// How many groupings a GROUP BY makes.
fn groupings(group_by: &GroupByExpr) -> u64 {
    let GroupByExpr::Expressions(keys, modifiers) = group_by else { return 0 };
    let of_keys = keys.iter().map(|key| match key {
        Expr::Cube(sets) => subsets(sets.len()),
        Expr::Rollup(sets) => sets.len() as u64 + 1,
        Expr::GroupingSets(sets) => sets.len() as u64,
        _ => 1,
    });
    let of_modifiers = modifiers.iter().map(|it| match it {
        GroupByWithModifier::Rollup => keys.len() as u64 + 1,
        GroupByWithModifier::Cube => subsets(keys.len()),
        _ => 1,
    });
    of_keys.chain(of_modifiers).fold(1, u64::saturating_mul)
}

fn subsets(of: usize) -> u64 {
    u32::try_from(of).ok().and_then(|it| 1_u64.checked_shl(it)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use crate::query::dialect::parse;

    fn refusal(sql: &str) -> Option<String> {
        parse(sql).err().map(|it| it.to_string())
    }

    fn levels(count: usize, level: impl Fn(usize) -> String, last: &str) -> String {
        let mut sql = "WITH a0 AS (SELECT 1 AS x)".to_owned();
        for at in 1..=count {
            let _ = write!(sql, ", a{at} AS ({})", level(at - 1));
        }
        format!("{sql} {last} FROM a{count}")
    }

    #[test]
    fn common_tables_count_as_often_as_they_are_named() {
        let join = |at| format!("SELECT p.x FROM a{at} p JOIN A{at} q ON p.x = q.x");
        let union = |at| format!("SELECT x FROM a{at} UNION ALL SELECT x FROM a{at}");
        let within = |at| format!("SELECT x FROM a{at} WHERE x IN (SELECT x FROM a{at})");
        assert_eq!(refusal(&levels(5, join, "SELECT x")), None);
        assert_eq!(refusal(&levels(5, union, "SELECT x")), None);
        for (sql, what) in [
            (levels(12, join, "SELECT x"), "tables"),
            (levels(64, join, "SELECT x"), "too many tables"),
            (levels(12, within, "SELECT x"), "tables"),
            (levels(7, union, "SELECT x"), "127 UNION"),
            (levels(64, union, "SELECT x"), "too many"),
        ] {
            let refused = refusal(&sql).unwrap_or_default();
            assert!(refused.contains(what), "{refused}: {sql}");
        }
    }

    #[test]
    fn a_name_counts_where_it_is_seen() {
        let many = vec!["SELECT x FROM t"; 60].join(" UNION ALL ");
        let wide =
            format!("(WITH t AS ({many}) SELECT x FROM t)").replace("FROM t UNION", "FROM u UNION");
        // Beside the query that gives it, the name means another table.
        assert_eq!(refusal(&format!("SELECT * FROM {wide} AS a, t, t AS b")), None);
    }

    #[test]
    fn groupings_are_counted_as_trino_counts_them() {
        let columns =
            |count: usize| (0..count).map(|it| format!("c{it}")).collect::<Vec<_>>().join(", ");
        let by = |keys: &str| format!("SELECT count(*) FROM t GROUP BY {keys}");
        for keys in [
            format!("CUBE ({})", columns(11)),
            format!("ROLLUP ({})", columns(500)),
            "CUBE (a, b), CUBE (c, d), e".to_owned(),
            "GROUPING SETS ((a), (b, c), ())".to_owned(),
        ] {
            assert_eq!(refusal(&by(&keys)), None, "{keys}");
        }
        for keys in [
            format!("CUBE ({})", columns(12)),
            format!("CUBE ({})", columns(70)),
            format!("CUBE ({}), ROLLUP (x, y)", columns(10)),
        ] {
            let refused = refusal(&by(&keys)).unwrap_or_default();
            assert!(refused.contains("groupings, but at most 2048"), "{refused}");
        }
    }
}
