//! Tells features from the sequences behind them: from `##FASTA`, or a line that begins with `>`,
//! to the end of the file.

use crate::model::Result;
use crate::read::chunk::Text;

/// What a chunk consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Features, directives and comments.
    Features {
        /// Whether it begins with the first line of the file.
        first: bool,
    },
    /// Sequences.
    Sequences {
        /// Whether no line of a sequence has come yet.
        begins: bool,
    },
}

/// Chunks of whole lines, each with what it consists of.
pub struct Sections<I> {
    chunks: I,
    /// The section of the chunks to come.
    section: Section,
    /// The sequences of a chunk that began with features.
    rest: Option<Text>,
}

impl<I: Iterator<Item = Result<Text>>> Sections<I> {
    /// The parts of a file.
    pub fn new(chunks: I) -> Self {
        Self { chunks, section: Section::Features { first: true }, rest: None }
    }

    fn split(&mut self, mut text: Text) -> (Section, Text) {
        let section = self.section;
        let at = if matches!(section, Section::Features { .. }) {
            sequences(text.bytes())
        } else {
            None
        };
        match (section, at) {
            (Section::Features { .. }, None) => self.section = Section::Features { first: false },
            (Section::Features { .. }, Some(0)) => {
                self.section = Section::Sequences { begins: true };
                return self.split(text);
            }
            (Section::Features { .. }, Some(at)) => {
                self.section = Section::Sequences { begins: true };
                self.rest = Some(Text::copied(&text.bytes()[at..]));
                text.truncate(at);
            }
            (Section::Sequences { begins }, _) => {
                let begins = begins && text.bytes().split(|it| *it == b'\n').all(is_introduction);
                self.section = Section::Sequences { begins };
            }
        }
        (section, text)
    }
}

impl<I: Iterator<Item = Result<Text>>> Iterator for Sections<I> {
    type Item = Result<(Section, Text)>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = match self.rest.take() {
            Some(text) => text,
            None => match self.chunks.next()? {
                Ok(text) => text,
                Err(error) => return Some(Err(error)),
            },
        };
        Some(Ok(self.split(text)))
    }
}

/// Whether a line stands before the first sequence.
pub fn is_introduction(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.is_empty() || line == b"##FASTA"
}

/// Where the sequences of a chunk begin.
fn sequences(text: &[u8]) -> Option<usize> {
    let begins = |line: &[u8]| {
        line.first() == Some(&b'>')
            || line.strip_prefix(b"##FASTA").is_some_and(|rest| {
                rest.first().is_none_or(u8::is_ascii_whitespace)
                    && rest
                        .split(|it| *it == b'\n')
                        .next()
                        .unwrap_or_default()
                        .trim_ascii()
                        .is_empty()
            })
    };
    if begins(text) {
        return Some(0);
    }
    let header = memchr::memmem::find(text, b"\n>").map(|it| it + 1);
    let directive = memchr::memmem::find_iter(text, b"\n##FASTA").map(|it| it + 1);
    let directive = directive.into_iter().find(|it| begins(&text[*it..]));
    match (header, directive) {
        (Some(header), Some(directive)) => Some(header.min(directive)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections(texts: &[&str]) -> Vec<(Section, String)> {
        let texts = texts.iter().map(|it| Ok(Text::copied(it.as_bytes())));
        let text = |it: Text| String::from_utf8(it.bytes().to_vec()).unwrap();
        Sections::new(texts)
            .map(|it| it.unwrap())
            .map(|(section, it)| (section, text(it)))
            .collect()
    }

    #[test]
    fn sequences_go_on_to_the_end() {
        let found = sections(&["##gff\na>b\n", "x\n##FASTA\n", "\n", ">s\nAC\n", "##x\n"]);
        let sequences = |begins, text: &str| (Section::Sequences { begins }, text.to_owned());
        let features = |first, text: &str| (Section::Features { first }, text.to_owned());
        assert_eq!(
            found,
            [
                features(true, "##gff\na>b\n"),
                features(false, "x\n"),
                sequences(true, "##FASTA\n"),
                sequences(true, "\n"),
                sequences(true, ">s\nAC\n"),
                sequences(false, "##x\n"),
            ]
        );
    }

    #[test]
    fn a_header_alone_begins_them_too() {
        assert_eq!(sections(&["a\n>s\nAC\n##FASTA\n"]).len(), 2);
        assert_eq!(sections(&[">s\nAC\n"]).len(), 1);
        assert_eq!(sections(&["##FASTAs\nx\n##FASTA of\n"]).len(), 1);
        assert_eq!(sections(&["a\n##FASTA \r\n>s\n"]).len(), 2);
    }
}
