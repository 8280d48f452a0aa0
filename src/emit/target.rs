//! All forms, and which of them a path asks for.

use std::path::Path;

use super::bcf::BCF;
use super::bed::BED;
use super::form::LineForm;
use super::gff::GFF3;
use super::table::{CSV, TSV};
use super::vcf::VCF;
use crate::model::{Error, Result};

/// All forms. A new one is a value in a file of this folder, and a line here.
pub static FORMS: [&LineForm; 6] = [&VCF, &BCF, &GFF3, &BED, &TSV, &CSV];

/// What names of BGZF files end in.
const COMPRESSED: [&str; 2] = ["gz", "bgz"];

/// A form, and whether it is compressed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The form.
    pub form: &'static LineForm,
    /// Whether the file is BGZF; BCF always is.
    pub compressed: bool,
}

impl Target {
    /// Each form, and compressed where it is so only if asked.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMS.into_iter().flat_map(|form| {
            let compressed = form.takes_gz.then_some(Self { form, compressed: true });
            [Self { form, compressed: *form == BCF }].into_iter().chain(compressed)
        })
    }

    /// What names of its files end in: `vcf`, or `vcf.gz`.
    pub fn name(self) -> String {
        let is_gz = self.compressed && self.form.takes_gz;
        format!("{}{}", self.form.name, if is_gz { ".gz" } else { "" })
    }

    /// Plain text in a form.
    pub fn plain(form: &'static LineForm) -> Self {
        Self { form, compressed: false }
    }

    /// What a path ends in; none where that is no form of lines.
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let (stem, ending) = name.rsplit_once('.')?;
        let (ending, compressed) = if COMPRESSED.contains(&ending) {
            (stem.rsplit_once('.')?.1, true)
        } else {
            (ending, false)
        };
        let form =
            FORMS.into_iter().find(|it| it.name == ending || it.endings.contains(&ending))?;
        let compressed = match (form.takes_gz, compressed) {
            (false, true) => return None,
            (_, compressed) => compressed || *form == BCF,
        };
        Some(Self { form, compressed })
    }

    /// What a path ends in; an error, with the endings that there are, where that is no form.
    pub fn named_by(path: &Path) -> Result<Self> {
        Self::of_path(path).ok_or_else(|| {
            Error::invalid("the name of the output ends in no form that can be written")
                .with("file", path.display())
                .with_help(format!("let it end in {}", endings()))
        })
    }
}

/// The endings of all forms, in words.
pub fn endings() -> String {
    let gz = |it: &&LineForm| if it.takes_gz { "[.gz]" } else { "" };
    let all: Vec<_> = FORMS.iter().map(|it| format!(".{}{}", it.name, gz(it))).collect();
    all.join(", ")
}
