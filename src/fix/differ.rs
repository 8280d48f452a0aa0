//! The changes of a file as a unified diff, written while the file is read.

use std::collections::VecDeque;
use std::io::Write;

use super::lines::{Edit, apply};
use crate::model::{Error, ErrorKind, Result};

/// Lines around a change that do not change.
const CONTEXT: usize = 3;
/// Changed lines after which a diff ends: nobody reads more, and the hunk of a file of which all
/// lines change is in memory.
const MAX_LINES: u64 = 10_000;
/// Bytes of a hunk after which a diff ends.
const MAX_BYTES: usize = 64 << 20;

/// Writes a unified diff of lines that end in LF.
pub struct Differ {
    out: Box<dyn Write + Send>,
    name: String,
    /// The last lines that did not change, while they are no part of the hunk.
    context: VecDeque<Vec<u8>>,
    hunk: Option<Hunk>,
    /// The next lines, from 1.
    old: u64,
    new: u64,
    shown: u64,
    left_out: u64,
}

/// A stretch of the file with changes.
struct Hunk {
    starts: (u64, u64),
    counts: (u64, u64),
    /// Lines at its end that did not change.
    same: usize,
    body: Vec<u8>,
    /// New lines, which stand behind all of the old ones that they follow.
    added: Vec<u8>,
}

impl Differ {
    /// A diff of a file of this name.
    pub fn new(out: Box<dyn Write + Send>, name: &str) -> Self {
        Self {
            out,
            name: name.to_owned(),
            context: VecDeque::new(),
            hunk: None,
            old: 1,
            new: 1,
            shown: 0,
            left_out: 0,
        }
    }

    /// Takes the next whole lines as they were, and their changes.
    pub fn push(&mut self, text: &[u8], edits: &[Edit]) -> Result<()> {
        let (mut done, mut next) = (0, 0);
        while let Some(first) = edits.get(next) {
            let before = &text[..first.place.start];
            let start = memchr::memrchr(b'\n', before).map_or(0, |it| it + 1).max(done);
            let mut end = end_of_lines(text, start, first);
            let from = next;
            next += 1;
            while let Some(more) = edits.get(next).filter(|it| it.place.start < end) {
                end = end.max(end_of_lines(text, start, more));
                next += 1;
            }
            self.same(&text[done..start])?;
            let moved = |it: &Edit| Edit {
                place: it.place.start - start..it.place.end - start,
                with: it.with.clone(),
            };
            let mut new = Vec::new();
            let edits: Vec<Edit> = edits[from..next].iter().map(moved).collect();
            apply(&mut new, &text[start..end], &edits);
            self.changed(&text[start..end], &new)?;
            done = end;
        }
        self.same(&text[done..])
    }

    /// Ends the diff, and says how many changed lines it leaves out.
    pub fn finish(mut self) -> Result<u64> {
        self.end_hunk()?;
        self.out.flush().map_err(unwritten)?;
        Ok(self.left_out)
    }

    /// Lines that do not change.
    fn same(&mut self, text: &[u8]) -> Result<()> {
        let mut rest = text;
        while self.hunk.is_some() && !rest.is_empty() {
            let (line, behind) = rest.split_at(first_line(rest));
            rest = behind;
            self.same_line(line)?;
        }
        let start = start_of_last_lines(rest, CONTEXT);
        self.pass(&rest[..start]);
        lines(&rest[start..]).try_for_each(|it| self.same_line(it))
    }

    /// Passes over lines that no hunk shows.
    fn pass(&mut self, text: &[u8]) {
        if !text.is_empty() {
            let count = memchr::memchr_iter(b'\n', text).count() as u64;
            self.old += count;
            self.new += count;
            self.context.clear();
        }
    }

    fn same_line(&mut self, line: &[u8]) -> Result<()> {
        (self.old, self.new) = (self.old + 1, self.new + 1);
        match &mut self.hunk {
            Some(hunk) if hunk.same < CONTEXT => {
                hunk.same(line);
                return Ok(());
            }
            _ => self.context.push_back(line.to_vec()),
        }
        if self.context.len() > CONTEXT {
            self.end_hunk()?;
            self.context.pop_front();
        }
        Ok(())
    }

    /// Lines in the place of others.
    fn changed(&mut self, old: &[u8], new: &[u8]) -> Result<()> {
        let counts = (lines(old).count() as u64, lines(new).count() as u64);
        let changed = counts.0.max(counts.1);
        let held = self.hunk.as_ref().map_or(0, |it| it.body.len() + it.added.len());
        if self.left_out > 0 || self.shown + changed > MAX_LINES || held > MAX_BYTES {
            self.left_out += changed;
            return self.end_hunk();
        }
        self.shown += changed;
        let before = self.context.len() as u64;
        let starts = (self.old - before, self.new - before);
        let hunk = self.hunk.get_or_insert_with(|| Hunk::at(starts));
        self.context.drain(..).for_each(|it| hunk.same(&it));
        hunk.same = 0;
        lines(old).for_each(|it| line(&mut hunk.body, b'-', it));
        lines(new).for_each(|it| line(&mut hunk.added, b'+', it));
        hunk.counts = (hunk.counts.0 + counts.0, hunk.counts.1 + counts.1);
        (self.old, self.new) = (self.old + counts.0, self.new + counts.1);
        Ok(())
    }

