//! Where records go, and in which form; which part of a file is read.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::FileTypeExt as _;
use std::process::Command;
use std::time::Duration;

use crate::common::bgzf;
use crate::common::needs::installed;
use crate::common::program::{Home, said};
use crate::vcf_store;

const STORE: &str = "##fileformat=VCFv4.2
##INFO=<ID=AF,Number=A,Type=Float,Description=\"Frequency\">
##contig=<ID=1,length=1000>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
1\t10\t.\tA\tC\t.\tPASS\tAF=0.1
";

fn home() -> Home {
    let home = Home::new();
    vcf_store(&home, "known", &[STORE.to_owned()]);
    home.file("in.vcf", STORE);
    home
}

/// The arguments of both commands that write records.
const COMMANDS: [&[&str]; 2] =
    [&["annotate", "in.vcf", "--with", "known:AF=G", "--no-version"], &["export", "known"]];

/// A record of BCF has no line; a contig that BCF cannot name is no other one.
#[test]
fn what_bcf_cannot_say_is_refused_with_its_record() {
    let home = home();
    home.done(["annotate", "in.vcf", "-o", "in.bcf", "--with", "known:AF=G"]);
    let mut bytes = Vec::new();
    let file = fs::File::open(home.beside("in.bcf")).unwrap();
    flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    let header = 9 + u32::from_le_bytes(bytes[5..9].try_into().unwrap()) as usize;
    // The position stands behind both lengths and the contig.
    bytes[header + 12..][..4].copy_from_slice(&i32::to_le_bytes(-9));
    home.file("odd.bcf", bytes);
    let said = home.run(["annotate", "odd.bcf", "-o", "-", "--with", "known:AF"]);
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("`-8`") && said.err.contains("record: 1"), "{}", said.err);
    home.file("in.vcf", STORE.replace("\n1\t", "\n<1>\t"));
    let said = home.run(["annotate", "in.vcf", "-o", "out.bcf", "--with", "known:AF"]);
    assert!(said.code != 0 && said.err.contains("cannot name contig `<1>`"), "{}", said.err);
}

#[test]
fn a_link_that_leads_to_nothing_gets_a_file_where_it_leads() {
    for command in COMMANDS {
        let home = home();
        let link = home.beside("link.vcf.gz");
        std::os::unix::fs::symlink("real.vcf.gz", &link).unwrap();
        home.done(command.iter().chain(&["-o", link.to_str().unwrap()]));
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read(home.beside("real.vcf.gz")).unwrap().starts_with(&[0x1f, 0x8b]));
        let again = home.run(command.iter().chain(&["-o", link.to_str().unwrap()]));
        assert_eq!(again.code, 4, "{}", again.err);
        let nowhere = home.beside("nowhere.vcf");
        std::os::unix::fs::symlink("no/folder.vcf", &nowhere).unwrap();
        let refused = home.run(command.iter().chain(&["-o", nowhere.to_str().unwrap()]));
        assert_eq!(refused.code, 5, "{}", refused.err);
        assert!(!refused.err.contains("unfinished"), "{}", refused.err);
    }
}

