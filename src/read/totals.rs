//! What the chunks of a file add up to, whatever is made of its records.

use std::sync::atomic::Ordering;

use super::records::{Parsed, RecordPlaces};
use super::source::About;
use crate::diagnostic::places::Places;
use crate::diagnostic::profile::Profile;
use crate::diagnostic::report::{Choice, Report, SkippedCheck};
use crate::diagnostic::rules::vcf_record::UNTERMINATED_LAST_LINE;
use crate::diagnostic::rules::{RULES, file as rule};
use crate::diagnostic::{Findings, Policy, Rule, Subject};
use crate::model::{Error, ErrorKind, Location, Result, StoreFormat};

/// The lines, records and findings of a file so far.
#[derive(Clone, Debug)]
pub struct Totals {
    about: About,
    format: StoreFormat,
    no_records: &'static str,
    first: FirstLines,
    findings: Findings,
    lines: u64,
    records: u64,
    rejected_lines: u64,
    left_out_lines: u64,
}

/// What speaks where the last line of a file has no end.
static OPEN_END: [&Rule; 2] = [&rule::NO_FINAL_NEWLINE, &UNTERMINATED_LAST_LINE];

/// What the first lines of a file tell of all of it.
#[derive(Clone, Debug)]
pub struct FirstLines {
    /// How many lines they are.
    pub lines: u64,
    /// Whether records can be stored: not where it is not known what their columns are.
    pub is_readable: bool,
    /// Checks that cannot be made in this file.
    pub skipped: Vec<SkippedCheck>,
}

/// What was looked at beside the lines of a file.
#[derive(Debug, Default)]
pub struct CheckScope {
    /// The rules about the reference that were looked for.
    pub reference_rules: Vec<&'static Rule>,
    /// The checks of the file as a whole that were not made, or not to its end.
    pub skipped: Vec<SkippedCheck>,
    /// Rules that reject what is stored all the same, because somebody asked for it.
    pub stored_anyway: Vec<&'static Rule>,
    /// Where findings are that only the whole file shows.
    pub places: Places,
    /// The contigs whose length the header tells.
    pub contig_lengths: Vec<(String, u64)>,
    /// What is in the file, where that was counted.
    pub profile: Option<Profile>,
}

impl Totals {
    /// Begins with what the first lines of a file gave. `format` is the format, and what is wrong
    /// with a file of it that has no records.
    pub(super) fn new(
        about: About,
        format: (StoreFormat, &'static str),
        findings: Findings,
        first: FirstLines,
    ) -> Self {
        let ((format, no_records), lines) = (format, first.lines);
        Self {
            about,
            format,
            no_records,
            first,
            findings,
            lines,
            records: 0,
            rejected_lines: 0,
            left_out_lines: 0,
        }
    }

    /// Where the records of the chunk that is to be added next stand among those of the file.
    pub fn places<T>(&self, next: &mut Parsed<T>) -> RecordPlaces {
        RecordPlaces {
            before: self.all_records(),
            records: usize::try_from(next.all_records()).unwrap_or(usize::MAX),
            uneven: std::mem::take(&mut next.uneven),
        }
    }

    /// Records, with those that cannot be stored or were left out.
    fn all_records(&self) -> u64 {
        self.records + self.rejected_lines + self.left_out_lines
    }

    /// Adds a chunk, and gives what was made of its records.
    pub fn add<T>(&mut self, parsed: Parsed<T>) -> T {
        self.findings.append(parsed.findings, parsed.lines_before);
        self.lines += parsed.lines;
        self.records += parsed.records;
        self.rejected_lines += parsed.rejected_lines;
        self.left_out_lines += parsed.left_out_lines;
        parsed.output
    }

    /// Looks, once all chunks were added, whether the file may have been cut where its bytes do not
    /// show it: between two members of plain gzip. Then its last line is the one thing that tells.
    pub fn check_end(&self, allow_missing_newline: bool) -> Result<()> {
        let tallies = self.findings.tallies();
        let has_end = !tallies.iter().any(|it| OPEN_END.contains(&it.rule));
        if allow_missing_newline || has_end || !self.about.several_members.load(Ordering::Relaxed) {
            return Ok(());
        }
        let message = "the last line does not end in a newline, and the file is gzip of several \
                       members: it may have been cut between two of them";
        Err(Error::new(ErrorKind::Unreadable, message).with("file", &self.about.name).with_help(
            "compare the file with its origin; if it is whole, give `--allow-missing-newline`",
        ))
    }

    /// Whether records can be stored: not where it is not known what their columns are.
    pub fn is_readable(&self) -> bool {
        self.first.is_readable
    }

    /// Lines of the header where the file is BCF: [`Report::bcf_header`].
    pub fn bcf_header(&self) -> Option<u64> {
        self.about.is_bcf.then_some(self.first.lines)
    }

    /// Lines.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Records that can be stored.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Lines that cannot be stored.
    pub fn rejected_lines(&self) -> u64 {
        self.rejected_lines
    }

    /// The findings.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The findings, to put those among them that only the end of the file shows.
    pub fn findings_mut(&mut self) -> &mut Findings {
        &mut self.findings
    }

    /// What is known of the file before its end: a report without findings, that says how those are
    /// to be taken which are handed on.
    pub fn beginning(&self) -> Report {
        let totals = Self { findings: Findings::default(), ..self.clone() };
        Report { skipped: Vec::new(), checks: Vec::new(), ..totals.report(CheckScope::default()) }
    }

    /// What there is to say about the file, once all chunks were added.
    pub fn report(mut self, scope: CheckScope) -> Report {
        if self.first.is_readable && self.all_records() == 0 {
            self.findings.add_at(&rule::NO_RECORDS, Location::FILE, "", self.no_records);
        }
        let mut skipped = Vec::new();
        if self.about.name == "-" {
            let (rule, why) = (&rule::COMPRESSION_AND_NAME_DISAGREE, "standard input has no name");
            skipped.push(SkippedCheck { rule, why: why.into() });
        }
        skipped.append(&mut self.first.skipped);
        for check in scope.skipped {
            if !skipped.iter().any(|known| known.rule == check.rule) {
                skipped.push(check);
            }
        }
        let is_looked_for = |rule: &&'static Rule| match rule.subject {
            Subject::Reference | Subject::TsvNormalization => scope.reference_rules.contains(rule),
            subject => subject.is_about(self.format),
        };
        let is_made = |rule: &&'static Rule| !skipped.iter().any(|check| check.rule == *rule);
        Report {
            bcf_header: self.bcf_header(),
            file: self.about.name,
            format: self.format,
            compression: self.about.compression.as_str(),
            lines: self.lines,
            records: self.records,
            rejected_lines: self.rejected_lines + self.left_out_lines,
            stored_anyway: scope.stored_anyway,
            policy: Policy::default(),
            findings: self.findings,
            places: scope.places,
            checks: RULES.iter().copied().filter(is_looked_for).filter(is_made).collect(),
            skipped,
            profile: scope.profile,
            choice: Choice::default(),
        }
    }
}
