//! TSV: what only the whole file shows. Each chunk gives a short summary, and those are put together in file order, so that
//! neither threads nor chunks show in the result.

use std::hash::Hasher as _;
use std::sync::Arc;

use rustc_hash::FxHasher;

use super::Tallied;
use super::duplicates::{Duplicates, Repeats};
use super::order::Order;
use super::profile::{TsvProfile, TsvProfiler};
use super::reference::Against;
use crate::diagnostic::report::{Report, SkippedCheck};
use crate::diagnostic::rules::{RULES, file, tsv_row as rule};
use crate::diagnostic::{Findings, Rule};
use crate::model::{Location, Reference, Result, StoreFormat};
use crate::normalize::{self, TsvNormalizers};
use crate::read::source::Compression;
use crate::read::tsv::{Coordinates, Reader, Sink, TsvReading, open_source};
use crate::read::{Parsed, Pipe, Records};

/// What becomes of the variants in a TSV file.
#[derive(Clone)]
pub enum Variants {
    /// They are stored as they are.
    AsTheyAre,
    /// A job asks for left normalization, and the reference is not at hand.
    Normalized,
    /// They are held against a reference.
    Against(Arc<dyn Reference>),
}

/// Checks a TSV file at a path, or standard input for `-`.
pub fn check_tsv(
    path: &str,
    pipe: &Pipe,
    reading: &TsvReading,
    max_findings: usize,
) -> Result<Report> {
    check_tsv_against(path, pipe, reading, max_findings, &Variants::AsTheyAre)
}

/// The same, saying what left normalization would do to the rows.
///
/// Fails with [`ErrorKind::Conflict`](crate::model::ErrorKind::Conflict) where they have no alleles to hold against a reference.
pub fn check_tsv_against(
    path: &str,
    pipe: &Pipe,
    reading: &TsvReading,
    max_findings: usize,
    variants: &Variants,
) -> Result<Report> {
    if matches!(variants, Variants::Against(_)) {
        reading.check_alleles().map_err(|error| error.with("file", path))?;
    }
    let source = open_source(path, &pipe.meter, reading)?;
    let compression = source.compression();
    let reader = Reader::open(source, pipe, reading, max_findings)?;
    let mut tally = Tallied::for_tsv(&reader);
    let coordinates = reading.coordinates();
    let columns = reading.columns();
    let count = columns.len();
    let mut whole = WholeFile::default();
    let mut profile = TsvProfile::default();
    let rows = move || Summary::new(coordinates, count);
    let mut records = match variants {
        Variants::AsTheyAre => {
            reader.records(rows).map_output(|it| (normalize::Summary::default(), it))
        }
        Variants::Normalized => looking_through(reader, None, rows),
        Variants::Against(reference) => looking_through(reader, Some(reference), rows),
    };
    let mut normalized = super::reference::Duplicates::default();
    while let Some(parsed) = records.next() {
        let mut parsed = parsed?;
        whole.add(&mut parsed, tally.lines);
        normalized.add(&mut parsed, tally.lines);
        profile.add(&tally.add(parsed).1.profile);
        if tally.is_full() {
            records.count_only();
        }
    }
    tally.against = match variants {
        Variants::AsTheyAre => Against::Nothing,
        Variants::Normalized => Against::Request,
        Variants::Against(_) => normalized.against(),
    };
    let mut report = tally.report_tsv(path, compression, reading, &whole);
    report.profile = Some(profile.finish(columns));
    Ok(report)
}

fn looking_through(
    reader: Reader,
    reference: Option<&Arc<dyn Reference>>,
    rows: impl Fn() -> Summary + Send + Sync + 'static,
) -> Records<(normalize::Summary, Summary)> {
    let normalizers = TsvNormalizers::looking(reference.cloned());
    reader.records_through(move || (normalizers.make(), rows()))
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
            stored_anyway: &[],
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
        if let Some(line) = whole.duplicates.stopped_at() {
            let why = format!("from line {line} on, rows are compared with their neighbours only");
            skipped.push(SkippedCheck { rule: &rule::DUPLICATE_ROW, why: why.into() });
        }
        skipped.extend(self.against.skipped());
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
    coordinates: Option<Coordinates>,
    contig: Vec<u8>,
    /// The contigs, each time that another one begins.
    contigs: Vec<Vec<u8>>,
    hashes: Vec<u64>,
    rows: Vec<Row>,
    styles: Vec<Seen>,
    profile: TsvProfiler,
}

