//! Whether a file and a version are of one assembly, by the lengths of their contigs.

use std::collections::HashMap;

use crate::diagnostic::render::number::grouped;
use crate::model::contigs::plain_name;
use crate::model::{Error, ErrorKind};
use crate::read::fasta::Fasta;
use crate::read::vcf::Header;

/// Contigs with their lengths.
pub type Lengths = Vec<(String, u64)>;

/// The lengths that headers say; of several of one contig the first.
pub fn lengths_of(headers: &[Header]) -> Lengths {
    let contigs = headers.iter().flat_map(|it| &it.contigs);
    contigs.filter_map(|it| Some((it.id.clone(), it.length?))).collect()
}

/// The lengths of the contigs of a FASTA file.
pub fn lengths_within(fasta: &Fasta) -> Lengths {
    fasta.index().contigs.iter().map(|it| (it.name.clone(), it.length)).collect()
}

/// Why a file with this header is of another assembly than `other` (a version, or a reference),
/// whose contigs have these lengths; none where nothing speaks against it. Names of contigs may be
/// of different styles.
pub fn difference(header: &Header, known: &Lengths, other: &str) -> Option<Error> {
    let mut by_name: HashMap<String, u64> = HashMap::new();
    for (name, length) in known {
        by_name.entry(plain_name(name).into_owned()).or_insert(*length);
    }
    let differs = |it: &&crate::read::vcf::Contig| {
        let other = by_name.get(&*plain_name(&it.id));
        it.length.zip(other).is_some_and(|(own, other)| own != *other)
    };
    let contig = header.contigs.iter().find(differs)?;
    let (own, length) = (contig.length?, *by_name.get(&*plain_name(&contig.id))?);
    let message = format!(
        "the file is of another assembly than {other}: `{}` has {} bases in its header, and {} \
         there",
        contig.id.escape_debug(),
        grouped(own),
        grouped(length)
    );
    let help = "bring the file to that assembly (annostore does no liftover), or \
                annotate it all the same with --force";
    Some(Error::new(ErrorKind::Conflict, message).with_help(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::vcf::Contig;

    fn header(contigs: &[(&str, Option<u64>)]) -> Header {
        let contig =
            |(id, length): &(&str, Option<u64>)| Contig { id: (*id).to_owned(), length: *length };
        let mut header = Header::default();
        header.contigs = contigs.iter().map(contig).collect();
        header
    }

    #[test]
    fn a_length_that_differs_tells_another_assembly_in_any_style() {
        let known = vec![("chr1".to_owned(), 248_956_422), ("chr2".to_owned(), 242_193_529)];
        let differs = |contigs: &[_]| difference(&header(contigs), &known, "a.v1");
        let error = differs(&[("2", Some(242_193_529)), ("1", Some(249_250_621))]).unwrap();
        assert!(error.message().contains("`1` has 249,250,621 bases"), "{error}");
        assert!(differs(&[("1", Some(248_956_422)), ("3", Some(5)), ("2", None)]).is_none());
        assert!(differs(&[]).is_none());
    }
}
