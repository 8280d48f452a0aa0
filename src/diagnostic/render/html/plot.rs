//! Plots as SVG within a page. plotters draws them; colours become classes, so that the page says
//! what they are in light, in dark and on paper.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::escape::escaped;

/// The drawing was not possible. It is made in memory, so that there is no reason for this.
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Pixels of a plot in its width; it is shown narrower where there is less room.
const WIDTH: u32 = 460;
/// Pixels of a plot that has a line for itself.
const WIDE: u32 = 940;
/// Pixels of a row of bars.
const ROW: u32 = 20;
/// Pixels of the axis below.
const AXIS: u32 = 28;
/// The size of letters, as plotters counts it.
const LETTERS: f64 = 15.0;
/// About as wide as a letter is.
const LETTER: u32 = 7;

const INK: RGBColor = RGBColor(0x3b, 0x42, 0x4a);
const GRID: RGBColor = RGBColor(0xd5, 0xda, 0xe0);
const BAR: RGBColor = RGBColor(0x1f, 0x6f, 0xb8);
const GROUND: RGBColor = RGBColor(0xe9, 0xec, 0xef);

/// What plotters calls a colour, and the class that says in the page what it is.
const CLASSES: [(&str, &str); 7] = [
    ("\"#3B424A\"", "ink"),
    ("\"#D5DAE0\"", "grid"),
    ("\"#1F6FB8\"", "bar"),
    ("\"#E9ECEF\"", "ground"),
    ("\"#B42318\"", "error"),
    ("\"#9A6700\"", "warning"),
    ("\"#5B6672\"", "note"),
];

/// How loudly what is drawn speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Notes.
    Note,
    /// Warnings.
    Warning,
    /// Errors.
    Error,
}

impl Tone {
    fn color(self) -> RGBColor {
        match self {
            Self::Note => RGBColor(0x5b, 0x66, 0x72),
            Self::Warning => RGBColor(0x9a, 0x67, 0x00),
            Self::Error => RGBColor(0xb4, 0x23, 0x18),
        }
    }
}

/// A bar that lies beside its name.
pub struct Bar {
    /// What it stands for.
    pub name: String,
    /// How long it is.
    pub value: f64,
    /// What stands at its end.
    pub shown: String,
}

/// Bars one below the other.
pub fn bars(title: &str, bars: &[Bar]) -> String {
    if bars.is_empty() {
        return String::new();
    }
    let greatest = bars.iter().map(|it| it.value).fold(0.0, f64::max);
    let names = label_width(bars.iter().map(|it| it.name.as_str()));
    let values = label_width(bars.iter().map(|it| it.shown.as_str()));
    let height = pixels(bars.len()) * ROW + 4;
    drawn(title, (WIDTH, height), |area| {
        let room = f64::from(WIDTH - names) / f64::from(WIDTH - names - values).max(1.0);
        let mut chart = ChartBuilder::on(area)
            .y_label_area_size(names)
            .build_cartesian_2d(0.0..(greatest * room).max(1e-9), downwards(bars.len()))?;
        chart.draw_series(bars.iter().enumerate().map(|(row, it)| {
            let corners = [(0.0, top(row)), (it.value, top(row + 1))];
            let mut rectangle = Rectangle::new(corners, BAR.filled());
            rectangle.set_margin(3, 3, 0, 0);
            rectangle
        }))?;
        chart.draw_series(
            bars.iter()
                .enumerate()
                .map(|(row, it)| EmptyElement::at((0.0, top(row) + 0.5)) + beside(&it.name)),
        )?;
        let at_end = letters().pos(Pos::new(HPos::Left, VPos::Center));
        chart.draw_series(bars.iter().enumerate().map(|(row, it)| {
            let text = Text::new(it.shown.clone(), (5, 0), at_end.clone());
            EmptyElement::at((it.value, top(row) + 0.5)) + text
        }))?;
        Ok(())
    })
}

/// An axis along rows, the first one at the top.
fn downwards(rows: usize) -> Range<f64> {
    top(rows)..0.0
}

/// Where a row begins.
fn top(row: usize) -> f64 {
    f64::from(pixels(row))
}

/// A name to the left of where it is put.
fn beside(name: &str) -> Text<'static, (i32, i32), String> {
    Text::new(shortened(name), (-6, 0), letters().pos(Pos::new(HPos::Right, VPos::Center)))
}

