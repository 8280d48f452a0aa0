//! `annostore sql` at a terminal: the session of docs/prompt.md is true, and keys do what they
//! say. The terminal is that of `script`, and a screen without a window shows what it was sent.
#![cfg(all(feature = "store", target_os = "linux"))]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

#[path = "common/mod.rs"]
mod common;

use std::io::{Read, Write};
use std::num::NonZero;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use common::needs;
use common::program::Home;

const PROMPT: &str = "annostore> ";
const WIDTH: u16 = 100;
const HEIGHT: u16 = 400;

fn lines(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

/// A program at a terminal.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
}

impl Terminal {
    /// `annostore sql` in the folder of a home, on a screen of so many lines.
    fn start(home: &Home, height: u16, arguments: &str) -> Option<Self> {
        if !needs::installed("script") {
            return None;
        }
        let program = env!("CARGO_BIN_EXE_annostore");
        let command = format!("stty cols {WIDTH} rows {height}; exec '{program}' sql {arguments}");
        let mut child = Command::new("script")
            .args(["--quiet", "--return", "--flush", "--command", &command, "/dev/null"])
            .current_dir(home.path().parent().unwrap())
            .env("ANNOSTORE_HOME", home.path())
            .env("XDG_STATE_HOME", home.beside("state"))
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let keys = child.stdin.take().unwrap();
        let mut out = child.stdout.take().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = out.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(lines(HEIGHT), lines(WIDTH), 0);
        Some(Self { child, keys, output, screen })
    }

    fn send(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// The lines of the screen, without blanks at their ends.
    fn lines(&self) -> Vec<String> {
        let screen = self.screen.screen();
        let lines: Vec<_> = screen.rows(0, WIDTH).map(|it| it.trim_end().to_owned()).collect();
        let used = lines.iter().rposition(|it| !it.is_empty()).map_or(0, |it| it + 1);
        lines[..used].to_vec()
    }

    /// Waits until the screen is as asked.
    fn wait(&mut self, what: &str, is_there: impl Fn(&[String]) -> bool) {
        while !is_there(&self.lines()) {
            let Ok(bytes) = self.output.recv_timeout(Duration::from_mins(2)) else {
                panic!("{what} does not come:\n{}", self.lines().join("\n"));
            };
            self.screen.process(&bytes);
        }
    }

    /// Waits for an empty prompt, of which there are so many on the screen by then.
    fn prompt(&mut self, count: usize) {
        self.wait("the prompt", |lines| {
            let prompts = lines.iter().filter(|it| it.starts_with(PROMPT.trim_end())).count();
            prompts == count && lines.last().is_some_and(|it| it == PROMPT.trim_end())
        });
    }

    /// Waits for the end of the program.
    fn end(mut self) {
        loop {
            match self.output.recv_timeout(Duration::from_mins(2)) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the program does not end"),
            }
        }
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn home() -> Home {
    let home = Home::with_store("clinvar");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::os::unix::fs::symlink(root.join("testdata"), home.beside("testdata")).unwrap();
    home.done(["import", "testdata/demo/clinvar.vcf", "--store", "clinvar"]);
    home
}

/// What is typed in a session: what stands behind a prompt, up to the end of its statement.
fn typed(session: &str) -> Vec<String> {
    let mut typed: Vec<String> = Vec::new();
    let mut lines = session.lines();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix(PROMPT) else { continue };
        let mut text = first.to_owned();
        while !text.starts_with(['.', '\\']) && !text.ends_with(';') {
            text.push('\n');
            text.push_str(lines.next().unwrap());
        }
        typed.push(text);
    }
    typed
}

/// A text with ids of jobs, which are others in each run, made of zeros.
fn settled(text: &str) -> String {
    let is_id = |it: &str| {
        let parts: Vec<_> = it.trim_end_matches('…').split('-').collect();
        parts.len() > 3
            && parts[0].len() == 8
            && parts.iter().all(|it| it.bytes().all(|it| it.is_ascii_hexdigit()))
    };
    let zeros = |it: &str| it.replace(|it: char| it.is_ascii_hexdigit(), "0");
    let words = text.split(' ').map(|it| if is_id(it) { zeros(it) } else { it.to_owned() });
    words.collect::<Vec<_>>().join(" ")
}

/// The session of the page is what the screen shows. `UPDATE_EXPECTED=1` puts the screen into the
/// page.
#[test]
fn the_session_of_the_page_is_what_the_terminal_shows() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/prompt.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once("```text\n").unwrap();
    let (session, behind) = rest.split_once("```").unwrap();
    let home = home();
    let Some(mut terminal) = Terminal::start(&home, HEIGHT, "") else { return };
    terminal.prompt(1);
    let inputs = typed(session);
    assert!(inputs.len() > 8);
    for (index, input) in inputs.iter().enumerate() {
        terminal.send(&(input.replace('\n', "\r") + "\r"));
        terminal.prompt(index + 2);
    }
    let shown = settled(&terminal.lines().join("\n")) + "\n";
    terminal.send("\u{4}");
    terminal.end();
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&page, format!("{before}```text\n{shown}```{behind}")).unwrap();
    } else {
        assert_eq!(shown, session);
    }
}

