//! `"$record"`, the number of a row's record in its file: a column that its name shows, and nothing
//! else, as Trino's hidden columns (`"$path"`).
//!
//! A statement that names it gets tables that have it, each under a name of its own
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

/// Whether the tokens of a statement name the column. Without quotes it is an error.
pub fn is_named(tokens: &[TokenWithSpan]) -> Result<bool> {
    // Names were folded, this one was not.
    let is_bare = |word: &String| word.eq_ignore_ascii_case(RECORD_NUMBER);
    let bare = |it: &TokenWithSpan| matches!(&it.token, Token::Placeholder(word) if is_bare(word));
    if tokens.iter().any(bare) {
        return Err(Error::invalid("a name that begins with `$` has to be in double quotes")
            .with_help(format!("write \"{RECORD_NUMBER}\"")));
    }
    let named =
        |it: &TokenWithSpan| matches!(&it.token, Token::Word(word) if word.value == RECORD_NUMBER);
    Ok(tokens.iter().any(named))
}

/// The name under which a table, given by the parts of its name, has the column in a statement that
/// names it.
pub fn column_of<'a>(table: impl Iterator<Item = &'a str>) -> String {
    let parts: Vec<_> = table.collect();
    format!("{RECORD_NUMBER} of {}", parts.join("."))
}

/// Resolves the column's name all over a statement.
pub fn resolve(statement: &mut Statement) -> Result<()> {
    match statement.visit(&mut Resolver::default()) {
        ControlFlow::Break(error) => Err(*error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

#[derive(Default)]
struct Resolver {
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
    /// Whether the SELECT itself gives a column of this name.
    gives_record: bool,
    /// Whether only ORDER BY is left of the query.
    is_ended: bool,
    /// Whether it is one that was put in here, and names the column itself.
    is_ours: bool,
}

/// What a FROM names.
struct Relation {
    /// Its alias, or the parts of its name.
    names: Vec<String>,
    /// The column of the table; none where it is another relation, such as a subquery.
    column: Option<String>,
}

impl Relation {
    /// Whether a qualifier means it.
    fn is_called(&self, qualifier: &[&str]) -> bool {
        qualifier.len() <= self.names.len()
            && self.names.iter().rev().zip(qualifier.iter().rev()).all(|(one, other)| one == other)
    }
}

impl VisitorMut for Resolver {
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
            select.projection.iter_mut().for_each(|it| scope.item(it));
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
        if name.value != RECORD_NUMBER {
            return ControlFlow::Continue(());
        }
        match self.column(&qualifier) {
            Ok(Some(column)) => *name = quoted(column),
            Ok(None) => {}
            Err(error) => return ControlFlow::Break(Box::new(error)),
        }
        ControlFlow::Continue(())
    }
}

impl Resolver {
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
            scope.relations.push(Relation { names: alias.unwrap_or_default(), column: None });
            return Ok(());
        };
        let parts: Vec<_> = parts(name).into_iter().map(str::to_owned).collect();
        if self.is_of_with(&parts) {
            scope.relations.push(Relation { names: alias.unwrap_or(parts), column: None });
            return Ok(());
        }
        let mut column = Some(column_of(parts.iter().map(String::as_str)));
        let again = scope.relations.iter().any(|it| it.column == column);
        if renames || again {
            let place = scope.relations.len();
            let other = column.as_ref().filter(|_| !renames).map(|it| format!("{it}, {place}"));
            wrap(factor, &column.unwrap_or_default(), other.as_deref())?;
            column = other;
        }
        scope.relations.push(Relation { names: alias.unwrap_or(parts), column });
        Ok(())
    }

    /// Whether a name is one that a WITH gives, of those seen from here.
    fn is_of_with(&self, parts: &[String]) -> bool {
        let mut seen = self.queries.iter().flat_map(|it| &it.with[..it.passed]);
        matches!(parts, [name] if seen.any(|it| it == name))
    }

    /// The column that is meant behind a qualifier; none where it is one of a subquery, or unknown.
    fn column(&self, qualifier: &[&str]) -> Result<Option<String>> {
        for scope in self.scopes.iter().rev() {
            if scope.is_ours || scope.is_ended && scope.gives_record && qualifier.is_empty() {
                return Ok(None);
            }
            if !qualifier.is_empty() {
                match scope.relations.iter().find(|it| it.is_called(qualifier)) {
                    Some(relation) => return Ok(relation.column.clone()),
                    None => continue,
                }
            }
            let mut columns = scope.relations.iter().filter_map(|it| it.column.as_ref());
            match (columns.next(), columns.next()) {
                (Some(_), Some(_)) => return Err(ambiguous(scope)),
                (Some(column), None) => return Ok(Some(column.clone())),
                (None, _) if scope.relations.is_empty() => {}
                (None, _) => return Ok(None),
            }
        }
        Ok(None)
    }
}

