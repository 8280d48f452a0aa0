//! Names that lines use and their header does not declare, which BCF has no numbers for.

use rustc_hash::FxHashSet;

use super::dictionary::{DeclaredKind, Dictionary};
use super::record::{Site, present};

/// Names that are kept; those of sound files are few.
const MOST: usize = 1 << 16;
/// Names that a note shows.
const SHOWN: usize = 5;

/// Names that a header does not declare, in the order in which lines use them.
#[derive(Debug, Default)]
pub struct Undeclared {
    names: Vec<(DeclaredKind, Vec<u8>)>,
    seen: FxHashSet<(DeclaredKind, Vec<u8>)>,
}

impl Undeclared {
    /// Those that lines use, each ended, beyond what a dictionary has.
    pub fn of(dictionary: &Dictionary, text: &[u8]) -> Self {
        let mut found = Self::default();
        // Most lines have them from the line before.
        let mut last: [&[u8]; 3] = [b""; 3];
        for line in text.split(|it| *it == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let Some(site) = Site::of(line) else { continue };
            let mut note = |kind: DeclaredKind, name: &[u8]| {
                if !name.is_empty() && !dictionary.has(kind, name) {
                    found.note(kind, name);
                }
            };
            let formats = site.rest.split(|it| *it == b'\t').next().unwrap_or_default();
            let now = [site.contig, site.filter, formats];
            if now[0] != last[0] {
                note(DeclaredKind::Contig, site.contig);
            }
            if now[1] != last[1] {
                present(site.filter, b';').for_each(|it| note(DeclaredKind::Filter, it));
            }
            for entry in present(site.info, b';') {
                let key = entry.split(|it| *it == b'=').next().unwrap_or_default();
                note(DeclaredKind::Info, key);
            }
            if now[2] != last[2] && dictionary.samples > 0 {
                present(formats, b':').for_each(|it| note(DeclaredKind::Format, it));
            }
            last = now;
        }
        found
    }

    /// Adds those of the lines behind.
    pub fn add(&mut self, later: Self) {
        later.names.into_iter().for_each(|(kind, name)| self.note(kind, &name));
    }

    fn note(&mut self, kind: DeclaredKind, name: &[u8]) {
        let name = (kind, name.to_vec());
        if self.names.len() < MOST && self.seen.insert(name.clone()) {
            self.names.push(name);
        }
    }

    /// The lines of a header that declare them.
    pub fn lines(&self) -> Vec<String> {
        self.names.iter().map(|(kind, name)| kind.line(name)).collect()
    }

    /// What is to be told of them; none where there are none.
    pub fn told(&self) -> Option<String> {
        let shown = |(kind, name): &(DeclaredKind, Vec<u8>)| {
            format!("{} {}", kind.as_str(), crate::diagnostic::printable(name, 40))
        };
        let mut names: Vec<String> = self.names.iter().take(SHOWN).map(shown).collect();
        if self.names.len() > SHOWN {
            names.push(format!("{} more", self.names.len() - SHOWN));
        }
        let names = (!names.is_empty()).then(|| names.join(", "))?;
        Some(format!("the header does not declare {names}: it does now, a key as one text"))
    }
}
