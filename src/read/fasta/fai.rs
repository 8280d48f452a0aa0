//! A `.fai` that somebody left beside a FASTA file: compared, and never believed.

use std::fmt;
use std::path::{Path, PathBuf};

use super::index::{Contig, FastaIndex};

/// How a `.fai` differs from its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staleness {
    /// The `.fai`.
    pub path: PathBuf,
    /// The first difference.
    pub what: String,
}

impl fmt::Display for Staleness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is not the index of this file, and was not used: {}; \
             `samtools faidx` makes it anew",
            self.path.display(),
            self.what
        )
    }
}

/// Compares the `.fai` beside a file with what the file's bytes say; none where they agree, or
/// where there is none.
pub fn compare_fai(path: &Path, index: &FastaIndex) -> Option<Staleness> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".fai");
    let beside = PathBuf::from(beside);
    let text = std::fs::read(&beside).ok()?;
    let what = difference(&String::from_utf8_lossy(&text), &index.contigs)?;
    Some(Staleness { path: beside, what })
}

fn difference(text: &str, contigs: &[Contig]) -> Option<String> {
    let lines: Vec<&str> = text.lines().filter(|it| !it.is_empty()).collect();
    for (number, (line, contig)) in lines.iter().zip(contigs).enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, numbers @ ..] = &fields[..] else { continue };
        let expected = [
            ("length", contig.length),
            ("offset", contig.offset),
            ("line's bases", contig.line_bases),
            ("line's bytes", contig.line_width),
        ];
        if *name != contig.name {
            let place = number + 1;
            return Some(format!(
                "contig {place} is `{name}` in it, and `{}` in the file",
                contig.name
            ));
        }
        // The layout of a contig of no bases is not defined.
        let kinds = if contig.length == 0 { 1 } else { expected.len() };
        for ((what, value), found) in expected.iter().take(kinds).zip(numbers) {
            if found.parse() != Ok(*value) {
                return Some(format!(
                    "the {what} of `{name}` is {found} in it, and {value} in the file"
                ));
            }
        }
        if numbers.len() < expected.len() {
            return Some(format!("its line for `{name}` is cut"));
        }
    }
    let (told, there) = (lines.len(), contigs.len());
    (told != there).then(|| format!("it has {told} contigs, and the file {there}"))
}
