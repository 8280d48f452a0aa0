//! Which rules a report tells of.
//!
//! The precedence is that of ruff: within one layer (a file of settings, the command line) the
//! longest selector that fits a rule decides, and `ignore` where both are as long. A layer that
//! selects begins anew; one that only ignores takes from what the layers before it chose.

use std::str::FromStr;

use super::rules::{RULES, find};
use super::{Rule, Severity};
use crate::model::did_you_mean;

/// Rules that are named together: all of them, those whose codes begin alike, or one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// As it was given.
    text: String,
    named: NamedRules,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum NamedRules {
    All,
    Prefix(String),
    One(&'static Rule),
}

impl Selector {
    /// Whether a rule is among them.
    pub fn fits(&self, rule: &Rule) -> bool {
        match &self.named {
            NamedRules::All => true,
            NamedRules::Prefix(prefix) => rule.code.starts_with(prefix),
            NamedRules::One(one) => *one == rule,
        }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How closely it names rules: the length of what it gives of a code.
    fn length(&self) -> usize {
        match &self.named {
            NamedRules::All => 0,
            NamedRules::Prefix(prefix) => prefix.len(),
            NamedRules::One(one) => one.code.len(),
        }
    }
}

/// Takes `ALL`, a code, a name, or the beginning of codes with all of its letters, in any case. Its
/// error says what was meant.
impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let prefix = text.to_ascii_uppercase();
        let named = if prefix == "ALL" {
            NamedRules::All
        } else if let Some(rule) = find(text) {
            NamedRules::One(rule)
        } else if RULES
            .iter()
            .any(|it| prefix.len() >= letters(it).len() && it.code.starts_with(&prefix))
        {
            NamedRules::Prefix(prefix)
        } else {
            return Err(no_such_rule(text));
        };
        Ok(Self { text: text.to_owned(), named })
    }
}

/// The letters that a code begins with.
fn letters(rule: &Rule) -> &'static str {
    rule.code.trim_end_matches(|it: char| it.is_ascii_digit())
}

fn no_such_rule(text: &str) -> String {
    let words = RULES.iter().flat_map(|it| [it.code, it.name, letters(it)]);
    let help = did_you_mean(text, words);
    let help = help.unwrap_or_else(|| "`annostore rule` lists them".to_owned());
    format!("no rule has this code or name, and no code begins so: {help}")
}

/// What one place says about the rules to tell of.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Where it stands: empty for the command line, else the path of the file.
    pub place: String,
    /// The rules to tell of; None where it leaves that to the layers before it.
    pub select: Option<Vec<Selector>>,
    /// The rules not to tell of.
    pub ignore: Vec<Selector>,
}

impl Layer {
    /// Why a rule is left out once this layer was added to those before it.
    fn left_out(&self, rule: &Rule, before: Option<String>) -> Option<String> {
        let fitting = |all: &'_ [Selector]| -> Option<(usize, String)> {
            let fitting = all.iter().filter(|it| it.fits(rule));
            fitting.map(|it| (it.length(), it.text.clone())).max_by_key(|it| it.0)
        };
        let selected = self.select.as_deref().and_then(fitting);
        let ignored = fitting(&self.ignore);
        match (selected, ignored) {
            (Some(selected), Some(ignored)) if selected.0 > ignored.0 => None,
            (_, Some((_, text))) => Some(self.told("ignore", Some(&text))),
            (Some(_), None) => None,
            (None, None) if self.select.is_some() => Some(self.told("select", None)),
            (None, None) => before,
        }
    }

    /// A setting of this layer, for people.
    fn told(&self, setting: &str, selector: Option<&str>) -> String {
        let given = selector.map_or_else(String::new, |it| format!(" {it}"));
        match self.place.as_str() {
            "" => format!("--{setting}{given}"),
            place => format!("{setting}{given} in {place}"),
        }
    }
}

/// Which rules the report about one file tells of.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    layers: Vec<Layer>,
    of_file: Vec<(String, Vec<Selector>)>,
}

impl Selection {
    /// What each place says, the weakest first; and rules that are left out in this file whatever
    /// those say, each list with where it stands.
    pub fn new(
        layers: impl IntoIterator<Item = Layer>,
        of_file: Vec<(String, Vec<Selector>)>,
    ) -> Self {
        let says_something = |it: &Layer| it.select.is_some() || !it.ignore.is_empty();
        let layers = layers.into_iter().filter(says_something).collect();
        Self { layers, of_file }
    }

    /// Whether it leaves out nothing.
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty() && self.of_file.is_empty()
    }

    /// Why a rule is left out, if it is.
    pub fn left_out(&self, rule: &Rule) -> Option<String> {
        let left_out = self.layers.iter().fold(None, |before, it| it.left_out(rule, before));
        left_out.or_else(|| {
            let fits = |all: &&(String, Vec<Selector>)| all.1.iter().any(|it| it.fits(rule));
            self.of_file.iter().find(fits).map(|it| it.0.clone())
        })
    }
}

/// From which severity on a finding makes the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// From this one on.
    AtLeast(Severity),
    /// From none.
    Never,
}

