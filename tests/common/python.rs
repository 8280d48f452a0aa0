//! Python with packages, for tests that are driven by programs of others.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::needs::skipped;

/// A Python that has the packages of `tests/<of>/requirements.txt`: an environment of its own below
/// `target/`, unless a variable (`ANNOSTORE_PYTHON`) names one. None where none can be made, and
/// the test is skipped.
pub fn python(of: &str, variable: &str) -> Option<&'static Path> {
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let python = PYTHON.get_or_init(|| match std::env::var_os(variable) {
        Some(python) => Ok(python.into()),
        None => environment(of),
    });
    python.as_deref().inspect_err(|error| skipped("python", error)).ok()
}

/// Makes the environment below `target/`, unless it is there with these requirements.
fn environment(of: &str) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{of}-python"));
    let (python, done) = (folder.join("bin/python"), folder.join("requirements.txt"));
    let wanted = format!("{}/tests/{of}/requirements.txt", env!("CARGO_MANIFEST_DIR"));
    let requirements = fs::read_to_string(&wanted).unwrap();
    if fs::read_to_string(&done).is_ok_and(|it| it == requirements) {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r", &wanted]))?;
    fs::write(done, requirements).unwrap();
    Ok(python)
}

/// Runs a command to its end and gives what it said, as an error where it failed.
pub fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    if output.status.success() { Ok(said) } else { Err(format!("{command:?}\n{said}")) }
}
