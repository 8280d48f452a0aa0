//! Where answers go, and what a query leaves behind however it ends: nothing.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{FileTypeExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::cli::{LONG, home, query, sorted, stdout};
use crate::common::program::{Home, said};

const ONE: &str = "SELECT 1 AS x";

#[test]
fn a_name_that_ends_in_no_form_is_refused_unless_the_form_is_named() {
    let home = home();
    for name in ["x.csv.bz2", "x.vcf.zst", "x.xlsx", "x."] {
        let said = query(&home, &[ONE, "-o", name]);
        assert_eq!(said.code, 2, "{name}: {}", said.err);
        assert!(said.err.contains("--format: table, records, csv"), "{}", said.err);
        assert!(!home.beside(name).exists(), "{name}");
    }
    let said = query(&home, &[ONE, "-o", "x.vcf.gz"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("it has no column contigname"), "{}", said.err);
    assert!(!home.beside("x.vcf.gz").exists());
    stdout(&home, &[ONE, "-o", "x.vcf.gz", "--format", "csv"]);
    assert_eq!(fs::read_to_string(home.beside("x.vcf.gz")).unwrap(), "x\n1\n");
    stdout(&home, &[ONE, "-o", "x"]);
    assert!(fs::read_to_string(home.beside("x")).unwrap().starts_with("+---+"));
}

#[test]
fn a_hyphen_is_standard_output() {
    let home = home();
    assert_eq!(stdout(&home, &[ONE, "-o", "-", "-f", "csv"]), "x\n1\n");
    assert!(stdout(&home, &[ONE, "-o", "-"]).starts_with("+---+"));
    assert!(!home.beside("-").exists());
}

#[test]
fn a_link_stays_and_leads_to_the_answer() {
    let home = home();
    let folder = home.beside("folder");
    fs::create_dir(&folder).unwrap();
    // One leads to a file, one to a link, one to what is to be.
    fs::write(folder.join("there.csv"), "old").unwrap();
    symlink("folder/there.csv", home.beside("one.csv")).unwrap();
    symlink(home.beside("one.csv"), home.beside("two.csv")).unwrap();
    symlink("folder/absent.csv", home.beside("three.csv")).unwrap();
    for (link, target) in
        [("one.csv", "there.csv"), ("two.csv", "there.csv"), ("three.csv", "absent.csv")]
    {
        let target = folder.join(target);
        let _ = fs::remove_file(&target);
        stdout(&home, &[ONE, "-o", link]);
        assert!(home.beside(link).is_symlink(), "{link}");
        assert!(!target.is_symlink(), "{link}");
        assert_eq!(fs::read_to_string(&target).unwrap(), "x\n1\n", "{link}");
    }
    symlink("ring.csv", home.beside("ring.csv")).unwrap();
    let said = query(&home, &[ONE, "-o", "ring.csv"]);
    assert_eq!(said.code, 5, "{}", said.err);
    assert!(said.err.contains("too many links"), "{}", said.err);
}

#[test]
fn what_is_no_file_is_written_to_and_stays() {
    let home = home();
    let pipe = home.beside("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let child = home.command(["query", ONE, "-f", "csv", "-o", "pipe"]).spawn().unwrap();
    let mut text = String::new();
    fs::File::open(&pipe).unwrap().read_to_string(&mut text).unwrap();
    let said = said(&child.wait_with_output().unwrap());
    assert_eq!((said.code, text.as_str()), (0, "x\n1\n"), "{}", said.err);
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());

    // The descriptor of a file: what the file has already stays before the answer.
    let file = home.file("out.csv", "before\n");
    let mut command = home.command(["query", ONE, "-f", "csv", "-o", "/dev/stdout"]);
    command.stdout(fs::OpenOptions::new().append(true).open(&file).unwrap());
    assert!(command.status().unwrap().success());
    assert_eq!(fs::read_to_string(&file).unwrap(), "before\nx\n1\n");

    let said = query(&home, &[ONE, "-f", "csv", "-o", home.path().to_str().unwrap()]);
    assert_eq!(said.code, 5, "{}", said.err);
    assert!(said.err.contains("name a file in that folder"), "{}", said.err);
}

/// A device that is no longer one is lost to the whole machine: here it is one of our own.
#[test]
fn a_device_stays_a_device() {
    let home = home();
    let device = home.beside("null");
    let made = Command::new("mknod").arg(&device).args(["c", "1", "3"]).output().unwrap();
    if !made.status.success() {
        return crate::common::needs::skipped("root", "only root makes devices");
    }
    let said = query(&home, &[ONE, "-f", "csv", "-o", "null"]);
    // A file system may refuse to open devices; it is not to be replaced even so.
    assert!([0, 5].contains(&said.code), "{}", said.err);
    assert!(fs::metadata(&device).unwrap().file_type().is_char_device());
}

#[test]
fn a_pipe_without_a_reader_does_not_keep_a_query_that_is_stopped() {
    let home = home();
    assert!(Command::new("mkfifo").arg(home.beside("pipe")).status().unwrap().success());
    let mut child = home.command(["query", ONE, "-f", "csv", "-o", "pipe"]).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(1));
    assert!(child.try_wait().unwrap().is_none());
    signal(&child, "-TERM");
    assert_eq!(code(&mut child), Some(130));
}