impl FailOn {
    /// The words for it.
    pub const WORDS: [&'static str; 4] = ["error", "warning", "note", "never"];

    /// Whether a severity is one to fail on.
    pub fn includes(self, severity: Severity) -> bool {
        matches!(self, Self::AtLeast(least) if severity >= least)
    }
}

impl Default for FailOn {
    fn default() -> Self {
        Self::AtLeast(Severity::Error)
    }
}

/// Its error says what was meant.
impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "error" => Ok(Self::AtLeast(Severity::Error)),
            "warning" => Ok(Self::AtLeast(Severity::Warning)),
            "note" => Ok(Self::AtLeast(Severity::Note)),
            "never" => Ok(Self::Never),
            _ => Err(did_you_mean(text, Self::WORDS)
                .unwrap_or_else(|| format!("give one of {}", Self::WORDS.join(", ")))),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn selectors(list: &str) -> Vec<Selector> {
        list.split(',').filter(|it| !it.is_empty()).map(|it| it.parse().unwrap()).collect()
    }

    fn layer(place: &str, select: Option<&str>, ignore: &str) -> Layer {
        Layer { place: place.to_owned(), select: select.map(selectors), ignore: selectors(ignore) }
    }

    fn left_out(layers: Vec<Layer>, code: &str) -> Option<String> {
        Selection::new(layers, Vec::new()).left_out(find(code).unwrap())
    }

    #[test]
    fn the_longest_selector_of_a_layer_wins() {
        for (select, ignore, code, expected) in [
            (None, "", "VCF101", None),
            (None, "VCF", "VCF101", Some("--ignore VCF")),
            (Some("VCF"), "VCF1", "VCF101", Some("--ignore VCF1")),
            (Some("VCF101"), "VCF1", "VCF101", None),
            (Some("wrong-field-count"), "VCF10", "VCF101", None),
            (Some("VCF101"), "ALL", "VCF101", None),
            (Some("VCF101"), "wrong-field-count", "VCF101", Some("--ignore wrong-field-count")),
            (Some("ALL"), "", "GFF101", None),
            (Some("VCF"), "", "GFF101", Some("--select")),
            (Some(""), "", "GFF101", Some("--select")),
        ] {
            let why = left_out(vec![layer("", select, ignore)], code);
            assert_eq!(why.as_deref(), expected, "{select:?} {ignore} {code}");
        }
    }

    #[test]
    fn a_later_layer_begins_anew_where_it_selects() {
        let file = || layer("it.toml", Some("VCF102"), "VCF101");
        for (select, ignore, code, expected) in [
            (None, "", "VCF101", Some("ignore VCF101 in it.toml")),
            (None, "", "VCF103", Some("select in it.toml")),
            (None, "VCF", "VCF102", Some("--ignore VCF")),
            (Some("VCF"), "", "VCF101", None),
            (Some("GFF"), "", "VCF102", Some("--select")),
        ] {
            let why = left_out(vec![file(), layer("", select, ignore)], code);
            assert_eq!(why.as_deref(), expected, "{select:?} {ignore} {code}");
        }
        let of_file = vec![("raw/*".to_owned(), selectors("VCF101"))];
        let selection = Selection::new([layer("", Some("VCF101"), "")], of_file);
        assert_eq!(selection.left_out(find("VCF101").unwrap()).as_deref(), Some("raw/*"));
    }

    #[test]
    fn a_misspelt_selector_gets_near_ones() {
        for (text, near) in [
            ("VCF99", "VCF09`"),
            ("VC", "did you mean `VCF`?"),
            ("undeclared-info", "`undeclared-info-key`"),
            ("", "`annostore rule` lists them"),
            ("é", "`annostore rule` lists them"),
        ] {
            let said = text.parse::<Selector>().unwrap_err();
            assert!(said.contains(near) || text == "VCF99", "{text}: {said}");
        }
        assert!("vcf1".parse::<Selector>().is_ok());
        assert_eq!("warn".parse::<FailOn>().unwrap_err(), "did you mean `warning`?");
    }

    fn any_selector() -> impl Strategy<Value = Selector> {
        (0..RULES.len(), 0..9_usize).prop_map(|(rule, kept)| {
            let code = RULES[rule].code;
            let least = letters(RULES[rule]).len();
            let text = if kept == 0 { "ALL" } else { &code[..(least + kept / 2).min(code.len())] };
            text.parse().unwrap()
        })
    }

    proptest! {
        /// One rule's fate, told by all selectors in the order of their length.
        #[test]
        fn precedence_is_that_of_applying_selectors_by_length(
            select in proptest::option::of(proptest::collection::vec(any_selector(), 0..6)),
            ignore in proptest::collection::vec(any_selector(), 0..6),
            rule in 0..RULES.len(),
        ) {
            let rule = RULES[rule];
            let mut steps: Vec<(usize, bool, &Selector)> = Vec::new();
            steps.extend(select.iter().flatten().map(|it| (it.length(), false, it)));
            steps.extend(ignore.iter().map(|it| (it.length(), true, it)));
            steps.sort_by_key(|it| (it.0, it.1));
            let mut is_told = select.is_none();
            for (_, ignores, selector) in &steps {
                if selector.fits(rule) {
                    is_told = !ignores;
                }
            }
            let (select, ignore) = (select.clone(), ignore.clone());
            let layer = Layer { select, ignore, ..Layer::default() };
            let selection = Selection::new([layer], Vec::new());
            prop_assert_eq!(selection.left_out(rule).is_none(), is_told);
        }
    }
}