#[test]
fn control_c_ends_what_is_typed_and_what_runs_but_not_the_prompt() {
    let home = home();
    let Some(mut terminal) = Terminal::start(&home, HEIGHT, "") else { return };
    terminal.prompt(1);
    terminal.send("SELECT nonsense\u{3}");
    terminal.prompt(2);
    let tables = ["a", "b", "c", "d", "e", "f"].map(|it| format!("clinvar {it}")).join(", ");
    terminal.send(&format!("SELECT count(random()) FROM {tables};\r"));
    terminal.wait("the statement", |lines| lines.last().is_some_and(|it| it.ends_with(" f;")));
    // It may be the line that is dropped, or the statement that ends: either way it is no more.
    std::thread::sleep(Duration::from_millis(500));
    terminal.send("\u{3}");
    terminal.wait("the error", |lines| lines.iter().any(|it| it.contains("interrupted")));
    terminal.prompt(3);
    terminal.send("SELECT 1 + 1 AS two;\r");
    terminal.prompt(4);
    assert!(terminal.lines().contains(&"|   2 |".to_owned()), "{:?}", terminal.lines());
    terminal.send("exit\r");
    terminal.end();
}

#[test]
fn an_unnest_that_was_ended_leaves_its_thread_to_the_next_statement() {
    let home = home();
    let Some(mut terminal) = Terminal::start(&home, HEIGHT, "") else { return };
    terminal.prompt(1);
    let lists =
        ["a", "b", "c"].map(|it| format!("UNNEST(sequence(1, 10000)) AS {it}(x)")).join(", ");
    terminal.send(&format!("SELECT max(a.x * b.x + c.x) FROM {lists};\r"));
    std::thread::sleep(Duration::from_millis(1500));
    terminal.send("\u{3}");
    terminal.prompt(2);
    terminal.send("SELECT 1 + 1 AS two;\r");
    terminal.prompt(3);
    assert!(terminal.lines().contains(&"|   2 |".to_owned()), "{:?}", terminal.lines());
    terminal.send("\u{4}");
    terminal.end();
}

#[test]
fn tab_completes_names_and_the_history_is_ones_own() {
    let home = home();
    let Some(mut terminal) = Terminal::start(&home, HEIGHT, "") else { return };
    terminal.prompt(1);
    terminal.send("SELECT count(*) AS n FROM cli\tWHERE attributes['CLNSIG\tIS NULL;\r");
    terminal.prompt(2);
    let line = "annostore> SELECT count(*) AS n FROM clinvarWHERE attributes['CLNSIG']IS NULL;";
    assert!(terminal.lines().iter().any(|it| it == line), "{:?}", terminal.lines());
    terminal.send("\u{4}");
    terminal.end();
    let history = home.beside("state/annostore/history");
    assert_eq!(std::fs::metadata(&history).unwrap().permissions().mode() & 0o777, 0o600);
    let Some(mut terminal) = Terminal::start(&home, HEIGHT, "") else { return };
    terminal.prompt(1);
    terminal.send("\u{10}");
    terminal.wait("the statement of before", |lines| lines.last().is_some_and(|it| it == line));
    terminal.send("\u{3}");
    terminal.prompt(2);
    terminal.send("\u{4}");
    terminal.end();
}

#[test]
fn an_answer_longer_than_the_screen_goes_through_the_pager() {
    let home = home();
    let Some(mut terminal) = Terminal::start(&home, 20, "") else { return };
    terminal.prompt(1);
    terminal.send("SELECT start FROM clinvar;\r");
    // `less` shows a page, and its own prompt below.
    terminal.wait("a page", |lines| lines.last().is_some_and(|it| it == ":"));
    terminal.send("q");
    terminal.wait("the prompt", |lines| lines.last().is_some_and(|it| it == PROMPT.trim_end()));
    terminal.send("\u{4}");
    terminal.end();
}
