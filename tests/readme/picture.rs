//! The picture of the README: what `annostore check` prints at a terminal, as SVG.

use std::fmt::Write as _;
use std::num::NonZeroU16;

use annostore::check::{self, CheckOptions};
use annostore::diagnostic::render::{self, Style};
use annostore::read::vcf::VcfReading;
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use vt100::{Color, Parser, Screen};

use super::{Folder, is_updating, root, text};

const PICTURE: &str = "docs/images/report.svg";
const COMMAND: &str = "annostore check testdata/demo/mistakes.vcf";
/// Cells of the terminal.
const COLUMNS: u16 = 132;
/// Pixels of a cell.
const CELL: (f32, f32) = (7.8, 18.0);
/// Pixels around the text.
const MARGIN: f32 = 16.0;

#[test]
fn the_picture_is_what_check_prints() {
    let shown = shown();
    let made = picture(&shown);
    if is_updating() {
        std::fs::write(root().join(PICTURE), &made).unwrap();
    } else {
        assert_eq!(text(PICTURE), made, "UPDATE_EXPECTED=1 draws it anew");
    }
    assert!(text("README.md").contains(&format!("]({PICTURE})")));
    let printed = Folder::new().run(COMMAND);
    for line in terminal(&shown).screen().rows(0, COLUMNS) {
        let line = line.trim_end();
        let is_ours = line.starts_with("$ ") || line == "…";
        assert!(is_ours || printed.contains(line), "{line} is not in\n{printed}");
    }
}

/// The command and its report, in the colours of a terminal: the first two findings, the table of
/// rules and the last line, with `…` for what lies between.
fn shown() -> String {
    let (_, path) = COMMAND.rsplit_once(' ').unwrap();
    let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
    let report =
        check::check(path, &pipe, &VcfReading::default(), &CheckOptions::default()).unwrap();
    let (style, mut printed) = (Style { color: true, ..Style::PLAIN }, Vec::new());
    (render::text::FORM.begin)(style).file(&report, &mut printed).unwrap();
    let printed = String::from_utf8(printed).unwrap();
    let parts: Vec<&str> = printed.split("\n\n").collect();
    let table = parts.iter().find(|it| it.contains("rule  ")).unwrap();
    let last = printed.trim_end().lines().last().unwrap();
    let findings = parts[..2].join("\n\n");
    format!("$ {COMMAND}\n{findings}\n\n…\n\n{table}\n\n{last}")
}

/// A terminal with a text, as high as it is.
fn terminal(text: &str) -> Parser {
    let size = |it| NonZeroU16::new(it).unwrap();
    let lines = u16::try_from(text.lines().count()).unwrap();
    let mut terminal = Parser::new(size(lines), size(COLUMNS), 0);
    terminal.process(text.replace('\n', "\r\n").as_bytes());
    terminal
}

/// A text with the colours of a terminal as SVG.
fn picture(text: &str) -> String {
    let terminal = terminal(text);
    let lines = terminal.screen().size().0.get();
    let (width, height) = (CELL.0 * f32::from(COLUMNS), CELL.1 * f32::from(lines));
    let (width, height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{COMMAND}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#16181d\"/>\n\
         <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', \
         monospace\" font-size=\"13\" fill=\"#d6d9e0\" xml:space=\"preserve\">\n"
    );
    for row in 0..lines {
        draw(&mut svg, terminal.screen(), row);
    }
    svg + "</g>\n</svg>\n"
}

/// Adds a line of a screen: a text for each run of cells that look alike, at its place, so that a
/// font of another width moves nothing.
fn draw(svg: &mut String, screen: &Screen, row: u16) {
    let mut runs: Vec<(u16, &'static str, String)> = Vec::new();
    for column in 0..COLUMNS {
        let cell = screen.cell(row, column).unwrap();
        let look = look(cell.fgcolor(), cell.bold());
        let shown = if cell.has_contents() { cell.contents() } else { " " };
        match runs.last_mut() {
            Some(run) if run.1 == look => run.2 += shown,
            _ => runs.push((column, look, shown.to_owned())),
        }
    }
    let y = MARGIN + CELL.1 * (f32::from(row) + 0.75);
    for (column, look, text) in runs {
        let blanks = text.len() - text.trim_start().len();
        let text = text.trim();
        if !text.is_empty() {
            let column = column + u16::try_from(blanks).unwrap();
            let x = MARGIN + CELL.0 * f32::from(column);
            let width = CELL.0 * f32::from(u16::try_from(text.chars().count()).unwrap());
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{width:.1}\"{look}>{text}</text>"
            )
            .unwrap();
        }
    }
}

/// The attributes of a text in a colour of the terminal.
fn look(color: Color, bold: bool) -> &'static str {
    match (color, bold) {
        (Color::Idx(1 | 9), _) => " fill=\"#ff6b6b\" font-weight=\"bold\"",
        (Color::Idx(3 | 11), _) => " fill=\"#ffd166\" font-weight=\"bold\"",
        (Color::Idx(4 | 12), _) => " fill=\"#6ea8fe\" font-weight=\"bold\"",
        (Color::Idx(_) | Color::Rgb(..), _) => " fill=\"#8be9c1\"",
        (Color::Default, true) => " fill=\"#ffffff\" font-weight=\"bold\"",
        (Color::Default, false) => "",
    }
}
