//! Text in a page: what stands for itself, and what a terminal would colour.

/// A text as it stands in a page, also within quotation marks.
pub fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    text.chars().for_each(|it| push(&mut shown, it));
    shown
}

fn push(shown: &mut String, letter: char) {
    match letter {
        '&' => shown.push_str("&amp;"),
        '<' => shown.push_str("&lt;"),
        '>' => shown.push_str("&gt;"),
        '"' => shown.push_str("&quot;"),
        '\'' => shown.push_str("&#39;"),
        letter => shown.push(letter),
    }
}

/// A drawing for a terminal as one for a page: its colours become classes.
pub fn of_terminal(drawing: &str) -> String {
    let (mut shown, mut style) = (String::with_capacity(2 * drawing.len()), Style::default());
    let mut pieces = drawing.split("\x1b[");
    pieces.next().into_iter().for_each(|it| shown.push_str(&escaped(it)));
    for piece in pieces {
        let (codes, text) = piece.split_once('m').unwrap_or(("", piece));
        style.take(codes);
        let text = escaped(text);
        match style.classes() {
            _ if text.is_empty() => {}
            classes if classes.is_empty() => shown.push_str(&text),
            classes => shown.push_str(&format!("<span class=\"{classes}\">{text}</span>")),
        }
    }
    shown
}

/// How the text that follows is drawn.
#[derive(Default)]
struct Style {
    bold: bool,
    /// Which of the 16 colours of a terminal.
    color: Option<u8>,
}

impl Style {
    fn take(&mut self, codes: &str) {
        for code in codes.split(';').map(|it| it.parse().unwrap_or(0_u8)) {
            match code {
                0 => *self = Self::default(),
                1 => self.bold = true,
                30..=37 => self.color = Some(code - 30),
                90..=97 => self.color = Some(code - 90 + 8),
                _ => {}
            }
        }
    }

    fn classes(&self) -> String {
        let color = match self.color.map(|it| it % 8) {
            Some(1) => "error",
            Some(3) => "warning",
            Some(2 | 4 | 6) => "accent",
            Some(_) => "note",
            None => "",
        };
        let bold = if self.bold { "bold" } else { "" };
        [bold, color].join(" ").trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_classes_and_text_stays_text() {
        let drawing = "a<b\x1b[1m\x1b[91merror[X]\x1b[0m: \x1b[1;94m-->\x1b[0m & \"c\"";
        let expected = "a&lt;b<span class=\"bold error\">error[X]</span>: \
                        <span class=\"bold accent\">--&gt;</span> &amp; &quot;c&quot;";
        assert_eq!(of_terminal(drawing), expected);
    }
}
