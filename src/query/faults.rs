//! Errors of computations that fail on a value.

use arrow::error::ArrowError;
use datafusion::common::DataFusionError;

use crate::model::{Error, ErrorKind};

/// The error of a computation that fails on a value.
pub fn of_value(fault: &str, help: &'static str) -> DataFusionError {
    let error = Error::invalid(format!("the query fails on a value: {fault}")).with_help(help);
    DataFusionError::External(Box::new(error))
}

/// Whether a computation failed on a value, rather than for want of memory, of time or of a file.
pub fn is_of_value(error: &DataFusionError) -> bool {
    match error.find_root() {
        DataFusionError::Execution(_) => true,
        DataFusionError::ArrowError(inner, _) => is_of_values(inner),
        DataFusionError::External(inner) => match inner.downcast_ref::<Error>() {
            Some(error) => error.kind() == ErrorKind::InvalidInput,
            None => false,
        },
        _ => false,
    }
}

/// Whether it is the values that a computation fails on, rather than a file.
pub fn is_of_values(error: &ArrowError) -> bool {
    matches!(
        error,
        ArrowError::CastError(_)
            | ArrowError::ComputeError(_)
            | ArrowError::DivideByZero
            | ArrowError::ArithmeticOverflow(_)
            | ArrowError::InvalidArgumentError(_)
            | ArrowError::ParseError(_)
            | ArrowError::NotYetImplemented(_)
    )
}