impl Scope {
    /// Leaves the columns out of a `*`, and names one that is selected.
    fn item(&mut self, item: &mut SelectItem) {
        match item {
            SelectItem::Wildcard(options) => self.leave_out(options, &[]),
            SelectItem::QualifiedWildcard(
                SelectItemQualifiedWildcardKind::ObjectName(name),
                options,
            ) => self.leave_out(options, &parts(name)),
            SelectItem::UnnamedExpr(expr) => {
                let name = match expr {
                    Expr::Identifier(name) => Some(&*name),
                    Expr::CompoundIdentifier(parts) => parts.last(),
                    _ => None,
                };
                if name.is_some_and(|it| it.value == RECORD_NUMBER) {
                    self.gives_record = true;
                    let alias = quoted(RECORD_NUMBER.to_owned());
                    *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias };
                }
            }
            SelectItem::ExprWithAlias { alias, .. } => {
                self.gives_record |= alias.value == RECORD_NUMBER;
            }
            _ => {}
        }
    }

    /// Leaves the columns of the tables that a qualifier means out of a `*`.
    fn leave_out(&self, options: &mut WildcardAdditionalOptions, qualifier: &[&str]) {
        let meant = self.relations.iter().filter(|it| it.is_called(qualifier));
        let columns = meant.filter_map(|it| it.column.clone());
        let mut names: Vec<_> = columns.map(|it| ObjectName::from(vec![quoted(it)])).collect();
        match options.opt_exclude.take() {
            Some(ExcludeSelectItem::Single(name)) => names.push(name),
            Some(ExcludeSelectItem::Multiple(more)) => names.extend(more),
            None => {}
        }
        options.opt_exclude = (!names.is_empty()).then_some(ExcludeSelectItem::Multiple(names));
    }
}

/// Puts a subquery in the place of a table, whose column has another name there, or is left out.
fn wrap(factor: &mut TableFactor, column: &str, other: Option<&str>) -> Result<()> {
    let TableFactor::Table { name, alias, .. } = factor else { return Ok(()) };
    let column = quoted(column.to_owned());
    let renamed = other.map(|it| format!(", {column} AS {}", quoted(it.to_owned())));
    let sql = format!(
        "SELECT * EXCLUDE ({column}){} FROM {name} AS \"{RECORD_NUMBER}\"",
        renamed.unwrap_or_default()
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
    alias.name.value == RECORD_NUMBER
}

fn parts(name: &ObjectName) -> Vec<&str> {
    name.0.iter().filter_map(|it| it.as_ident()).map(|it| it.value.as_str()).collect()
}

fn quoted(name: String) -> Ident {
    Ident::with_quote('"', name)
}

fn ambiguous(scope: &Scope) -> Error {
    let tables = scope.relations.iter().filter(|it| it.column.is_some());
    let names: Vec<_> =
        tables.map(|it| format!("{}.\"{RECORD_NUMBER}\"", it.names.join("."))).collect();
    Error::invalid(format!("\"{RECORD_NUMBER}\" is a column of several tables here"))
        .with_help(format!("say which one is meant: {}", names.join(" or ")))
}

#[cfg(test)]
mod tests {
    use crate::query::dialect::parse;

    /// `#` stands for the column's name.
    fn check(sql: &str, expected: &str) {
        let one_line = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
        let parsed = parse(&sql.replace('#', "\"$record\"")).unwrap();
        let found = parsed.statement.unwrap().to_string().replace("\"$record\"", "#");
        let found = found.replace("\"$record of ", "\"of ").replace('\u{2}', " ");
        assert_eq!(found, one_line(expected));
        assert_eq!(parsed.names_record, sql.contains('#'));
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
               JOIN (SELECT * EXCLUDE ("of t"), "of t" AS "of t, 1" FROM t AS #) AS b
               ON a.x = b.x"#,
        );
        check(
            "SELECT *, u.# FROM t AS a(b, c), u",
            r#"SELECT * EXCLUDE ("of u"), u."of u" AS #
               FROM (SELECT * EXCLUDE ("of t") FROM t AS #) AS a (b, c), u"#,
        );
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
