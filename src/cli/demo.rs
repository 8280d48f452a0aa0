//! `annostore demo`: the main job on three small files, by the very commands that a person would
//! type.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use clap::{Args, Parser};
use tempfile::TempDir;

use super::{Cli, Globals, dispatch, output};
use crate::model::{Error, ErrorKind, Result};

/// Show what annostore does: check, import and query three small files
///
/// Runs the commands of a first session, each with its command line and its output. It works in a
/// temporary folder, which it removes at the end: no store of yours is read or changed.
#[derive(Args, Debug)]
pub struct DemoArgs {}

/// The files of the demo, made up for it.
const FILES: [(&str, &str); 3] = [
    ("mistakes.vcf", include_str!("../../testdata/demo/mistakes.vcf")),
    ("clinvar.vcf", include_str!("../../testdata/demo/clinvar.vcf")),
    ("calls.vcf", include_str!("../../testdata/demo/calls.vcf")),
];

/// A command, and what there is to say about it.
struct Step {
    /// What begins with it, if something does.
    heading: &'static str,
    /// Why it is run.
    why: &'static str,
    /// The command line, as a shell takes it.
    command: &'static str,
    /// The exit code that it ends with.
    exit_code: u8,
    /// What its output shows.
    shows: &'static str,
}

const WELCOME: &str = "\
annostore checks, imports and queries genomic annotation files on this machine, as AWS HealthOmics
annotation stores do. This demo runs the commands of a first session on three small files that were
made up for it, in a temporary folder that it removes at the end. No store of yours is touched.
";

const STEPS: &[Step] = &[
    Step {
        heading: "Check a file with mistakes",
        why: "\
Before an upload, `check` says what the service's import job would do with a file. It reports every
mistake in one run. The first of each kind is shown whole, and a table counts the others.",
        command: "annostore check mistakes.vcf",
        exit_code: 1,
        shows: "\
The exit code was 1, because there are errors. Two of the ten records cannot be stored at all; the
others could be imported here, though the service would fail the job. `annostore rule VCF102` prints
the manual page of a rule, and `check --output json` the same report for a program.",
    },
    Step {
        heading: "Check a sound file",
        why: "This file has 45 records in the manner of ClinVar.",
        command: "annostore check clinvar.vcf",
        exit_code: 0,
        shows: "No findings, exit code 0.",
    },
    Step {
        heading: "Make stores and import the files",
        why: "\
A store has a format, and one or more versions; the first is named after it. `--create` makes the
store as the file tells. The import is one job: either all rows of the file become visible, or
none.",
        command: "annostore import clinvar.vcf --store clinvar --create",
        exit_code: 0,
        shows: "",
    },
    Step {
        heading: "",
        why: "\
A second store gets the variants of a sample, whose contigs are called `chr1`, not `1`. A store can
also be made before there is a file.",
        command: "annostore store create --name calls --store-format VCF",
        exit_code: 0,
        shows: "",
    },
    Step {
        heading: "",
        why: "",
        command: "annostore import calls.vcf --store calls",
        exit_code: 0,
        shows: "",
    },
    Step { heading: "", why: "", command: "annostore store list", exit_code: 0, shows: "" },
    Step {
        heading: "Query in the words of Athena",
        why: "A store is a table with the columns of the service's tables.",
        command: r#"annostore query "
    SELECT contigname, start, \"end\", referenceallele, alternatealleles,
      attributes['GENEINFO'] AS gene
    FROM clinvar ORDER BY contigname, start LIMIT 5""#,
        exit_code: 0,
        shows: "\
Coordinates are zero-based and half-open: the first record is at position 45,331,529 in the file.",
    },
    Step {
        heading: "",
        why: "\
`attributes['KEY']` is the text of an INFO key. `info.key` is its value with the type that the
header declares: AF has one number for each alternate allele.",
        command: r#"annostore query "
    SELECT contigname, start, attributes['GENEINFO'] AS gene,
      attributes['AF'] AS af_as_text, info.af
    FROM clinvar WHERE attributes['CLNSIG'] = 'Likely_pathogenic' ORDER BY contigname, start""#,
        exit_code: 0,
        shows: "",
    },
    Step {
        heading: "",
        why: "Which variants of the sample does the annotation call likely pathogenic?",
        command: r#"annostore query "
    SELECT v.sampleid, v.contigname, v.start, v.calls, c.attributes['CLNDN'] AS disease
    FROM calls v INNER JOIN clinvar c
      ON v.contigname = concat('chr', c.contigname)
     AND v.start = c.start AND v.\"end\" = c.\"end\"
     AND v.referenceallele = c.referenceallele AND v.alternatealleles = c.alternatealleles
    WHERE c.attributes['CLNSIG'] = 'Likely_pathogenic' ORDER BY v.contigname, v.start""#,
        exit_code: 0,
        shows: "",
    },
    Step {
        heading: "",
        why: "\
`--region` keeps the rows that overlap a region, here the end of BRCA1, and reads little else.
Regions are written as samtools writes them: one-based, both ends included.",
        command: r#"annostore query --region 17:43,044,295-43,080,000 "
    SELECT names, start, referenceallele, alternatealleles, attributes['CLNSIG'] AS significance
    FROM clinvar""#,
        exit_code: 0,
        shows: "",
    },
];

