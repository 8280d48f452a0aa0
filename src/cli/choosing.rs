//! What `check` tells of, and when it fails: flags, settings, baselines and earlier reports.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{Args, ValueEnum};

use super::baselines::{Baselines, NewBaseline};
use super::settings::{CheckedPlace, FoundSettings, SettingsFiles, shown, text_of};
use super::{Globals, output};
use crate::diagnostic::baseline::MAX_TOLD_APART;
use crate::diagnostic::earlier::EarlierReport;
use crate::diagnostic::report::{Choice, HeldAgainst, Judged, Report, RequestReport};
use crate::diagnostic::rules::find;
use crate::diagnostic::selection::{FailOn, Layer, Selection, Selector};
use crate::diagnostic::{Finding, Findings, Keep, Known, Rule, Severity};
use crate::model::Result;

/// What to tell of, and when to fail.
#[derive(Args, Debug)]
#[command(next_help_heading = "What to tell of")]
pub struct ChoiceFlags {
    /// Tell of these rules alone: codes (VCF102), the beginnings of codes (VCF, GFF1), names
    /// (undeclared-info-key), or ALL. The verdict stays that of all findings
    #[arg(long, value_name = "RULE,...", value_delimiter = ',')]
    select: Option<Vec<Selector>>,
    /// Leave these rules out. Of --select and --ignore, what names a rule more closely wins
    #[arg(long, value_name = "RULE,...", value_delimiter = ',')]
    ignore: Vec<Selector>,
    /// End with 1 where a finding that is told has this severity or a higher one [default: error]
    #[arg(long, value_name = "SEVERITY", value_enum)]
    fail_on: Option<FailOnFlag>,
    /// Leave out the findings in this file, which --write-baseline made
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings that are told to a file, for --baseline later, and end with 0. What it
    /// says of other files stays
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// Leave out the findings of an earlier report, which `--output json` wrote, and tell what
    /// changed since then
    #[arg(long, value_name = "OLD.json", conflicts_with = "baseline")]
    compare: Option<PathBuf>,
    /// Take no settings from `annostore.toml`, beside the files or in a folder above them
    #[arg(long)]
    isolated: bool,
}

/// From which severity on to fail, as the terminal takes it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOnFlag {
    Error,
    Warning,
    Note,
    Never,
}

impl From<FailOnFlag> for FailOn {
    fn from(flag: FailOnFlag) -> Self {
        match flag {
            FailOnFlag::Error => Self::AtLeast(Severity::Error),
            FailOnFlag::Warning => Self::AtLeast(Severity::Warning),
            FailOnFlag::Note => Self::AtLeast(Severity::Note),
            FailOnFlag::Never => Self::Never,
        }
    }
}

impl ChoiceFlags {
    /// The files that are read or written beside those that are checked.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let all = [&self.baseline, &self.write_baseline, &self.compare];
        all.into_iter().flatten().filter_map(|it| it.to_str())
    }
}

/// What was chosen for the files of one run.
pub struct Choosing<'a> {
    flags: &'a ChoiceFlags,
    /// How many files are checked.
    files: usize,
    earlier: Option<(String, EarlierReport)>,
    baselines: Baselines,
    settings: SettingsFiles,
    written: Option<NewBaseline>,
    has_failed: bool,
}

/// What was chosen for one file.
pub struct FileChoice {
    place: CheckedPlace,
    settings: Option<String>,
    selection: Selection,
    fail_on: FailOn,
    known: Option<KnownFindings>,
    /// How many findings to keep whole, until it is known which are told of.
    pub max_findings: usize,
}

/// Earlier findings of a file.
struct KnownFindings {
    known: Known,
    /// The path of what says so.
    file: String,
    is_baseline: bool,
    /// On whose word they are left out.
    by: String,
}

impl<'a> Choosing<'a> {
    /// Reads what the flags name. `read` are the files that are read, of which so many are checked.
    pub fn begin(flags: &'a ChoiceFlags, read: &[&str], files: usize) -> Result<Self> {
        let earlier = flags.compare.as_deref().map(|path| -> Result<_> {
            let text = text_of(path, "the earlier report")?;
            let report = EarlierReport::parse(&text);
            let report = report.map_err(|it| it.or_with("file", path.display()))?;
            Ok((path.display().to_string(), report))
        });
        let written = flags.write_baseline.as_deref().map(|it| NewBaseline::to(it, read));
        Ok(Self {
            flags,
            files,
            earlier: earlier.transpose()?,
            baselines: Baselines::default(),
            settings: SettingsFiles::default(),
            written: written.transpose()?,
            has_failed: false,
        })
    }

    /// What holds for a file of whose findings so many are to be told whole.
    pub fn of(&mut self, file: &str, max_findings: usize) -> Result<FileChoice> {
        let place = CheckedPlace::of(file);
        let found = if self.flags.isolated { None } else { self.settings.of(&place)? };
        let found = found.as_deref();
        let known = match &self.earlier {
            Some((name, report)) => Some(compared(report, name, file, self.files)),
            None => self.baseline(&place, found)?,
        };
        let selection = selection(self.flags, found, &place);
        let is_cut = !selection.is_empty() || known.is_some() || self.written.is_some();
        let of_settings = found.and_then(|it| it.settings.fail_on);
        Ok(FileChoice {
            selection,
            fail_on: self.flags.fail_on.map(FailOn::from).or(of_settings).unwrap_or_default(),
            settings: found.map(|it| it.name.clone()),
            known,
            place,
            // Those that go make room for others.
            max_findings: if is_cut { max_findings.max(MAX_TOLD_APART) } else { max_findings },
        })
    }

