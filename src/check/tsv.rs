//! TSV: what only the whole file shows. Each chunk gives a short summary, and those are put together in file order, so that
//! neither threads nor chunks show in the result.

use std::collections::HashSet;
use std::hash::Hasher as _;

use rustc_hash::{FxBuildHasher, FxHasher};

use super::Tallied;
use super::order::Order;
use super::profile::{TsvProfile, TsvProfiler};
use super::reference::Against;
use crate::diagnostic::report::{Report, SkippedCheck};
use crate::diagnostic::rules::{RULES, file, tsv_row as rule};
use crate::diagnostic::{Findings, Rule};
use crate::model::{Location, Result, StoreFormat};
use crate::read::Pipe;
use crate::read::source::Compression;
use crate::read::tsv::{Parsed, Reader, Sink, TsvReading, open_source};

/// Rows that are compared with all others. Their hashes take some 75 MB.
const MAX_COMPARED: usize = 7_000_000;

/// Rows up to which the memory for their hashes grows by itself.
const SMALL: usize = 100_000;

/// Checks a TSV file at a path, or standard input for `-`.
pub fn check_tsv(
    path: &str,
    pipe: &Pipe,
    reading: &TsvReading,
    max_findings: usize,
) -> Result<Report> {
    let source = open_source(path, &pipe.meter, reading)?;
    let compression = source.compression();
    let reader = Reader::open(source, pipe, reading, max_findings)?;
    let mut tally = Tallied::for_tsv(&reader);
    let contig = reading.coordinates().map(|it| it.contig);
    let columns = reading.columns();
    let count = columns.len();
    let mut whole = WholeFile::default();
    let mut profile = TsvProfile::default();
    let mut records = reader.records(move || Summary::new(contig, count));
    while let Some(parsed) = records.next() {
        let mut parsed = parsed?;
        whole.add(&mut parsed, tally.lines);
        profile.add(&tally.add(parsed).profile);
        if tally.is_full() {
            records.count_only();
        }
    }
    let mut report = tally.report_tsv(path, compression, reading, &whole);
    report.profile = Some(profile.finish(columns));
    Ok(report)
}

impl Tallied {
    /// Begins with what the first lines of a TSV file gave.
    pub fn for_tsv(reader: &Reader) -> Self {
        Self {
            format: StoreFormat::Tsv,
            findings: reader.findings.clone(),
            order: Order::default(),
            header_readable: reader.readable,
            lines: reader.lines,
            records: 0,
            rejected_lines: 0,
            left_out_lines: 0,
            against: Against::Nothing,
        }
    }

    /// Ends a TSV file that was read without looking at it as a whole, as an import does.
    pub fn report_of_rows(
        self,
        path: &str,
        compression: Compression,
        reading: &TsvReading,
    ) -> Report {
        let mut skipped = skipped_checks(path, reading);
        for rule in [&rule::SEVERAL_CONTIG_STYLES, &rule::DUPLICATE_ROW] {
            if !skipped.iter().any(|it| it.rule == rule) {
                skipped.push(SkippedCheck { rule, why: "`annostore check` looks for it".into() });
            }
        }
        self.finish(path, compression, skipped)
    }

    fn report_tsv(
        self,
        path: &str,
        compression: Compression,
        reading: &TsvReading,
        whole: &WholeFile,
    ) -> Report {
        let mut skipped = skipped_checks(path, reading);
        if let Some(line) = whole.stopped_at {
            let why = format!("from line {line} on, rows are compared with their neighbours only");
            skipped.push(SkippedCheck { rule: &rule::DUPLICATE_ROW, why: why.into() });
        }
        self.finish(path, compression, skipped)
    }
}

fn skipped_checks(path: &str, reading: &TsvReading) -> Vec<SkippedCheck> {
    let mut skipped = Vec::new();
    let mut skip = |rule: &'static Rule, why: &'static str| {
        skipped.push(SkippedCheck { rule, why: why.into() });
    };
    if path == "-" {
        skip(&file::COMPRESSION_AND_NAME_DISAGREE, "standard input has no name");
    }
    if reading.coordinates().is_none() {
        let why = "rows of this annotation type have no position";
        for rule in [
            &rule::END_BEFORE_START,
            &rule::POSITION_BELOW_FIRST,
            &rule::POSITION_MISSING,
            &rule::UNUSUAL_ALLELE,
            &rule::SEVERAL_CONTIG_STYLES,
            &rule::END_OUT_OF_RANGE,
        ] {
            skip(rule, why);
        }
    }
    debug_assert!(skipped.iter().all(|it| RULES.contains(&it.rule)));
    skipped
}

/// How contigs are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// `chr1`
    Prefixed,
    /// `1`
    Bare,
    /// `NC_000001.11`
    Accession,
}

