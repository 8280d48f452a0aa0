//! Whether a file and a version are of one assembly, by the lengths of their contigs.

use std::collections::HashMap;

use crate::diagnostic::render::number::grouped;
use crate::model::contigs::plain_name;
use crate::model::{Error, ErrorKind};
use crate::read::vcf::Header;

/// Contigs with their lengths.
pub type Lengths = Vec<(String, u64)>;

/// The lengths that headers say; of several of one contig the first.
pub fn lengths_of(headers: &[Header]) -> Lengths {
    let contigs = headers.iter().flat_map(|it| &it.contigs);
    contigs.filter_map(|it| Some((it.id.clone(), it.length?))).collect()
}

/// Why a file with this header is of another assembly than a version whose contigs have these
/// lengths; none where nothing speaks against it. Names of contigs may be of different styles.
pub fn difference(header: &Header, known: &Lengths, table: &str) -> Option<Error> {
    let mut by_name: HashMap<String, u64> = HashMap::new();
    for (name, length) in known {
        by_name.entry(plain_name(name).into_owned()).or_insert(*length);
    }
    let differs = |it: &&crate::read::vcf::Contig| {
        let other = by_name.get(&*plain_name(&it.id));
        it.length.zip(other).is_some_and(|(own, other)| own != *other)
    };
    let contig = header.contigs.iter().find(differs)?;
    let (own, other) = (contig.length?, *by_name.get(&*plain_name(&contig.id))?);
    let message = format!(
        "the file is of another assembly than {table}: `{}` has {} bases in its header, and {} \
         in the store",
        contig.id.escape_debug(),
        grouped(own),
        grouped(other)
    );
    let help = "bring the file to the assembly of the store (annostore does no liftover), or \
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
