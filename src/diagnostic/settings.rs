//! The settings of `check` that stand in a file of TOML.
//!
//! ```toml
//! [check]
//! select = ["VCF", "GFF1"]        # codes, beginnings of codes, names, or ALL
//! ignore = ["undeclared-info-key"]
//! fail-on = "warning"             # error, warning, note or never
//! baseline = "known.json"         # seen from the folder of this file
//!
//! [check.per-file-ignores]        # paths seen from there, too, or names of files
//! "raw/**" = ["VCF101"]
//! ```

use std::ops::Range;
use std::path::Path;

use glob::{MatchOptions, Pattern};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::selection::{FailOn, Selector};
use crate::model::{Error, Result, did_you_mean};

/// The name of the file.
pub const SETTINGS_FILE: &str = "annostore.toml";

/// The keys of `[check]`.
const KEYS: [&str; 5] = ["select", "ignore", "fail-on", "baseline", "per-file-ignores"];

/// What a file of settings says.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The rules to tell of; None for all.
    pub select: Option<Vec<Selector>>,
    /// The rules not to tell of.
    pub ignore: Vec<Selector>,
    /// From which severity on a finding makes the exit code 1.
    pub fail_on: Option<FailOn>,
    /// The baseline, seen from the folder of the file.
    pub baseline: Option<String>,
    /// The rules not to tell of in some files.
    pub per_file: Vec<PerFile>,
}

/// The rules not to tell of in some files.
#[derive(Clone, Debug)]
pub struct PerFile {
    /// Which files.
    pub pattern: Pattern,
    /// Which rules.
    pub ignore: Vec<Selector>,
}

impl PerFile {
    /// Whether a file is meant, by its path seen from the folder of the settings. A pattern without
    /// a slash fits the name of a file in any folder; `*` stays within a folder, and `**` does not.
    pub fn fits(&self, path: &Path) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        let name = path.file_name().map(Path::new).filter(|_| !self.pattern.as_str().contains('/'));
        self.pattern.matches_path_with(name.unwrap_or(path), options)
    }
}

impl Settings {
    /// Reads the text of a file. An error names the line.
    pub fn parse(text: &str) -> Result<Self> {
        let placed = |fault: SettingsFault| {
            let before = text.get(..fault.at).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            Error::invalid(fault.message).with("line", line).with_help(fault.help)
        };
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |it| it.start);
            let message = error.message().trim_end().replace('\n', ", ");
            placed(SettingsFault { at, message, help: "correct the TOML".to_owned() })
        })?;
        Self::of_file(table.get_ref()).map_err(placed)
    }

    fn of_file(table: &DeTable<'_>) -> Result<Self, SettingsFault> {
        let mut settings = Self::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "check" => settings = Self::of_check(as_table(value, "check")?)?,
                _ => return Err(unknown(key, &["check"], "the file")),
            }
        }
        Ok(settings)
    }

    fn of_check(table: &DeTable<'_>) -> Result<Self, SettingsFault> {
        let mut settings = Self::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "select" => settings.select = Some(selectors(value)?),
                "ignore" => settings.ignore = selectors(value)?,
                "fail-on" => settings.fail_on = Some(parsed(value)?),
                "baseline" => settings.baseline = Some(as_text(value)?.to_owned()),
                "per-file-ignores" => {
                    let table = as_table(value, "check.per-file-ignores")?;
                    settings.per_file = table.iter().map(per_file).collect::<Result<_, _>>()?;
                }
                _ => return Err(unknown(key, &KEYS, "[check]")),
            }
        }
        Ok(settings)
    }
}

/// What is wrong in the file, and behind how many of its bytes.
struct SettingsFault {
    at: usize,
    message: String,
    help: String,
}

impl SettingsFault {
    fn new(span: Range<usize>, message: String, help: impl Into<String>) -> Self {
        Self { at: span.start, message, help: help.into() }
    }
}

type SettingsKey<'a> = Spanned<std::borrow::Cow<'a, str>>;
type SettingsValue<'a> = Spanned<DeValue<'a>>;

fn unknown(key: &SettingsKey<'_>, known: &[&str], place: &str) -> SettingsFault {
    let name = key.get_ref();
    let message = format!("{place} has no key `{}`", name.escape_debug());
    let help = did_you_mean(name, known.iter().copied());
    let help = help.unwrap_or_else(|| format!("{place} may have {}", known.join(", ")));
    SettingsFault::new(key.span(), message, help)
}

fn as_table<'a, 'b>(
    value: &'a SettingsValue<'b>,
    name: &str,
) -> Result<&'a DeTable<'b>, SettingsFault> {
    match value.get_ref() {
        DeValue::Table(table) => Ok(table),
        _ => Err(SettingsFault::new(
            value.span(),
            format!("`{name}` is no table"),
            format!("give its keys below a line [{name}]"),
        )),
    }
}