/// Bars side by side: from where, to where, how high.
pub fn histogram(
    title: &str,
    bars: &[(f64, f64, u64)],
    labels: usize,
    label: &dyn Fn(&f64) -> String,
) -> String {
    // Axes without an extent would have labels without end.
    if bars.is_empty() {
        return String::new();
    }
    let (from, to) =
        bars.iter().fold((f64::MAX, f64::MIN), |(from, to), it| (from.min(it.0), to.max(it.1)));
    let highest = bars.iter().map(|it| it.2).max().unwrap_or_default();
    drawn(title, (WIDTH, 200), |area| {
        let names = label_width([short(float(highest)).as_str()]) + 8;
        let mut chart = ChartBuilder::on(area)
            .margin_top(8)
            .margin_right(16)
            .x_label_area_size(AXIS)
            .y_label_area_size(names.max(36))
            .build_cartesian_2d(from..to, 0.0..float(highest).max(1.0))?;
        let mut mesh = chart.configure_mesh();
        mesh.disable_x_mesh().light_line_style(TRANSPARENT).bold_line_style(GRID).axis_style(GRID);
        mesh.x_labels(labels).x_label_formatter(label);
        mesh.y_labels(5).y_label_formatter(&|it| short(*it));
        mesh.label_style(letters()).set_all_tick_mark_size(4).draw()?;
        let gap = u32::from(bars.len() < 60);
        chart.draw_series(bars.iter().filter(|it| it.2 > 0).map(|(from, to, count)| {
            let corners = [(*from, 0.0), (*to, float(*count))];
            let mut rectangle = Rectangle::new(corners, BAR.filled());
            rectangle.set_margin(0, 0, 0, gap);
            rectangle
        }))?;
        Ok(())
    })
}

/// A row of [`strips`].
pub struct StripRow {
    /// What stands beside it.
    pub name: String,
    /// How far it reaches.
    pub length: u64,
    /// From where, to where, how much; what comes last lies above.
    pub stretches: Vec<(u64, u64, u64, Tone)>,
}

impl StripRow {
    /// Its ground, and what is on it.
    fn drawn(&self, number: usize, longest: f64, most: u64) -> Vec<Rectangle<(f64, f64)>> {
        let strip = |from: f64, to: f64, style: ShapeStyle| {
            let corners = [(from.min(longest), top(number)), (to.min(longest), top(number + 1))];
            let mut rectangle = Rectangle::new(corners, style);
            rectangle.set_margin(3, 3, 0, 0);
            rectangle
        };
        let stretches = joined(&self.stretches, most).into_iter().map(|(from, to, share, tone)| {
            // What is there is seen, however narrow.
            let end = float(to).max(float(from) + longest / 400.0);
            strip(float(from), end, tone.color().mix(share).filled())
        });
        let ground = strip(0.0, float(self.length), GROUND.filled());
        [ground].into_iter().chain(stretches).collect()
    }
}

/// Rows in which more colour is more.
pub fn strips(title: &str, rows: &[StripRow]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let longest = float(rows.iter().map(|it| it.length).max().unwrap_or_default()).max(1.0);
    let most = rows.iter().flat_map(|it| &it.stretches).map(|it| it.2).max().unwrap_or(1);
    let names = label_width(rows.iter().map(|it| it.name.as_str()));
    let height = pixels(rows.len()) * ROW + AXIS;
    drawn(title, (WIDE, height), |area| {
        let mut chart = ChartBuilder::on(area)
            .margin_right(24)
            .x_label_area_size(AXIS)
            .y_label_area_size(names)
            .build_cartesian_2d(0.0..longest, downwards(rows.len()))?;
        let mut mesh = chart.configure_mesh();
        mesh.disable_mesh().disable_y_axis().axis_style(GRID);
        mesh.x_labels(8).x_label_formatter(&|it| short(*it));
        mesh.label_style(letters()).set_all_tick_mark_size(4).draw()?;
        for (number, row) in rows.iter().enumerate() {
            chart.draw_series(row.drawn(number, longest, most))?;
        }
        chart.draw_series(
            rows.iter()
                .enumerate()
                .map(|(row, it)| EmptyElement::at((0.0, top(row) + 0.5)) + beside(&it.name)),
        )?;
        Ok(())
    })
}

/// Stretches with the share of colour that they have; neighbours of one share are one stretch.
fn joined(stretches: &[(u64, u64, u64, Tone)], most: u64) -> Vec<(u64, u64, f64, Tone)> {
    const STEPS: f64 = 4.0;
    let mut found: Vec<(u64, u64, f64, Tone)> = Vec::new();
    for (from, to, count, tone) in stretches.iter().filter(|it| it.2 > 0) {
        let share = (float(*count) + 1.0).ln() / (float(most) + 1.0).ln();
        let share = 0.4 + 0.6 * (share * STEPS).ceil() / STEPS;
        match found.last_mut() {
            Some(it) if it.1 == *from && it.3 == *tone && (it.2 - share).abs() < 1e-9 => it.1 = *to,
            _ => found.push((*from, *to, share, *tone)),
        }
    }
    found
}

