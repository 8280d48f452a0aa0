//! Where `attributes` becomes real: each file's expressions are rewritten to the columns that the
//! file has.
//!
//! `attributes` is a column of the table that no file holds. DataFusion asks an adapter, file by
//! file, to put expressions over the table's columns into terms of the file's own; this adapter
//! answers
//!
//! ```text
//! element_at(attributes, 'AF')  →  vcf_text(info.af)
//!                                  where some file keeps AF in info_other:
//!                                  vcf_text(info.af, info_other, 'AF')
//!                                  where this file does not declare AF:
//!                                  element_at(info_other, 'AF')
//! attributes                    →  vcf_attributes(info, info_other)
//! ```
//!
//! Because it happens at the very scan, it does not matter how the column got there: through
//! aliases, joins, common table expressions, unions. `element_at` asks to be moved towards the scan
//! (`functions::ElementAt::placement`), the optimizer does so, and what cannot be moved reads the
//! whole map and is right all the same. Only the Parquet columns that are left over after the
//! rewriting are read.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::functions::core::get_field;
use datafusion::logical_expr::ScalarUDF;
use datafusion::physical_expr::expressions::{Column, LambdaVariable, Literal, lit};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_expr_adapter::{
    DefaultPhysicalExprAdapterFactory, PhysicalExprAdapter, PhysicalExprAdapterFactory,
};
use datafusion::scalar::ScalarValue;

use super::columns::{ATTRIBUTES_COLUMN, INFO_COLUMN, OTHER_COLUMN};
use super::functions::{ATTRIBUTES, TEXT, header_key};
use crate::query::dialect::PATH;
use crate::query::functions::ELEMENT_AT;
use crate::write::schema::RECORD_NUMBER;

type Expr = Arc<dyn PhysicalExpr>;

/// Behind all columns of a file. A lambda takes the index of a variable for that of a column where
/// there is such a column, and files may have more columns than the table that it was planned for.
const BEHIND: usize = 1 << 20;

/// Makes the adapter of each file of a version.
#[derive(Debug)]
pub struct AttributesAdapterFactory {
    /// The keys that some file keeps in `info_other`; none where they are not known.
    pub other_keys: Option<Arc<BTreeSet<String>>>,
    /// The path of the file, where the engine does not fill it in.
    pub path: Option<String>,
}

impl PhysicalExprAdapterFactory for AttributesAdapterFactory {
    fn create(&self, table: SchemaRef, file: SchemaRef) -> Result<Arc<dyn PhysicalExprAdapter>> {
        let inner =
            DefaultPhysicalExprAdapterFactory.create(Arc::clone(&table), Arc::clone(&file))?;
        let (other_keys, path) = (self.other_keys.clone(), self.path.clone());
        Ok(Arc::new(AttributesAdapter { table, file, other_keys, path, inner }))
    }
}

#[derive(Debug)]
struct AttributesAdapter {
    table: SchemaRef,
    file: SchemaRef,
    other_keys: Option<Arc<BTreeSet<String>>>,
    path: Option<String>,
    inner: Arc<dyn PhysicalExprAdapter>,
}

impl PhysicalExprAdapter for AttributesAdapter {
    fn rewrite(&self, expr: Expr) -> Result<Expr> {
        // The inner adapter goes second: what we put in is in terms of the table, so it casts and
        // fills in as for any column.
        self.inner.rewrite(expr.transform_down(|expr| self.rewrite_node(expr)).data()?)
    }
}

