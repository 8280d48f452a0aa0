//! Commands that are killed at random moments of their lives.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Plan, home, inputs};
use crate::common::program::{Home, said};
use crate::common::random::Random;

/// Rounds between two looks at the home.
const BATCH: usize = 10;
/// Rounds after which a new home begins, so that looking at it stays cheap.
const ROUNDS_OF_A_HOME: usize = 200;

/// The imports that are killed, by their arguments behind `import`.
const IMPORTS: [&[&str]; 7] = [
    &["a.vcf", "--store", "variants"],
    &["a.vcf", "b.vcf", "unsorted.vcf", "--store", "variants"],
    &["larger.vcf", "--store", "variants"],
    &["bad.vcf", "--store", "variants", "--on-error", "skip"],
    &["indels.vcf", "--store", "variants", "--left-normalize"],
    &["scores.tsv", "--store", "scores"],
    &["genes.gff3", "--store", "genes"],
];

/// Kills so many commands; tells how many of them were met alive.
pub fn run(plan: &Plan) -> String {
    let mut state = State::load(plan);
    while state.rounds < plan.count {
        let first = state.rounds;
        let last = (first + ROUNDS_OF_A_HOME).min(plan.count);
        let mut kills = Kills::new(plan.seed, first);
        for round in first..last {
            kills.round(plan.seed, round);
            if (round + 1) % BATCH == 0 || round + 1 == last {
                let at = format!("--seed {} round {round}", plan.seed);
                home::check(&kills.home, &kills.done, &at);
            }
        }
        state.rounds = last;
        state.alive += kills.alive;
        state.save(plan);
        if plan.folder.is_some() {
            println!("{} of {} rounds, {} met alive", state.rounds, plan.count, state.alive);
        }
    }
    // Else the moments were not spread over the whole of a command.
    assert!(state.alive > 0 && state.alive < state.rounds * 4, "{} met alive", state.alive);
    format!("{} rounds, {} commands were met alive", state.rounds, state.alive)
}

/// How far a campaign is.
#[derive(Default)]
struct State {
    rounds: usize,
    alive: usize,
}

impl State {
    fn path(plan: &Plan) -> Option<std::path::PathBuf> {
        Some(plan.folder.as_ref()?.join(format!("kill-{}.json", plan.seed)))
    }

    fn load(plan: &Plan) -> Self {
        let Some(text) = Self::path(plan).and_then(|it| fs::read_to_string(it).ok()) else {
            return Self::default();
        };
        let state: Value = serde_json::from_str(&text).unwrap();
        let number = |name: &str| usize::try_from(state[name].as_u64().unwrap()).unwrap();
        Self { rounds: number("rounds"), alive: number("alive") }
    }

    fn save(&self, plan: &Plan) {
        let Some(path) = Self::path(plan) else { return };
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = json!({"rounds": self.rounds, "alive": self.alive}).to_string();
        let aside = path.with_extension("new");
        fs::write(&aside, text).unwrap();
        fs::rename(aside, path).unwrap();
    }
}

struct Kills {
    home: Home,
    /// How long each import takes where nobody kills it.
    lengths: Vec<Duration>,
    done: BTreeSet<String>,
    alive: usize,
}

impl Kills {
    fn new(seed: u64, round: usize) -> Self {
        let home = home::filled(Home::new(), seed ^ round as u64);
        let mut kills = Self { home, lengths: Vec::new(), done: BTreeSet::new(), alive: 0 };
        for import in IMPORTS {
            let began = Instant::now();
            let said = kills.home.run(kills.import(import));
            kills.lengths.push(began.elapsed());
            // The second is that of a file with lines that were left out.
            assert!(matches!(said.code, 0 | 1), "{}", said.err);
            kills.done.extend(home::acknowledged(&said.out));
        }
        kills
    }

