//! What columns are called that give the place of a row: names in full, and words that make up
//! further ones, such as `Gene start (bp)` and `SV_chrom`.

use super::names::{essence, words};

/// What a column is to the place of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The contig.
    Contig,
    /// The position.
    Position,
    /// The first base.
    Start,
    /// The last base.
    End,
    /// The bases of the reference.
    Reference,
    /// The bases instead of those.
    Alternate,
}

/// How a name says what its column is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sense {
    /// The lower, the likelier.
    pub rank: usize,
    /// What the place is one of, such as `gene` or `hg19`; empty where the name does not say.
    pub about: String,
}

/// The rank of names that are only made up of known words.
pub const MADE_UP: usize = 100;

const CONTIGS: [&str; 20] = [
    "chrom",
    "chr",
    "chrm",
    "seqregionname",
    "refname",
    "chromosome",
    "seqnames",
    "seqname",
    "seqid",
    "contig",
    "contigname",
    "chrid",
    "chromid",
    "chromosomename",
    "chromname",
    "chrname",
    "refseqid",
    "genoname",
    "tname",
    "scaffold",
];
/// Those of a build come last, the newest first.
const POSITIONS: [&str; 19] = [
    "pos",
    "position",
    "bp",
    "pos1based",
    "chrpos",
    "chrompos",
    "chrposition",
    "basepairlocation",
    "basepairposition",
    "genomicposition",
    "positionvcf",
    "grch38pos",
    "hg38pos",
    "poshg38",
    "grch37pos",
    "hg19pos",
    "poshg19",
    "mapinfo",
    "genpos",
];
const STARTS: [&str; 11] = [
    "start",
    "startposition",
    "startpos",
    "chrstart",
    "begin",
    "posstart",
    "genomicstart",
    "chromstart",
    "txstart",
    "genostart",
    "tstart",
];
const ENDS: [&str; 11] = [
    "end",
    "stop",
    "endposition",
    "endpos",
    "chrend",
    "posend",
    "genomicend",
    "chromend",
    "txend",
    "genoend",
    "tend",
];
/// Names that come from UCSC's tables, where positions begin at 0.
const ZERO_BASED: [&str; 4] = ["chromstart", "txstart", "genostart", "tstart"];
const REFERENCES: [&str; 8] = [
    "ref",
    "reference",
    "refallele",
    "referenceallele",
    "refbase",
    "referencebases",
    "referenceallelevcf",
    "referencegenomeallele",
];
const ALTERNATES: [&str; 11] = [
    "alt",
    "alternate",
    "altallele",
    "alternateallele",
    "alternativeallele",
    "altbase",
    "alternatebases",
    "alternateallelevcf",
    "variantbases",
    "mutatedtoallele",
    "tumorseqallele2",
];

const OF_CONTIGS: [&str; 6] = ["chr", "chrom", "chromosome", "contig", "scaffold", "seqname"];
const OF_POSITIONS: [&str; 3] = ["pos", "position", "coordinate"];
const OF_STARTS: [&str; 2] = ["start", "begin"];
const OF_ENDS: [&str; 2] = ["end", "stop"];
const OF_REFERENCES: [&str; 4] = ["ref", "reference", "wt", "wildtype"];
const OF_ALTERNATES: [&str; 5] = ["alt", "alternate", "alternative", "mut", "mutant"];
/// Words of which an allele has one.
const OF_ALLELES: [&str; 5] = ["allele", "base", "bases", "nucleotide", "nucleotides"];
/// Words that say nothing more.
const FILLERS: [&str; 19] = [
    "0", "1", "based", "bp", "coord", "genome", "genomic", "geno", "id", "loc", "map", "name",
    "no", "num", "number", "one", "physical", "site", "zero",
];
/// What a place may be one of, the likeliest first.
const ABOUT: [&str; 29] = [
    "hm",
    "vcf",
    "gene",
    "transcript",
    "tx",
    "variant",
    "var",
    "snp",
    "snv",
    "sv",
    "cnv",
    "segment",
    "seg",
    "region",
    "feature",
    "peak",
    "probe",
    "exon",
    "grch38",
    "hg38",
    "b38",
    "grch37",
    "hg19",
    "b37",
    "chm13",
    "t2t",
    "grch36",
    "hg18",
    "b36",
];

impl Part {
    /// Names in full, the likeliest first.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Contig => &CONTIGS,
            Self::Position => &POSITIONS,
            Self::Start => &STARTS,
            Self::End => &ENDS,
            Self::Reference => &REFERENCES,
            Self::Alternate => &ALTERNATES,
        }
    }

    /// Words of which a name has one.
    fn own_words(self) -> &'static [&'static str] {
        match self {
            Self::Contig => &OF_CONTIGS,
            Self::Position => &OF_POSITIONS,
            Self::Start => &OF_STARTS,
            Self::End => &OF_ENDS,
            Self::Reference => &OF_REFERENCES,
            Self::Alternate => &OF_ALTERNATES,
        }
    }

    /// Words that may stand beside them for the same thing.
    fn may_have(self, word: &str) -> bool {
        match self {
            Self::Contig => false,
            Self::Position => OF_CONTIGS.contains(&word),
            Self::Start | Self::End => OF_CONTIGS.contains(&word) || OF_POSITIONS.contains(&word),
            Self::Reference | Self::Alternate => OF_ALLELES.contains(&word),
        }
    }
}

