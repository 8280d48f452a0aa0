//! Numbers as they are written, and the types that numbers and texts are cast to.

use datafusion::sql::sqlparser::ast::{
    CastKind, CharacterLength, DataType, ExactNumberInfo, Expr, Function, FunctionArg,
    FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident, ObjectName, UnaryOperator,
    Value,
};

/// What is done before the parts of an expression are looked at: `-1e-3` is one constant.
pub fn rewrite_sign(expr: &mut Expr) {
    if let Expr::UnaryOp { op: UnaryOperator::Minus, expr: inner } = expr
        && let Some(digits) = float_digits(inner)
    {
        *expr = float(format!("-{digits}"));
    }
}

/// A number with an exponent is a float, one with a point alone a decimal; DECIMAL '1.50' is the
/// number 1.50; a decimal without digits has 38, and none behind its point.
pub fn rewrite(expr: &mut Expr) {
    if let Some(digits) = float_digits(expr) {
        *expr = float(digits);
        return;
    }
    match expr {
        Expr::TypedString(it) if it.data_type == DataType::Decimal(ExactNumberInfo::None) => {
            if let Some(text) = it.value.clone().into_string().filter(|it| is_decimal(it)) {
                let number = text.trim_start_matches(['-', '+']).to_owned();
                let digits = number.trim_start_matches('0').len().max(1);
                let is_whole = !number.contains('.');
                let value = Expr::Value(Value::Number(number, false).into());
                let value = match text.strip_prefix('-') {
                    Some(_) => Expr::UnaryOp { op: UnaryOperator::Minus, expr: Box::new(value) },
                    None => value,
                };
                let digits = ExactNumberInfo::PrecisionAndScale(digits as u64, 0);
                *expr = if is_whole { cast(value, DataType::Decimal(digits)) } else { value };
            }
        }
        Expr::Cast { kind, expr: inner, data_type, .. } => {
            if let Some((length, pad)) = length(data_type) {
                *expr = varchar((**inner).clone(), length, pad, kind);
            } else if let Some(written) = with_lengths(data_type) {
                let written = Expr::Value(Value::SingleQuotedString(written).into());
                let inner = (**inner).clone();
                *expr = call("$shortened", [expr.clone(), inner, written]);
            } else {
                with_digits(data_type);
            }
        }
        _ => {}
    }
}

fn float_digits(expr: &Expr) -> Option<String> {
    let Expr::Value(value) = expr else { return None };
    match &value.value {
        Value::Number(digits, _) if digits.contains(['e', 'E']) => Some(digits.clone()),
        _ => None,
    }
}

fn float(digits: String) -> Expr {
    let text = Expr::Value(Value::SingleQuotedString(digits).into());
    cast(text, DataType::Double(ExactNumberInfo::None))
}

fn cast(expr: Expr, data_type: DataType) -> Expr {
    let expr = Box::new(expr);
    Expr::Cast { kind: CastKind::Cast, expr, data_type, array: false, format: None }
}

fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    unsigned.bytes().any(|it| it.is_ascii_digit())
        && unsigned.bytes().all(|it| it.is_ascii_digit() || it == b'.')
        && unsigned.matches('.').count() <= 1
}

/// Decimals without digits have 38 before the point, wherever in a type they stand.
fn with_digits(data_type: &mut DataType) {
    if let DataType::Decimal(digits) | DataType::Dec(digits) | DataType::Numeric(digits) = data_type
    {
        match digits {
            ExactNumberInfo::None => *digits = ExactNumberInfo::PrecisionAndScale(38, 0),
            ExactNumberInfo::Precision(precision) => {
                *digits = ExactNumberInfo::PrecisionAndScale(*precision, 0);
            }
            ExactNumberInfo::PrecisionAndScale(..) => {}
        }
    }
}

/// The length of a `varchar(n)` or a `char(n)`, and whether blanks fill it up.
fn length(data_type: &DataType) -> Option<(u64, bool)> {
    let of = |length: &CharacterLength| match length {
        CharacterLength::IntegerLength { length, .. } => Some(*length),
        CharacterLength::Max => None,
    };
    match data_type {
        DataType::Varchar(Some(it)) | DataType::CharacterVarying(Some(it)) => {
            Some((of(it)?, false))
        }
        DataType::Char(Some(it)) | DataType::Character(Some(it)) => Some((of(it)?, true)),
        DataType::Char(None) | DataType::Character(None) => Some((1, true)),
        _ => None,
    }
}

/// A type that holds others, where a text among them has a length.
fn with_lengths(data_type: &DataType) -> Option<String> {
    let DataType::Custom(name, _) = data_type else { return None };
    let text = name.0.first()?.as_ident()?.value.clone();
    let lower = text.to_lowercase();
    (lower.ends_with(')') && (lower.contains("char("))).then_some(text)
}

fn varchar(value: Expr, length: u64, pad: bool, kind: &CastKind) -> Expr {
    let constant = |it: Value| Expr::Value(it.into());
    let arguments = [
        value,
        constant(Value::Number(length.to_string(), false)),
        constant(Value::Boolean(*kind != CastKind::Cast)),
    ];
    call(if pad { "$char" } else { "$varchar" }, arguments)
}

/// A call of a function.
pub fn call(name: &str, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    let argument = |it| FunctionArg::Unnamed(FunctionArgExpr::Expr(it));
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::with_quote('"', name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: arguments.into_iter().map(argument).collect(),
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}
