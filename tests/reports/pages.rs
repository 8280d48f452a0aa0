//! Reports for people, of every file of the corpus: a page, whatever is in the file, that a narrow
//! terminal can show.

use std::path::Path;

use annostore::check::{self, CheckOptions};
use annostore::diagnostic::render::{Style, text};
use annostore::diagnostic::report::Report;
use annostore::read::gff::GffReading;
use annostore::read::vcf::VcfReading;
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};

use crate::common::corpus::{corpus, files};
use crate::mistakes;

/// Lines of a page.
const PAGE: usize = 60;
/// Beyond it the time is spent on reading.
const LARGEST: u64 = 3_000_000;

fn report(path: &Path, pipe: &Pipe) -> Option<Report> {
    let name = path.to_str().unwrap();
    let is = |endings: &[&str]| endings.iter().any(|it| name.ends_with(it));
    let options = CheckOptions::default();
    let report = if is(&[".vcf", ".vcf.gz", ".bcf"]) {
        check::check(name, pipe, &VcfReading::default(), &options)
    } else if is(&[".gff3", ".gff3.gz", ".gff", ".gff.gz"]) {
        check::check(name, pipe, &GffReading, &options)
    } else {
        return None;
    };
    // What cannot be read has no report.
    report.ok()
}

fn drawn(report: &Report, width: usize) -> String {
    text::render(report, Style { width, ..Style::PLAIN }, text::Audience::Checker)
}

/// Lines of a terminal that a text takes.
fn lines(text: &str, width: usize) -> usize {
    text.lines().map(|it| it.chars().count().div_ceil(width).max(1)).sum()
}

/// Lines wider than the terminal, but for those that are to be copied whole, paths and commands,
/// and words that cannot be broken.
fn wide(text: &str, report: &Report, width: usize) -> Vec<String> {
    let is_word = |it: &str| !it.trim().contains(' ');
    // A byte order mark within a line takes no room.
    let columns = |it: &str| it.chars().filter(|it| *it != '\u{feff}').count();
    let is_wide = |it: &&str| columns(it) > width && !it.contains(&report.file) && !is_word(it);
    text.lines().filter(is_wide).map(str::to_owned).collect()
}

#[test]
fn reports_of_the_corpus_are_pages() {
    let Some(corpus) = corpus() else { return };
    let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
    let (mut read, mut faults) = (0, Vec::new());
    for path in files(&corpus) {
        if path.metadata().unwrap().len() > LARGEST {
            continue;
        }
        let Some(report) = report(&path, &pipe) else { continue };
        read += 1;
        for width in [80, 60] {
            let text = drawn(&report, width);
            let taken = lines(&text, width);
            // In a narrow terminal it may be a little longer than a page, and wider by a mark.
            let (most, width) = if width == 80 { (PAGE, width) } else { (80, width + 2) };
            let wide = wide(&text, &report, width);
            if taken > most || !wide.is_empty() {
                faults.push(format!("{} at {width}: {taken} lines, {wide:?}", path.display()));
            }
        }
    }
    assert!(read > 1000, "{read}");
    let (first, count) = (&faults[..faults.len().min(20)], faults.len());
    assert!(faults.is_empty(), "{count} of {read}:\n{}", first.join("\n"));
}

#[test]
fn a_narrow_terminal_shows_less_beside_each_other() {
    let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
    let report = report(Path::new(&mistakes()), &pipe).unwrap();
    let (wide, narrow) = (drawn(&report, 120), drawn(&report, 60));
    for told in ["error[VCF102]", "correct the position", "VCF034", "8 errors and 1 warning"] {
        assert!(wide.contains(told) && narrow.contains(told), "{told}: {narrow}");
    }
    assert!(wide.contains("fails-job") && !narrow.contains("fails-job"));
}
