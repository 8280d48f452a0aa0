//! An aggregate function of ours as data, without what DataFusion's trait asks of each anew: how
//! it takes DISTINCT, ORDER BY and frames that leave rows behind is the same for all.

use std::fmt::{Debug, Formatter};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, internal_err, plan_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, GroupsAccumulator, Signature, Volatility,
};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::scalar::ScalarValue;

use super::bounded::bounded;
use super::kept::{Factory, Finish, Kept, KeptRows, state_type};

/// What a function is called, takes, gives, and how it is computed.
pub struct AggregateFunction {
    /// Its name in SQL.
    pub name: &'static str,
    /// Other names of it.
    pub aliases: &'static [&'static str],
    /// The types that the arguments are cast to, or why they cannot be.
    pub arguments: fn(&[DataType]) -> Result<Vec<DataType>>,
    /// The type of the result, given those of the arguments.
    pub result: fn(&[DataType]) -> Result<DataType>,
    /// How it is computed.
    pub means: Means,
    /// Whether it is 0 of no rows, and not null.
    pub counts: bool,
}

/// How an aggregate is computed.
pub enum Means {
    /// Row by row, with a state that stays small.
    Folds(Folds),
    /// Of all rows at once, which are kept until then.
    Keeps(Keeps),
    /// By a function of the engine.
    Engine(fn() -> Arc<AggregateUDF>),
}

/// What makes an accumulator, given the types of the arguments and of the result.
pub type Start<A> = fn(&[DataType], &DataType) -> Result<Box<A>>;

/// What folds rows into a state.
pub struct Folds {
    /// The types of the state, given those of the arguments.
    pub state: fn(&[DataType]) -> Result<Vec<DataType>>,
    /// The state of no rows, given the types of the arguments and of the result.
    pub start: Start<dyn Accumulator>,
    /// The same for many groups at once, where that is worth it.
    pub groups: Option<Start<dyn GroupsAccumulator>>,
    /// The same for a frame that rows leave; without it, the rows of a frame are kept.
    pub frame: Option<Start<dyn Accumulator>>,
}

/// What is computed of all rows.
pub struct Keeps {
    /// How many of the first arguments tell rows apart, of which the first one counts; 0: all rows
    /// count.
    pub unique: usize,
    /// Whether rows whose first argument is null are left out.
    pub skips_null: bool,
    /// The result, given a column for each argument and the type of the result.
    pub finish: Finish,
}

impl AggregateFunction {
    /// The function as DataFusion takes it.
    pub fn udf(&'static self) -> Arc<AggregateUDF> {
        let signature = Signature::user_defined(Volatility::Immutable);
        let aliases = self.aliases.iter().map(|it| (*it).to_owned()).collect();
        Arc::new(AggregateUDF::from(Udf { function: self, aliases, signature }))
    }
}

struct Udf {
    function: &'static AggregateFunction,
    aliases: Vec<String>,
    signature: Signature,
}

impl Udf {
    /// The function over rows that are kept: in an order, without repeated ones, or for a frame.
    fn kept(&self, args: &AccumulatorArgs, sliding: bool) -> Result<Box<dyn Accumulator>> {
        let types = types_of(args.expr_fields);
        let keeps = match &self.function.means {
            Means::Keeps(keeps) => Some(keeps),
            _ => None,
        };
        let unique = match keeps {
            _ if args.is_distinct => types.len(),
            Some(keeps) => keeps.unique,
            None => 0,
        };
        let order =
            args.order_bys.iter().map(|it| Ok((it.expr.data_type(args.schema)?, it.options)));
        let shape = KeptRows {
            order: if self.is_ordered() { order.collect::<Result<_>>()? } else { Vec::new() },
            unique,
            skips_null: keeps.is_some_and(|it| it.skips_null),
            sliding,
            result: args.return_type().clone(),
            types,
        };
        let finish = match &self.function.means {
            Means::Keeps(keeps) => keeps.finish,
            _ => return Kept::folding(shape, self.plain_factory(args)?),
        };
        Kept::of(shape, finish)
    }

    /// What makes the accumulator without DISTINCT, ORDER BY and frames.
    fn plain_factory(&self, args: &AccumulatorArgs) -> Result<Factory> {
        let types = types_of(args.expr_fields);
        let result = args.return_type().clone();
        Ok(match &self.function.means {
            Means::Folds(folds) => {
                let start = folds.start;
                Box::new(move || start(&types, &result))
            }
            Means::Engine(of) => {
                let (udf, schema) = (of(), args.schema.clone());
                let (exprs, fields) = (args.exprs.to_vec(), args.expr_fields.to_vec());
                let (name, field) = (args.name.to_owned(), Arc::clone(&args.return_field));
                let ignore_nulls = args.ignore_nulls;
                Box::new(move || {
                    udf.accumulator(AccumulatorArgs {
                        return_field: Arc::clone(&field),
                        schema: &schema,
                        ignore_nulls,
                        order_bys: &[],
                        is_reversed: false,
                        name: &name,
                        is_distinct: false,
                        exprs: &exprs,
                        expr_fields: &fields,
                    })
                })
            }
            Means::Keeps(_) => return internal_err!("rows of {} are kept", self.function.name),
        })
    }

