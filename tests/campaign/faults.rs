//! Commands whose calls to the system fail, one by one, or that are killed before one of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Plan, home, inputs};
use crate::common::program::{Home, Said, said};
use crate::common::random::Random;

const EIO: i32 = 5;
const ENOSPC: i32 = 28;
/// The calls that fail.
const CALLS: [&str; 9] =
    ["open", "write", "read", "sync", "truncate", "rename", "unlink", "mkdir", "lock"];

/// What is run: arguments, with names of files in the place of their paths.
const WORKS: [&[&str]; 7] = [
    &["import", "a.vcf", "--store", "variants"],
    &["import", "a.vcf", "genes.gff3", "--store", "variants"],
    &["import", "bad.vcf", "--store", "variants", "--on-error", "skip"],
    &["import", "indels.vcf", "--store", "variants", "--left-normalize"],
    &["version", "delete", "variants", "second"],
    &["store", "delete", "scores", "--force"],
    &["query", "SELECT * FROM variants ORDER BY start", "--format", "csv"],
];

/// Kills commands before calls that change something in the home.
pub fn points(plan: &Plan) -> String {
    let faults = Faults::new(plan.seed);
    let met = faults.sweep(plan, |_| ("any", 0), &WORKS[..6]);
    format!("{met} commands were killed before a call")
}

/// Makes calls fail.
pub fn calls(plan: &Plan) -> String {
    let faults = Faults::new(plan.seed);
    let fault = |random: &mut Random| {
        let error = if random.below(2) == 0 { EIO } else { ENOSPC };
        (CALLS[random.below(CALLS.len())], error)
    };
    let met = faults.sweep(plan, fault, &WORKS);
    format!("{met} calls failed")
}

struct Faults {
    /// What is preloaded.
    library: PathBuf,
    /// A home that is copied for each fault, as it is before a command.
    template: Home,
    done: BTreeSet<String>,
    folder: TempDir,
}

/// What a command did under a fault.
struct Met {
    said: Said,
    /// The call that it met; none where it ended before.
    call: Option<String>,
}

impl Faults {
    fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("fail.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/campaign/fail.c");
        let cc = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let mut compile = Command::new(cc);
        compile.args(["-O1", "-shared", "-fPIC", source, "-ldl", "-o"]).arg(&library);
        assert!(compile.status().unwrap().success(), "a C compiler is needed");
        let template = home::filled(Home::new(), seed);
        template.done(["version", "create", "variants", "--version-name", "second"]);
        let mut done = BTreeSet::new();
        for (file, store, version) in [
            ("a.vcf", "variants", "variants"),
            ("b.vcf", "variants", "second"),
            ("scores.tsv", "scores", "scores"),
        ] {
            let file = inputs::path(&template, file);
            let import = ["import", &file, "--store", store, "--version", version];
            let acknowledged = home::acknowledged(&template.done(import));
            if version == "variants" {
                done.extend(acknowledged);
            }
        }
        Self { library, template, done, folder }
    }

    /// So many faults, spread over the works and over the calls of each.
    fn sweep(
        &self,
        plan: &Plan,
        fault: impl Fn(&mut Random) -> (&'static str, i32),
        works: &[&[&str]],
    ) -> usize {
        let mut random = Random::seeded(plan.seed);
        let (mut met, mut tried) = (0, 0);
        while met < plan.count {
            tried += 1;
            assert!(tried < plan.count * 20 + 100, "{met} of {tried} commands met their fault");
            let (work, (call, error)) = (works[tried % works.len()], fault(&mut random));
            // How many calls there are differs a little from run to run.
            let calls = self.run(work, call, 0, error).call.unwrap_or_default();
            let Ok(calls @ 1..) = calls.parse::<usize>() else { continue };
            let number = 1 + random.below(calls);
            let home = self.copied();
            let found = self.run_in(&home, work, call, number, error);
            let Some(place) = found.call else { continue };
            met += 1;
            let at = format!("--seed {} {work:?} {number}: {place}, error {error}", plan.seed);
            assert!(matches!(found.said.code, -1..=5), "{at}: {}", found.said.code);
            let is_panic = found.said.err.contains("panicked");
            assert!(
                !is_panic && (error == 0) == (found.said.code == -1),
                "{at}: {}",
                found.said.err
            );
            let mut done = self.done.clone();
            done.extend(home::acknowledged(&found.said.out));
            home::check(&home, &done, &at);
        }
        met
    }

    /// A copy of the home; its files are those of the template.
    fn copied(&self) -> Home {
        let home = Home::new();
        copy(&self.template.path(), &home.path());
        home
    }

    fn run(&self, work: &[&str], call: &str, number: usize, error: i32) -> Met {
        self.run_in(&self.copied(), work, call, number, error)
    }

    fn run_in(&self, home: &Home, work: &[&str], call: &str, number: usize, error: i32) -> Met {
        let told = self.folder.path().join("told");
        let _ = fs::remove_file(&told);
        let arguments = work.iter().map(|it| match Path::new(it).extension() {
            Some(_) if !it.contains(' ') => inputs::path(&self.template, it),
            _ => (*it).to_owned(),
        });
        let mut command = home.command(arguments);
        command.env("LD_PRELOAD", &self.library).env("FAIL_CALL", call).env("FAIL_TOLD", &told);
        command.env("FAIL_WHEN", number.to_string()).env("FAIL_ERROR", error.to_string());
        command.env("FAIL_UNDER", home.path());
        let said = said(&command.output().unwrap());
        Met { said, call: fs::read_to_string(told).ok() }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}
