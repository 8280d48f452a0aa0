//! What a statement may ask about itself: `current_user`, `current_catalog`, `current_schema` and
//! `version()`.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::scalar::ScalarValue;

use super::names::{CATALOG, DEFAULT};

/// The functions for an account, where the database has this name.
pub fn constants(user: String, database: Option<&str>) -> Vec<Arc<ScalarUDF>> {
    let all = [
        ("current_user", user),
        ("current_catalog", CATALOG.to_owned()),
        ("current_schema", database.unwrap_or(DEFAULT).to_owned()),
        ("version", format!("annostore {}", env!("CARGO_PKG_VERSION"))),
    ];
    let udf = |(name, value)| {
        let signature = Signature::nullary(Volatility::Immutable);
        Arc::new(ScalarUDF::from(Constant { name, value, signature }))
    };
    all.into_iter().map(udf).collect()
}

#[derive(Debug, PartialEq, Eq)]
struct Constant {
    name: &'static str,
    value: String,
    signature: Signature,
}

impl Hash for Constant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Constant {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, _: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Ok(ColumnarValue::Scalar(ScalarValue::Utf8(Some(self.value.clone()))))
    }
}
