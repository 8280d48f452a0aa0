//! The columns of samples: for each key the values of all samples stand together in a record.

use super::damage::Damage;
use super::dictionary::Dictionary;
use super::number::push_integer;
use super::typed::{Bytes, Typed, TypedKind, within};

/// The values of a key, those of one sample after those of another.
struct Series<'a> {
    key: &'a [u8],
    kind: TypedKind,
    /// Bytes of a sample.
    width: usize,
    bytes: &'a [u8],
}

impl<'a> Series<'a> {
    fn of(
        dictionary: &'a Dictionary,
        bytes: &mut Bytes<'a>,
        samples: usize,
    ) -> Result<Self, Damage> {
        let key = &dictionary.keys.key(bytes.integer()?)?.text;
        let (kind, count) = bytes.descriptor()?;
        let all = bytes.elements(kind, count.checked_mul(samples).ok_or(TOO_MANY)?)?;
        Ok(Self { key, kind, width: all.len() / samples.max(1), bytes: all })
    }

    fn sample(&self, at: usize) -> Typed<'a> {
        let begin = at * self.width;
        let bytes = self.bytes.get(begin..begin + self.width).unwrap_or_default();
        Typed { kind: self.kind, bytes }
    }

    fn is_genotype(&self) -> bool {
        self.key == b"GT" && self.kind != TypedKind::Text
    }
}

const TOO_MANY: Damage = Damage("a record has more values than it has bytes");

/// Appends FORMAT and the columns of samples, where the file has any.
pub fn push_samples<'a>(
    dictionary: &'a Dictionary,
    bytes: &mut Bytes<'a>,
    (keys, samples): (usize, usize),
    out: &mut Vec<u8>,
    limit: usize,
) -> Result<(), Damage> {
    if samples != dictionary.samples {
        return Err(Damage("a record has not as many samples as its header"));
    }
    let mut series = Vec::with_capacity(keys);
    for _ in 0..keys {
        series.push(Series::of(dictionary, bytes, samples)?);
    }
    if samples == 0 {
        return Ok(());
    }
    out.push(b'\t');
    push_parts(out, &series, limit, |out, it| {
        out.extend_from_slice(it.key);
        Ok(())
    })?;
    for sample in 0..samples {
        out.push(b'\t');
        push_parts(out, &series, limit, |out, it| {
            let value = it.sample(sample);
            if it.is_genotype() {
                push_genotype(value, dictionary.has_leading_phase, out)
            } else {
                value.push(out, limit)
            }
        })?;
    }
    Ok(())
}

/// Appends a part for each series, with colons between them, or a dot where there are none.
fn push_parts<'a>(
    out: &mut Vec<u8>,
    series: &[Series<'a>],
    limit: usize,
    mut part: impl FnMut(&mut Vec<u8>, &Series<'a>) -> Result<(), Damage>,
) -> Result<(), Damage> {
    if series.is_empty() {
        out.push(b'.');
    }
    for (at, it) in series.iter().enumerate() {
        if at > 0 {
            out.push(b':');
        }
        part(out, it)?;
        within(out, limit)?;
    }
    Ok(())
}

/// Appends a genotype: each number is an allele and one, doubled, and with a bit for its phase.
fn push_genotype(
    alleles: Typed<'_>,
    has_leading_phase: bool,
    out: &mut Vec<u8>,
) -> Result<(), Damage> {
    let before = out.len();
    // What the first allele is where it does not say so: as all others, and phased without any, but
    // where it is missing.
    let (mut begins_phased, mut all_phased) = (false, true);
    alleles.integers(|at, number| {
        let number = number.unwrap_or_default();
        let is_phased = number & 1 == 1;
        if at == 0 {
            begins_phased = is_phased;
            all_phased = number >> 1 != 0;
        } else {
            all_phased = is_phased && (all_phased || at == 1);
            out.push(if is_phased { b'|' } else { b'/' });
        }
        match number >> 1 {
            0 => out.push(b'.'),
            allele => push_integer(out, i64::from(allele) - 1),
        }
        Ok(())
    })?;
    if out.len() == before {
        out.push(b'.');
    } else if has_leading_phase && begins_phased != all_phased {
        out.insert(before, if begins_phased { b'|' } else { b'/' });
    }
    Ok(())
}