    fn end_hunk(&mut self) -> Result<()> {
        let Some(hunk) = self.hunk.take() else { return Ok(()) };
        if !self.name.is_empty() {
            let name = std::mem::take(&mut self.name);
            writeln!(self.out, "--- {name}\n+++ {name}").map_err(unwritten)?;
        }
        let (old, new) = (range(hunk.starts.0, hunk.counts.0), range(hunk.starts.1, hunk.counts.1));
        writeln!(self.out, "@@ -{old} +{new} @@").map_err(unwritten)?;
        self.out.write_all(&hunk.body).map_err(unwritten)?;
        self.out.write_all(&hunk.added).map_err(unwritten)
    }
}

impl Hunk {
    fn at(starts: (u64, u64)) -> Self {
        Self { starts, counts: (0, 0), same: 0, body: Vec::new(), added: Vec::new() }
    }

    fn same(&mut self, text: &[u8]) {
        self.body.append(&mut self.added);
        self.same += 1;
        self.counts = (self.counts.0 + 1, self.counts.1 + 1);
        line(&mut self.body, b' ', text);
    }
}

/// Appends a line with its mark.
fn line(out: &mut Vec<u8>, mark: u8, text: &[u8]) {
    out.push(mark);
    out.extend_from_slice(text);
    if !text.ends_with(b"\n") {
        out.extend_from_slice(b"\n\\ No newline at end of file\n");
    }
}

/// The lines of a hunk as its head names them: those of none stand behind the line before.
fn range(start: u64, count: u64) -> String {
    match count {
        0 => format!("{},0", start - 1),
        1 => format!("{start}"),
        _ => format!("{start},{count}"),
    }
}

/// Where the lines end that an edit is in, of which the first begins at `start`.
fn end_of_lines(text: &[u8], start: usize, edit: &Edit) -> usize {
    let end = edit.place.end;
    let is_insertion = edit.place.is_empty() && end == start && edit.with.ends_with(b"\n");
    if is_insertion && end < text.len() || end > start && text[end - 1] == b'\n' {
        return end;
    }
    end + first_line(&text[end..])
}

/// Bytes of the first line with its end.
fn first_line(text: &[u8]) -> usize {
    memchr::memchr(b'\n', text).map_or(text.len(), |it| it + 1)
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|it| *it == b'\n')
}

/// Where the last lines begin, of which there are to be so many.
fn start_of_last_lines(text: &[u8], count: usize) -> usize {
    let within = text.len().saturating_sub(1);
    let mut ends = memchr::memrchr_iter(b'\n', &text[..within]);
    ends.nth(count - 1).map_or(0, |it| it + 1)
}

fn unwritten(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Storage, "cannot write the diff").with_source(error)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// The diff of chunks in which each `x` is removed and each `y` becomes `z`; a line `+` is
    /// removed.
    fn diff(chunks: &[&str]) -> (String, u64) {
        let out = Shared::default();
        let mut differ = Differ::new(Box::new(out.clone()), "f");
        for chunk in chunks {
            let mut edits = Vec::new();
            for (at, byte) in chunk.bytes().enumerate() {
                let (end, with) = match byte {
                    b'x' => (at + 1, &b""[..]),
                    b'y' => (at + 1, &b"z"[..]),
                    b'+' => (at + 2, &b""[..]),
                    _ => continue,
                };
                edits.push(Edit { place: at..end, with: Cow::Borrowed(with) });
            }
            differ.push(chunk.as_bytes(), &edits).unwrap();
        }
        let left_out = differ.finish().unwrap();
        let text = out.0.lock().unwrap().clone();
        (String::from_utf8(text).unwrap(), left_out)
    }

    #[test]
    fn hunks_have_three_lines_around_their_changes() {
        let text = "1\n2\n3\n4\n5x\n6\n7\n8\n9\n10\n11\n12y\n";
        let expected = "--- f\n+++ f\n@@ -2,11 +2,11 @@\n 2\n 3\n 4\n-5x\n+5\n 6\n 7\n 8\n 9\n \
                        10\n 11\n-12y\n+12z\n";
        assert_eq!(diff(&[text]).0, expected);
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        assert_eq!(diff(&lines).0, expected, "however it is cut");
        let apart = text.replace("9\n", "9\n9a\n");
        let expected = "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5x\n+5\n 6\n 7\n 8\n\
                        @@ -10,4 +10,4 @@\n 9a\n 10\n 11\n-12y\n+12z\n";
        assert_eq!(diff(&[&apart]).0, expected);
        let lines: Vec<&str> = apart.split_inclusive('\n').collect();
        assert_eq!(diff(&lines).0, expected, "however it is cut");
    }

    #[test]
    fn changes_that_follow_each_other_are_one() {
        let (text, _) = diff(&["ax\nbxy\n+\nc"]);
        let expected = "--- f\n+++ f\n@@ -1,4 +1,3 @@\n-ax\n-bxy\n-+\n+a\n\
                        +bz\n c\n\\ No newline at end of file\n";
        assert_eq!(text, expected);
        assert_eq!(diff(&["a\nb\n"]), (String::new(), 0));
        assert_eq!(diff(&["+\n"]).0, "--- f\n+++ f\n@@ -1 +0,0 @@\n-+\n");
    }

    #[test]
    fn a_diff_ends_where_nobody_reads_on() {
        let many = "x\n".repeat(10_005);
        let (text, left_out) = diff(&[&many]);
        assert_eq!(left_out, 5);
        assert!(text.contains("@@ -1,10000 +1,10000 @@"), "{}", &text[..80]);
    }
}