/// How a name says that its column is this part of a place, if it does. The 0 of `start0` says only
/// where it begins.
pub fn sense(header: &str, part: Part) -> Option<Sense> {
    let header = header.strip_suffix('0').filter(|_| ends_in_0(header)).unwrap_or(header);
    let (name, words) = (essence(header), words(header));
    let is_own = |it: &str| part.own_words().contains(&it);
    let rest: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|it| !is_own(it) && !part.may_have(it) && !FILLERS.contains(it))
        .collect();
    let about = rest.iter().filter(|it| ABOUT.contains(it)).copied().collect::<Vec<_>>().join(" ");
    if let Some(rank) = part.names().iter().position(|it| *it == name) {
        return Some(Sense { rank, about });
    }
    let is_allele = matches!(part, Part::Reference | Part::Alternate);
    let is_whole = !is_allele || words.iter().any(|it| OF_ALLELES.contains(&it.as_str()));
    if !is_whole || !words.iter().any(|it| is_own(it)) {
        return None;
    }
    let places = rest.iter().map(|word| ABOUT.iter().position(|it| it == word));
    let rank = places.sum::<Option<usize>>()?;
    Some(Sense { rank: MADE_UP + rank, about })
}

/// Whether a name is that of a column of contigs.
pub fn names_contigs(header: &str) -> bool {
    sense(header, Part::Contig).is_some() || words(header).last().is_some_and(|it| is_contig(it))
}

/// Columns that hold names of contigs, of which the first ones may look like numbers. Those of a
/// pair have a number or a letter, as `chrom2` and `CHR_A` do.
pub fn holds_contigs(header: &str) -> bool {
    let one = header.trim_end_matches(|it: char| it.is_ascii_digit());
    let letter = header.strip_suffix(['A', 'B', 'a', 'b']);
    let letter = letter.and_then(|it| it.strip_suffix(['_', '.', ' ', '-']));
    [Some(header), Some(one), letter].into_iter().flatten().any(names_contigs)
}

fn is_contig(word: &str) -> bool {
    matches!(word, "chr" | "chrom" | "chromosome" | "contig")
}

/// Whether a name has a word for this part of a place, whatever else it has.
pub fn speaks_of(header: &str, part: Part) -> bool {
    let is_word = |it: &str| {
        // `chrom1` and `start1` of BEDPE are places, too.
        part.own_words().contains(&it.trim_end_matches(|it: char| it.is_ascii_digit()))
    };
    let words = words(header);
    part.names().contains(&essence(header).as_str())
        || words.iter().any(|it| is_word(it))
        // `BP_A` is a position, but `length_bp` is none.
        || part == Part::Position && words.first().is_some_and(|it| it == "bp")
}

/// Whether a name says itself that positions begin at 0, or that they do not.
pub fn begins_at_0(header: &str) -> Option<bool> {
    let name = essence(header);
    let has = |part: &str| name.contains(part);
    let is_based = has("0based") || has("zerobased") || ends_in_0(header);
    if ZERO_BASED.contains(&name.as_str()) || is_based {
        return Some(true);
    }
    (has("1based") || has("onebased")).then_some(false)
}

/// Whether a name ends in the position that it begins at, as `start0` and `pos_0` do.
fn ends_in_0(header: &str) -> bool {
    let name = essence(header);
    let stem = name.strip_suffix('0').unwrap_or_default();
    ["pos", "position", "start"].iter().any(|it| stem.ends_with(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_known_layouts_are_understood() {
        use Part::{Alternate, Contig, End, Position, Reference, Start};
        for (header, part, about) in [
            ("Chromosome/scaffold name", Contig, ""),
            ("GRCh38_chr", Contig, "grch38"),
            ("genoName", Contig, ""),
            ("SV_chrom", Contig, "sv"),
            ("hm_pos", Position, "hm"),
            ("chr_position", Position, ""),
            ("MapInfo", Position, ""),
            ("GENOME_START", Start, ""),
            ("Gene start (bp)", Start, "gene"),
            ("loc.start", Start, ""),
            ("coordSTART", Start, ""),
            ("start0", Start, ""),
            ("hg19chr", Contig, "hg19"),
            ("Gene end (bp)", End, "gene"),
            ("GENOMIC_WT_ALLELE", Reference, ""),
            ("GENOMIC_MUT_ALLELE", Alternate, ""),
            ("ReferenceAlleleVCF", Reference, "vcf"),
        ] {
            let found = sense(header, part).map(|it| it.about);
            assert_eq!(found.as_deref(), Some(about), "{header}");
        }
    }

    #[test]
    fn other_words_make_other_columns() {
        use Part::{Alternate, Contig, Position, Reference, Start};
        for (header, part) in [
            ("chr_strand", Contig),
            ("ChromosomeAccession", Contig),
            ("cds_start", Start),
            ("protein position", Position),
            ("effect_allele", Alternate),
            ("ref_count", Reference),
            ("wt", Reference),
        ] {
            assert_eq!(sense(header, part), None, "{header}");
        }
        assert!(holds_contigs("donor_chrom") && !holds_contigs("chrom_band"));
        for header in
            ["chrom2", "CHR_NUM", "chr_hg19", "chromosome_hg38", "Chrm", "CHR_A", "hg19chr"]
        {
            assert!(holds_contigs(header), "{header}");
        }
        assert_eq!((begins_at_0("start0"), begins_at_0("pos_0")), (Some(true), Some(true)));
        assert_eq!(begins_at_0("start (0-based)"), Some(true));
        assert_eq!(begins_at_0("pos(1-based)"), Some(false));
    }
}
