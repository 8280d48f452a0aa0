//! How much one call of a function may make. DataFusion's memory is bounded where operators keep
//! rows; what a function makes of a batch is not counted there, and a few of them make much of
//! little: `lpad('x', 2000000000)`.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{cast, kernels};
use arrow::datatypes::{
    DataType, FieldRef, Int64Type, IntervalMonthDayNanoType, IntervalUnit, TimeUnit,
};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, DataFusionError, Result};
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, LogicalPlan, ReturnFieldArgs, ScalarFunctionArgs,
    ScalarUDF, ScalarUDFImpl, Signature,
};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;

use crate::model::{Error, ErrorKind};

/// The most bytes that one call makes beside those that it was given.
pub const MOST: usize = 256 << 20;

/// The most bytes of one value.
const MOST_OF_VALUE: usize = 64 << 20;

/// From this size on a constant makes batches smaller than DataFusion's.
const LARGE: usize = 16 << 10;

/// How many bytes a call makes beside those that it was given, or more.
type Measure = fn(&ScalarFunctionArgs) -> Result<u128>;

/// The functions of DataFusion that make more than all their arguments are.
const GROWING: [(&str, Measure); 11] = [
    ("array_repeat", |args| Ok(product(args, &widths(&args.args[0])?, &numbers(&args.args[1])?))),
    ("array_replace", elements_replaced),
    ("array_replace_all", elements_replaced),
    ("array_replace_n", elements_replaced),
    ("array_resize", resized),
    ("array_to_string", joined),
    ("generate_series", counted_up),
    ("lpad", |args| Ok(product(args, &Each::All(4), &numbers(&args.args[1])?))),
    ("range", counted_up),
    ("replace", replaced),
    ("rpad", |args| Ok(product(args, &Each::All(4), &numbers(&args.args[1])?))),
];

/// The function, refusing calls that make too much.
pub fn bounded(function: Arc<ScalarUDF>) -> Arc<ScalarUDF> {
    match GROWING.iter().find(|(name, _)| *name == function.name()) {
        Some((_, measure)) => {
            Arc::new(ScalarUDF::from(Bounded { inner: function, measure: *measure }))
        }
        None => function,
    }
}

/// An error where a function makes so many bytes of a batch.
pub fn check(function: &str, bytes: u128) -> Result<()> {
    if bytes <= MOST as u128 {
        return Ok(());
    }
    let (bytes, most) = (bytes >> 20, MOST >> 20);
    let message = format!(
        "`{function}` makes {bytes} MiB of one batch of rows, and at most {most} MiB are allowed"
    );
    let error = Error::new(ErrorKind::QuotaExceeded, message)
        .with_help("ask for shorter values, or narrow the query with --region or WHERE");
    Err(DataFusionError::External(Box::new(error)))
}

/// An error where a function made a value of more than 64 MiB.
pub fn check_values(function: &str, made: &ArrayRef) -> Result<()> {
    // What all take together no single one exceeds, which is enough nearly always.
    if made.get_array_memory_size() <= MOST_OF_VALUE {
        return Ok(());
    }
    for row in 0..made.len() {
        check_value(function, made.slice(row, 1).to_data().get_slice_memory_size()?)?;
    }
    Ok(())
}

/// An error where a value of so many bytes is more than 64 MiB.
pub fn check_value(function: &str, bytes: usize) -> Result<()> {
    if bytes <= MOST_OF_VALUE {
        return Ok(());
    }
    let (bytes, most) = (bytes.div_ceil(1 << 20), MOST_OF_VALUE >> 20);
    let message =
        format!("`{function}` makes a value of {bytes} MiB, and at most {most} MiB are allowed");
    let error = Error::new(ErrorKind::QuotaExceeded, message)
        .with_help("make it of fewer rows or of less of each, or ask for shorter values");
    Err(DataFusionError::External(Box::new(error)))
}

/// How many rows a batch of a plan may have, so that its largest constant, which is there for each
/// of them, does not take too much. None where the usual number will do. An error for one in a
/// lambda, see [`check_lambdas`].
pub fn batch_size(plan: &LogicalPlan) -> Result<Option<usize>> {
    check_lambdas(plan)?;
    let mut largest = 0;
    plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            largest = largest.max(largest_constant(expr)?);
            Ok(TreeNodeRecursion::Continue)
        })
    })?;
    Ok((largest > LARGE).then(|| (MOST / largest).max(1)))
}