const GOODBYE: &str = "\
The temporary folder is gone. Your own stores will lie in the folder that --home or ANNOSTORE_HOME
names. `annostore --help` lists the commands, `annostore COMMAND --help` explains one.
";

/// Runs the commands one after the other, and removes what they made.
pub fn run(_: &DemoArgs, globals: &Globals) -> Result<ExitCode> {
    let stop = super::signals::stop_on_signals()?;
    let place = Place::new()?;
    let globals = Globals { home: Some(place.home()), ..globals.clone() };
    output::result(WELCOME)?;
    let mut number = 0;
    for step in STEPS {
        if stop.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Interrupted, "the demo was interrupted"));
        }
        if !step.heading.is_empty() {
            number += 1;
            let heading = format!("{number}. {}", step.heading);
            output::result(&format!("\n{heading}\n{}\n", "=".repeat(heading.len())))?;
        }
        run_step(step, &globals)?;
    }
    place.remove()?;
    output::result(&format!("\n{GOODBYE}"))?;
    Ok(ExitCode::SUCCESS)
}

fn run_step(step: &Step, globals: &Globals) -> Result<()> {
    if !step.why.is_empty() {
        output::result(&format!("\n{}\n", step.why))?;
    }
    if run_line(step.command, globals)? != ExitCode::from(step.exit_code) {
        return Err(Error::internal("a command of the demo ended otherwise than it should")
            .with("command", step.command));
    }
    if !step.shows.is_empty() {
        output::result(&format!("\n{}\n", step.shows))?;
    }
    Ok(())
}

/// Shows a command line, runs it, and tells how it ended.
pub fn run_line(command: &str, globals: &Globals) -> Result<ExitCode> {
    output::result(&format!("\n$ {command}\n"))?;
    let mut cli = parse(command)?;
    cli.globals = globals.clone();
    dispatch(cli)
}

/// A command line, as a shell takes it.
fn parse(command: &str) -> Result<Cli> {
    let wrong = || Error::internal("this is no command").with("command", command);
    let words = shell_words::split(command).map_err(|error| wrong().with_source(error))?;
    Cli::try_parse_from(words).map_err(|error| wrong().with_source(error))
}

/// A temporary folder with the files of the demo, as the current folder. Gone when this is dropped.
struct Place {
    folder: TempDir,
    before: Option<PathBuf>,
}

impl Place {
    fn new() -> Result<Self> {
        let failed = |error: std::io::Error| {
            Error::new(ErrorKind::Storage, "cannot make a temporary folder")
                .with_source(error)
                .with_help("name a folder that can be written to in TMPDIR")
        };
        let folder =
            tempfile::Builder::new().prefix("annostore-demo-").tempdir().map_err(failed)?;
        for (name, content) in FILES {
            fs::write(folder.path().join(name), content).map_err(failed)?;
        }
        let before = std::env::current_dir().ok();
        std::env::set_current_dir(folder.path()).map_err(failed)?;
        Ok(Self { folder, before })
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Removes the folder, and tells where it cannot.
    fn remove(mut self) -> Result<()> {
        self.leave();
        let path = self.folder.path().to_owned();
        fs::remove_dir_all(&path).map_err(|error| {
            Error::new(ErrorKind::Storage, "cannot remove the temporary folder")
                .with("folder", path.display())
                .with_source(error)
        })
    }

    /// Some systems do not remove a folder that is the current one.
    fn leave(&mut self) {
        if let Some(before) = self.before.take() {
            // Where it is gone, so is the need to go back to it.
            let _ = std::env::set_current_dir(before);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_one() {
        for step in STEPS {
            assert!(parse(step.command).is_ok(), "{}", step.command);
        }
    }
}
