//! Functions that look at one row at a time, written as closures over Rust's types: [`by_row`]
//! makes a [`ScalarFunction`] of one.

use std::borrow::Cow;

use arrow::array::{
    Array, ArrayBuilder, ArrayRef, AsArray, BinaryBuilder, BooleanBuilder, Date32Builder,
    Float32Builder, Float64Builder, Int32Builder, Int64Builder, ListBuilder, MapBuilder,
    MapFieldNames, StringBuilder,
};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type};
use datafusion::common::{Result, plan_datafusion_err, plan_err};

use super::bounds;
use super::scalar::ScalarFunction;
use super::types::sql_type;

/// What an argument of a row is in Rust. A call with a null among its arguments is null.
pub trait Argument<'a>: Sized {
    /// Whether it may be left out; only arguments behind it may, too.
    const OPTIONAL: bool = false;

    /// Its type, as the message of a wrong call has it.
    fn shown() -> String;

    /// The type that one of a given type is cast to; none where it is refused.
    fn taken_as(given: &DataType) -> Option<DataType>;

    /// The value of a row, in an array of that type; none where it is null.
    fn read(array: Option<&'a ArrayRef>, row: usize) -> Option<Self>;
}

/// The value of a row, where there is one.
fn at(array: Option<&ArrayRef>, row: usize) -> Option<&ArrayRef> {
    array.filter(|it| it.is_valid(row))
}

impl<'a> Argument<'a> for &'a str {
    fn shown() -> String {
        sql_type(&DataType::Utf8)
    }

    fn taken_as(given: &DataType) -> Option<DataType> {
        (given.is_string() || given.is_null()).then_some(DataType::Utf8)
    }

    fn read(array: Option<&'a ArrayRef>, row: usize) -> Option<Self> {
        Some(at(array, row)?.as_string::<i32>().value(row))
    }
}

impl<'a> Argument<'a> for &'a [u8] {
    fn shown() -> String {
        sql_type(&DataType::Binary)
    }

    fn taken_as(given: &DataType) -> Option<DataType> {
        (given.is_binary() || given.is_null()).then_some(DataType::Binary)
    }

    fn read(array: Option<&'a ArrayRef>, row: usize) -> Option<Self> {
        Some(at(array, row)?.as_binary::<i32>().value(row))
    }
}

impl<'a> Argument<'a> for i64 {
    fn shown() -> String {
        sql_type(&DataType::Int64)
    }

    fn taken_as(given: &DataType) -> Option<DataType> {
        (given.is_integer() || given.is_null()).then_some(DataType::Int64)
    }

    fn read(array: Option<&'a ArrayRef>, row: usize) -> Option<Self> {
        Some(at(array, row)?.as_primitive::<Int64Type>().value(row))
    }
}

impl<'a> Argument<'a> for f64 {
    fn shown() -> String {
        sql_type(&DataType::Float64)
    }

    fn taken_as(given: &DataType) -> Option<DataType> {
        (given.is_numeric() || given.is_null()).then_some(DataType::Float64)
    }

    fn read(array: Option<&'a ArrayRef>, row: usize) -> Option<Self> {
        Some(at(array, row)?.as_primitive::<Float64Type>().value(row))
    }
}

/// One that may be left out.
impl<'a, A: Argument<'a>> Argument<'a> for Option<A> {
    const OPTIONAL: bool = true;

    fn shown() -> String {
        format!("[{}]", A::shown())
    }

    fn taken_as(given: &DataType) -> Option<DataType> {
        A::taken_as(given)
    }

    fn read(array: Option<&'a ArrayRef>, row: usize) -> Option<Self> {
        match array {
            None => Some(None),
            some => A::read(some, row).map(Some),
        }
    }
}

/// What comes out for a row: a value, none for null, or an error.
pub trait Outcome: Sized {
    /// What the column is made with.
    type Builder: ArrayBuilder;

    /// The type of the column.
    fn data_type() -> DataType;

    /// Begins a column.
    fn builder() -> Self::Builder;

    /// Adds a null.
    fn append_null(builder: &mut Self::Builder);

    /// Adds the value of a row, and says how many bytes it takes, where they are not always the
    /// same.
    fn append(self, builder: &mut Self::Builder) -> Result<usize>;
}