/// An error for a large constant in a lambda, where it is there for each element. To be asked
/// before a plan is optimized, which computes what is constant, and after, which makes more so.
pub fn check_lambdas(plan: &LogicalPlan) -> Result<()> {
    plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                if let Expr::Lambda(lambda) = part {
                    check_body(&lambda.body)?;
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(())
}

fn check_body(body: &Expr) -> Result<()> {
    let simplifier = ExprSimplifier::new(SimplifyContext::default());
    body.apply(|part| {
        if !is_constant(part)? {
            return Ok(TreeNodeRecursion::Continue);
        }
        // What cannot be computed is told of where the plan is. Integers have the types of what
        // takes them only once those are decided on.
        let typed = simplifier.coerce(part.clone(), &DFSchema::empty());
        let computed = simplifier.simplify(typed.unwrap_or_else(|_| part.clone()));
        let bytes = computed.map_or(Ok(0), |it| largest_constant(&it))?;
        if bytes > LARGE {
            let message = format!("a constant within a lambda has {} KiB", bytes >> 10);
            let error = Error::new(ErrorKind::QuotaExceeded, message)
                .with_help("it is made for each element: compute it outside, in a subquery");
            return Err(DataFusionError::External(Box::new(error)));
        }
        Ok(TreeNodeRecursion::Jump)
    })?;
    Ok(())
}

/// Whether an expression needs neither a row nor an element.
fn is_constant(expr: &Expr) -> Result<bool> {
    let varies = expr.exists(|part| {
        let whole = matches!(part, Expr::Literal(..) | Expr::Lambda(_));
        let of_scalars = matches!(
            part,
            Expr::ScalarFunction(_) | Expr::BinaryExpr(_) | Expr::Cast(_) | Expr::TryCast(_)
        );
        Ok(!whole && !of_scalars && !matches!(part, Expr::HigherOrderFunction(_)))
    })?;
    Ok(!varies)
}

fn largest_constant(expr: &Expr) -> Result<usize> {
    let mut largest = 0;
    expr.apply(|part| {
        if let Expr::Literal(value, _) = part {
            largest = largest.max(value.size());
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(largest)
}

struct Bounded {
    inner: Arc<ScalarUDF>,
    measure: Measure,
}

impl ScalarUDFImpl for Bounded {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        self.inner.return_field_from_args(args)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(types)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let bytes = match (self.measure)(&args) {
            // What DataFusion cannot measure is for the function to refuse; the rest is ours.
            Err(error) if !matches!(error, DataFusionError::External(_)) => 0,
            measured => measured?,
        };
        check(self.name(), bytes)?;
        let made = self.inner.invoke_with_args(args)?;
        match &made {
            ColumnarValue::Array(array) => check_values(self.name(), array)?,
            ColumnarValue::Scalar(value) => check_value(self.name(), value.size())?,
        }
        Ok(made)
    }
}

impl std::fmt::Debug for Bounded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.inner.name())
    }
}

impl PartialEq for Bounded {
    fn eq(&self, other: &Self) -> bool {
        self.inner == other.inner
    }
}

impl Eq for Bounded {}

impl Hash for Bounded {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.inner.hash(state);
    }
}

/// A number for each row.
enum Each {
    All(i128),
    Rows(Vec<i128>),
}

impl Each {
    /// The number of a row, none of which is below zero.
    fn size(&self, row: usize) -> u128 {
        u128::try_from(self.at(row)).unwrap_or(0)
    }

    fn at(&self, row: usize) -> i128 {
        match self {
            Self::All(number) => *number,
            Self::Rows(numbers) => numbers.get(row).copied().unwrap_or(0),
        }
    }

    fn times(self, factor: i128) -> Self {
        match self {
            Self::All(number) => Self::All(number.saturating_mul(factor)),
            Self::Rows(numbers) => {
                Self::Rows(numbers.into_iter().map(|it| it.saturating_mul(factor)).collect())
            }
        }
    }

    fn of(value: &ColumnarValue, numbers: impl Fn(&ArrayRef) -> Result<Vec<i128>>) -> Result<Self> {
        Ok(match value {
            ColumnarValue::Array(array) => Self::Rows(numbers(array)?),
            ColumnarValue::Scalar(value) => {
                Self::All(numbers(&value.to_array()?)?.first().copied().unwrap_or(0))
            }
        })
    }
}

/// Sums over the rows that the function is called for.
fn total(args: &ScalarFunctionArgs, of: impl Fn(usize) -> u128) -> u128 {
    let constant = args.args.iter().all(|it| matches!(it, ColumnarValue::Scalar(_)));
    let rows = if constant { 1 } else { args.number_rows };
    (0..rows).map(of).fold(0, u128::saturating_add)
}

fn product(args: &ScalarFunctionArgs, left: &Each, right: &Each) -> u128 {
    total(args, |row| left.size(row).saturating_mul(right.size(row)))
}

fn integers(array: &ArrayRef) -> Result<Vec<i128>> {
    let numbers = cast(array, &DataType::Int64)?;
    let numbers = numbers.as_primitive::<Int64Type>();
    Ok(numbers.iter().map(|it| it.unwrap_or(0).into()).collect())
}

/// Integers; null is 0.
fn numbers(value: &ColumnarValue) -> Result<Each> {
    Each::of(value, integers)
}

