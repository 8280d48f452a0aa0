//! What `bcftools annotate` adds, where it is installed.

use std::collections::BTreeMap;
use std::process::Command;

use crate::common::needs::installed;
use crate::common::program::Home;
use crate::common::random::Random;
use crate::{records, vcf_store};

const HEAD: &str = "##fileformat=VCFv4.2
##contig=<ID=chr1,length=100000>
##FILTER=<ID=PASS,Description=\"All\">
##INFO=<ID=AC,Number=A,Type=Integer,Description=\"Count\">
##INFO=<ID=AF,Number=A,Type=Float,Description=\"Frequency\">
##INFO=<ID=AN,Number=1,Type=Integer,Description=\"Number\">
##INFO=<ID=TXT,Number=.,Type=String,Description=\"Words\">
##INFO=<ID=DB,Number=0,Type=Flag,Description=\"Known\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
";

/// Lines of different variants with one ALT each, in order, with their values.
fn lines(seed: u64) -> Vec<(String, String)> {
    let mut random = Random::seeded(seed);
    let mut position = 100;
    (0..600)
        .map(|_| {
            position += 1 + random.below(3);
            let (reference, alternate) = random
                .of(&["A C", "A G", "AT A", "A ATT", "C <DEL>", "CAG C"])
                .split_once(' ')
                .unwrap();
            let site = format!("chr1\t{position}\t.\t{reference}\t{alternate}\t.\tPASS\t");
            let mut info = vec![format!("AC={}", random.below(90))];
            info.push(format!("AF={}e-{}", 1 + random.below(9), random.below(6)));
            let more = ["AN=17", "TXT=a,b|c", "DB", "TXT=x"];
            for it in more.iter().take(random.below(4)) {
                info.push((*it).to_owned());
            }
            (site, info.join(";"))
        })
        .collect()
}

/// The fields of a line, with INFO as a map whose numbers are numbers.
fn compared(line: &str) -> (String, BTreeMap<String, String>) {
    let (site, info) = line.rsplit_once('\t').unwrap();
    let number = |it: &str| it.parse::<f64>().map_or(it.to_owned(), |it| format!("{it:e}"));
    let value = |it: &str| it.split(',').map(number).collect::<Vec<_>>().join(",");
    let entry = |it: &str| match it.split_once('=') {
        Some((key, text)) => (key.to_owned(), value(text)),
        None => (it.to_owned(), String::new()),
    };
    (site.to_owned(), info.split(';').filter(|it| *it != ".").map(entry).collect())
}

#[test]
fn values_are_those_that_bcftools_adds() {
    if !installed("bcftools") {
        return;
    }
    let all = lines(7);
    let text = |keep: &dyn Fn(usize) -> bool, with_info: bool| {
        let chosen = all.iter().enumerate().filter(|it| keep(it.0));
        let line = chosen.map(|(_, (site, info))| {
            format!("{site}{}\n", if with_info { info.as_str() } else { "." })
        });
        HEAD.to_owned() + &line.collect::<String>()
    };
    let home = Home::new();
    let store = text(&|it| it % 3 != 0, true);
    vcf_store(&home, "known", std::slice::from_ref(&store));
    let bcftools = |arguments: &[&str]| {
        let run = Command::new("bcftools").args(arguments).current_dir(home.beside(".")).output();
        let run = run.unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    };
    home.file("store.vcf", &store);
    bcftools(&["view", "-Oz", "-o", "store.vcf.gz", "store.vcf"]);
    bcftools(&["index", "store.vcf.gz"]);
    for own in [false, true] {
        let input = text(&|it| it % 2 == 0, own);
        home.file("in.vcf", &input);
        bcftools(&["view", "-Oz", "-o", "in.vcf.gz", "in.vcf"]);
        bcftools(&["index", "-f", "in.vcf.gz"]);
        let keys = "INFO/AC,INFO/AF,INFO/AN,INFO/TXT,INFO/DB";
        let theirs = bcftools(&["annotate", "-a", "store.vcf.gz", "-c", keys, "in.vcf.gz"]);
        let theirs: Vec<_> =
            theirs.lines().filter(|it| !it.starts_with('#')).map(compared).collect();
        let ours = records(&home, &input, &["--with", "known:AC,AF,AN,TXT,DB"]);
        assert_eq!(ours.iter().map(|it| compared(it)).collect::<Vec<_>>(), theirs);
    }
}