/// A row within its chunk.
struct Row {
    line: u64,
    /// Which of [`Summary::contigs`]; none where the row has none.
    contig: Option<usize>,
    /// The start; none where the row has none.
    start: Option<i64>,
}

/// A style of contig names, and where it came first.
struct Seen {
    style: Style,
    line: u64,
    name: String,
}

impl Summary {
    fn new(coordinates: Option<Coordinates>, columns: usize) -> Self {
        Self {
            coordinates,
            contig: Vec::new(),
            contigs: Vec::new(),
            hashes: Vec::new(),
            rows: Vec::new(),
            styles: Vec::new(),
            profile: TsvProfiler::new(columns),
        }
    }

    /// Takes the start of the row under way.
    fn start(&mut self, column: usize, value: i64) {
        if self.coordinates.is_some_and(|it| it.start == column)
            && let Some(row) = self.rows.last_mut()
        {
            row.start = Some(value);
        }
    }
}

impl Sink for Summary {
    type Output = Self;

    fn expect_rows(&mut self, count: impl FnOnce() -> usize) {
        let count = count();
        self.hashes.reserve_exact(count);
        self.rows.reserve_exact(count);
    }

    fn begin_row(&mut self, line_number: u64, line: &[u8]) {
        let mut hasher = FxHasher::default();
        hasher.write(line);
        self.hashes.push(hasher.finish());
        self.rows.push(Row { line: line_number, contig: None, start: None });
    }

    fn null(&mut self, _: usize) {}
    fn int(&mut self, column: usize, value: i32) {
        self.start(column, value.into());
        self.profile.fields[column].number(f64::from(value));
    }
    #[allow(clippy::cast_precision_loss)] // a bound of what is there, for people
    fn long(&mut self, column: usize, value: i64) {
        self.start(column, value);
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
        if self.coordinates.is_none_or(|it| it.contig != column) {
            return;
        }
        let is_same = self.contig == value;
        if !is_same {
            self.contigs.push(value.to_vec());
        }
        if let Some(row) = self.rows.last_mut() {
            row.contig = self.contigs.len().checked_sub(1);
        }
        if is_same {
            return self.profile.same_contig();
        }
        self.profile.contig(value);
        self.contig.clear();
        self.contig.extend_from_slice(value);
        let Some(style) = Style::of(value) else { return };
        if !self.styles.iter().any(|it| it.style == style) {
            let name = String::from_utf8_lossy(value).into_owned();
            let line = self.rows.last().map_or(0, |it| it.line);
            self.styles.push(Seen { style, line, name });
        }
    }

    fn finish(self) -> Result<Self> {
        Ok(self)
    }
}

/// What the chunks so far say together.
#[derive(Default)]
struct WholeFile {
    duplicates: Duplicates,
    styles: Vec<Seen>,
}

impl WholeFile {
    /// Adds a chunk, before which the file has `lines` lines, and puts what it shows among the chunk's findings.
    fn add<T>(&mut self, parsed: &mut Parsed<(T, Summary)>, lines: u64) {
        // A list of its own, since what it has may come before findings that are kept, and after the last that has room.
        let mut findings = Findings::keeping(parsed.findings.limit());
        let chunk = &mut parsed.output.1;
        let hashes = std::mem::take(&mut chunk.hashes);
        for (index, row) in chunk.rows.iter().enumerate() {
            let contig = row.contig.and_then(|it| chunk.contigs.get(it));
            let place = contig.zip(row.start).map(|(contig, start)| (contig.as_slice(), start));
            let line = lines + row.line;
            let message = match self.duplicates.row(place, hashes[index], line, &hashes[..index]) {
                Some(Repeats::Previous) => "the row is the same as the one before",
                Some(Repeats::Earlier) => "the row stands further up, too",
                None => continue,
            };
            let at = Location { line: row.line, column: 1 };
            findings.add_at(&rule::DUPLICATE_ROW, at, "", message);
        }
        self.duplicates.keep(hashes);
        for seen in std::mem::take(&mut parsed.output.1.styles) {
            self.style(&mut findings, seen);
        }
        parsed.findings.merge(findings);
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