macro_rules! outcomes {
    ($($type:ty: $data_type:expr, $builder:ty, $bytes:expr;)*) => {
        $(impl Outcome for $type {
            type Builder = $builder;

            fn data_type() -> DataType {
                $data_type
            }

            fn builder() -> $builder {
                <$builder>::new()
            }

            fn append_null(builder: &mut $builder) {
                builder.append_null();
            }

            fn append(self, builder: &mut $builder) -> Result<usize> {
                let bytes: fn(&$type) -> usize = $bytes;
                let bytes = bytes(&self);
                builder.append_value(self);
                Ok(bytes)
            }
        })*
    };
}

outcomes! {
    &str: DataType::Utf8, StringBuilder, |it| it.len();
    String: DataType::Utf8, StringBuilder, String::len;
    Cow<'_, str>: DataType::Utf8, StringBuilder, |it| it.len();
    Vec<u8>: DataType::Binary, BinaryBuilder, Vec::len;
    bool: DataType::Boolean, BooleanBuilder, |_| 0;
    i32: DataType::Int32, Int32Builder, |_| 0;
    i64: DataType::Int64, Int64Builder, |_| 0;
    f32: DataType::Float32, Float32Builder, |_| 0;
    f64: DataType::Float64, Float64Builder, |_| 0;
}

/// A date, as days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(pub i32);

impl Outcome for Days {
    type Builder = Date32Builder;

    fn data_type() -> DataType {
        DataType::Date32
    }

    fn builder() -> Date32Builder {
        Date32Builder::new()
    }

    fn append_null(builder: &mut Date32Builder) {
        builder.append_null();
    }

    fn append(self, builder: &mut Date32Builder) -> Result<usize> {
        builder.append_value(self.0);
        Ok(0)
    }
}

/// An array.
pub struct Elements<T>(pub Vec<T>);

impl<T: Outcome> Outcome for Elements<T> {
    type Builder = ListBuilder<T::Builder>;

    fn data_type() -> DataType {
        DataType::new_list(T::data_type(), true)
    }

    fn builder() -> Self::Builder {
        ListBuilder::new(T::builder())
    }

    fn append_null(builder: &mut Self::Builder) {
        builder.append_null();
    }

    fn append(self, builder: &mut Self::Builder) -> Result<usize> {
        let mut bytes = 0;
        for element in self.0 {
            bytes += size_of::<i32>() + element.append(builder.values())?;
        }
        builder.append(true);
        Ok(bytes)
    }
}

/// A map from text, each key of which is there once.
pub struct Entries<'a, T>(pub Vec<(&'a str, T)>);

const ENTRY: [&str; 3] = ["entries", "key", "value"];

impl<T: Outcome> Outcome for Entries<'_, T> {
    type Builder = MapBuilder<StringBuilder, T::Builder>;

    fn data_type() -> DataType {
        let [entry, key, value] = ENTRY;
        let key = Field::new(key, DataType::Utf8, false);
        let fields = vec![key, Field::new(value, T::data_type(), true)];
        let entries = Field::new(entry, DataType::Struct(fields.into()), false);
        DataType::Map(entries.into(), false)
    }

    fn builder() -> Self::Builder {
        let [entry, key, value] = ENTRY.map(str::to_owned);
        let names = MapFieldNames { entry, key, value };
        MapBuilder::new(Some(names), StringBuilder::new(), T::builder())
    }

    fn append_null(builder: &mut Self::Builder) {
        // It takes as many keys as values, none of each.
        let _ = builder.append(false);
    }

    fn append(self, builder: &mut Self::Builder) -> Result<usize> {
        let mut bytes = 0;
        for (key, value) in self.0 {
            builder.keys().append_value(key);
            bytes += key.len() + value.append(builder.values())?;
        }
        builder.append(true)?;
        Ok(bytes)
    }
}

impl<T: Outcome> Outcome for Option<T> {
    type Builder = T::Builder;

    fn data_type() -> DataType {
        T::data_type()
    }

    fn builder() -> T::Builder {
        T::builder()
    }

    fn append_null(builder: &mut T::Builder) {
        T::append_null(builder);
    }

    fn append(self, builder: &mut T::Builder) -> Result<usize> {
        if let Some(value) = self {
            return value.append(builder);
        }
        T::append_null(builder);
        Ok(0)
    }
}

impl<T: Outcome> Outcome for Result<T> {
    type Builder = T::Builder;

    fn data_type() -> DataType {
        T::data_type()
    }

    fn builder() -> T::Builder {
        T::builder()
    }

    fn append_null(builder: &mut T::Builder) {
        T::append_null(builder);
    }

    fn append(self, builder: &mut T::Builder) -> Result<usize> {
        self?.append(builder)
    }
}

