//! The blocks of a page that are marked `console`: commands behind `$ `, and what they print, where
//! a line `...` stands for any lines. Those marked `sh` show commands that need more than the
//! repository has; the program has to know their flags.

use std::fs;
use std::thread;

use super::{Folder, is_updating, pages, root, text};

/// Pages that are run at once.
const THREADS: usize = 4;
/// Units behind figures that differ from run to run.
const UNITS: [&str; 5] = ["s", "B", "kB", "MB", "MiB"];

#[test]
fn every_session_prints_what_it_says() {
    let pages = pages();
    let run = |page: &String| if is_updating() { update(page) } else { check(page) };
    let counts: Vec<(&String, Result<usize, String>)> = thread::scope(|scope| {
        let parts: Vec<_> = (0..THREADS)
            .map(|first| {
                let part = pages.iter().skip(first).step_by(THREADS);
                scope.spawn(move || part.map(|page| (page, run(page))).collect::<Vec<_>>())
            })
            .collect();
        parts.into_iter().flat_map(|it| it.join().unwrap()).collect()
    });
    let wrong: Vec<_> = counts.iter().filter_map(|it| it.1.clone().err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let of = |page: &str| counts.iter().find(|it| it.0 == page).unwrap().1.clone().unwrap();
    assert!(of("README.md") >= 5);
    assert!(pages.iter().map(|it| of(it)).sum::<usize>() > 100);
}

#[test]
fn the_program_knows_every_flag_that_is_shown() {
    let folder = Folder::new();
    let mut known = 0;
    for page in pages() {
        for command in blocks(&text(&page), "sh").iter().flat_map(|it| commands(it)) {
            let Some(arguments) = own(&command) else { continue };
            let said = folder.run(&format!("annostore {arguments} --help > /dev/null"));
            assert!(said.is_empty(), "{page}: {command}\n{said}");
            known += 1;
        }
    }
    assert!(known > 10, "{known}");
}

/// Runs the sessions of a page; how many commands they have, or the first that is not true.
fn check(page: &str) -> Result<usize, String> {
    let folder = Folder::new();
    let mut count = 0;
    transform(&text(page), |command, expected| {
        count += 1;
        let printed = folder.run(command);
        if fits(&settled(&printed), &settled(expected)) {
            return Ok(expected.to_owned());
        }
        Err(format!("{page}: $ {command}\n{printed}\nis not\n{expected}"))
    })?;
    Ok(count)
}

/// Puts what commands print now into a page where it is not what stands there.
fn update(page: &str) -> Result<usize, String> {
    let folder = Folder::new();
    let mut count = 0;
    let before = text(page);
    let now = transform(&before, |command, expected| {
        count += 1;
        let printed = folder.run(command);
        let stays = fits(&settled(&printed), &settled(expected));
        Ok(if stays { expected.to_owned() } else { printed })
    })?;
    if now != before {
        fs::write(root().join(page), now).unwrap();
    }
    Ok(count)
}

/// A page with the output of each command replaced by what the function makes of both.
fn transform(
    page: &str,
    mut output: impl FnMut(&str, &str) -> Result<String, String>,
) -> Result<String, String> {
    let mut made = String::new();
    let mut lines = page.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        made += line;
        if line != "```console\n" {
            continue;
        }
        while let Some(first) = lines.next_if(|it| it.starts_with("$ ")) {
            let mut command = first["$ ".len()..].to_owned();
            while is_open(&command) {
                command += lines.next().ok_or_else(|| format!("{command} does not end"))?;
            }
            made += "$ ";
            made += &command;
            let is_output = |it: &&str| !it.starts_with("$ ") && *it != "```\n";
            let expected: String = std::iter::from_fn(|| lines.next_if(is_output)).collect();
            made += &output(command.trim_end(), &expected)?;
        }
    }
    Ok(made)
}

/// Whether a command goes on in the next line: behind a backslash, within quotes, or in the text of
/// a here-document, which ends in a line `END`.
fn is_open(command: &str) -> bool {
    let (first, rest) = command.split_once('\n').unwrap_or((command, ""));
    if first.contains("<<'END'") {
        return !rest.lines().any(|it| it == "END");
    }
    command.trim_end_matches('\n').ends_with('\\') || shell_words::split(command).is_err()
}

/// The text without what differs from run to run: ids, times, how long something took, and how
/// large it became.
fn settled(text: &str) -> String {
    let line = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let next = |at: usize| words.get(at + 1).map_or("", |it| it.trim_matches([',', ';', ')']));
        let settled = words.iter().enumerate().map(|(at, word)| {
            let bare = word.trim_matches(|it: char| !it.is_ascii_alphanumeric());
            let id = bare.split('/').any(|it| it.len() == 36 && it.matches('-').count() == 4);
            let time = bare.ends_with('Z') && bare.contains('T') && bare.contains(':');
            let measured = bare.parse::<f64>().is_ok() && UNITS.contains(&next(at));
            if id || time || measured { "#" } else { *word }
        });
        settled.collect::<Vec<_>>().join(" ") + "\n"
    };
    text.lines().map(line).collect()
}

/// Whether a text is as expected, where `...` stands for any lines.
fn fits(text: &str, expected: &str) -> bool {
    let Some((begin, rest)) = expected.split_once("...\n") else { return text == expected };
    let Some(mut text) = text.strip_prefix(begin) else { return false };
    let mut parts = rest.split("...\n").peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    true
}

/// The blocks of a page with this mark.
fn blocks(page: &str, mark: &str) -> Vec<String> {
    let begin = format!("```{mark}\n");
    let blocks = page.split(&begin).skip(1);
    blocks.map(|it| it.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// The commands of a block, those of several lines whole.
fn commands(block: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut command = String::new();
    for line in block.split_inclusive('\n') {
        command += line;
        if !is_open(&command) {
            commands.push(std::mem::take(&mut command));
        }
    }
    commands
}

/// The arguments of a command that is the program itself, as a shell takes them; none of others.
fn own(command: &str) -> Option<String> {
    let arguments = command.strip_prefix("annostore ")?.replace("\\\n", " ");
    let mut words = shell_words::split(&arguments).unwrap();
    let is_end = |it: &String| ["|", ">", "2>", "&", "&&", "||"].contains(&it.as_str());
    words.truncate(words.iter().position(is_end).unwrap_or(words.len()));
    Some(shell_words::join(words))
}

#[test]
fn a_wrong_answer_is_seen() {
    let page =
        "text\n```console\n$ echo a; echo \\\n b\na\n...\n$ cat <<'END'\n$ x \"\nEND\n$ x\n```\n";
    let mut seen = Vec::new();
    let same = transform(page, |command, expected| {
        seen.push((command.to_owned(), expected.to_owned()));
        Ok(expected.to_owned())
    });
    assert_eq!(same.unwrap(), page);
    let commands = ["echo a; echo \\\n b", "cat <<'END'\n$ x \"\nEND"].map(str::to_owned);
    assert_eq!(seen.iter().map(|it| it.0.clone()).collect::<Vec<_>>()[..2], commands);
    assert!(fits("a\nb\n", "a\n...\n") && fits("a\nb\nc\n", "a\n...\nc\n"));
    assert!(!fits("a\nb\n", "a\n") && !fits("a\nb\n", "...\nc\n") && !fits("a\n", "a\nb\n"));
    assert_eq!(settled("10 rows in 0.25 s (1.5, 2)"), "10 rows in # s (1.5, 2)\n");
}
