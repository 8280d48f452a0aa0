//! `approx_distinct`: exact for few values, close for many (Flajolet's hyperloglog).

use std::fmt::{Debug, Formatter};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Float64Type};
use arrow::row::{RowConverter, SortField};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::Accumulator;
use datafusion::scalar::ScalarValue;
use rustc_hash::FxHashSet;
use twox_hash::XxHash64;

use super::function::{AggregateFunction, Folds, Means};
use crate::query::faults::of_value;

/// What SQL calls.
pub static FUNCTIONS: &[&AggregateFunction] = &[&APPROX_DISTINCT];

/// `approx_distinct(x [, error])`: with a standard error of 1.6 %, whatever is asked for.
static APPROX_DISTINCT: AggregateFunction = AggregateFunction {
    name: "approx_distinct",
    aliases: &[],
    arguments: |types| match types {
        [value] => Ok(vec![value.clone()]),
        [value, error] if error.is_numeric() => Ok(vec![value.clone(), DataType::Float64]),
        _ => plan_err!("approx_distinct takes a value, and perhaps a standard error"),
    },
    result: |_| Ok(DataType::Int64),
    means: Means::Folds(Folds {
        state: |_| Ok(vec![DataType::Binary]),
        start: |types, _| {
            let rows = RowConverter::new(vec![SortField::new(types[0].clone())])?;
            Ok(Box::new(Distinct { rows, seen: Hashes::Few(FxHashSet::default()) }))
        },
        groups: None,
        frame: None,
    }),
    counts: true,
};

/// How many bits of a hash choose a register.
const BITS: u32 = 12;
const REGISTERS: usize = 1 << BITS;
/// How many hashes are kept before registers take their place.
const FEW: usize = REGISTERS / 8;

struct Distinct {
    rows: RowConverter,
    seen: Hashes,
}

enum Hashes {
    Few(FxHashSet<u64>),
    Many(Box<[u8; REGISTERS]>),
}

impl Hashes {
    fn add(&mut self, hash: u64) {
        match self {
            Self::Few(hashes) => {
                hashes.insert(hash);
                if hashes.len() > FEW {
                    *self = Self::Many(registers(hashes));
                }
            }
            Self::Many(registers) => register(registers, hash),
        }
    }

    /// Hashes, or registers, which have another length.
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Few(hashes) => hashes.iter().flat_map(|it| it.to_le_bytes()).collect(),
            Self::Many(registers) => {
                let mut bytes = registers.to_vec();
                bytes.push(0);
                bytes
            }
        }
    }

    fn merge(&mut self, bytes: &[u8]) {
        if bytes.len() != REGISTERS + 1 {
            for hash in bytes.chunks_exact(8) {
                self.add(u64::from_le_bytes(std::array::from_fn(|at| hash[at])));
            }
            return;
        }
        if let Self::Few(hashes) = self {
            *self = Self::Many(registers(hashes));
        }
        if let Self::Many(registers) = self {
            registers.iter_mut().zip(bytes).for_each(|(ours, it)| *ours = (*ours).max(*it));
        }
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    fn count(&self) -> i64 {
        let registers = match self {
            Self::Few(hashes) => return i64::try_from(hashes.len()).unwrap_or(i64::MAX),
            Self::Many(registers) => registers,
        };
        let m = REGISTERS as f64;
        let sum: f64 = registers.iter().map(|it| 0.5_f64.powi((*it).into())).sum();
        let raw = 0.7213 / (1.0 + 1.079 / m) * m * m / sum;
        let empty: f64 = registers.iter().map(|it| if *it == 0 { 1.0 } else { 0.0 }).sum();
        let count = if raw <= 2.5 * m && empty > 0.0 { m * (m / empty).ln() } else { raw };
        count.round() as i64
    }
}

fn registers(hashes: &FxHashSet<u64>) -> Box<[u8; REGISTERS]> {
    let mut registers = Box::new([0; REGISTERS]);
    for hash in hashes {
        register(&mut registers, *hash);
    }
    registers
}

fn register(registers: &mut [u8; REGISTERS], hash: u64) {
    // The last bits choose, and the zeros in front of the others count.
    let at = usize::try_from(hash % REGISTERS as u64).unwrap_or(0);
    let zeros = ((hash >> BITS) | (1 << (63 - BITS + 1))).trailing_zeros() + 1;
    registers[at] = registers[at].max(u8::try_from(zeros).unwrap_or(u8::MAX));
}

impl Accumulator for Distinct {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        if let Some(errors) = values.get(1) {
            let errors = errors.as_primitive::<Float64Type>();
            if let Some(error) = errors.iter().flatten().next()
                && !(0.004_062_5..=0.26).contains(&error)
            {
                let fault = format!("approx_distinct is asked for a standard error of {error}");
                return Err(of_value(&fault, "it is from 0.0040625 to 0.26"));
            }
        }
        let nulls = values[0].logical_nulls();
        let rows = self.rows.convert_columns(&values[..1])?;
        for (at, row) in rows.iter().enumerate() {
            if nulls.as_ref().is_none_or(|it| it.is_valid(at)) {
                self.seen.add(XxHash64::oneshot(0, row.as_ref()));
            }
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Int64(Some(self.seen.count())))
    }

    fn size(&self) -> usize {
        let seen = match &self.seen {
            Hashes::Few(hashes) => hashes.capacity() * (size_of::<u64>() + 1),
            Hashes::Many(_) => REGISTERS,
        };
        size_of_val(self) + self.rows.size() + seen
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![ScalarValue::Binary(Some(self.seen.bytes()))])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        states[0].as_binary::<i32>().iter().flatten().for_each(|it| self.seen.merge(it));
        Ok(())
    }
}

impl Debug for Distinct {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} values", self.seen.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_exact_and_many_are_close_however_they_are_put_together() {
        for count in [0_u64, 1, 100, 5_000, 1_000_000] {
            let (mut one, mut other) =
                (Hashes::Few(FxHashSet::default()), Hashes::Few(FxHashSet::default()));
            for at in 0..count {
                let half = if at % 3 == 0 { &mut one } else { &mut other };
                half.add(XxHash64::oneshot(0, &at.to_le_bytes()));
            }
            one.merge(&other.bytes());
            let off = one.count().abs_diff(count.cast_signed());
            assert!(off <= count / 20 && (count > 100 || off == 0), "{count}: {}", one.count());
        }
    }
}