/// What a function takes in one place.
pub struct Parameter {
    /// Its name in the message of a wrong call.
    pub name: &'static str,
    /// See [`Argument::OPTIONAL`].
    pub optional: bool,
    /// See [`Argument::shown`].
    pub shown: fn() -> String,
    /// See [`Argument::taken_as`].
    pub taken_as: fn(&DataType) -> Option<DataType>,
}

impl Parameter {
    /// One of a type.
    pub fn of<'a, A: Argument<'a>>(name: &'static str) -> Self {
        Self { name, optional: A::OPTIONAL, shown: A::shown, taken_as: A::taken_as }
    }
}

/// The types that the arguments of a call are cast to; an error that says what the function takes.
pub fn accepted(
    function: &str,
    given: &[DataType],
    parameters: &[Parameter],
) -> Result<Vec<DataType>> {
    let least = parameters.iter().take_while(|it| !it.optional).count();
    if (least..=parameters.len()).contains(&given.len()) {
        let types = parameters.iter().zip(given).map(|(parameter, it)| (parameter.taken_as)(it));
        if let Some(types) = types.collect::<Option<Vec<_>>>() {
            return Ok(types);
        }
    }
    let wanted: Vec<_> =
        parameters.iter().map(|it| format!("{} {}", it.name, (it.shown)())).collect();
    let given: Vec<_> = given.iter().map(sql_type).collect();
    plan_err!("`{function}` takes ({}), not ({})", wanted.join(", "), given.join(", "))
}

/// The column of what comes out for each row. No more is made than may be, see [`bounds`].
pub fn collected<T: Outcome>(
    function: &str,
    columns: &[ArrayRef],
    rows: usize,
    mut of: impl FnMut(usize) -> Option<T>,
) -> Result<ArrayRef> {
    let given: usize = columns.iter().map(Array::get_buffer_memory_size).sum();
    let mut builder = T::builder();
    let mut made = 0;
    for row in 0..rows {
        match of(row) {
            Some(value) => made += value.append(&mut builder)?,
            None => T::append_null(&mut builder),
        }
        bounds::check(function, made.saturating_sub(given) as u128)?;
    }
    Ok(builder.finish())
}

/// The first of some functions of one name that takes arguments of these types, and the types that
/// they are cast to.
pub fn first(
    functions: &[&'static ScalarFunction],
    given: &[DataType],
) -> Result<(&'static ScalarFunction, Vec<DataType>)> {
    let mut refusal = None;
    for function in functions {
        match (function.arguments)(given) {
            Ok(types) => return Ok((function, types)),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or_else(|| plan_datafusion_err!("there is no such function")))
}

/// `by_row!("name", |text: &str, count: Option<i64>| -> Result<String> { ... })`: the function of
/// that name whose arguments are these, of which those that are an `Option` may be left out. Null
/// where one of them is null. The result is an [`Outcome`].
macro_rules! by_row {
    ($name:literal, |$($argument:ident: $type:ty),*| -> $result:ty $body:block) => {
        $crate::query::scalar::ScalarFunction {
            name: $name,
            arguments: |given| {
                let parameters: &[_] = &[
                    $($crate::query::rows::Parameter::of::<$type>(stringify!($argument))),*
                ];
                $crate::query::rows::accepted($name, given, parameters)
            },
            result: |_| Ok(<$result as $crate::query::rows::Outcome>::data_type()),
            call: |args| {
                let columns = $crate::query::scalar::arrays(args)?;
                $crate::query::rows::collected::<$result>($name, &columns, args.number_rows, |row| {
                    let mut columns = columns.iter();
                    $(let $argument = <$type as $crate::query::rows::Argument>::read(
                        columns.next(),
                        row,
                    )?;)*
                    let _ = (columns.next(), row);
                    let outcome = || -> $result { $body };
                    Some(outcome())
                })
            },
        }
    };
}

/// `one_of!("name", [OF_TEXT, OF_BYTES])`: the first of some functions that takes the arguments.
macro_rules! one_of {
    ($name:literal, [$($function:path),+]) => {
        $crate::query::scalar::ScalarFunction {
            name: $name,
            arguments: |given| Ok($crate::query::rows::first(&[$(&$function),+], given)?.1),
            result: |given| {
                ($crate::query::rows::first(&[$(&$function),+], given)?.0.result)(given)
            },
            call: |args| {
                let given: Vec<_> = args.args.iter().map(|it| it.data_type()).collect();
                ($crate::query::rows::first(&[$(&$function),+], &given)?.0.call)(args)
            },
        }
    };
}

pub(crate) use {by_row, one_of};