impl AttributesAdapter {
    fn rewrite_node(&self, expr: Expr) -> Result<Transformed<Expr>> {
        if let Some(variable) = expr.downcast_ref::<LambdaVariable>() {
            if variable.index() >= BEHIND {
                return Ok(Transformed::no(expr));
            }
            let (index, field) = (variable.index() + BEHIND, Arc::clone(variable.field()));
            return Ok(Transformed::yes(Arc::new(LambdaVariable::new(index, field))));
        }
        let replaced = match one_key(&expr) {
            Some(key) => self.text_of(&key)?,
            None if is_attributes(&expr) => self.whole_map()?,
            None if is_hidden(&expr, RECORD_NUMBER) => self.record_number(),
            None if self.path.is_some() && is_hidden(&expr, PATH) => {
                lit(ScalarValue::Utf8(self.path.clone()))
            }
            None => return Ok(Transformed::no(expr)),
        };
        Ok(Transformed::new(replaced, true, TreeNodeRecursion::Jump))
    }

    fn text_of(&self, key: &str) -> Result<Expr> {
        let in_other = self.other_keys.as_ref().is_none_or(|keys| keys.contains(key));
        let declared = self.file_field(key);
        let Some(field) = declared else {
            if !in_other {
                return Ok(lit(ScalarValue::Utf8(None)));
            }
            return self.call(&ELEMENT_AT, vec![self.column(OTHER_COLUMN)?, lit(key)]);
        };
        let value =
            self.call(&get_field(), vec![self.column(INFO_COLUMN)?, lit(field.name().as_str())])?;
        let mut arguments = vec![value];
        if in_other {
            arguments.extend([self.column(OTHER_COLUMN)?, lit(key)]);
        }
        self.call(&TEXT, arguments)
    }

    fn whole_map(&self) -> Result<Expr> {
        let mut arguments = Vec::new();
        if !info_fields(&self.table).is_empty() {
            arguments.push(self.column(INFO_COLUMN)?);
        }
        arguments.push(self.column(OTHER_COLUMN)?);
        self.call(&ATTRIBUTES, arguments)
    }

    /// The number of the record, whatever the table calls it; null in a file without numbers.
    fn record_number(&self) -> Expr {
        match self.file.index_of(RECORD_NUMBER) {
            Ok(index) => Arc::new(Column::new(RECORD_NUMBER, index)),
            Err(_) => lit(ScalarValue::Int64(None)),
        }
    }

    /// The table's field of a header key, if this file has it.
    fn file_field(&self, key: &str) -> Option<&FieldRef> {
        let field = info_fields(&self.table).iter().find(|it| header_key(it) == key)?;
        info_fields(&self.file).iter().any(|it| it.name() == field.name()).then_some(field)
    }

    fn column(&self, name: &str) -> Result<Expr> {
        Ok(Arc::new(Column::new_with_schema(name, &self.table)?))
    }

    fn call(&self, function: &Arc<ScalarUDF>, arguments: Vec<Expr>) -> Result<Expr> {
        let options = Arc::new(ConfigOptions::default());
        let call =
            ScalarFunctionExpr::try_new(Arc::clone(function), arguments, &self.table, options)?;
        Ok(Arc::new(call))
    }
}

fn info_fields(schema: &Schema) -> &[FieldRef] {
    match schema.field_with_name(INFO_COLUMN).map(Field::data_type) {
        Ok(DataType::Struct(fields)) => fields,
        _ => &[],
    }
}

fn is_attributes(expr: &Expr) -> bool {
    expr.downcast_ref::<Column>().is_some_and(|it| it.name() == ATTRIBUTES_COLUMN)
}

/// Whether it is a hidden column, whatever the table calls it.
fn is_hidden(expr: &Expr, column: &str) -> bool {
    expr.downcast_ref::<Column>().is_some_and(|it| it.name().starts_with(column))
}

/// The key of `element_at(attributes, 'KEY')`, and of DataFusion's own `get_field`.
fn one_key(expr: &Expr) -> Option<String> {
    let call = expr.downcast_ref::<ScalarFunctionExpr>()?;
    let [map, key] = call.args() else { return None };
    let of_map = [ELEMENT_AT.as_ref(), get_field().as_ref()].contains(&call.fun());
    if !of_map || !is_attributes(map) {
        return None;
    }
    let key = key.downcast_ref::<Literal>()?;
    key.value().try_as_str().flatten().map(str::to_owned)
}
