//! Records of any values come back.

use std::fmt::Write as _;

use crate::common::program::Home;
use crate::common::random::Random;
use crate::{COLUMNS, HEADER, VCF, comes_back, imported};

/// A VCF file of random records: values of every type, absent ones, codes, keys without a
/// definition, values that do not fit.
fn random_file(random: &mut Random) -> String {
    let mut text = format!("{HEADER}{COLUMNS}\tFORMAT\tone\ttwo\tthree\n");
    let mut position = 1;
    for _ in 0..400 {
        position += random.below(5);
        let alternates = random.of(&["C", "C,G", ".", "<DEL>", "*", "A[1:5["]);
        let count = alternates.split(',').count();
        let mut info: Vec<String> = Vec::new();
        for key in ["AC", "AF", "DB", "GENE", "NOTE", "UNK", "END"] {
            let value = match (key, random.below(4)) {
                (_, 0) => continue,
                ("AC", 1..) => list(random, count, |it| it.below(5_000_000).to_string()),
                ("AF", 1..) => {
                    list(random, count, |it| format!("{}e-{}", it.below(999), it.below(12)))
                }
                ("END", _) => (position + random.below(9)).to_string(),
                ("DB", 1..) => {
                    info.push("DB".to_owned());
                    continue;
                }
                ("NOTE" | "UNK", _) => word(random),
                _ => {
                    let count = 1 + random.below(3);
                    list(random, count, word)
                }
            };
            let value = if random.below(20) == 0 { ".".to_owned() } else { value };
            let value = if random.below(30) == 0 { "odd".to_owned() } else { value };
            info.push(format!("{key}={value}"));
        }
        let info = if info.is_empty() { ".".to_owned() } else { info.join(";") };
        let format = random.of(&["GT", "GT:DP:GL", "DP:PL:mQ", "GT:FT", "mQ:own", "."]);
        let id = random.of(&[".", "rs1", "rs1;x"]);
        let filter = random.of(&[".", "PASS", "q10;other"]);
        let quality = random.of(&[".", "7.5", "0", "1e-3"]);
        write!(
            text,
            "1\t{position}\t{id}\tAC\t{alternates}\t{quality}\t{filter}\t{info}\t{format}"
        )
        .unwrap();
        for _ in 0..3 {
            let values: Vec<String> =
                format.split(':').map(|it| sample_value(random, it)).collect();
            write!(text, "\t{}", values.join(":")).unwrap();
        }
        text.push('\n');
    }
    text
}

fn sample_value(random: &mut Random, key: &str) -> String {
    match key {
        "GT" => random.of(&["0/1", ".", "1|0", "./.", "0", "0/1|1", "|1"]).to_owned(),
        "DP" => random.of(&[".", "7", "43", "x"]).to_owned(),
        "PL" | "GL" => list(random, 3, |it| format!("-{}", it.below(200))),
        "." => ".".to_owned(),
        _ => word(random),
    }
}

fn list(random: &mut Random, count: usize, one: impl Fn(&mut Random) -> String) -> String {
    let mut elements = Vec::new();
    for _ in 0..count {
        elements.push(if random.below(6) == 0 { ".".to_owned() } else { one(random) });
    }
    elements.join(",")
}

fn word(random: &mut Random) -> String {
    let parts = [
        "a", "Z", "%3B", "%2C", "%25", "%", "=", "|", "\u{e9}", "%0A", "41", "-", "%3A", "%2E",
        "%2E", "%20", "%3D", "%7F",
    ];
    (0..=random.below(4)).map(|_| random.of(&parts)).collect()
}

#[test]
fn random_records_come_back() {
    for seed in 1..=3 {
        let aside = Home::new();
        let path = aside.file("a.vcf", random_file(&mut Random::seeded(seed)));
        let home = imported(&VCF, &[&path]);
        comes_back(&home, "out.vcf.gz", &[]);
    }
}
