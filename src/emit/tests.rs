//! What is written is read back: by noodles, and through the index.

use std::fs;
use std::path::{Path, PathBuf};

use noodles_core::Region;
use noodles_csi::binning_index::index::reference_sequence::Metadata;

use super::*;
use crate::model::ErrorKind;

const HEADER: &str = "##fileformat=VCFv4.3\n\
    ##contig=<ID=2,length=90000000>\n##contig=<ID=1,length=90000000>\n\
    ##FILTER=<ID=q10,Description=\"a, \\\"b\\\"\">\n\
    ##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\",IDX=9>\n\
    ##INFO=<ID=AF,Number=A,Type=Float,Description=\"x\">\n\
    ##INFO=<ID=DB,Number=0,Type=Flag,Description=\"x\">\n\
    ##INFO=<ID=GENE,Number=.,Type=String,Description=\"x\">\n\
    ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"x\">\n\
    ##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"x\">\n\
    ##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"x\">\n\
    ##FORMAT=<ID=FT,Number=1,Type=String,Description=\"x\">\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tone\ttwo\n";

fn records() -> String {
    let mut text = String::new();
    for n in 1..=30_000 {
        let contig = if n <= 20_000 { 1 } else { 2 };
        let fields = match n % 4 {
            0 => "AC=7;AF=0.5,1e-05;DB\tGT:DP:AD\t0/1:7:1,2\t1|.:.:300,4,.".to_owned(),
            1 => format!("AC={n},-{n},.;GENE=a,b%3B\tGT:FT\t.:.\t./.:PASS"),
            2 => "AC=.;GENE=.\t.\t.\t.".to_owned(),
            _ => format!("AC={}\tDP\t{n}\t.", n * 70_000),
        };
        let filter = ["PASS", "q10", ".", "q10;PASS"][n % 4];
        let alternate = ["C", "C,G", ".", "<DEL>"][n % 4];
        text +=
            &format!("{contig}\t{}\trs{n}\tA\t{alternate}\t{}\t{filter}\t{fields}\n", n * 90, n);
    }
    text
}

fn write(path: &Path, header: &str, texts: &[&str], replace: bool) -> crate::Result<Emitted> {
    let emitter = Emitter::new(Target::named_by(path)?, header.into())?;
    let to = Destination::File { path: path.to_owned(), replace };
    let mut file = EmitFile::create(to, &emitter, None)?;
    for text in texts {
        file.add(emitter.piece(text.as_bytes().to_vec())?)?;
    }
    file.finish()
}

/// The records in three pieces, ended at lines.
fn in_pieces(text: &str) -> Vec<&str> {
    let ends = [text.len() / 3, text.len() / 2, text.len()]
        .map(|it| text[..it].rfind('\n').map_or(0, |it| it + 1));
    vec![&text[..ends[0]], &text[ends[0]..ends[1]], &text[ends[1]..ends[2]]]
}

#[test]
fn a_path_names_its_form() {
    for (path, expected) in [
        ("a/b.vcf", Some(("vcf", false))),
        ("b.VCF.GZ", Some(("vcf", true))),
        ("b.vcf.bgz", Some(("vcf", true))),
        ("b.bcf", Some(("bcf", true))),
        ("b.gff.gz", Some(("gff3", true))),
        ("b.bcf.gz", None),
        ("b.parquet", None),
        ("gz", None),
        (".gz", None),
    ] {
        let target = Target::of_path(Path::new(path));
        assert_eq!(target.map(|it| (it.form.name, it.compressed)), expected, "{path}");
    }
    let error = Target::named_by(Path::new("a.doc")).unwrap_err();
    assert!(error.help().unwrap().contains(".vcf[.gz]"), "{error}");
}

#[test]
fn compressed_vcf_is_the_text_and_its_index_finds_records() {
    let folder = tempfile::tempdir().unwrap();
    let (path, text) = (folder.path().join("a.vcf.gz"), records());
    let emitted = write(&path, HEADER, &in_pieces(&text), false).unwrap();
    assert_eq!(emitted.index, Some(folder.path().join("a.vcf.gz.tbi")));
    assert_eq!(emitted.bytes, fs::metadata(&path).unwrap().len());
    let plain = folder.path().join("a.vcf");
    assert_eq!(write(&plain, HEADER, &in_pieces(&text), false).unwrap().index, None);
    assert_eq!(fs::read_to_string(&plain).unwrap(), HEADER.to_owned() + &text);
    let mut inflated = String::new();
    let mut blocks = noodles_bgzf::io::Reader::new(fs::File::open(&path).unwrap());
    std::io::Read::read_to_string(&mut blocks, &mut inflated).unwrap();
    assert!(inflated == HEADER.to_owned() + &text);
    let builder = noodles_vcf::io::indexed_reader::Builder::default();
    let mut reader = builder.build_from_path(&path).unwrap();
    let header = reader.read_header().unwrap();
    for (region, expected) in [("1:9000-9180", 3), ("2:1800001-1800100", 1), ("1", 20_000)] {
        let region: Region = region.parse().unwrap();
        let found = reader.query(&header, &region).unwrap().records().flatten();
        assert_eq!(found.count(), expected, "{region}");
    }
}

