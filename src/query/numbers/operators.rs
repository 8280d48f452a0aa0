//! `+`, `-`, `*`, `/` and `%` of numbers as functions: the engine's own wrap around where a result
//! is too large, and give decimals digits that Trino's do not have.

use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, AsArray, Datum, Decimal128Array};
use arrow::compute::kernels::numeric;
use arrow::datatypes::{DataType, Decimal128Type, TimeUnit};
use arrow::error::ArrowError;
use datafusion::common::{DFSchema, DataFusionError, Result, internal_err, plan_err};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility, cast, lit,
};
use datafusion::scalar::ScalarValue;
use datafusion::sql::sqlparser::ast::BinaryOperator;

use super::decimal::{DIGITS, power, quotient, shape, to_text, within};
use crate::query::dialect::INTEGER;
use crate::query::faults::of_value;
use crate::query::plans::integer;
use crate::query::scalar::arrays;
use crate::query::types::sql_type;

/// Plans the integers of 32 bits that the dialect has marked.
#[derive(Debug)]
pub struct IntegerPlanner;

impl ExprPlanner for IntegerPlanner {
    fn plan_binary_op(
        &self,
        expr: RawBinaryExpr,
        _: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        if !matches!(&expr.op, BinaryOperator::Custom(op) if op == INTEGER) {
            return Ok(PlannerResult::Original(expr));
        }
        let Some(number) = integer(&expr.left).and_then(|it| i32::try_from(it).ok()) else {
            return internal_err!("a number is no integer");
        };
        Ok(PlannerResult::Planned(lit(number)))
    }
}

/// Plans arithmetic of numbers as calls of our functions.
#[derive(Debug)]
pub struct ArithmeticPlanner;

impl ExprPlanner for ArithmeticPlanner {
    fn plan_binary_op(
        &self,
        expr: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        let operation = match expr.op {
            BinaryOperator::Plus => Operation::Add,
            BinaryOperator::Minus => Operation::Subtract,
            BinaryOperator::Multiply => Operation::Multiply,
            BinaryOperator::Divide => Operation::Divide,
            BinaryOperator::Modulo => Operation::Remainder,
            _ => return Ok(PlannerResult::Original(expr)),
        };
        let (left, right) = (expr.left.get_type(schema), expr.right.get_type(schema));
        let (Ok(left), Ok(right)) = (left, right) else {
            return Ok(PlannerResult::Original(expr));
        };
        let of_days =
            |one: &DataType, other: &DataType| *one == DataType::Date32 && other.is_numeric();
        if of_days(&left, &right) || of_days(&right, &left) {
            let (left, right) = (sql_type(&left), sql_type(&right));
            return plan_err!(
                "{left} and {right} cannot be computed with: write INTERVAL '1' DAY for days"
            );
        }
        if (&left, &right, operation) == (&DataType::Date32, &DataType::Date32, Operation::Subtract)
        {
            // An interval, where the engine would count days.
            let time = |it| cast(it, DataType::Timestamp(TimeUnit::Millisecond, None));
            let (left, right) = (time(expr.left), time(expr.right));
            return Ok(PlannerResult::Original(RawBinaryExpr { left, right, ..expr }));
        }
        Ok(match common_types(&left, &right) {
            Some(_) => PlannerResult::Planned(operation.call(expr.left, expr.right)),
            None => PlannerResult::Original(expr),
        })
    }
}

/// The integer with the other sign.
pub fn negated(expr: Expr, data_type: &DataType) -> Result<Expr> {
    let zero = Expr::Literal(ScalarValue::new_zero(data_type)?, None);
    Ok(Operation::Subtract.call(zero, expr))
}

