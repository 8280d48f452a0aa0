//! Columns that their names show, and nothing else, as Trino's hidden columns: `"$record"`, the
//! number of a row's record in its file, and `"$path"`, the data file that a row is read from.
//!
//! A statement that names one gets tables that have it, each under a name of its own
//! ([`column_of`]): no NATURAL JOIN or USING finds it, and each `*` can leave it out. This file
//! puts those names in the place of `"$record"`, by the rules of scope of SQL, and leaves a
//! `"$record"` that a subquery gives as one of its columns alone.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    self, ExcludeSelectItem, Expr, Ident, ObjectName, SelectItem, SelectItemQualifiedWildcardKind,
    SetExpr, Statement, TableFactor, TableWithJoins, VisitMut, VisitorMut,
    WildcardAdditionalOptions,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::model::{Error, Result};
use crate::write::schema::RECORD_NUMBER;

/// The column of the path of the data file.
pub const PATH: &str = "$path";

/// The hidden columns.
const HIDDEN: [&str; 2] = [RECORD_NUMBER, PATH];

/// The table that is read in a subquery that is put in here.
const OURS: &str = "$hidden";

/// Those hidden columns that a statement names.
pub type Named = Vec<&'static str>;

/// Whether a column has the name of a hidden one.
pub fn is_hidden(name: &str) -> bool {
    HIDDEN.contains(&name)
}

/// The hidden columns that the tokens of a statement name. Without quotes they are an error.
pub fn named_in(tokens: &[TokenWithSpan]) -> Result<Named> {
    let mut named = Vec::new();
    for column in HIDDEN {
        // Names were folded, this one was not.
        let bare = |it: &TokenWithSpan| match &it.token {
            Token::Placeholder(word) => word.eq_ignore_ascii_case(column),
            _ => false,
        };
        if tokens.iter().any(bare) {
            return Err(Error::invalid("a name that begins with `$` has to be in double quotes")
                .with_help(format!("write \"{column}\"")));
        }
        let is_named =
            |it: &TokenWithSpan| matches!(&it.token, Token::Word(word) if word.value == column);
        if tokens.iter().any(is_named) {
            named.push(column);
        }
    }
    Ok(named)
}

/// The name under which a table, given by the parts of its name, has a hidden column in a statement
/// that names it.
pub fn column_of<'a>(column: &str, table: impl Iterator<Item = &'a str>) -> String {
    column_in(column, &table.collect::<Vec<_>>().join("."))
}

fn column_in(column: &str, table: &str) -> String {
    format!("{column} of {table}")
}