impl Style {
    /// The style of a name that belongs to one, as far as human chromosomes go.
    fn of(name: &[u8]) -> Option<Self> {
        let is_chromosome = |it: &[u8]| match it {
            b"X" | b"Y" | b"M" | b"MT" => true,
            [first @ b'1'..=b'9'] => first.is_ascii_digit(),
            [b'1' | b'2', second] => second.is_ascii_digit(),
            _ => false,
        };
        match name.get(..3) {
            Some(prefix) if prefix.eq_ignore_ascii_case(b"chr") => Some(Self::Prefixed),
            Some(b"NC_") => Some(Self::Accession),
            _ if is_chromosome(name) => Some(Self::Bare),
            _ => None,
        }
    }
}

/// What a chunk says about the file as a whole.
pub struct Summary {
    contig_column: Option<usize>,
    contig: Vec<u8>,
    line: u64,
    rows: Vec<(u64, u64)>,
    styles: Vec<Seen>,
    profile: TsvProfiler,
}

/// A style of contig names, and where it came first.
struct Seen {
    style: Style,
    line: u64,
    name: String,
}

impl Summary {
    fn new(contig_column: Option<usize>, columns: usize) -> Self {
        Self {
            contig_column,
            contig: Vec::new(),
            line: 0,
            rows: Vec::new(),
            styles: Vec::new(),
            profile: TsvProfiler::new(columns),
        }
    }
}

impl Sink for Summary {
    type Output = Self;

    fn expect_rows(&mut self, count: usize) {
        self.rows.reserve_exact(count);
    }

    fn begin_row(&mut self, line_number: u64, line: &[u8]) {
        let mut hasher = FxHasher::default();
        hasher.write(line);
        self.line = line_number;
        self.rows.push((hasher.finish(), line_number));
    }

    fn null(&mut self, _: usize) {}
    fn int(&mut self, column: usize, value: i32) {
        self.profile.fields[column].number(f64::from(value));
    }
    #[allow(clippy::cast_precision_loss)] // a bound of what is there, for people
    fn long(&mut self, column: usize, value: i64) {
        self.profile.fields[column].number(value as f64);
    }
    fn float(&mut self, column: usize, value: f32) {
        self.profile.fields[column].number(f64::from(value));
    }
    fn double(&mut self, column: usize, value: f64) {
        self.profile.fields[column].number(value);
    }
    fn boolean(&mut self, column: usize, _: bool) {
        self.profile.fields[column].value();
    }

    fn text(&mut self, column: usize, value: &[u8]) {
        self.profile.fields[column].value();
        if self.contig_column != Some(column) {
            return;
        }
        if self.contig == value {
            return self.profile.same_contig();
        }
        self.profile.contig(value);
        self.contig.clear();
        self.contig.extend_from_slice(value);
        let Some(style) = Style::of(value) else { return };
        if !self.styles.iter().any(|it| it.style == style) {
            let name = String::from_utf8_lossy(value).into_owned();
            self.styles.push(Seen { style, line: self.line, name });
        }
    }

    fn finish(self) -> Result<Self> {
        Ok(self)
    }
}

/// What the chunks so far say together.
#[derive(Default)]
struct WholeFile {
    rows: HashSet<u64, FxBuildHasher>,
    previous: Option<u64>,
    stopped_at: Option<u64>,
    styles: Vec<Seen>,
}

impl WholeFile {
    /// Adds a chunk, before which the file has `lines` lines, and puts what it shows among the chunk's findings.
    fn add(&mut self, parsed: &mut Parsed<Summary>, lines: u64) {
        // A list of its own, since what it has may come before findings that are kept, and after the last that has room.
        let mut findings = Findings::keeping(parsed.findings.limit());
        for (hash, line) in std::mem::take(&mut parsed.output.rows) {
            let is_next = self.previous.replace(hash) == Some(hash);
            let is_known = self.is_known(hash, lines + line);
            if is_next || is_known {
                let message = if is_next {
                    "the row is the same as the one before"
                } else {
                    "the row stands further up, too"
                };
                findings.add_at(&rule::DUPLICATE_ROW, Location { line, column: 1 }, "", message);
            }
        }
        for seen in std::mem::take(&mut parsed.output.styles) {
            self.style(&mut findings, seen);
        }
        parsed.findings.merge(findings);
    }

    fn is_known(&mut self, hash: u64, line: u64) -> bool {
        if self.stopped_at.is_some() {
            return false;
        }
        if self.rows.len() >= MAX_COMPARED {
            self.stopped_at = Some(line);
            self.rows = HashSet::default();
            return false;
        }
        if self.rows.len() == self.rows.capacity() && self.rows.len() > SMALL {
            // To double step by step would move and clear all of it again each time.
            self.rows.reserve(MAX_COMPARED - self.rows.len());
        }
        !self.rows.insert(hash)
    }

    fn style(&mut self, findings: &mut Findings, seen: Seen) {
        if self.styles.iter().any(|it| it.style == seen.style) {
            return;
        }
        if let Some(first) = self.styles.first() {
            let message = format!(
                "contig `{}` is named in another style than `{}` further up",
                seen.name, first.name
            );
            let at = Location { line: seen.line, column: 1 };
            findings.add_at(&rule::SEVERAL_CONTIG_STYLES, at, &seen.name, message);
        }
        self.styles.push(seen);
    }
}
