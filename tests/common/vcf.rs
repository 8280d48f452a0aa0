//! VCF files made from a seed, with everything in them that a reader may trip over.

use std::io::Write;

use super::random::Random;

/// What a file is to be like.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Lines of records, good and bad.
    pub records: usize,
    /// Samples, whose columns are there if there are any.
    pub samples: usize,
    /// Whether contigs and positions go up.
    pub sorted: bool,
    /// Whether faults are sprinkled over the records.
    pub faults: bool,
    /// Whether the last line ends in a newline.
    pub final_newline: bool,
}

const HEADER: &str = "##fileformat=VCFv4.2
##FILTER=<ID=PASS,Description=\"All filters passed\">
##FILTER=<ID=q10,Description=\"Quality below 10\">
##INFO=<ID=AC,Number=A,Type=Integer,Description=\"Alleles, \\\"counted\\\"\">
##INFO=<ID=AF,Number=A,Type=Float,Description=\"Frequency\">
##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">
##INFO=<ID=DB,Number=0,Type=Flag,Description=\"Known\">
##INFO=<ID=GENE,Number=.,Type=String,Description=\"Genes\">
##INFO=<ID=NOTE,Number=1,Type=String,Description=\"Größe\">
##INFO=<ID=END,Number=1,Type=Integer,Description=\"End\">
##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"Depths\">
##contig=<ID=chr1,length=248956422>
";
/// A definition that comes twice, one of no type, and a line that is none: the header goes on after
/// them.
const FAULTY_HEADER: &str = "##INFO=<ID=DP,Number=1,Type=Float,Description=\"Again\">
##INFO=<ID=ODD,Number=1,Type=Number,Description=\"No such type\">
##INFO=<ID=OPEN,Number=1,Type=Integer,Description=\"no end>
";

/// The bytes of such a file.
pub fn text(shape: Shape, seed: u64) -> Vec<u8> {
    let mut random = Random::seeded(seed);
    let mut text = HEADER.as_bytes().to_vec();
    if shape.faults {
        text.extend(FAULTY_HEADER.as_bytes());
    }
    text.extend(b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO");
    if shape.samples > 0 {
        text.extend(b"\tFORMAT");
        (0..shape.samples).for_each(|it| write!(text, "\tsample{it}").unwrap());
    }
    text.push(b'\n');
    let mut position = 0;
    for index in 0..shape.records {
        position += 1 + random.below(50);
        if shape.faults && index % 61 == 60 {
            text.extend(b"\n");
        }
        record(&mut text, shape, index, position, &mut random);
    }
    if !shape.final_newline {
        text.pop();
    }
    text
}

fn record(text: &mut Vec<u8>, shape: Shape, index: usize, position: usize, random: &mut Random) {
    let (contig, position) = if shape.sorted {
        (1 + 4 * index / shape.records, position)
    } else {
        (1 + random.below(4), 1 + random.below(1_000_000))
    };
    // Its name tells every record from every other one.
    write!(text, "chr{contig}\t{position}\tr{index}").unwrap();
    let fields =
        random.of(&["A\tC\t.\tPASS", "at\tG,<DEL>\t12.5\tq10;x", "N\t.\t-1\t.", "G\tT,*\t1e3\t"]);
    write!(
        text,
        "\t{fields}\tAC={index},{};AF={:e},.",
        random.below(9),
        1.0 / f64::from(u32::try_from(index + 1).unwrap())
    )
    .unwrap();
    let entries = [
        ";DP=17",
        ";DB",
        ";GENE=a,.,b|c",
        ";NOTE=Ä μ 漢字 😀",
        ";NOTE=.",
        ";END=2000000000",
        ";GENE=.",
    ];
    (0..random.below(4)).for_each(|_| text.extend(random.of(&entries).as_bytes()));
    if shape.faults {
        fault(text, index);
    }
    if shape.samples > 0 {
        text.extend(random.of(&["\tGT:AD:ZZ", "\tGT:AD", "\tGT"]).as_bytes());
        for _ in 0..shape.samples {
            text.extend(random.of(&["\t0/1", "\t1|0", "\t./.", "\t9/9", "\t"]).as_bytes());
        }
    }
    text.extend(if shape.faults && index % 59 == 58 { b"\r\n".as_slice() } else { b"\n" });
}

/// Something wrong, or unusual, at the end of INFO.
fn fault(text: &mut Vec<u8>, index: usize) {
    match index % 41 {
        1 => text.extend(b";UNKNOWN=1;BARE"),
        5 => text.extend(b";DP=many"),
        9 => text.extend(b";DP=99999999999;AC=1,2;DB=yes"),
        13 => text.extend(b";NOTE=caf\xe9 \xf0\x9f\x98"),
        17 => text.extend(b";;=x;GENE=;NOTE"),
        21 => text.extend(b"\ttoo\tmany\tfields\there\tfor\tany\theader"),
        25 => text.extend(b";END=0;AF=1e999"),
        // Longer than the room that a text keeps for the rest of a line.
        29 => text.extend(format!(";GENE={}", "gene,".repeat(4000)).as_bytes()),
        33 => text.extend("\u{202e}\u{1b}[31m".as_bytes()),
        _ => {}
    }
}
