//! What an alternate allele does to the reference.

use crate::diagnostic::profile::Alleles;

/// Counts the alternate alleles of a record: `.`, or alleles separated by commas.
pub fn count(counts: &mut Alleles, reference: &[u8], alternates: &[u8]) {
    if alternates == b"." {
        counts.records_without_alternate += 1;
        return;
    }
    // Most records are a base for another.
    if let ([from], [to]) = (reference, alternates)
        && *to != b'*'
    {
        return substitution(counts, *from, *to);
    }
    let (mut alleles, unspecified) = (0, counts.unspecified);
    for alternate in alternates.split(|it| *it == b',') {
        alleles += 1;
        count_one(counts, reference, alternate);
    }
    counts.multiallelic_records += u64::from(alleles > 1);
    // A block of a gVCF file says no more than that the reference is there.
    let only_unspecified = alleles == counts.unspecified - unspecified;
    counts.records_without_alternate += u64::from(only_unspecified);
}

fn count_one(counts: &mut Alleles, reference: &[u8], alternate: &[u8]) {
    match alternate {
        b"*" => counts.spanning_deletions += 1,
        b"<*>" | b"<NON_REF>" => counts.unspecified += 1,
        [b'<', .., b'>'] => counts.symbolic += 1,
        [] => counts.other += 1,
        _ if alternate.iter().any(|it| matches!(it, b'[' | b']')) => counts.breakends += 1,
        // `.A` and `A.` are single breakends.
        [b'.', ..] | [.., b'.'] => counts.breakends += 1,
        _ if !alternate.iter().all(u8::is_ascii_alphabetic) => counts.other += 1,
        _ => sequence(counts, reference, alternate),
    }
}

fn sequence(counts: &mut Alleles, reference: &[u8], alternate: &[u8]) {
    let alike = |(a, b): &(&u8, &u8)| a.eq_ignore_ascii_case(b);
    let start = reference.iter().zip(alternate).take_while(alike).count();
    let (from, to) = (&reference[start..], &alternate[start..]);
    let end = from.iter().rev().zip(to.iter().rev()).take_while(alike).count();
    match (&from[..from.len() - end], &to[..to.len() - end]) {
        ([], []) => counts.other += 1,
        ([], bases) => {
            counts.insertions += 1;
            counts.indel_lengths.add_insertion(bases.len());
        }
        (bases, []) => {
            counts.deletions += 1;
            counts.indel_lengths.add_deletion(bases.len());
        }
        ([from], [to]) => substitution(counts, *from, *to),
        (from, to) if from.len() == to.len() => counts.mnvs += 1,
        _ => counts.complex += 1,
    }
}

fn substitution(counts: &mut Alleles, from: u8, to: u8) {
    let (from, to) = (from.to_ascii_uppercase(), to.to_ascii_uppercase());
    match (from, to) {
        (b'A', b'G') | (b'G', b'A') | (b'C', b'T') | (b'T', b'C') => counts.transitions += 1,
        _ if from == to || !to.is_ascii_alphabetic() => counts.other += 1,
        _ => counts.transversions += 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reference: &str, alternates: &str, expected: &[(&str, u64)]) {
        let mut counts = Alleles::default();
        count(&mut counts, reference.as_bytes(), alternates.as_bytes());
        let found: Vec<_> = counts.kinds().into_iter().filter(|it| it.1 > 0).collect();
        assert_eq!(found, expected, "{reference}>{alternates}");
        let several = alternates.contains(',');
        assert_eq!(counts.multiallelic_records, u64::from(several), "{reference}>{alternates}");
        let none = [".", "<*>", "<NON_REF>"].contains(&alternates);
        assert_eq!(counts.records_without_alternate, u64::from(none), "{reference}>{alternates}");
    }

    #[test]
    fn alleles_are_what_is_left_when_the_common_bases_are_gone() {
        check("A", "G", &[("snv", 1)]);
        check("AC", "AT", &[("snv", 1)]);
        check("a", "g", &[("snv", 1)]);
        check("A", "AT", &[("insertion", 1)]);
        check("CAA", "CA", &[("deletion", 1)]);
        check("AC", "GT", &[("mnv", 1)]);
        check("ACG", "TT", &[("complex", 1)]);
        check("A", "A", &[("other", 1)]);
        check("A", ".", &[]);
        check("A", "", &[("other", 1)]);
    }

    #[test]
    fn indels_are_as_long_as_the_bases_that_come_or_go() {
        let mut counts = Alleles::default();
        count(&mut counts, b"CAA", b"CA,CAAA,C,CAATTT");
        let bins: Vec<_> = counts.indel_lengths.bins().filter(|it| it.count > 0).collect();
        let lengths: Vec<_> = bins.iter().map(|it| (it.name.as_str(), it.count)).collect();
        assert_eq!(lengths, [("-2", 1), ("-1", 1), ("1", 1), ("3", 1)]);
    }

    #[test]
    fn alleles_without_bases_have_kinds_of_their_own() {
        check("A", "*", &[("spanning-deletion", 1)]);
        check("A", "<DEL>", &[("symbolic", 1)]);
        check("A", "<NON_REF>", &[("unspecified", 1)]);
        check("A", "A[chr1:5[", &[("breakend", 1)]);
        check("A", ".A", &[("breakend", 1)]);
        check(
            "A",
            "G,AT,<*>,*",
            &[("snv", 1), ("insertion", 1), ("spanning-deletion", 1), ("unspecified", 1)],
        );
        check("A", "C,,", &[("snv", 1), ("other", 2)]);
    }

    #[test]
    fn transitions_stay_among_purines_and_among_pyrimidines() {
        let mut counts = Alleles::default();
        for (from, to) in [("A", "G"), ("C", "T"), ("A", "C"), ("A", "T"), ("G", "C"), ("t", "C")] {
            count(&mut counts, from.as_bytes(), to.as_bytes());
        }
        assert_eq!((counts.transitions, counts.transversions), (3, 3));
        assert_eq!(counts.transition_ratio(), Some(1.0));
    }
}