    /// Whether the order of rows shows in the result.
    fn is_ordered(&self) -> bool {
        match &self.function.means {
            Means::Keeps(_) => true,
            Means::Folds(_) => false,
            Means::Engine(_) => matches!(self.function.name, "array_agg" | "any_value"),
        }
    }

    /// Whether rows have to be kept, although the function need not.
    fn has_to_keep(&self, distinct: bool, ordered: bool) -> bool {
        matches!(self.function.means, Means::Keeps(_)) || distinct || ordered && self.is_ordered()
    }
}

impl AggregateUDFImpl for Udf {
    fn name(&self) -> &str {
        self.function.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        (self.function.arguments)(types)
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        (self.function.result)(types)
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        check_order(self.function.name, &args)?;
        let inner = if self.has_to_keep(args.is_distinct, !args.order_bys.is_empty()) {
            self.kept(&args, false)?
        } else {
            self.plain_factory(&args)?()?
        };
        Ok(bounded(inner, self.function.name, args.return_type()))
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        if let Means::Folds(Folds { frame: Some(frame), .. }) = &self.function.means
            && !args.is_distinct
        {
            let types = types_of(args.expr_fields);
            return frame(&types, args.return_type());
        }
        Ok(bounded(self.kept(&args, true)?, self.function.name, args.return_type()))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let types = args.input_fields.iter().map(|it| it.data_type().clone());
        let named = |at: usize, data_type: DataType| {
            let name = format_state_name(args.name, &format!("state {at}"));
            Arc::new(Field::new(name, data_type, true))
        };
        if self.has_to_keep(args.is_distinct, !args.ordering_fields.is_empty()) {
            let order = args.ordering_fields.iter().filter(|_| self.is_ordered());
            let order = order.map(|it| it.data_type().clone());
            return Ok(vec![named(0, state_type(types.chain(order)))]);
        }
        match &self.function.means {
            Means::Folds(folds) => {
                let state = (folds.state)(&types.collect::<Vec<_>>())?;
                Ok(state.into_iter().enumerate().map(|(at, it)| named(at, it)).collect())
            }
            Means::Engine(of) => of().state_fields(args),
            Means::Keeps(_) => internal_err!("rows of {} are kept", self.function.name),
        }
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
        if self.has_to_keep(args.is_distinct, !args.order_bys.is_empty()) {
            return false;
        }
        match &self.function.means {
            Means::Folds(folds) => folds.groups.is_some(),
            Means::Engine(of) => {
                // Orders that do not show are left out.
                let args = AccumulatorArgs { order_bys: &[], ..args };
                of().groups_accumulator_supported(args)
            }
            Means::Keeps(_) => false,
        }
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        match &self.function.means {
            Means::Folds(Folds { groups: Some(groups), .. }) => {
                let types = types_of(args.expr_fields);
                groups(&types, args.return_type())
            }
            Means::Engine(of) => {
                of().create_groups_accumulator(AccumulatorArgs { order_bys: &[], ..args })
            }
            _ => internal_err!("{} has no accumulator of groups", self.function.name),
        }
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        // Rows are put in order by ourselves: orders of several aggregates may contradict.
        if self.is_ordered() {
            AggregateOrderSensitivity::Beneficial
        } else {
            AggregateOrderSensitivity::Insensitive
        }
    }

    fn with_beneficial_ordering(
        self: Arc<Self>,
        _: bool,
    ) -> Result<Option<Arc<dyn AggregateUDFImpl>>> {
        Ok(Some(self))
    }

    fn supports_null_handling_clause(&self) -> bool {
        match &self.function.means {
            Means::Engine(of) => of().supports_null_handling_clause(),
            _ => false,
        }
    }

    fn default_value(&self, data_type: &DataType) -> Result<ScalarValue> {
        if self.function.counts {
            return ScalarValue::new_zero(data_type);
        }
        ScalarValue::try_from(data_type)
    }

    fn is_nullable(&self) -> bool {
        !self.function.counts
    }
}

impl Debug for Udf {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.function.name)
    }
}

impl PartialEq for Udf {
    fn eq(&self, other: &Self) -> bool {
        self.function.name == other.function.name
    }
}

impl Eq for Udf {}

impl Hash for Udf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.function.name.hash(state);
    }
}

fn types_of(fields: &[FieldRef]) -> Vec<DataType> {
    fields.iter().map(|it| it.data_type().clone()).collect()
}

/// Which of the repeated rows stays would tell how they are ordered, were it not by themselves.
fn check_order(function: &str, args: &AccumulatorArgs) -> Result<()> {
    let is_argument = |key: &Arc<dyn PhysicalExpr>| {
        let parts = |it: &Arc<dyn PhysicalExpr>| {
            let inner = it.children().into_iter().map(Arc::clone);
            std::iter::once(Arc::clone(it)).chain(inner).collect::<Vec<_>>()
        };
        let of_key = parts(key);
        args.exprs.iter().flat_map(parts).any(|it| of_key.contains(&it))
    };
    if args.is_distinct && !args.order_bys.iter().all(|it| is_argument(&it.expr)) {
        return plan_err!("{function}(DISTINCT ...) can be in the order of its arguments only");
    }
    Ok(())
}
