//! Where `annostore fix` writes: which places can be, and what of a place is to be known.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::output;
use super::place::is_stream;
use crate::emit::unwritable;
use crate::model::{Error, ErrorKind, Result};
use crate::read::source::Compression;

/// Refuses outputs that cannot all be: `diff` goes to standard output as well.
pub fn check_outputs(files: &[String], outputs: &[&PathBuf], diff: bool) -> Result<()> {
    if files.len() > 1 && !outputs.is_empty() {
        return Err(Error::invalid("there are several files, but one output")
            .with_help("mend one at a time, or all of them with --in-place"));
    }
    let is_bcf = |it: &&PathBuf| it.extension().is_some_and(|it| it.eq_ignore_ascii_case("bcf"));
    if let Some(output) = outputs.iter().copied().find(is_bcf) {
        return Err(Error::invalid("what is mended is text, and stays text")
            .with("file", output.display())
            .with_help("name a .vcf or .vcf.gz file, and make it BCF with `bcftools view -Ob`"));
    }
    let is_stdout = |it: &Path| it == Path::new("-");
    let to_stdout = outputs.iter().filter(|it| is_stdout(it)).count();
    if to_stdout + usize::from(diff) > 1 {
        return Err(Error::invalid("several outputs go to standard output")
            .with_help("name a file for all but one"));
    }
    for file in files.iter().filter(|it| *it != "-") {
        let Ok(there) = fs::metadata(file) else { continue };
        let is_it = |it: Metadata| is_same(&it, &there) && it.is_file();
        if let Some(output) = outputs.iter().find(|it| fs::metadata(it).is_ok_and(is_it)) {
            return Err(Error::invalid("the output is the file that is to be mended")
                .with("file", output.display())
                .with_help("give --in-place to replace it, or name another file"));
        }
    }
    check_distinct(outputs)
}

/// Refuses two outputs that are one file.
fn check_distinct(outputs: &[&PathBuf]) -> Result<()> {
    let outputs: Vec<_> = outputs.iter().filter(|it| !is_stream(it)).collect();
    let same = |one: &Path, other: &Path| {
        let there = (fs::metadata(one), fs::metadata(other));
        one == other || matches!(there, (Ok(a), Ok(b)) if is_same(&a, &b))
    };
    for (place, output) in outputs.iter().enumerate() {
        if outputs[..place].iter().any(|it| same(it, output)) {
            return Err(Error::invalid("two outputs go to one file")
                .with("file", output.display())
                .with_help("name another file for one of them"));
        }
    }
    Ok(())
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Whether an output is compressed: as its name says, or else as the input is.
pub fn is_compressed(path: &Path, of_input: Compression) -> bool {
    let ending = path.extension().and_then(|it| it.to_str()).map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("gz" | "bgz") => true,
        _ => is_stream(path) && of_input != Compression::Plain,
    }
}

/// Removes the indexes of a compressed file that was replaced, also beside what a link leads to:
/// its blocks lie elsewhere now.
pub fn remove_indexes(path: &Path) {
    remove_indexes_beside(path);
    if let Ok(whole) = fs::canonicalize(path)
        && fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink())
    {
        remove_indexes_beside(&whole);
    }
}

fn remove_indexes_beside(path: &Path) {
    let is_compressed = path.extension().is_some_and(|it| it == "gz" || it == "bgz");
    for ending in ["tbi", "csi", "gzi"].iter().filter(|_| is_compressed) {
        let mut name = path.as_os_str().to_owned();
        name.push(".");
        name.push(ending);
        let index = PathBuf::from(name);
        if fs::remove_file(&index).is_ok() {
            output::message(&format!(
                "note: {} was the index of the file as it was, and is removed: make it anew with \
                 `tabix` or `bgzip -r`",
                index.display()
            ));
        }
    }
}

/// What is known of a file that may be replaced.
pub fn replaceable(file: &str) -> Result<Metadata> {
    let there = fs::metadata(file).ok().filter(|it| file != "-" && it.is_file());
    if there.is_none() && !Path::new(file).exists() && file != "-" && !file.contains("://") {
        return Err(Error::new(ErrorKind::Unreadable, "there is no such file")
            .with("file", file)
            .with_help("check the path"));
    }
    let Some(there) = there else {
        return Err(Error::invalid("only a file of this machine can be mended in place")
            .with("file", file)
            .with_help("write the mended file elsewhere with -o"));
    };
    // To rename would replace also what nobody may write to.
    fs::OpenOptions::new()
        .append(true)
        .open(file)
        .map(|_| there)
        .map_err(|error| unwritable("the file", Path::new(file), error))
}
