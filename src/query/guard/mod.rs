//! What a statement may be: one query, not too long and not too deep. Checked before DataFusion
//! plans it, which would overflow the stack, and that ends the process.

mod joins;
mod operators;
mod size;

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, Query, SetExpr, Statement, TableFactor, Visit, Visitor,
};

use crate::model::{Error, Result};

/// The longest text of a statement, in bytes.
pub const MAX_TEXT: usize = 64 * 1024;
/// How deep expressions may be nested; a chain of n operators is n deep.
pub const MAX_NESTING: usize = 500;
/// How many UNNEST a statement may have.
pub const MAX_UNNESTS: usize = 100;

/// Refuses a text that is too long.
pub fn check_text(sql: &str) -> Result<()> {
    if sql.len() <= MAX_TEXT {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "the SQL is {} bytes long, but at most {MAX_TEXT} are read",
        sql.len()
    ))
    .with_help("put a long list of values into a store of its own and join it"))
}

/// Refuses whatever is not a query, and queries that are too deep.
pub fn check_statement(statement: &Statement) -> Result<()> {
    if !matches!(statement, Statement::Query(_)) {
        return Err(not_a_query(&first_words(&statement.to_string())));
    }
    match statement.visit(&mut Check { depth: 0, unnests: 0 }) {
        ControlFlow::Break(error) => Err(*error),
        ControlFlow::Continue(()) => size::check(statement),
    }
}

/// What is refused where a statement, of which these are the first words, is no query.
pub fn not_a_query(what: &str) -> Error {
    let what = if what.is_empty() { "this" } else { what };
    Error::invalid(format!("`{what}` is not a query, and stores are read-only in SQL"))
        .with_help(instead(what))
}

/// Words that statements begin with which are no queries.
const STATEMENTS: [&str; 32] = [
    "alter",
    "analyze",
    "begin",
    "call",
    "comment",
    "commit",
    "copy",
    "create",
    "deallocate",
    "delete",
    "deny",
    "drop",
    "execute",
    "export",
    "grant",
    "insert",
    "load",
    "merge",
    "msck",
    "optimize",
    "prepare",
    "refresh",
    "reset",
    "revoke",
    "rollback",
    "set",
    "start",
    "truncate",
    "unload",
    "update",
    "use",
    "vacuum",
];

/// Whether a statement that begins with this word is one that SQL has elsewhere.
pub fn is_statement(word: &str) -> bool {
    STATEMENTS.contains(&word)
}

/// What to do in the place of a statement that is no query.
fn instead(what: &str) -> &'static str {
    let words: Vec<&str> = what.split(' ').collect();
    match words.as_slice() {
        ["CREATE", "VIEW" | "OR"] => {
            "keep the query with `annostore view create NAME 'SELECT ...'`"
        }
        ["CREATE", "DATABASE" | "SCHEMA"] => {
            "there is nothing to make: any name may stand before a store, as in omicsdb.clinvar"
        }
        ["CREATE" | "UNLOAD" | "COPY", ..] | ["SELECT", "INTO"] => {
            "write the rows to a file with `annostore query -o FILE 'SELECT ...'`, or keep the \
             query with `annostore view create NAME 'SELECT ...'`"
        }
        ["DROP", "VIEW"] => "drop it with `annostore view drop NAME`",
        ["DROP", ..] => {
            "delete stores with `annostore store delete`, versions with `annostore version delete`"
        }
        ["INSERT" | "UPDATE" | "DELETE" | "MERGE" | "TRUNCATE" | "LOAD", ..] => {
            "change stores with `annostore import`, `annostore version` and `annostore store`"
        }
        ["ALTER" | "COMMENT", ..] => {
            "change stores with `annostore store update`; an import adds the columns of its file"
        }
        ["VACUUM" | "OPTIMIZE" | "ANALYZE" | "MSCK" | "REFRESH", ..] => {
            "leave it out: stores look after their files themselves"
        }
        ["SET" | "RESET" | "USE" | "BEGIN" | "START" | "COMMIT" | "ROLLBACK", ..] => {
            "leave it out: each statement stands alone; --database, --memory and --timeout are set \
             on the command line"
        }
        ["PREPARE" | "EXECUTE" | "DEALLOCATE", ..] => {
            "write the query itself, or EXECUTE IMMEDIATE 'SELECT ...' USING values"
        }
        ["SHOW", ..] => {
            "SHOW knows TABLES, VIEWS, COLUMNS, SCHEMAS, CATALOGS, FUNCTIONS, CREATE TABLE, CREATE \
             VIEW, STATS, PARTITIONS and TBLPROPERTIES"
        }
        _ => {
            "use SELECT, WITH, VALUES, TABLE, EXPLAIN, DESCRIBE or SHOW; change stores with \
             `annostore import` and `annostore store`"
        }
    }
}

fn first_words(text: &str) -> String {
    text.split_whitespace().take(2).collect::<Vec<_>>().join(" ").to_uppercase()
}

struct Check {
    depth: usize,
    unnests: usize,
}

