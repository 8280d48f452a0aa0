//! Formats that are read, and texts that are told from them.

use super::peek::{MARK, first_text};
use crate::model::StoreFormat;
use crate::read::bcf;
use crate::read::input::Input;

/// A kind of text that its name or its first lines tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// VCF, as text or as BCF.
    Vcf,
    /// GFF3, or a file that calls itself GFF.
    Gff,
    /// GTF or GFF2.
    Gtf,
    /// MAF, the table of somatic mutations.
    Maf,
    /// BED.
    Bed,
    /// BEDPE.
    Bedpe,
    /// Any other table.
    Table,
    /// SAM.
    Sam,
    /// FASTA.
    Fasta,
}

impl FileKind {
    /// What a message calls such a file.
    pub fn called(self) -> &'static str {
        match self {
            Self::Vcf => "a VCF file",
            Self::Gff => "a GFF file",
            Self::Gtf => "a GTF file",
            Self::Maf => "a MAF file (Mutation Annotation Format)",
            Self::Bed => "a BED file",
            Self::Bedpe => "a BEDPE file",
            Self::Table => "a TSV or CSV file",
            Self::Sam => "a SAM file",
            Self::Fasta => "a FASTA file",
        }
    }

    /// The stores that take it.
    pub fn store_format(self) -> Option<StoreFormat> {
        match self {
            Self::Vcf => Some(StoreFormat::Vcf),
            Self::Gff | Self::Gtf => Some(StoreFormat::Gff),
            Self::Maf | Self::Bed | Self::Bedpe | Self::Table => Some(StoreFormat::Tsv),
            Self::Sam | Self::Fasta => None,
        }
    }

    /// What the ending of a name says, below that of a compression.
    pub fn by_name(path: &str) -> Option<Self> {
        let lower = path.to_ascii_lowercase();
        let stem = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".bgz"));
        let (_, ending) = stem.unwrap_or(&lower).rsplit_once('.')?;
        Some(match ending {
            "vcf" | "bcf" => Self::Vcf,
            "gff" | "gff3" => Self::Gff,
            "gtf" | "gff2" => Self::Gtf,
            "maf" => Self::Maf,
            "bed" | "bedgraph" | "narrowpeak" | "broadpeak" => Self::Bed,
            "bedpe" => Self::Bedpe,
            "tsv" | "csv" | "txt" | "tab" => Self::Table,
            _ => return None,
        })
    }

    /// What the first lines of a text say.
    pub fn by_content(text: &[u8]) -> Option<Self> {
        let text = text.strip_prefix(MARK).unwrap_or(text);
        let starts = |with: &[&[u8]]| with.iter().any(|it| text.starts_with(it));
        let of_vcf: [&[u8]; 4] =
            [b"##fileformat=VCF", b"#CHROM\tPOS\tID\tREF", b"##INFO=<", b"##contig=<"];
        if starts(&of_vcf) || starts(&[bcf::MAGIC]) {
            return Some(Self::Vcf);
        }
        if starts(&[b"##gff-version"]) {
            return Some(Self::Gff);
        }
        if starts(&[b"@HD\t", b"@SQ\t"]) {
            return Some(Self::Sam);
        }
        if starts(&[b">"]) {
            return Some(Self::Fasta);
        }
        let lines = text.split(|it| matches!(it, b'\n' | b'\r'));
        let is_row = |line: &&[u8]| {
            !line.is_empty()
                && !line.starts_with(b"#")
                && !line.starts_with(b"track ")
                && !line.starts_with(b"browser ")
        };
        let mut rows = lines.filter(is_row);
        let (first, second) = (rows.next()?, rows.next());
        let found = by_row(first).or_else(|| by_row(second?));
        found.or_else(|| is_table(first, second).then_some(Self::Table))
    }

    /// What the first lines of an input say. Pipes are not looked into: what is read from them is
    /// gone.
    pub fn of_content(input: &Input) -> Option<Self> {
        Self::by_content(&first_text(input)?)
    }

    /// What an input is: by its name, else by its first lines.
    pub fn of(input: &Input) -> Option<Self> {
        Self::by_name(input.name()).or_else(|| Self::of_content(input))
    }
}

/// Whether rows have fields: between separators, or, in two rows alike, between blanks.
fn is_table(first: &[u8], second: Option<&[u8]>) -> bool {
    let words = |it: &[u8]| it.split(u8::is_ascii_whitespace).filter(|it| !it.is_empty()).count();
    first.iter().any(|it| matches!(it, b'\t' | b',' | b';'))
        || words(first) > 2 && second.is_some_and(|it| words(it) == words(first))
}

fn by_row(row: &[u8]) -> Option<FileKind> {
    let fields: Vec<&[u8]> = row.split(|it| *it == b'\t').collect();
    let number =
        |at: usize| -> Option<i64> { std::str::from_utf8(fields.get(at)?).ok()?.parse().ok() };
    let is_span = |at: usize| number(at).zip(number(at + 1)).is_some_and(|(a, b)| a <= b);
    if fields.first() == Some(&b"Hugo_Symbol".as_slice()) {
        return Some(FileKind::Maf);
    }
    if fields.len() == 9 && is_span(3) && matches!(fields[6], b"+" | b"-" | b"." | b"?") {
        let word = fields[8].iter().position(|it| !it.is_ascii_alphanumeric() && *it != b'_');
        let is_gtf = word.is_some_and(|it| it > 0 && fields[8][it] == b' ');
        return Some(if is_gtf { FileKind::Gtf } else { FileKind::Gff });
    }
    if is_span(1) && is_span(4) && !is_span(2) {
        return Some(FileKind::Bedpe);
    }
    // Names stand behind the three columns of BED; segments have their place further right.
    let is_place = fields.len() < 5 || !is_span(2);
    (is_span(1) && is_place).then_some(FileKind::Bed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_tell_what_a_file_is() {
        let gtf = "#!build x\n1\th\tgene\t5\t9\t.\t+\t.\tgene_id \"G\"; level 2;\n";
        for (text, kind) in [
            (gtf, Some(FileKind::Gtf)),
            ("1\th\tgene\t5\t9\t.\t+\t.\tID=a;Name=b c\n", Some(FileKind::Gff)),
            ("##fileformat=VCFv4.2\n", Some(FileKind::Vcf)),
            ("#version 2.4\nHugo_Symbol\tx\nTP53\t1\n", Some(FileKind::Maf)),
            ("chr1\t100\t200\tchr5\t5000\t5100\tb\t30\t+\t-\n", Some(FileKind::Bedpe)),
            ("track name=x\nchr1\t1\t5\n", Some(FileKind::Bed)),
            ("gene,score\nA,1\n", Some(FileKind::Table)),
            (">s\nACGT\n", Some(FileKind::Fasta)),
            ("ID\tchrom\tloc.start\nS1\t1\t100\t2000\t10\t12\n", Some(FileKind::Table)),
            ("chr1\t5\t9\t0.5\n", Some(FileKind::Bed)),
            (" CHR  BP  P\n   1   5  0.1\n", Some(FileKind::Table)),
            ("chr;pos\n1;5\n", Some(FileKind::Table)),
            ("nothing\nin particular\n", None),
            ("", None),
        ] {
            assert_eq!(FileKind::by_content(text.as_bytes()), kind, "{text}");
        }
        assert_eq!(FileKind::by_name("a.GTF.gz"), Some(FileKind::Gtf));
        assert_eq!(FileKind::by_name("gtf"), None);
    }
}