    fn import(&self, arguments: &[&str]) -> Vec<String> {
        let is_file = |it: &&str| Path::new(it).extension().is_some();
        let paths = arguments
            .iter()
            .map(|it| if is_file(it) { inputs::path(&self.home, it) } else { (*it).to_owned() });
        std::iter::once("import".to_owned()).chain(paths).collect()
    }

    /// One command or several at once, killed. What a round does follows from seed and number.
    fn round(&mut self, seed: u64, round: usize) {
        let mut random = Random::seeded(seed.wrapping_mul(1_000_003).wrapping_add(round as u64));
        match random.below(12) {
            0 => self.version(&mut random, round),
            1 => self.store(&mut random, round),
            2 => self.query(&mut random),
            3 => self.several(&mut random),
            _ => {
                let which = random.below(IMPORTS.len());
                let child = self.start(self.import(IMPORTS[which]));
                let done = self.kill(child, moment(&mut random, self.lengths[which]));
                self.done.extend(done);
            }
        }
    }

    fn start<A: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Child {
        self.home.command(arguments).spawn().unwrap()
    }

    /// Imports into one version at once, of which some are left to end.
    fn several(&mut self, random: &mut Random) {
        let children = [(); 3].map(|()| self.start(self.import(IMPORTS[1])));
        for child in children {
            if random.below(3) == 0 {
                let said = said(&child.wait_with_output().unwrap());
                assert_eq!(said.code, 0, "beside killed ones: {}", said.err);
                self.done.extend(home::acknowledged(&said.out));
            } else {
                let done = self.kill(child, moment(random, self.lengths[1]));
                self.done.extend(done);
            }
        }
    }

    fn version(&mut self, random: &mut Random, round: usize) {
        let name = format!("v_{round}");
        self.home.done(["version", "create", "variants", "--version-name", &name]);
        let mut import = self.import(&["a.vcf", "--store", "variants", "--version"]);
        import.push(name.clone());
        self.home.done(import);
        let child = self.start(["version", "delete", "variants", &name]);
        self.kill(child, moment(random, self.lengths[0]));
    }

    /// A store that is deleted while an import fills it.
    fn store(&mut self, random: &mut Random, round: usize) {
        let name = format!("store_{round}");
        let create = ["store", "create", "--store-format", "VCF", "--reference-arn", inputs::ARN];
        self.home.done(create.iter().chain(&["--name", &name]));
        let import = self.import(&["a.vcf", "--store", &name]);
        self.home.done(import.clone());
        let beside = (random.below(2) == 0).then(|| self.start(import));
        let child = self.start(["store", "delete", &name, "--force"]);
        self.kill(child, moment(random, self.lengths[0]));
        if let Some(beside) = beside {
            if random.below(2) == 0 {
                self.kill(beside, Duration::ZERO);
            } else {
                beside.wait_with_output().unwrap();
            }
        }
    }

    /// A query that writes a file, which is there whole or not at all.
    fn query(&mut self, random: &mut Random) {
        let answer = self.home.beside("answer.csv");
        let sql = "SELECT * FROM variants ORDER BY start LIMIT 2000";
        let child = self.start(["query", sql, "-o", answer.to_str().unwrap()]);
        self.kill(child, moment(random, self.lengths[1]));
        if let Ok(text) = fs::read_to_string(&answer) {
            assert_eq!(text.lines().count(), 2001, "half an answer");
            fs::remove_file(&answer).unwrap();
        }
    }

    /// Kills a command after a while; the jobs that it said it had done until then.
    fn kill(&mut self, mut child: Child, after: Duration) -> Vec<String> {
        sleep(after);
        self.alive += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        let said = said(&child.wait_with_output().unwrap());
        // A store may be gone, or a deletion find a live job.
        assert!(matches!(said.code, -1 | 0 | 1 | 2 | 4), "{}: {}", said.code, said.err);
        home::acknowledged(&said.out)
    }
}

/// A moment within a command that takes so long, or a little behind it.
fn moment(random: &mut Random, length: Duration) -> Duration {
    length * u32::try_from(random.below(1200)).unwrap() / 1000
}