impl Visitor for Check {
    // Boxed, because it travels through every level of the recursion.
    type Break = Box<Error>;

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<Box<Error>> {
        if let Err(error) = operators::check(expr) {
            return ControlFlow::Break(Box::new(error));
        }
        self.depth += 1;
        if self.depth > MAX_NESTING {
            let error = Error::invalid(format!(
                "an expression of the SQL is more than {MAX_NESTING} operators deep"
            ));
            let help = "use IN (...) for long lists of OR, and parentheses to split long sums";
            return ControlFlow::Break(Box::new(error.with_help(help)));
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<Box<Error>> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<Box<Error>> {
        if let Some(form) = unknown_form(table) {
            let error = Error::invalid(format!("{form} is not supported"));
            return ControlFlow::Break(Box::new(error));
        }
        if let TableFactor::NestedJoin { table_with_joins, .. } = table
            && let Err(error) = joins::check(table_with_joins)
        {
            return ControlFlow::Break(Box::new(error));
        }
        if let TableFactor::UNNEST { .. } = table {
            self.unnests += 1;
            if self.unnests > MAX_UNNESTS {
                let error = format!("the SQL has more than {MAX_UNNESTS} UNNEST");
                return ControlFlow::Break(Box::new(Error::invalid(error)));
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<Box<Error>> {
        let mut bodies = vec![query.body.as_ref()];
        while let Some(body) = bodies.pop() {
            match body {
                SetExpr::SetOperation { left, right, .. } => {
                    bodies.extend([left.as_ref(), right.as_ref()]);
                }
                SetExpr::Select(select) if select.into.is_some() => {
                    return ControlFlow::Break(Box::new(not_a_query("SELECT INTO")));
                }
                SetExpr::Select(select) => {
                    if let Err(error) = select.from.iter().try_for_each(joins::check) {
                        return ControlFlow::Break(Box::new(error));
                    }
                }
                SetExpr::Query(_) | SetExpr::Values(_) | SetExpr::Table(_) => {}
                other => {
                    let error = not_a_query(&first_words(&other.to_string()));
                    return ControlFlow::Break(Box::new(error));
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// A form of a table that nothing here reads.
fn unknown_form(table: &TableFactor) -> Option<&'static str> {
    match table {
        TableFactor::MatchRecognize { .. } => Some("MATCH_RECOGNIZE"),
        TableFactor::Pivot { .. } => Some("PIVOT"),
        TableFactor::Unpivot { .. } => Some("UNPIVOT"),
        TableFactor::JsonTable { .. } => Some("JSON_TABLE"),
        TableFactor::XmlTable { .. } => Some("XMLTABLE"),
        TableFactor::TableFunction { .. } | TableFactor::Function { .. } => Some("TABLE(function)"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::query::dialect::parse;

    #[test]
    fn only_queries_pass() {
        for sql in [
            "SELECT 1",
            "WITH x AS (SELECT 1 AS a) SELECT a FROM x",
            "VALUES (1, 2)",
            "EXPLAIN SELECT 1",
            "EXPLAIN ANALYZE SELECT 1",
            "DESCRIBE clinvar",
            "SHOW TABLES",
            "SHOW TABLES IN omicsdb LIKE 'gen%'",
            "EXPLAIN (TYPE LOGICAL, FORMAT JSON) SELECT 1",
            "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT n FROM t",
            "EXECUTE IMMEDIATE 'SELECT ?' USING 1;",
        ] {
            assert!(parse(sql).is_ok(), "{sql}: {:?}", parse(sql));
        }
        for sql in [
            "CREATE TABLE x AS SELECT 1",
            "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
            "CREATE VIEW x AS SELECT 1",
            "CREATE FUNCTION f() RETURNS INT RETURN 1",
            "INSERT INTO clinvar VALUES (1)",
            "WITH x AS (SELECT 1) INSERT INTO clinvar SELECT * FROM x",
            "UPDATE clinvar SET start = 1",
            "DELETE FROM clinvar",
            "MERGE INTO a USING b ON a.x = b.x WHEN MATCHED THEN DELETE",
            "DROP TABLE clinvar",
            "TRUNCATE TABLE clinvar",
            "ALTER TABLE clinvar ADD COLUMN x INT",
            "COPY clinvar TO '/tmp/x.csv'",
            "EXPLAIN COPY clinvar TO '/tmp/x.csv'",
            "EXPLAIN ANALYZE INSERT INTO clinvar VALUES (1)",
            "SELECT 1 INTO x",
            "SET x = 1",
            "RESET x",
            "SHOW ALL",
            "PREPARE p AS SELECT 1",
            "EXECUTE p",
            "DEALLOCATE p",
            "BEGIN",
            "COMMIT",
            "USE x",
            "SELECT 1; SELECT 2",
            "EXECUTE IMMEDIATE 'EXECUTE IMMEDIATE ''SELECT 1'''",
            "EXECUTE IMMEDIATE 'SELECT ?'",
            "SELECT ?",
            "",
        ] {
            assert!(parse(sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn deep_statements_are_refused_with_words() {
        // The thread of a test has a small stack; queries are parsed on a large one.
        let check = || {
            for (sql, word) in [
                (format!("SELECT 1{}", "+1".repeat(2000)), "operators deep"),
                (format!("SELECT 1 WHERE {}", vec!["a=1"; 3000].join(" OR ")), "operators deep"),
                (vec!["SELECT 1"; 300].join(" UNION ALL "), "UNION"),
                (format!("SELECT {}1{}", "(".repeat(600), ")".repeat(600)), "recursion"),
                (format!("SELECT '{}'", "x".repeat(70_000)), "bytes long"),
            ] {
                let error = parse(&sql).unwrap_err().to_string();
                assert!(error.contains(word), "{error}");
            }
            let longest = format!("SELECT 1{}", "+1".repeat(400));
            assert!(parse(&longest).is_ok());
        };
        std::thread::Builder::new().stack_size(256 << 20).spawn(check).unwrap().join().unwrap();
    }
}
