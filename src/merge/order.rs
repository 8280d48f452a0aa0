//! The order of contigs, and the stretches of files that follow it.

use std::collections::HashMap;

use crate::catalog::DataFile;

/// The order of the contigs of a version: that of its headers, and behind them the others in the
/// order of its files.
#[derive(Debug)]
pub struct ContigOrder {
    names: Vec<String>,
    ranks: HashMap<String, u32>,
}

/// A stretch of a file within which contigs come in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The number of the file.
    pub file: usize,
    /// Its contigs; none where they are all of the file.
    pub contigs: Option<Vec<String>>,
    /// A place before which none of its rows lies: rank of the contig, and start.
    pub first: (u32, i64),
}

impl ContigOrder {
    /// The order of these contigs, which may come again, and of those of the files.
    pub fn new<'a>(
        of_headers: impl IntoIterator<Item = String>,
        files: impl IntoIterator<Item = &'a DataFile>,
    ) -> Self {
        let mut order = Self { names: Vec::new(), ranks: HashMap::new() };
        of_headers.into_iter().for_each(|it| order.add(it));
        let of_files = files.into_iter().flat_map(|it| &it.bounds);
        of_files.for_each(|it| order.add(it.contig.clone()));
        order
    }

    fn add(&mut self, contig: String) {
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        if !self.ranks.contains_key(&contig) {
            self.names.push(contig.clone());
            self.ranks.insert(contig, next);
        }
    }

    /// The contigs, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The place of a contig among them; that behind all others for one that is not.
    pub fn rank(&self, contig: &str) -> u32 {
        self.ranks.get(contig).copied().unwrap_or(u32::MAX)
    }

    /// The stretches of a file. There is one, unless the import met contigs in another order.
    pub(super) fn stretches(&self, number: usize, file: &DataFile) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut last = None;
        for bounds in &file.bounds {
            let rank = self.rank(&bounds.contig);
            // Rows without a start come first, and have none among their bounds.
            let start = if bounds.min_start == i64::MAX { i64::MIN } else { bounds.min_start };
            match stretches.last_mut().filter(|_| last.is_some_and(|it| it < rank)) {
                Some(Stretch { contigs: Some(contigs), .. }) => {
                    contigs.push(bounds.contig.clone());
                }
                _ => stretches.push(Stretch {
                    file: number,
                    contigs: Some(vec![bounds.contig.clone()]),
                    first: (rank, start),
                }),
            }
            last = Some(rank);
        }
        match stretches.as_mut_slice() {
            [one] => one.contigs = None,
            // A file whose rows have no place.
            [] => {
                stretches.push(Stretch { file: number, contigs: None, first: (0, i64::MIN) });
            }
            _ => {}
        }
        stretches
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{ContigBounds, Storage};

    fn file(contigs: &[(&str, i64)]) -> DataFile {
        let bounds = contigs.iter().map(|(contig, min_start)| ContigBounds {
            contig: (*contig).to_owned(),
            min_start: *min_start,
            max_end: min_start + 1,
            rows: 1,
        });
        DataFile {
            place: Storage::of_folder("/".as_ref()).unwrap().place("x"),
            rows: 1,
            bytes: 1,
            sha256: String::new(),
            checksums: None,
            bounds: bounds.collect(),
            other_keys: None,
        }
    }

    #[test]
    fn a_file_in_another_order_is_several_stretches() {
        let files = [file(&[("1", 5), ("10", 2), ("2", 1), ("x", 0)]), file(&[("y", 3), ("x", 9)])];
        let headers = ["1", "2", "10"].map(str::to_owned);
        let order = ContigOrder::new(headers, &files);
        assert_eq!(order.names(), ["1", "2", "10", "x", "y"]);
        let of = |contigs: &[&str]| Some(contigs.iter().map(|it| (*it).to_owned()).collect());
        let expected = [
            Stretch { file: 0, contigs: of(&["1", "10"]), first: (0, 5) },
            Stretch { file: 0, contigs: of(&["2", "x"]), first: (1, 1) },
        ];
        assert_eq!(order.stretches(0, &files[0]), expected);
        assert_eq!(order.stretches(1, &files[1]).len(), 2);
        let sorted = order.stretches(2, &file(&[("1", 1), ("2", 1)]));
        assert_eq!(sorted, [Stretch { file: 2, contigs: None, first: (0, 1) }]);
    }
}