#[test]
fn a_reader_that_goes_away_is_told_of_with_what_it_had() {
    let home = home();
    let mut child = home.command(["query", LONG, "-f", "ndjson"]).spawn().unwrap();
    let mut pipe = child.stdout.take().unwrap();
    pipe.read_exact(&mut [0; 100]).unwrap();
    drop(pipe);
    let said = said(&child.wait_with_output().unwrap());
    assert_eq!(said.code, 0, "{}", said.err);
    let told = said.err.strip_prefix("the reader left before the end of the answer, after ");
    let rows = told.and_then(|it| it.strip_suffix(" rows\n")).map(|it| it.parse::<u32>().unwrap());
    assert!(rows.is_some_and(|it| (1..6561).contains(&it)), "{}", said.err);
    let mut child = home.command(["query", LONG, "-f", "ndjson", "-q"]).spawn().unwrap();
    drop(child.stdout.take());
    let said = self::said(&child.wait_with_output().unwrap());
    assert_eq!((said.code, said.err.as_str()), (0, ""));
}

/// Waits until a process has a file of some size open in a folder that does not list it.
#[cfg(target_os = "linux")]
fn wait_for_nameless(child: &mut Child, folder: &Path) {
    let folder = folder.canonicalize().unwrap();
    let descriptors = PathBuf::from(format!("/proc/{}/fd", child.id()));
    let begun = Instant::now();
    loop {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it wrote");
        assert!(begun.elapsed() < Duration::from_mins(1), "it writes nothing");
        for descriptor in fs::read_dir(&descriptors).into_iter().flatten().flatten() {
            let path = descriptor.path();
            let within = fs::read_link(&path).is_ok_and(|it| it.starts_with(&folder));
            if within && fs::metadata(&path).is_ok_and(|it| it.len() > 0) {
                return;
            }
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn signal(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn code(child: &mut Child) -> Option<i32> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "it goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a query spills and what it wrote of its output go with it, whatever ends it.
#[cfg(target_os = "linux")]
#[test]
fn nothing_stays_behind_whatever_ends_a_query() {
    let home = home();
    let (temporary, answers) = (home.beside("temporary"), home.beside("answers"));
    for folder in [&temporary, &answers] {
        fs::create_dir(folder).unwrap();
    }
    let sql = sorted();
    let spilling = ["query", &sql, "-f", "csv", "-o", "answers/a.csv", "--memory", "4M"];
    let writing = ["query", LONG, "-f", "csv", "-o", "answers/a.csv"];
    for (arguments, folder) in [(&spilling[..], &temporary), (&writing, &answers)] {
        for (signal, expected) in
            [("-INT", Some(130)), ("-TERM", Some(130)), ("-HUP", Some(130)), ("-KILL", None)]
        {
            let mut child = home.command(arguments).env("TMPDIR", &temporary).spawn().unwrap();
            wait_for_nameless(&mut child, folder);
            self::signal(&child, signal);
            assert_eq!(code(&mut child), expected, "{signal}");
            for folder in [&temporary, &answers] {
                let left: Vec<_> = fs::read_dir(folder).unwrap().flatten().collect();
                assert!(left.is_empty(), "{signal}: {left:?}");
            }
        }
    }
    let said = query(&home, &[&spilling[1..], &["--timeout", "1"]].concat());
    assert_eq!(said.code, 4, "{}", said.err);
    assert_eq!(fs::read_dir(&answers).unwrap().count(), 0);
}

/// What `nohup` starts goes on when its terminal is closed.
#[test]
fn a_hangup_that_is_ignored_ends_nothing() {
    let home = home();
    let shell = "trap '' HUP; exec \"$0\" query \"$1\" -f csv -o pipe";
    assert!(Command::new("mkfifo").arg(home.beside("pipe")).status().unwrap().success());
    let mut command = Command::new("sh");
    command.args(["-c", shell, env!("CARGO_BIN_EXE_annostore"), ONE]);
    command.env("ANNOSTORE_HOME", home.path()).current_dir(home.beside("."));
    let mut child = command.spawn().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    signal(&child, "-HUP");
    std::thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none());
    assert_eq!(fs::read_to_string(home.beside("pipe")).unwrap(), "x\n1\n");
    assert_eq!(code(&mut child), Some(0));
}

/// Runs a query after a line of a shell, such as one that sets a limit.
fn limited(home: &Home, limit: &str, arguments: &[&str]) -> crate::common::program::Said {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{limit}; exec \"$0\" query \"$@\"")]);
    command.arg(env!("CARGO_BIN_EXE_annostore")).args(arguments);
    command.env("ANNOSTORE_HOME", home.path()).current_dir(home.beside("."));
    said(&command.output().unwrap())
}

