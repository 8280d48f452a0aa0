//! `typeof(x)`: the name of a type, as Trino spells it.

use std::sync::Arc;

use arrow::array::StringArray;
use arrow::datatypes::DataType;
use datafusion::common::plan_err;

use crate::query::scalar::ScalarFunction;
use crate::query::types::sql_type;

/// What SQL calls. The dialect knows the types of literals, which are others here.
pub static FUNCTIONS: &[&ScalarFunction] = &[&ScalarFunction {
    name: "typeof",
    arguments: |types| {
        if types.len() == 1 { Ok(types.to_vec()) } else { plan_err!("typeof takes one value") }
    },
    result: |_| Ok(DataType::Utf8),
    call: |args| {
        let name = without_blanks(&sql_type(&args.args[0].data_type()));
        Ok(Arc::new(StringArray::from(vec![name; args.number_rows])))
    },
}];

/// Trino writes decimals as `decimal(5,2)`, and everything else with blanks.
fn without_blanks(name: &str) -> String {
    let mut parts = name.split("decimal(");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| name + "decimal(" + &part.replacen(", ", ",", 1))
}