fn as_text<'a>(value: &'a SettingsValue<'_>) -> Result<&'a str, SettingsFault> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text),
        _ => Err(SettingsFault::new(
            value.span(),
            "this value is no text".to_owned(),
            "give it in quotes",
        )),
    }
}

/// A text that stands for something.
fn parsed<T: std::str::FromStr<Err = String>>(
    value: &SettingsValue<'_>,
) -> Result<T, SettingsFault> {
    let text = as_text(value)?;
    text.parse().map_err(|help: String| {
        let message = format!("`{}` is not known here", text.escape_debug());
        SettingsFault::new(value.span(), message, help)
    })
}

fn selectors(value: &SettingsValue<'_>) -> Result<Vec<Selector>, SettingsFault> {
    match value.get_ref() {
        DeValue::Array(all) => all.iter().map(parsed).collect(),
        _ => Err(SettingsFault::new(
            value.span(),
            "this value is no list".to_owned(),
            "give rules as in [\"VCF101\", \"GFF1\"]",
        )),
    }
}

fn per_file(
    (key, value): (&SettingsKey<'_>, &SettingsValue<'_>),
) -> Result<PerFile, SettingsFault> {
    let pattern = Pattern::new(key.get_ref()).map_err(|error| {
        let message = format!("`{}` is no pattern of paths", key.get_ref().escape_debug());
        SettingsFault::new(key.span(), message, error.msg)
    })?;
    Ok(PerFile { pattern, ignore: selectors(value)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_settings_are_read() {
        let text = "[check]\nselect = ['VCF', \"gff1\"]\nignore = ['undeclared-info-key']\n\
                    fail-on = 'never'\nbaseline = 'known.json'\n\
                    [check.per-file-ignores]\n'raw/**' = ['VCF101']\n'*.gff' = ['ALL']\n";
        let settings = Settings::parse(text).unwrap();
        let selected: Vec<_> = settings.select.iter().flatten().map(Selector::as_str).collect();
        assert_eq!(selected, ["VCF", "gff1"]);
        assert_eq!(settings.ignore[0].as_str(), "undeclared-info-key");
        assert_eq!(settings.fail_on, Some(FailOn::Never));
        assert_eq!(settings.baseline.as_deref(), Some("known.json"));
        assert_eq!(settings.per_file.len(), 2);
        let empty = Settings::parse("# nothing\n").unwrap();
        assert!(empty.select.is_none() && empty.fail_on.is_none());
    }

    #[test]
    fn patterns_fit_paths_and_names() {
        let fits = |pattern: &str, path: &str| {
            let it = PerFile { pattern: Pattern::new(pattern).unwrap(), ignore: Vec::new() };
            it.fits(Path::new(path))
        };
        for (pattern, path, expected) in [
            ("*.vcf", "a.vcf", true),
            ("*.vcf", "raw/deep/a.vcf", true),
            ("raw/*", "raw/a.vcf", true),
            ("raw/*", "raw/deep/a.vcf", false),
            ("raw/**", "raw/deep/a.vcf", true),
            ("**/raw/*", "x/y/raw/a.vcf", true),
            ("a.vcf", "b.vcf", false),
            ("*", "-", true),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn faults_are_told_with_line_and_remedy() {
        for (text, message, line, help) in [
            ("\n[chek]\n", "the file has no key `chek`", 2, "did you mean `check`?"),
            ("[check]\n\nslect = []", "[check] has no key `slect`", 3, "did you mean `select`?"),
            ("[check]\nx = 1", "[check] has no key `x`", 2, "[check] may have select"),
            ("[check]\nselect = ['VCF',\n 'VCF10x']", "`VCF10x` is not known", 3, "`VCF101`"),
            ("[check]\nignore = 'VCF101'", "no list", 2, "[\"VCF101\""),
            ("[check]\nignore = [1]", "no text", 2, "quotes"),
            ("[check]\nfail-on = 'errors'", "`errors` is not known", 2, "did you mean `error`?"),
            ("check = 3", "`check` is no table", 1, "[check]"),
            ("[check]\nper-file-ignores = 3", "no table", 2, "[check.per-file-ignores]"),
            ("[check.per-file-ignores]\n'a***' = []", "no pattern", 2, "wildcards"),
            ("[check\n", "", 1, "correct the TOML"),
            ("[check]\nselect = []\nselect = []", "", 3, "correct the TOML"),
        ] {
            let error = Settings::parse(text).unwrap_err();
            let (said, remedy) = (error.to_string(), error.help().unwrap().to_owned());
            assert!(said.contains(message) && said.contains(&format!("(line: {line}")), "{said}");
            assert!(remedy.contains(help), "{text}: {remedy}");
        }
    }
}