    /// What the baseline says of a file: that of the flag, else that of the settings.
    fn baseline(
        &mut self,
        place: &CheckedPlace,
        found: Option<&FoundSettings>,
    ) -> Result<Option<KnownFindings>> {
        let of_settings = || {
            let path = found?.folder.join(found?.settings.baseline.as_deref()?);
            Some((path, found?.name.as_str()))
        };
        let of_flag = self.flags.baseline.clone().map(|it| (it, ""));
        let Some((path, settings)) = of_flag.or_else(of_settings) else { return Ok(None) };
        let known = self.baselines.known(&path, place, self.written.as_ref())?;
        let file = shown(&path);
        let by = match settings {
            "" => format!("--baseline {file}"),
            settings => format!("baseline {file} in {settings}"),
        };
        Ok(Some(KnownFindings { known, file, is_baseline: true, by }))
    }

    /// Cuts a report to what was chosen for its file, and keeps no more findings whole than these.
    /// Gives the others that are told.
    pub fn cut(
        &mut self,
        report: &mut Report,
        choice: FileChoice,
        max_findings: usize,
    ) -> Vec<Finding> {
        let (fail_on, settings) = (choice.fail_on, choice.settings.clone());
        let checks = &report.checks;
        let held_against =
            self.cut_findings(&mut report.findings, choice, |it| checks.contains(&it));
        let others = report.findings.keep_only(Keep::up_to(max_findings));
        // Of a rule that is told, those that are known are not told apart by their places.
        let tallies = report.findings.tallies();
        report.places.retain(|rule| tallies.iter().any(|it| it.rule == rule));
        report.choice = Choice { settings, held_against };
        self.judge(report, fail_on);
        others
    }

    /// The report about a request, cut to what was chosen for its file.
    pub fn cut_request(&mut self, report: &RequestReport) -> Result<RequestReport> {
        let mut report = report.clone();
        let choice = self.of(&report.file, 0)?;
        let fail_on = choice.fail_on;
        self.cut_findings(&mut report.findings, choice, |_| true);
        self.judge(&report, fail_on);
        Ok(report)
    }

    fn cut_findings(
        &mut self,
        all: &mut Findings,
        choice: FileChoice,
        is_checked: impl Fn(&Rule) -> bool,
    ) -> Option<HeldAgainst> {
        all.hide_rules(|it| choice.selection.left_out(it));
        if let Some(written) = &mut self.written {
            written.add(&choice.place, all);
        }
        let KnownFindings { mut known, file, is_baseline, by } = choice.known?;
        // What nobody looked for, or asked for, is not gone.
        let spoke = |rule: &Rule| all.tallies().iter().any(|it| it.rule == rule);
        let is_told = |rule: &Rule| choice.selection.left_out(rule).is_none();
        let is_looked_for = |rule: &Rule| is_told(rule) && (is_checked(rule) || spoke(rule));
        known.rules.retain(|code, _| find(code).is_none_or(is_looked_for));
        let changes = known.hide_from(all, &by);
        Some(HeldAgainst { file, is_baseline, changes })
    }

    fn judge(&mut self, report: &dyn Judged, fail_on: FailOn) {
        let all = [Severity::Note, Severity::Warning, Severity::Error];
        self.has_failed |= all.iter().any(|it| fail_on.includes(*it) && report.count(*it) > 0);
    }

    /// Ends the run, of which the reports are `whole` where every file was read to its end. Writes
    /// the baseline, and says whether a finding makes the run fail: with a baseline of them, none
    /// does.
    pub fn finish(self, whole: bool, stop: &Arc<AtomicBool>, globals: &Globals) -> Result<bool> {
        match self.written {
            None => Ok(self.has_failed),
            Some(written) if whole => written.finish(stop, globals).map(|()| false),
            Some(_) => {
                output::message("no baseline was written, as not all files could be read");
                Ok(false)
            }
        }
    }
}

impl FileChoice {
    /// Whether a finding that no report keeps is told. Known are those of faults that are known,
    /// however many, and of rules of which only the number is known.
    pub fn is_told(&self, finding: &Finding) -> bool {
        let is_known = |it: &KnownFindings| it.known.may_have(finding);
        self.selection.left_out(finding.rule).is_none()
            && !self.known.as_ref().is_some_and(is_known)
    }
}

/// What an earlier report says of a file.
fn compared(report: &EarlierReport, name: &str, file: &str, files: usize) -> KnownFindings {
    let known = report.of_file(file, files);
    if known.is_none() {
        output::message(&format!("{name} says nothing of {file}: all of its findings are new"));
    }
    let known = known.cloned().unwrap_or_default();
    let by = format!("--compare {name}");
    KnownFindings { known, file: name.to_owned(), is_baseline: false, by }
}

/// The rules to tell of in a file.
fn selection(
    flags: &ChoiceFlags,
    found: Option<&FoundSettings>,
    place: &CheckedPlace,
) -> Selection {
    let of_flags =
        Layer { place: String::new(), select: flags.select.clone(), ignore: flags.ignore.clone() };
    let Some(FoundSettings { name, folder, settings }) = found else {
        return Selection::new([of_flags], Vec::new());
    };
    let of_file = Layer {
        place: name.clone(),
        select: settings.select.clone(),
        ignore: settings.ignore.clone(),
    };
    let fitting = settings.per_file.iter().filter(|it| it.fits(place.seen_from(folder)));
    let per_file =
        fitting.map(|it| (format!("per-file-ignores {} in {name}", it.pattern), it.ignore.clone()));
    Selection::new([of_file, of_flags], per_file.collect())
}