#[test]
fn what_is_no_file_is_written_to_and_stays() {
    let home = home();
    for (command, form) in
        COMMANDS.iter().flat_map(|it| ["vcf", "vcf.gz", "bcf"].map(|of| (*it, of)))
    {
        let file = home.beside(&format!("{}.{form}", command[0]));
        home.done(command.iter().chain(&["-o", file.to_str().unwrap()]));
        let expected = fs::read(&file).unwrap();
        let pipe = home.beside("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let mut child = home.command(command.iter().chain(&["-o", "pipe", "--format", form]));
        let child = child.spawn().unwrap();
        let mut bytes = Vec::new();
        fs::File::open(&pipe).unwrap().read_to_end(&mut bytes).unwrap();
        let said = said(&child.wait_with_output().unwrap());
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(bytes == expected, "{command:?} {form}");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        for ending in ["tbi", "csi"] {
            assert!(!home.beside(&format!("pipe.{ending}")).exists());
        }
        fs::remove_file(&pipe).unwrap();
        let mut child = home.command(command.iter().chain(&["-o", "-", "--format", form]));
        assert!(child.output().unwrap().stdout == expected, "{command:?} {form}");
    }
}

#[test]
fn a_pipe_without_a_reader_does_not_keep_a_run_that_is_stopped() {
    let home = home();
    assert!(Command::new("mkfifo").arg(home.beside("pipe")).status().unwrap().success());
    for command in COMMANDS {
        let child = home.command(command.iter().chain(&["-o", "pipe"])).spawn().unwrap();
        std::thread::sleep(Duration::from_secs(1));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let said = said(&child.wait_with_output().unwrap());
        assert_eq!(said.code, 130, "{}", said.err);
        assert!(said.err.contains("interrupted"), "{}", said.err);
    }
}

/// The descriptor of a file: what the file has already stays before the records.
#[test]
fn a_descriptor_is_appended_to() {
    let home = home();
    for command in COMMANDS {
        let plain = home.done(command.iter().chain(&["-o", "-"]));
        let file = home.file("out.txt", "before\n");
        let mut command = home.command(command.iter().chain(&["-o", "/dev/stdout"]));
        command.stdout(fs::OpenOptions::new().append(true).open(&file).unwrap());
        assert!(command.status().unwrap().success());
        assert_eq!(fs::read_to_string(&file).unwrap(), format!("before\n{plain}"));
    }
}

#[test]
fn a_form_does_not_contradict_the_name() {
    let home = home();
    for command in COMMANDS {
        for (name, form, words) in [
            ("a.vcf", "vcf.gz", "named .vcf, and --format is vcf.gz"),
            ("a.bcf", "vcf", "named .bcf, and --format is vcf"),
        ] {
            let said = home.run(command.iter().chain(&["-o", name, "--format", form]));
            assert_eq!(said.code, 2, "{}", said.err);
            assert!(said.err.contains(words), "{}", said.err);
            assert!(!home.beside(name).exists());
        }
        let said = home.run(command.iter().chain(&["-o", "a.txt", "--format", "vcf.gz"]));
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(fs::read(home.beside("a.txt")).unwrap().starts_with(&[0x1f, 0x8b]));
        fs::remove_file(home.beside("a.txt")).unwrap();
    }
    let said = home.run(COMMANDS[0].iter().chain(&["-o", "a.bed", "--format", "bed"]));
    assert!(said.code == 2 && said.err.contains("[possible values: vcf, vcf.gz, bcf]"));
}

/// Records on two contigs, of which those of one region are few.
fn long_input() -> String {
    let mut text = "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n##contig=<ID=chr2>\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        .to_owned();
    for contig in ["chr1", "chr2"] {
        for number in 1..20_000 {
            text += &format!("{contig}\t{}\tr{number}\tA\tC\t.\tPASS\t.\n", number * 10);
        }
    }
    text
}

/// The index alone says what is read: without it, the damaged end would be found.
#[test]
fn a_region_reads_what_the_index_names_and_no_more() {
    if !installed("bcftools") {
        return;
    }
    let home = home();
    let plain = home.file("plain.vcf", long_input());
    let regions = ["1:1,000-2,000", "chr2:150,000-", "2", "chr1:1-10", "chr3", "chr2:199990"];
    let found = |file: &str, region: &str| {
        let with = ["--with", "known:AF", "--no-version", "--region", region];
        let said = home.run(["annotate", file, "-o", "-"].iter().chain(&with));
        let records = said.out.lines().filter(|it| !it.starts_with('#'));
        (said.code, records.map(str::to_owned).collect::<Vec<_>>(), said.err)
    };
    let whole = regions.map(|it| found("plain.vcf", it));
    let counts = whole.each_ref().map(|it| it.1.len());
    assert_eq!(counts, [101, 5000, 19_999, 1, 0, 1]);
    assert!(whole[0].2.contains("0 of 101 records in these regions got values"), "{}", whole[0].2);
    assert!(whole[4].2.contains("warning: no record lies in a region"), "{}", whole[4].2);
    for (name, index) in [("a.vcf.gz", "tbi"), ("b.vcf.gz", "csi"), ("c.bcf", "csi")] {
        let file = home.beside(name);
        let form = if name.ends_with("bcf") { "-Ob" } else { "-Oz" };
        let (file, plain) = (file.to_str().unwrap(), plain.to_str().unwrap());
        let bcftools = |arguments: &[&str]| {
            let output = Command::new("bcftools").args(arguments).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        bcftools(&["view", "--no-version", form, "-o", file, plain]);
        bcftools(&["index", if index == "tbi" { "-t" } else { "-c" }, file]);
        assert_eq!(regions.map(|it| found(name, it)), whole, "{name}");
        // A byte in a block of chr2 that no region on chr1 needs.
        let mut bytes = fs::read(file).unwrap();
        let at = bytes.len() - 200;
        bytes[at] ^= 0xff;
        fs::write(file, bytes).unwrap();
        let index = format!("{name}.{index}");
        let same = fs::read(home.beside(&index)).unwrap();
        home.file(&index, same);
        assert_eq!(found(name, regions[0]), whole[0], "{name}");
        assert_eq!(found(name, "chr2").0, 3, "{name}");
    }
}

/// Where alleles end by their lengths, indexes do not know it.
#[test]
fn a_region_finds_records_by_their_lengths() {
    let home = home();
    let head = "##fileformat=VCFv4.2\n##contig=<ID=1>\n##INFO=<ID=SVLEN,Number=A,Type=Integer,\
                Description=\"x\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    home.file("sv.vcf", format!("{head}1\t10\t.\tA\t<DEL>\t.\t.\tSVLEN=-500000\n"));
    home.done(["annotate", "sv.vcf", "-o", "sv.vcf.gz", "--with", "known:AF"]);
    let region = ["--with", "known:AF", "--region", "1:400,000-400,001"];
    let out = home.done(["annotate", "sv.vcf.gz", "-o", "-"].iter().chain(&region));
    assert!(out.ends_with("SVLEN=-500000\n"), "{out}");
}

#[test]
fn what_a_header_does_not_declare_is_declared_for_bcf() {
    let home = home();
    let text = "##fileformat=VCFv4.2
##contig=<ID=1>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta
1\t10\t.\tA\tC\t.\tPASS\tDP=7;X\tGT:Q\t0/1:a,b
7\t20\t.\tA\tC\t.\tq10;s\tDP=8;AF=.\tGT:Q:Z\t0/1:.:5
";
    home.file("in.vcf", text);
    home.file("in.vcf.gz", bgzf::file(text.as_bytes(), 60_000));
    let told = "note: the header does not declare INFO DP, INFO X, FORMAT GT, FORMAT Q, contig 7, \
                4 more: it does now";
    for (input, with) in [("in.vcf", "known:AF"), ("in.vcf.gz", "known:AF=G")] {
        let plain = ["annotate", input, "-o", "-", "--with", with, "--no-version"];
        let plain = home.done(plain);
        let said = home.run(["annotate", input, "-o", "out.bcf", "--with", with, "--force"]);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(with == "known:AF" || said.err.contains(told), "{}", said.err);
        home.done(["annotate", "out.bcf", "-o", "again.vcf", "--with", "known:AF=Y", "--force"]);
        let again = fs::read_to_string(home.beside("again.vcf")).unwrap();
        for (one, other) in records(&plain).zip(records(&again)) {
            assert_eq!(*one, other.replace(";Y=0.1", ""));
        }
        assert!(again.contains("##INFO=<ID=DP,Number=1,Type=String,"), "{again}");
        assert_eq!(again.matches("ID=AF,").count(), 1, "{again}");
    }
    // What comes through a pipe is read once.
    let piped = ["annotate", "-", "-o", "-", "--format", "bcf", "--with", "known:AF"];
    let said = home.run_on(piped, text.into());
    assert_eq!(said.code, 2);
    let line = "add `##INFO=<ID=DP,Number=1,Type=String,";
    assert!(said.err.contains("INFO `DP`") && said.err.contains(line), "{}", said.err);
}

fn records(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|it| !it.starts_with('#'))
}