/// Bytes of texts, elements of lists.
fn lengths(value: &ColumnarValue) -> Result<Each> {
    if value.data_type().is_null() {
        return Ok(Each::All(0));
    }
    Each::of(value, |array| integers(&kernels::length::length(array)?))
}

/// About how many bytes values take.
fn widths(value: &ColumnarValue) -> Result<Each> {
    let of_element = match value.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => 1,
        DataType::List(_) | DataType::LargeList(_) => {
            let array = value.to_array(1)?;
            let elements = match array.as_list_opt::<i32>() {
                Some(list) => list.values(),
                None => array.as_list::<i64>().values(),
            };
            elements.get_array_memory_size() / elements.len().max(1) + 1
        }
        _ => return Ok(Each::All(16)),
    };
    Ok(lengths(value)?.times(of_element as i128))
}

fn replaced(args: &ScalarFunctionArgs) -> Result<u128> {
    let [text, from, to] = args.args.as_slice() else { return Ok(0) };
    let (length, from_length, to_length) = (lengths(text)?, lengths(from)?, lengths(to)?);
    let longer_by = |row: usize| to_length.size(row).saturating_sub(from_length.size(row));
    let most = total(args, |row| {
        let places = match from_length.size(row) {
            0 => length.size(row) + 1,
            from => length.size(row) / from,
        };
        places.saturating_mul(longer_by(row))
    });
    if most <= MOST as u128 {
        return Ok(most);
    }
    // Texts have less of what is looked for than they have room for.
    let texts = cast(&text.to_array(args.number_rows)?, &DataType::Utf8)?;
    let wanted = cast(&from.to_array(args.number_rows)?, &DataType::Utf8)?;
    let (texts, wanted) = (texts.as_string::<i32>(), wanted.as_string::<i32>());
    Ok(total(args, |row| {
        let places = texts.value(row).matches(wanted.value(row)).count() as u128;
        places.saturating_mul(longer_by(row))
    }))
}

fn elements_replaced(args: &ScalarFunctionArgs) -> Result<u128> {
    Ok(product(args, &lengths(&args.args[0])?, &widths(&args.args[2])?))
}

fn resized(args: &ScalarFunctionArgs) -> Result<u128> {
    let filled = match args.args.get(2) {
        Some(value) => widths(value)?,
        None => Each::All(0),
    };
    let count = numbers(&args.args[1])?;
    if (0..args.number_rows).any(|row| count.at(row) < 0) {
        let error = Error::invalid("`array_resize` takes a length of 0 or more");
        return Err(DataFusionError::External(Box::new(error)));
    }
    Ok(total(args, |row| count.size(row).saturating_mul(filled.size(row) + 16)))
}

fn joined(args: &ScalarFunctionArgs) -> Result<u128> {
    let (count, between) = (lengths(&args.args[0])?, lengths(&args.args[1])?);
    let for_null = args.args.get(2).map_or(Ok(Each::All(0)), lengths)?;
    let added =
        |row: usize| count.size(row).saturating_mul(between.size(row) + for_null.size(row) + 8);
    Ok(total(args, added))
}

/// Elements from a first to a last, by a step that may be left out.
fn counted_up(args: &ScalarFunctionArgs) -> Result<u128> {
    let given = args.args.iter().map(ticks).collect::<Result<Vec<_>>>()?;
    let (zero, one) = (Each::All(0), Each::All(1));
    let (first, last, step) = match given.as_slice() {
        [last] => (&zero, last, &one),
        [first, last] => (first, last, &one),
        [first, last, step] => (first, last, step),
        _ => return Ok(0),
    };
    Ok(total(args, |row| {
        let count = last.at(row).abs_diff(first.at(row)) / step.at(row).unsigned_abs().max(1);
        count.saturating_add(1).saturating_mul(8)
    }))
}

/// Integers as they are, times and intervals in nanoseconds.
fn ticks(value: &ColumnarValue) -> Result<Each> {
    const DAY: i128 = 24 * 60 * 60 * 1_000_000_000;
    Ok(match value.data_type() {
        DataType::Date32 => numbers(value)?.times(DAY),
        DataType::Timestamp(TimeUnit::Second, _) => numbers(value)?.times(1_000_000_000),
        DataType::Timestamp(TimeUnit::Millisecond, _) => numbers(value)?.times(1_000_000),
        DataType::Timestamp(TimeUnit::Microsecond, _) => numbers(value)?.times(1_000),
        DataType::Interval(IntervalUnit::MonthDayNano) => Each::of(value, |array| {
            let intervals = array.as_primitive::<IntervalMonthDayNanoType>();
            let nanoseconds = intervals.iter().flatten().map(|it| {
                let days = 28 * i128::from(it.months) + i128::from(it.days);
                days * DAY + i128::from(it.nanoseconds)
            });
            Ok(nanoseconds.collect())
        })?,
        _ => numbers(value)?,
    })
}