/// Resolves the names of these columns all over a statement.
pub fn resolve(statement: &mut Statement, named: &Named) -> Result<()> {
    let mut resolver = Resolver { named, queries: Vec::new(), scopes: Vec::new() };
    match statement.visit(&mut resolver) {
        ControlFlow::Break(error) => Err(*error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

struct Resolver<'a> {
    /// The hidden columns that the statement names.
    named: &'a Named,
    /// The queries that the walk is in, from the outermost.
    queries: Vec<OpenQuery>,
    /// The SELECTs that the walk is in, or whose ORDER BY.
    scopes: Vec<Scope>,
}

struct OpenQuery {
    /// The names that its WITH gives.
    with: Vec<String>,
    /// How many of those the walk has passed.
    passed: usize,
    /// Whether it is one SELECT, whose tables ORDER BY sees.
    is_select: bool,
}

#[derive(Default)]
struct Scope {
    relations: Vec<Relation>,
    /// The hidden columns whose names the SELECT itself gives to its columns.
    gives: Named,
    /// Whether only ORDER BY is left of the query.
    is_ended: bool,
    /// Whether it is one that was put in here, and names the column itself.
    is_ours: bool,
}

/// What a FROM names.
struct Relation {
    /// Its alias, or the parts of its name.
    names: Vec<String>,
    /// What the table's hidden columns are named for; none where it is another relation, such as a
    /// subquery.
    table: Option<String>,
}

impl Relation {
    /// Whether a qualifier means it.
    fn is_called(&self, qualifier: &[&str]) -> bool {
        qualifier.len() <= self.names.len()
            && self.names.iter().rev().zip(qualifier.iter().rev()).all(|(one, other)| one == other)
    }
}

impl VisitorMut for Resolver<'_> {
    // Boxed, because it travels through every level of the recursion.
    type Break = Box<Error>;

    fn pre_visit_query(&mut self, query: &mut ast::Query) -> ControlFlow<Box<Error>> {
        let with = query.with.iter().flat_map(|it| &it.cte_tables);
        let with = with.map(|it| it.alias.name.value.clone()).collect();
        let is_select = matches!(*query.body, SetExpr::Select(_));
        self.queries.push(OpenQuery { with, passed: 0, is_select });
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &mut ast::Query) -> ControlFlow<Box<Error>> {
        if self.queries.pop().is_some_and(|it| it.is_select) {
            self.scopes.pop();
        }
        // Those of a WITH are the first queries within a query.
        if let Some(outer) = self.queries.last_mut() {
            outer.passed = outer.with.len().min(outer.passed + 1);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut ast::Select) -> ControlFlow<Box<Error>> {
        let mut scope = Scope { is_ours: is_ours(select), ..Scope::default() };
        if !scope.is_ours {
            for table in &mut select.from {
                if let Err(error) = self.tables(table, &mut scope) {
                    return ControlFlow::Break(Box::new(error));
                }
            }
            select.projection.iter_mut().for_each(|it| scope.item(it, self.named));
        }
        self.scopes.push(scope);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _: &mut ast::Select) -> ControlFlow<Box<Error>> {
        if !self.queries.last().is_some_and(|it| it.is_select) {
            self.scopes.pop();
        } else if let Some(scope) = self.scopes.last_mut() {
            scope.is_ended = true;
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Box<Error>> {
        let (qualifier, name) = match expr {
            Expr::Identifier(name) => (Vec::new(), name),
            Expr::CompoundIdentifier(parts) => {
                let Some((name, qualifier)) = parts.split_last_mut() else {
                    return ControlFlow::Continue(());
                };
                (qualifier.iter().map(|it| it.value.as_str()).collect(), name)
            }
            _ => return ControlFlow::Continue(()),
        };
        let hidden = self.named.iter().find(|it| **it == name.value);
        let Some(hidden) = hidden else { return ControlFlow::Continue(()) };
        match self.column(hidden, &qualifier) {
            Ok(Some(column)) => *name = quoted(column),
            Ok(None) => {}
            Err(error) => return ControlFlow::Break(Box::new(error)),
        }
        ControlFlow::Continue(())
    }
}

impl Resolver<'_> {
    /// The tables of a FROM, of which each gets a column of a name that no other has.
    fn tables(&self, table: &mut TableWithJoins, scope: &mut Scope) -> Result<()> {
        self.relation(&mut table.relation, scope)?;
        table.joins.iter_mut().try_for_each(|it| self.relation(&mut it.relation, scope))
    }

    fn relation(&self, factor: &mut TableFactor, scope: &mut Scope) -> Result<()> {
        if let TableFactor::NestedJoin { table_with_joins, alias } = factor {
            let first = scope.relations.len();
            self.tables(table_with_joins, scope)?;
            if let Some(alias) = alias {
                let called = |it: &mut Relation| it.names = vec![alias.name.value.clone()];
                scope.relations[first..].iter_mut().for_each(called);
            }
            return Ok(());
        }
        let (TableFactor::Table { alias, .. }
        | TableFactor::Derived { alias, .. }
        | TableFactor::UNNEST { alias, .. }) = &*factor
        else {
            return Ok(());
        };
        let renames = alias.as_ref().is_some_and(|it| !it.columns.is_empty());
        let alias = alias.as_ref().map(|it| vec![it.name.value.clone()]);
        let TableFactor::Table { name, args: None, .. } = &*factor else {
            scope.relations.push(Relation { names: alias.unwrap_or_default(), table: None });
            return Ok(());
        };
        let parts: Vec<_> = parts(name).into_iter().map(str::to_owned).collect();
        if self.is_of_with(&parts) {
            scope.relations.push(Relation { names: alias.unwrap_or(parts), table: None });
            return Ok(());
        }
        let plain = parts.join(".");
        let again = scope.relations.iter().any(|it| it.table.as_ref() == Some(&plain));
        let table = if renames || again {
            let other = (!renames).then(|| format!("{plain}, {}", scope.relations.len()));
            wrap(factor, self.named, &plain, other.as_deref())?;
            other
        } else {
            Some(plain)
        };
        scope.relations.push(Relation { names: alias.unwrap_or(parts), table });
        Ok(())
    }

    /// Whether a name is one that a WITH gives, of those seen from here.
    fn is_of_with(&self, parts: &[String]) -> bool {
        let mut seen = self.queries.iter().flat_map(|it| &it.with[..it.passed]);
        matches!(parts, [name] if seen.any(|it| it == name))
    }

    /// The column that a hidden one is behind a qualifier; none where it is one of a subquery, or
    /// unknown.
    fn column(&self, hidden: &'static str, qualifier: &[&str]) -> Result<Option<String>> {
        let of = |table: &String| column_in(hidden, table);
        for scope in self.scopes.iter().rev() {
            let is_given = scope.is_ended && scope.gives.contains(&hidden);
            if scope.is_ours || is_given && qualifier.is_empty() {
                return Ok(None);
            }
            if !qualifier.is_empty() {
                match scope.relations.iter().find(|it| it.is_called(qualifier)) {
                    Some(relation) => return Ok(relation.table.as_ref().map(of)),
                    None => continue,
                }
            }
            let mut tables = scope.relations.iter().filter_map(|it| it.table.as_ref());
            match (tables.next(), tables.next()) {
                (Some(_), Some(_)) => return Err(ambiguous(hidden, scope)),
                (Some(table), None) => return Ok(Some(of(table))),
                (None, _) if scope.relations.is_empty() => {}
                (None, _) => return Ok(None),
            }
        }
        Ok(None)
    }
}

impl Scope {
    /// Leaves the columns out of a `*`, and names one that is selected.
    fn item(&mut self, item: &mut SelectItem, named: &Named) {
        let hidden = |name: &Ident| named.iter().copied().find(|it| *it == name.value);
        match item {
            SelectItem::Wildcard(options) => self.leave_out(options, &[], named),
            SelectItem::QualifiedWildcard(
                SelectItemQualifiedWildcardKind::ObjectName(name),
                options,
            ) => self.leave_out(options, &parts(name), named),
            SelectItem::UnnamedExpr(expr) => {
                let name = match expr {
                    Expr::Identifier(name) => Some(&*name),
                    Expr::CompoundIdentifier(parts) => parts.last(),
                    _ => None,
                };
                if let Some(column) = name.and_then(hidden) {
                    self.gives.push(column);
                    let alias = quoted(column.to_owned());
                    *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias };
                }
            }
            SelectItem::ExprWithAlias { alias, .. } => {
                self.gives.extend(hidden(alias));
            }
            _ => {}
        }
    }

    /// Leaves the columns of the tables that a qualifier means out of a `*`.
    fn leave_out(
        &self,
        options: &mut WildcardAdditionalOptions,
        qualifier: &[&str],
        named: &Named,
    ) {
        let meant = self.relations.iter().filter(|it| it.is_called(qualifier));
        let tables = meant.filter_map(|it| it.table.as_ref());
        let columns = tables.flat_map(|it| named.iter().map(|column| column_in(column, it)));
        let mut left_out: Vec<_> = columns.map(|it| ObjectName::from(vec![quoted(it)])).collect();
        match options.opt_exclude.take() {
            Some(ExcludeSelectItem::Single(name)) => left_out.push(name),
            Some(ExcludeSelectItem::Multiple(more)) => left_out.extend(more),
            None => {}
        }
        options.opt_exclude =
            (!left_out.is_empty()).then_some(ExcludeSelectItem::Multiple(left_out));
    }
}

/// Puts a subquery in the place of a table, whose hidden columns are named for another one there,
/// or are left out.
fn wrap(factor: &mut TableFactor, named: &Named, table: &str, other: Option<&str>) -> Result<()> {
    let TableFactor::Table { name, alias, .. } = factor else { return Ok(()) };
    let column = |hidden: &str, of: &str| quoted(column_in(hidden, of)).to_string();
    let left_out: Vec<_> = named.iter().map(|it| column(it, table)).collect();
    let renamed = other.into_iter().flat_map(|other| {
        named.iter().map(move |it| format!(", {} AS {}", column(it, table), column(it, other)))
    });
    let sql = format!(
        "SELECT * EXCLUDE ({}){} FROM {name} AS \"{OURS}\"",
        left_out.join(", "),
        renamed.collect::<String>()
    );
    let query = Parser::new(&GenericDialect).try_with_sql(&sql).and_then(|mut it| it.parse_query());
    let subquery =
        query.map_err(|error| Error::internal("cannot write a subquery").with_source(error))?;
    let alias = alias.take();
    *factor = TableFactor::Derived { lateral: false, subquery, alias, sample: None };
    Ok(())
}

/// Whether a SELECT is one that [`wrap`] has made.
fn is_ours(select: &ast::Select) -> bool {
    let [TableWithJoins { relation: TableFactor::Table { alias: Some(alias), .. }, .. }] =
        select.from.as_slice()
    else {
        return false;
    };
    alias.name.value == OURS
}

fn parts(name: &ObjectName) -> Vec<&str> {
    name.0.iter().filter_map(|it| it.as_ident()).map(|it| it.value.as_str()).collect()
}

fn quoted(name: String) -> Ident {
    Ident::with_quote('"', name)
}

fn ambiguous(column: &str, scope: &Scope) -> Error {
    let tables = scope.relations.iter().filter(|it| it.table.is_some());
    let names: Vec<_> = tables.map(|it| format!("{}.\"{column}\"", it.names.join("."))).collect();
    Error::invalid(format!("\"{column}\" is a column of several tables here"))
        .with_help(format!("say which one is meant: {}", names.join(" or ")))
}

#[cfg(test)]
mod tests {
    use crate::query::dialect::parse;

    /// `#` stands for the column's name.
    fn check(sql: &str, expected: &str) {
        let one_line = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
        let parsed = parse(&sql.replace('#', "\"$record\"")).unwrap();
        let found = parsed.statement.unwrap().to_string().replace(" $integer NULL", "");
        let found = found.replace("\"$record\"", "#");
        let found = found.replace("\"$record of ", "\"of ").replace('\u{2}', " ");
        assert_eq!(found, one_line(expected));
        assert_eq!(parsed.hidden.is_empty(), !sql.contains('#'));
    }

    #[test]
    fn it_is_named_by_its_table_and_left_out_of_stars() {
        check(
            "SELECT *, # FROM t WHERE # > 5 ORDER BY t.#",
            r#"SELECT * EXCLUDE ("of t"), "of t" AS # FROM t WHERE "of t" > 5 ORDER BY t."of t""#,
        );
        check(
            "SELECT b.*, a.# AS n FROM s.v AS a JOIN t AS b USING (x)",
            r#"SELECT b.* EXCLUDE ("of t"), (a."of s.v") named 'n 1 b' FROM s.v AS a
               JOIN t AS b USING(x)"#,
        );
        check(
            "SELECT max(#) AS n FROM s.v WHERE v.x = s.v.#",
            r#"SELECT max("of s.v") AS n FROM s.v WHERE v.x = s.v."of s.v""#,
        );
        check("SELECT * FROM t", "SELECT * FROM t");
    }

    #[test]
    fn a_column_of_a_subquery_is_one_like_others() {
        check(
            "WITH t AS (SELECT #, x FROM t) SELECT *, # FROM t",
            r#"WITH t AS (SELECT "of t" AS #, x FROM t) SELECT *, # AS # FROM t"#,
        );
        check(
            "SELECT s.#, t.# FROM t, (SELECT # FROM u) AS s",
            r#"SELECT s.# AS #, t."of t" AS # FROM t, (SELECT "of u" AS # FROM u) AS s"#,
        );
        check(
            "SELECT # FROM t UNION SELECT 1 AS y FROM u ORDER BY #",
            r#"SELECT "of t" AS # FROM t UNION SELECT 1 AS y FROM u ORDER BY #"#,
        );
        check(
            "SELECT # FROM t WHERE x IN (SELECT u.x FROM u WHERE u.# = t.#) ORDER BY #",
            r#"SELECT "of t" AS # FROM t
               WHERE x IN (SELECT u.x AS "x" FROM u WHERE u."of u" = t."of t") ORDER BY #"#,
        );
    }

    #[test]
    fn a_table_that_comes_twice_has_two_columns() {
        check(
            "SELECT *, b.# FROM t AS a JOIN t AS b ON a.x = b.x",
            r#"SELECT * EXCLUDE ("of t", "of t, 1"), b."of t, 1" AS # FROM t AS a
               JOIN (SELECT * EXCLUDE ("of t"), "of t" AS "of t, 1" FROM t AS "$hidden") AS b
               ON a.x = b.x"#,
        );
        check(
            "SELECT *, u.# FROM t AS a(b, c), u",
            r#"SELECT * EXCLUDE ("of u"), u."of u" AS #
               FROM (SELECT * EXCLUDE ("of t") FROM t AS "$hidden") AS a (b, c), u"#,
        );
    }

    #[test]
    fn several_of_a_table_go_together() {
        let parsed = parse(r#"SELECT a.*, b."$path", b."$record" FROM t AS a, t AS b"#).unwrap();
        assert_eq!(parsed.hidden, ["$record", "$path"]);
        let found = parsed.statement.unwrap().to_string();
        for part in [
            r#"SELECT a.* EXCLUDE ("$record of t", "$path of t"), b."$path of t, 1" AS "$path""#,
            r#"(SELECT * EXCLUDE ("$record of t", "$path of t"), "$record of t" AS"#,
            r#""$path of t" AS "$path of t, 1" FROM t AS "$hidden") AS b"#,
        ] {
            assert!(found.contains(part), "{found}");
        }
    }

    #[test]
    fn what_is_not_clear_is_refused_in_words() {
        for (sql, what) in [
            (r#"SELECT "$record" FROM t, u"#, "several tables"),
            ("SELECT $record FROM t", "double quotes"),
        ] {
            let error = parse(sql).unwrap_err();
            assert!(error.to_string().contains(what), "{error}");
            assert!(error.help().unwrap().contains("\"$record\""), "{error}");
        }
    }
}
