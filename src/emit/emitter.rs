//! The part of writing that many threads do: lines to a finished piece of the file.

use std::iter;

use super::bcf::{BCF, Dictionary, Encoder, Misfits, Undeclared};
use super::bgzf::{Effort, compress};
use super::header::contigs;
use super::index::Covered;
use super::places::Places;
use super::target::Target;
use crate::model::{Error, Result};
use crate::read::spare;

/// Turns lines into pieces of one file. Workers share it.
pub struct Emitter {
    target: Target,
    header: Vec<u8>,
    places: Places,
    effort: Effort,
    bcf: Option<Dictionary>,
    /// The contigs that the header lists, in its order, with their lengths where it gives them.
    contigs: Vec<(String, Option<u64>)>,
}

/// Whole lines, as they are to stand in the file.
#[derive(Debug, Default)]
pub struct EmitPiece {
    pub(super) bytes: Vec<u8>,
    /// What its lines cover; offsets are virtual and count from the piece. Empty without an index.
    pub(super) covered: Covered,
    /// Values that BCF cannot have.
    pub(super) misfits: Misfits,
}

impl Emitter {
    /// For a file that begins with these lines, each ended: for VCF and BCF the header with its
    /// line of columns, which says what BCF is to know of contigs, filters and keys.
    pub fn new(target: Target, header: Vec<u8>) -> Result<Self> {
        let (mut header, mut bcf) = (header, None);
        if *target.form == BCF {
            let dictionary = Dictionary::of(&header)?;
            header = dictionary.head()?;
            bcf = Some(dictionary);
        }
        let contigs = match target.form.places {
            Places::Vcf => contigs(&header),
            _ => Vec::new(),
        };
        let (places, effort) = (target.form.places, Effort::default());
        Ok(Self { target, header, places, effort, bcf, contigs })
    }

    /// Takes what a line covers from other columns than the form has it in, as for TSV, where
    /// otherwise nobody knows.
    #[must_use]
    pub fn with_places(mut self, places: Places) -> Self {
        self.places = places;
        self
    }

    /// Makes blocks faster, which are some hundredths larger.
    #[must_use]
    pub fn quickly(mut self) -> Self {
        self.effort = Effort::Quick;
        self
    }

    /// Form and compression.
    pub fn target(&self) -> Target {
        self.target
    }

    pub(super) fn places(&self) -> Places {
        self.places
    }

    pub(super) fn contigs(&self) -> &[(String, Option<u64>)] {
        &self.contigs
    }

    /// Makes the next piece of whole lines, each ended, without those of the header. About a
    /// mebibyte at a time is best.
    pub fn piece(&self, text: Vec<u8>) -> Result<EmitPiece> {
        if !self.target.compressed {
            return Ok(EmitPiece { bytes: text, ..EmitPiece::default() });
        }
        let (mut covered, mut misfits) = (Covered::default(), Misfits::default());
        let text = match &self.bcf {
            None => {
                let mut at = 0;
                for line in lines(&text) {
                    let end = at + line.len() + 1;
                    self.note(&mut covered, line, (at, end.min(text.len())))?;
                    at = end;
                }
                text
            }
            Some(dictionary) => {
                let mut records = Vec::with_capacity(text.len());
                let mut encoder = Encoder::new(dictionary);
                for line in lines(&text) {
                    let place = self.places.of(line).ok_or_else(|| no_place(line))?;
                    let from = records.len();
                    encoder.encode(line, place, &mut records)?;
                    covered.add(place, (from, records.len()));
                }
                misfits = encoder.misfits();
                records
            }
        };
        let blocks = compress(&text, self.effort)?;
        spare::give_back(text);
        covered.move_to(&blocks);
        Ok(EmitPiece { bytes: blocks.bytes, covered, misfits })
    }

    /// What lines use of which BCF is not told by the header, so that no piece can be made of them.
    pub fn undeclared(&self, text: &[u8]) -> Undeclared {
        self.bcf.as_ref().map_or_else(Undeclared::default, |it| Undeclared::of(it, text))
    }

    /// The lines that begin the file.
    pub(super) fn head(&self) -> Result<EmitPiece> {
        let bytes = match self.target.compressed {
            true if self.header.is_empty() => Vec::new(),
            true => compress(&self.header, self.effort)?.bytes,
            false => self.header.clone(),
        };
        Ok(EmitPiece { bytes, ..EmitPiece::default() })
    }

    fn note(&self, covered: &mut Covered, line: &[u8], bytes: (usize, usize)) -> Result<()> {
        let is_comment = line.is_empty() || line[0] == b'#';
        if self.places == Places::Unknown || is_comment {
            return Ok(());
        }
        match self.places.of(line) {
            Some(place) => covered.add(place, bytes),
            None if self.places == Places::Vcf => return Err(no_place(line)),
            // A row without a place: the file has no index.
            None => covered.lose_order(),
        }
        Ok(())
    }
}

/// The lines of a text, without what ends them.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = (!rest.is_empty()).then_some(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
        line
    })
}

fn no_place(line: &[u8]) -> Error {
    let start = String::from_utf8_lossy(&line[..line.len().min(60)]).into_owned();
    Error::invalid("a line of VCF has no contig or position").with("line", start)
}
