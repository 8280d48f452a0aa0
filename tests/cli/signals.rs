//! Ctrl-C while the program waits for standard input, which says nothing and stays open.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::program::{Home, Said, said};
use crate::{SOUND, STORE};

/// Sends SIGINT to a run that has read `input` and waits for more.
fn interrupted(home: &Home, arguments: &[&str], input: &str) -> Said {
    // Until the program listens for signals, they end it by themselves: then again, with more
    // patience.
    for patience in [300, 1000, 5000, 20_000] {
        let said = interrupt(home, arguments, input, Duration::from_millis(patience));
        if said.code >= 0 {
            return said;
        }
    }
    panic!("{arguments:?} does not listen")
}

fn interrupt(home: &Home, arguments: &[&str], input: &str, patience: Duration) -> Said {
    signalled("-INT", home, arguments, input, patience)
}

/// Sends a signal to a run that has read `input` and waits for more.
fn signalled(
    signal: &str,
    home: &Home,
    arguments: &[&str],
    input: &str,
    patience: Duration,
) -> Said {
    let mut child = home.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(input.as_bytes()).unwrap();
    std::thread::sleep(patience);
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > Duration::from_secs(30) {
            child.kill().unwrap();
            panic!("{arguments:?} waits on");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(pipe);
    said(&child.wait_with_output().unwrap())
}

/// What has begun nothing needs no tidying: the signal ends it by itself. SIGTERM, as a shell lets
/// what it runs in the background ignore SIGINT.
#[test]
fn a_signal_ends_a_wait_for_a_query_or_a_request() {
    let home = Home::with_store(STORE);
    for arguments in [&["query", "-"][..], &["check", "--options", "-", "scores.tsv"]] {
        let said = signalled("-TERM", &home, arguments, "", Duration::from_secs(1));
        assert_eq!((said.code, said.out.as_str()), (-1, ""), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn the_first_signal_ends_a_run_that_waits_for_its_input() {
    let home = Home::with_store(STORE);
    let long = SOUND.repeat(4000);
    for arguments in [&["check", "-"][..], &["infer", "-"], &["import", "-", "--store", STORE]] {
        for input in ["", SOUND, &long] {
            let said = interrupted(&home, arguments, input);
            assert_eq!((said.code, said.out.as_str()), (130, ""), "{arguments:?}: {}", said.err);
            assert!(said.err.starts_with("error: interrupted"), "{arguments:?}: {}", said.err);
        }
    }
    for job in home.json(&["job", "list", "--json"])["annotationImportJobs"].as_array().unwrap() {
        assert_eq!(job["status"], "CANCELLED", "{job}");
    }
    assert!(home.files("data").is_empty() && home.files("staging").is_empty());
}