/// Whether an expression is an operator of numbers.
pub fn is_arithmetic(expr: &Expr) -> bool {
    let Expr::ScalarFunction(call) = expr else { return false };
    call.func.inner().downcast_ref::<Arithmetic>().is_some()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Operation {
    pub fn call(self, left: Expr, right: Expr) -> Expr {
        static ALL: LazyLock<[Arc<ScalarUDF>; 5]> = LazyLock::new(|| {
            [
                Operation::Add,
                Operation::Subtract,
                Operation::Multiply,
                Operation::Divide,
                Operation::Remainder,
            ]
            .map(|operation| {
                let signature = Signature::user_defined(Volatility::Immutable);
                Arc::new(ScalarUDF::from(Arithmetic { operation, signature }))
            })
        });
        ALL[self as usize].call(vec![left, right])
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    fn kernel(self) -> fn(&dyn Datum, &dyn Datum) -> std::result::Result<ArrayRef, ArrowError> {
        match self {
            Self::Add => numeric::add,
            Self::Subtract => numeric::sub,
            Self::Multiply => numeric::mul,
            Self::Divide => numeric::div,
            Self::Remainder => numeric::rem,
        }
    }

    /// Digits and scale of the result (Trino, `DecimalOperators`).
    fn decimal(self, (p1, s1): (u8, i8), (p2, s2): (u8, i8)) -> Result<(u8, i8)> {
        let (p1, s1, p2, s2) = (i32::from(p1), i32::from(s1), i32::from(p2), i32::from(s2));
        let (digits, scale) = match self {
            Self::Add | Self::Subtract => ((p1 - s1).max(p2 - s2) + s1.max(s2) + 1, s1.max(s2)),
            Self::Multiply => (p1 + p2, s1 + s2),
            Self::Divide => (p1 + s2 + (s2 - s1).max(0), s1.max(s2)),
            Self::Remainder => ((p1 - s1).min(p2 - s2) + s1.max(s2), s1.max(s2)),
        };
        match (u8::try_from(digits.clamp(1, DIGITS.into())), i8::try_from(scale)) {
            (Ok(digits), Ok(scale)) if scale.unsigned_abs() <= DIGITS => Ok((digits, scale)),
            _ => plan_err!(
                "the result of {} would have {scale} digits behind its point, and decimals have at \
                 most {DIGITS}: CAST one side to double",
                self.sign()
            ),
        }
    }

    /// None where the result has more digits than any decimal.
    fn of_decimals(self, left: i128, right: i128, s1: i8, s2: i8) -> Option<i128> {
        let scale = s1.max(s2);
        let raised = || {
            let left = left.checked_mul(power(i32::from(scale) - i32::from(s1))?)?;
            Some((left, right.checked_mul(power(i32::from(scale) - i32::from(s2))?)?))
        };
        match self {
            Self::Add => raised().and_then(|(left, right)| left.checked_add(right)),
            Self::Subtract => raised().and_then(|(left, right)| left.checked_sub(right)),
            Self::Multiply => left.checked_mul(right),
            Self::Divide => {
                let by = i32::from(scale) - i32::from(s1) + i32::from(s2);
                quotient(left, by, right)
            }
            Self::Remainder => raised().and_then(|(left, right)| left.checked_rem(right)),
        }
    }
}

/// What both sides are cast to; none where they are no two numbers. A null takes the other's type.
fn common_types(left: &DataType, right: &DataType) -> Option<(DataType, DataType)> {
    use DataType::{
        Decimal128, Float16, Float32, Float64, Int8, Int16, Int32, Int64, Null, UInt8, UInt16,
        UInt32, UInt64,
    };
    let (left, right) = match (left, right) {
        (Null, Null) => return None,
        (Null, other) | (other, Null) => (other, other),
        both => both,
    };
    if !left.is_numeric() || !right.is_numeric() {
        return None;
    }
    let has = |types: &[DataType]| types.contains(left) || types.contains(right);
    let both = |it: DataType| Some((it.clone(), it));
    if has(&[Float64]) {
        return both(Float64);
    }
    if has(&[Float32, Float16]) {
        return both(Float32);
    }
    if matches!(left, Decimal128(..)) || matches!(right, Decimal128(..)) || has(&[UInt64]) {
        let ((p1, s1), (p2, s2)) = (shape(left)?, shape(right)?);
        return Some((Decimal128(p1, s1), Decimal128(p2, s2)));
    }
    match () {
        () if has(&[Int64, UInt32]) => both(Int64),
        () if has(&[Int32, UInt16]) => both(Int32),
        () if has(&[Int16, UInt8]) => both(Int16),
        () if has(&[Int8]) => both(Int8),
        () => None,
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Arithmetic {
    operation: Operation,
    signature: Signature,
}

impl ScalarUDFImpl for Arithmetic {
    fn name(&self) -> &str {
        self.operation.sign()
    }

    fn display_name(&self, args: &[Expr]) -> Result<String> {
        let [left, right] = args else { return internal_err!("two numbers were expected") };
        Ok(format!("{left} {} {right}", self.operation.sign()))
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let [left, right] = args else { return internal_err!("two numbers were expected") };
        Ok(format!("{} {} {}", left.schema_name(), self.operation.sign(), right.schema_name()))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let common = match types {
            [left, right] => common_types(left, right),
            _ => None,
        };
        let Some((left, right)) = common else {
            return plan_err!("`{}` takes two numbers", self.operation.sign());
        };
        Ok(vec![left, right])
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        let [left, right] = types else { return plan_err!("two numbers were expected") };
        Ok(match (left, right) {
            (DataType::Decimal128(p1, s1), DataType::Decimal128(p2, s2)) => {
                let (digits, scale) = self.operation.decimal((*p1, *s1), (*p2, *s2))?;
                DataType::Decimal128(digits, scale)
            }
            _ => left.clone(),
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [left, right] = args.args.as_slice() else {
            return internal_err!("two numbers were expected");
        };
        if let DataType::Decimal128(digits, scale) = args.return_type() {
            let sides = arrays(&args)?;
            let (left, right) = (sides[0].as_primitive(), sides[1].as_primitive());
            let out = self.decimals(left, right, *digits)?;
            return Ok(ColumnarValue::Array(Arc::new(
                out.with_precision_and_scale(*digits, *scale)?,
            )));
        }
        let kernel = self.operation.kernel();
        let computed = match (left, right) {
            (ColumnarValue::Array(left), ColumnarValue::Array(right)) => kernel(left, right),
            (ColumnarValue::Array(left), ColumnarValue::Scalar(right)) => {
                kernel(left, &right.to_scalar()?)
            }
            (ColumnarValue::Scalar(left), ColumnarValue::Array(right)) => {
                kernel(&left.to_scalar()?, right)
            }
            (ColumnarValue::Scalar(left), ColumnarValue::Scalar(right)) => {
                let value = kernel(&left.to_scalar()?, &right.to_scalar()?);
                let value = value.map_err(|error| fault(error, args.return_type()))?;
                return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&value, 0)?));
            }
        };
        let array = computed.map_err(|error| fault(error, args.return_type()))?;
        Ok(ColumnarValue::Array(array))
    }
}

impl Arithmetic {
    fn decimals(
        &self,
        left: &Decimal128Array,
        right: &Decimal128Array,
        digits: u8,
    ) -> Result<Decimal128Array> {
        let (s1, s2) = (left.scale(), right.scale());
        let divides = matches!(self.operation, Operation::Divide | Operation::Remainder);
        let each = left.iter().zip(right.iter()).map(|pair| {
            let (Some(left), Some(right)) = pair else { return Ok(None) };
            if divides && right == 0 {
                return Err(by_zero());
            }
            let value = self.operation.of_decimals(left, right, s1, s2);
            let Some(value) = value.and_then(|it| within(it, digits)) else {
                let sign = self.operation.sign();
                let what = format!("{} {sign} {}", to_text(left, s1), to_text(right, s2));
                return Err(too_large(&what, &format!("a decimal of {digits} digits")));
            };
            Ok(Some(value))
        });
        let values = each.collect::<Result<Vec<Option<i128>>>>()?;
        Ok(values.into_iter().collect::<arrow::array::PrimitiveArray<Decimal128Type>>())
    }
}

fn fault(error: ArrowError, data_type: &DataType) -> DataFusionError {
    match error {
        ArrowError::DivideByZero => by_zero(),
        ArrowError::ArithmeticOverflow(text) => {
            let what = text.rsplit("on: ").next().unwrap_or(&text);
            too_large(what, &sql_type(data_type))
        }
        other => DataFusionError::ArrowError(Box::new(other), None),
    }
}

fn by_zero() -> DataFusionError {
    of_value("division by zero", "divide by nullif(x, 0), which gives null, or by a double")
}

/// The error of a result that its type does not hold.
pub fn too_large(what: &str, data_type: &str) -> DataFusionError {
    let fault = format!("{what} is too large for {data_type}");
    of_value(&fault, "CAST what is computed to double or to decimal(38, 0) before")
}
