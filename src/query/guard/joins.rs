//! Joins that say nothing of which rows meet: the engine would join each row with each.

use datafusion::sql::sqlparser::ast::{
    Join, JoinConstraint, JoinOperator, TableFactor, TableWithJoins,
};

use crate::model::Error;

/// The error of a JOIN without ON and USING. An UNNEST needs none.
pub fn check(table: &TableWithJoins) -> Result<(), Error> {
    if !table.joins.iter().any(is_without_condition) {
        return Ok(());
    }
    Err(Error::invalid("a JOIN has neither ON nor USING").with_help(
        "say which rows meet: JOIN t ON a.contigname = t.contigname; CROSS JOIN joins each row \
         with each",
    ))
}

fn is_without_condition(join: &Join) -> bool {
    use JoinOperator::{FullOuter, Inner, Join, Left, LeftOuter, Right, RightOuter};
    let (Join(constraint)
    | Inner(constraint)
    | Left(constraint)
    | LeftOuter(constraint)
    | Right(constraint)
    | RightOuter(constraint)
    | FullOuter(constraint)) = &join.join_operator
    else {
        return false;
    };
    let is_of_elements = matches!(join.relation, TableFactor::UNNEST { .. });
    *constraint == JoinConstraint::None && !is_of_elements
}
