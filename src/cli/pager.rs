//! Answers that are longer than the screen go through a pager.

use std::env;
use std::io::{self, IsTerminal, Stdout, Write};
use std::process::{Child, Command, Stdio};

use terminal_size::terminal_size;

/// The columns and lines of the terminal on standard output.
pub fn screen() -> Option<(usize, usize)> {
    let (width, height) = terminal_size()?;
    io::stdout().is_terminal().then_some((width.0.into(), height.0.into()))
}

/// The words of the person's pager: `ANNOSTORE_PAGER`, `PAGER` or `less`; none where it is said to
/// be nothing, or where nobody could use one.
pub fn chosen() -> Option<Vec<String>> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return None;
    }
    let said = env::var("ANNOSTORE_PAGER").or_else(|_| env::var("PAGER"));
    let words = shell_words::split(&said.unwrap_or_else(|_| "less".to_owned())).ok()?;
    words.first().is_some_and(|it| it != "cat").then_some(words)
}

/// Bytes that wait for the end of the screen at most.
const HELD: usize = 1 << 20;

/// Standard output until more comes than the screen has room for; a pager from then on.
pub struct Paged {
    words: Vec<String>,
    lines_left: usize,
    out: Out,
}

enum Out {
    /// What may still fit the screen.
    Held(Vec<u8>),
    Pager(Child),
    /// There is no pager.
    Screen(Stdout),
}

impl Paged {
    /// For a screen of so many lines, of which the last ones are for what stands below the answer.
    pub fn new(words: Vec<String>, lines: usize) -> Self {
        Self { words, lines_left: lines.saturating_sub(3), out: Out::Held(Vec::new()) }
    }

    fn start(&mut self, held: &[u8]) -> io::Result<()> {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).stdin(Stdio::piped());
        if env::var_os("LESS").is_none() {
            // Ends where all fits the screen, leaves what it showed, and does not fold lines.
            command.env("LESS", "FRSX");
        }
        self.out = match command.spawn() {
            Ok(pager) => Out::Pager(pager),
            Err(_) => Out::Screen(io::stdout()),
        };
        self.write_all(held)
    }
}

impl Write for Paged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Out::Screen(out) => out.write(bytes),
            Out::Pager(pager) => match &mut pager.stdin {
                Some(pipe) => pipe.write(bytes),
                None => Err(io::ErrorKind::BrokenPipe.into()),
            },
            Out::Held(held) => {
                held.extend_from_slice(bytes);
                let lines = memchr::memchr_iter(b'\n', bytes).count();
                if lines <= self.lines_left && held.len() <= HELD {
                    self.lines_left -= lines;
                } else {
                    let held = std::mem::take(held);
                    self.start(&held)?;
                }
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::Screen(out) => out.flush(),
            _ => Ok(()),
        }
    }
}

impl Drop for Paged {
    fn drop(&mut self) {
        match &mut self.out {
            Out::Held(held) => {
                let mut out = io::stdout();
                // Whoever reads a terminal that is gone reads no message either.
                let _ = out.write_all(held).and_then(|()| out.flush());
            }
            Out::Pager(pager) => {
                drop(pager.stdin.take());
                let _ = pager.wait();
            }
            Out::Screen(_) => {}
        }
    }
}