/// Where there is no room for the stacks of threads: an error at once, no end without rows, and no
/// wait for threads that never come.
#[cfg(target_os = "linux")]
#[test]
fn threads_that_cannot_be_had_are_an_error() {
    let home = home();
    let sql = "SELECT start FROM clinvar ORDER BY start";
    let mut refused = 0;
    for kilobytes in [300_000, 600_000, 900_000, 1_200_000, 1_500_000, 1_800_000, 8_000_000] {
        let arguments = [sql, "-f", "csv", "--threads", "2"];
        let said = limited(&home, &format!("ulimit -v {kilobytes}"), &arguments);
        match said.code {
            0 => assert_eq!(said.out, "start\n10\n10\n20\n", "{kilobytes}"),
            5 => {
                assert_eq!(said.out, "", "{kilobytes}");
                assert!(said.err.contains("ulimit"), "{kilobytes}: {}", said.err);
                refused += 1;
            }
            other => panic!("{kilobytes}: code {other}: {}", said.err),
        }
    }
    assert!((1..7).contains(&refused), "{refused}");
}

#[test]
fn few_open_files_are_an_error_that_says_so() {
    let home = home();
    let mut ended = 0;
    for files in 5..16 {
        let said = limited(&home, &format!("ulimit -n {files}"), &["SELECT start FROM clinvar"]);
        assert!([0, 5].contains(&said.code), "{files}: code {}: {}", said.code, said.err);
        assert!(!said.err.contains("panicked"), "{files}: {}", said.err);
        assert!(!said.err.contains("delete the version"), "{files}: {}", said.err);
        ended += said.code;
    }
    assert!(ended > 0);
}

/// The system ends whoever writes beyond the largest file with a signal, unless it is taken.
#[test]
fn an_answer_beyond_the_largest_file_is_an_error() {
    let home = home();
    let said = limited(&home, "ulimit -f 100", &[LONG, "-f", "csv", "-o", "a.csv"]);
    assert_eq!(said.code, 5, "{}", said.err);
    assert!(said.err.contains("ulimit -f"), "{}", said.err);
    assert!(!home.beside("a.csv").exists());
}