/// A number of rows or letters as one of pixels; a plot has few.
fn pixels(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A count as a float, which has room for all that is drawn.
#[allow(clippy::cast_precision_loss)] // a plot shows fewer digits
pub fn float(count: u64) -> f64 {
    count as f64
}

/// A number with few letters: `12.5k`.
pub fn short(number: f64) -> String {
    let (divided, unit) = match number.abs() {
        it if it >= 1e9 => (number / 1e9, "G"),
        it if it >= 1e6 => (number / 1e6, "M"),
        it if it >= 1e4 => (number / 1e3, "k"),
        _ => (number, ""),
    };
    let rounded = (divided * 100.0).round() / 100.0;
    format!("{rounded}{unit}")
}

const LONGEST_NAME: usize = 22;

fn shortened(name: &str) -> String {
    let mut letters = name.chars();
    let mut shown: String = letters.by_ref().take(LONGEST_NAME).collect();
    if letters.next().is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

fn label_width<'a>(names: impl IntoIterator<Item = &'a str>) -> u32 {
    let letters = names.into_iter().map(|it| it.chars().count().min(LONGEST_NAME)).max();
    pixels(letters.unwrap_or_default()) * LETTER + 12
}

fn letters() -> TextStyle<'static> {
    ("sans-serif", LETTERS).into_font().color(&INK)
}

/// Draws, and puts what was drawn in the form that it has in the page.
fn drawn(title: &str, size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> Drawn) -> String {
    let mut text = String::new();
    let done = {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        draw(&area).and_then(|()| area.present())
    };
    let inner = text.split_once('>').map(|it| it.1);
    let (Ok(()), Some(inner)) = (done, inner) else { return String::new() };
    let mut inner = inner.replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "");
    inner = inner.replace(" font-family=\"sans-serif\"", "");
    // In a text, a quotation mark is an escape: only attributes are meant.
    for (color, class) in CLASSES {
        inner = inner.replace(&format!("fill={color}"), &format!("class=\"{class}\""));
        inner = inner.replace(&format!("stroke={color}"), &format!("class=\"line {class}\""));
    }
    let (title, (width, height)) = (escaped(title), size);
    let class = if width == WIDE { "plot wide" } else { "plot" };
    format!(
        "<svg class=\"{class}\" role=\"img\" aria-label=\"{title}\" \
         viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         xmlns=\"http://www.w3.org/2000/svg\"><title>{title}</title>{inner}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_texts_and_colours_are_classes() {
        let bar = |name: &str, value| Bar { name: name.to_owned(), value, shown: "9".to_owned() };
        let svg = bars("a \"<b>\"", &[bar("<i>\"&", 9.0), bar(&"x".repeat(40), 0.0)]);
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(svg.contains("aria-label=\"a &quot;&lt;b&gt;&quot;\""), "{svg}");
        assert!(svg.contains("&lt;i&gt;&quot;&amp;"), "{svg}");
        assert!(svg.contains("class=\"bar\"") && !svg.contains("fill=\"#"), "{svg}");
        assert!(!svg.contains(&"x".repeat(30)), "{svg}");
    }

    #[test]
    fn what_is_alike_side_by_side_is_one_stretch() {
        let stretches = [(0, 4, 9, Tone::Error), (4, 8, 9, Tone::Error), (8, 12, 1, Tone::Error)];
        let found: Vec<_> = joined(&stretches, 9).iter().map(|it| (it.0, it.1)).collect();
        assert_eq!(found, [(0, 8), (8, 12)]);
    }

    #[test]
    fn plots_of_nothing_and_of_the_greatest_numbers_are_drawn() {
        let row = |stretches| StripRow { name: "r".to_owned(), length: u64::MAX, stretches };
        assert_eq!(strips("t", &[]) + &bars("t", &[]) + &histogram("t", &[], 2, &|_| panic!()), "");
        assert!(strips("t", &[row(Vec::new())]).contains("</svg>"));
        assert!(
            strips("t", &[row(vec![(0, u64::MAX, u64::MAX - 1, Tone::Note)])]).contains("note")
        );
        assert!(histogram("t", &[(0.0, 1.0, 0)], 2, &|it| short(*it)).contains("</svg>"));
        assert!(histogram("t", &[(0.0, 1.0, u64::MAX)], 2, &|it| short(*it)).contains("bar"));
        assert_eq!(
            [0.0, 950.0, 12_500.0, 3e6, 2.5e9].map(short),
            ["0", "950", "12.5k", "3M", "2.5G"]
        );
    }
}
