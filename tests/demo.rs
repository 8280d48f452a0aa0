//! `annostore demo`: it runs without a home, explains itself, and leaves nothing behind.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// The demo with a temporary folder of its own and no folder to keep stores in.
fn demo(temporary: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annostore"));
    command.arg("demo").env("TMPDIR", temporary).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["HOME", "XDG_DATA_HOME", "ANNOSTORE_HOME"] {
        command.env_remove(name);
    }
    command
}

#[track_caller]
fn is_empty(folder: &Path) {
    let left: Vec<_> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn shows_the_main_job_and_leaves_nothing_behind() {
    let temporary = tempfile::tempdir().unwrap();
    let output = demo(temporary.path()).output().unwrap();
    let (said, errors) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{said}\n{errors}");
    for line in [
        "$ annostore check mistakes.vcf\n",
        "error[VCF102]: POS is `43,047,643`\n",
        "mistakes.vcf: 10 records, 2 of them rejected, in 17 lines; 8 errors and 1 warning: the \
         service would fail this import\n",
        "clinvar.vcf: 45 records in 64 lines; 0 errors and 0 warnings: the service would import \
         it\n",
        "made VCF store clinvar with version clinvar\n",
        "clinvar.vcf: 45 rows into clinvar.clinvar in ",
        "calls.vcf: 8 rows into calls.calls in ",
        "| 1          | 45331528 | 45331529 | C ",
        "| .,3.3e-6   | [NULL, 3.3e-6] |\n",
        "| SAMPLE_1 | chr17      |  7674229 | [0, 1] | Li-Fraumeni_syndrome|not_provided ",
        "| [126963] | 43074470 | A ",
    ] {
        assert!(said.contains(line), "no `{line}` in\n{said}");
    }
    is_empty(temporary.path());
}

#[test]
fn the_home_of_the_person_is_left_alone() {
    let (temporary, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let status = demo(temporary.path()).arg("--home").arg(home.path()).output().unwrap().status;
    assert!(status.success());
    is_empty(home.path());
}

#[test]
fn a_demo_that_fails_leaves_nothing_behind() {
    let temporary = tempfile::tempdir().unwrap();
    // No account has two digits, which the first command on a store finds out.
    let output = demo(temporary.path()).args(["--account", "12"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    is_empty(temporary.path());
    let absent = temporary.path().join("absent");
    assert_eq!(demo(&absent).output().unwrap().status.code(), Some(5));
}

#[test]
fn a_reader_that_goes_away_ends_it_with_nothing_left_behind() {
    let temporary = tempfile::tempdir().unwrap();
    let mut child = demo(temporary.path()).spawn().unwrap();
    child.stdout.take().unwrap().read_exact(&mut [0; 10]).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(!errors.contains("error") && !errors.contains("panicked"), "{errors}");
    assert!(output.status.success());
    is_empty(temporary.path());
}