#[test]
fn bcf_has_the_values_of_the_lines() {
    let folder = tempfile::tempdir().unwrap();
    let (path, text) = (folder.path().join("a.bcf"), records());
    let emitted = write(&path, HEADER, &in_pieces(&text), false).unwrap();
    assert_eq!(emitted.index, Some(folder.path().join("a.bcf.csi")));
    assert!(emitted.notes.is_empty(), "{:?}", emitted.notes);
    let mut reader = noodles_bcf::io::reader::Builder::default().build_from_path(&path).unwrap();
    let header = reader.read_header().unwrap();
    let mut back = noodles_vcf::io::Writer::new(Vec::new());
    for record in reader.records() {
        let record = record.unwrap();
        noodles_vcf::variant::io::Write::write_variant_record(&mut back, &header, &record).unwrap();
    }
    // How noodles spells a number and a sample without fields.
    let back = String::from_utf8(back.into_inner()).unwrap();
    let spelled = text.replace("1e-05", "0.00001").replace("\t.\t.\t.\n", "\n");
    for (found, expected) in back.lines().zip(spelled.lines()) {
        assert_eq!(found.trim_end_matches(['\t', '.']), expected.trim_end_matches(['\t', '.']));
    }
    assert_eq!(back.lines().count(), 30_000);
    let index = noodles_csi::fs::read(folder.path().join("a.bcf.csi")).unwrap();
    let counts = index.reference_sequences().iter().map(|it| {
        noodles_csi::binning_index::ReferenceSequence::metadata(it)
            .map(Metadata::mapped_record_count)
    });
    assert_eq!(counts.collect::<Vec<_>>(), [Some(10_000), Some(20_000)]);
}

#[test]
fn a_value_that_is_not_of_its_type_is_missing_in_bcf_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bcf");
    let line = "1\t7\t.\tA\tC\t.\t.\tAC=x,2\tDP\t1.5\t9999999999\n";
    let emitted = write(&path, HEADER, &[line], false).unwrap();
    assert!(emitted.notes[0].contains("3 values") && emitted.notes[0].contains("AC=x,2"));
    let mut reader = noodles_bcf::io::reader::Builder::default().build_from_path(&path).unwrap();
    let header = reader.read_header().unwrap();
    let record = reader.records().next().unwrap().unwrap();
    assert!(record.info().get(&header, "AC").is_some());
    for (line, what) in [
        ("9\t7\t.\tA\tC\t.\t.\t.\n", "contig `9`"),
        ("1\t7\t.\tA\tC\t.\t.\tXX=1\n", "INFO `XX`"),
        ("1\t7\t.\tA\tC\t.\tnew\t.\n", "FILTER `new`"),
        ("1\t7\t.\tA\tC\t.\t.\t.\tXY\t1\t2\n", "FORMAT `XY`"),
        ("1\t7\t.\tA\tC\t.\t.\t.\tDP\t1\n", "the samples"),
        ("1\tx\n", "no contig or position"),
        ("1\t7\t.\tA\n", "cannot be a record"),
    ] {
        let error = write(&path, HEADER, &[line], true).unwrap_err();
        assert!(error.to_string().contains(what), "{error}");
    }
}

#[test]
fn a_position_beyond_tabix_makes_a_csi_and_disorder_no_index() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bed.gz");
    let stale = folder.path().join("a.bed.gz.tbi");
    fs::write(&stale, "of a file before").unwrap();
    let emitted = write(&path, "", &["1\t5\t9\n1\t600000000\t600000005\n"], false).unwrap();
    assert_eq!(emitted.index, Some(folder.path().join("a.bed.gz.csi")));
    assert!(!stale.exists());
    for unsorted in [&["1\t5\t9\n1\t4\t9\n"][..], &["1\t5\t9\n", "2\t4\t9\n", "1\t7\t9\n"]] {
        let emitted = write(&path, "", unsorted, true).unwrap();
        assert_eq!(emitted.index, None);
        assert!(emitted.notes[0].contains("no index"), "{:?}", emitted.notes);
    }
    assert!(!folder.path().join("a.bed.gz.csi").exists());
}

#[test]
fn a_file_that_is_there_is_kept_unless_it_may_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bed");
    fs::write(&path, "before").unwrap();
    let error = write(&path, "", &["1\t5\t9\n"], false).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.help().unwrap().contains("--force"));
    let emitter = Emitter::new(Target::named_by(&path).unwrap(), Vec::new()).unwrap();
    let to = Destination::File { path: path.clone(), replace: true };
    let mut file = EmitFile::create(to, &emitter, None).unwrap();
    file.add(emitter.piece(b"1\t5\t9\n".to_vec()).unwrap()).unwrap();
    drop(file);
    assert_eq!(fs::read_to_string(&path).unwrap(), "before");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    write(&path, "", &["1\t5\t9\n"], true).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "1\t5\t9\n");
}

#[test]
fn a_stream_takes_the_bytes_of_the_file() {
    #[derive(Clone, Default)]
    struct Shared(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
    impl std::io::Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("a.gff3.gz");
    let line = "1\ts\tgene\t7\t9\t.\t+\t.\tID=x\n";
    write(&path, "##gff-version 3\n", &[line], false).unwrap();
    let emitter =
        Emitter::new(Target::named_by(&path).unwrap(), b"##gff-version 3\n".to_vec()).unwrap();
    let out = Shared::default();
    let to = Destination::Stream { out: Box::new(out.clone()), path: None };
    let mut file = EmitFile::create(to, &emitter, None).unwrap();
    file.add(emitter.piece(line.into()).unwrap()).unwrap();
    let told = file.finish().unwrap();
    assert_eq!(*out.0.lock().unwrap(), fs::read(&path).unwrap());
    assert!(told.index.is_none() && told.notes.is_empty());
}
