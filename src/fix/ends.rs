//! What the first line of a file ends in.

use crate::model::Result;
use crate::read::chunk::MAX_LINE;
use crate::read::source::Texts;

/// Whether the first line of some texts ends in CR alone, and the texts. CRLF and CR CR LF are no
/// such ends.
pub fn ends_in_cr(mut texts: Texts) -> Result<(bool, Texts)> {
    let (mut first, mut held) = (Vec::new(), 0);
    let mut seen = FirstEnd::Nothing;
    while !matches!(seen, FirstEnd::Ends(_)) && held <= MAX_LINE {
        let Some(text) = texts.next().transpose()? else { break };
        held += text.bytes().len();
        seen = seen.after(text.bytes());
        first.push(Ok(text));
    }
    let is_cr = matches!(seen, FirstEnd::Ends(true) | FirstEnd::Returns(_));
    Ok((is_cr, Box::new(first.into_iter().chain(texts))))
}

/// What has been seen of the end of the first line.
#[derive(Clone, Copy)]
enum FirstEnd {
    Nothing,
    /// So many CR, the last bytes so far.
    Returns(u8),
    /// The end, and whether it is CR alone.
    Ends(bool),
}

impl FirstEnd {
    fn after(mut self, text: &[u8]) -> Self {
        let from = match self {
            Self::Nothing => memchr::memchr2(b'\n', b'\r', text).unwrap_or(text.len()),
            _ => 0,
        };
        for byte in &text[from..] {
            self = match (self, byte) {
                (Self::Nothing, b'\r') => Self::Returns(1),
                (Self::Returns(1), b'\r') => Self::Returns(2),
                (Self::Nothing | Self::Returns(_), b'\n') => Self::Ends(false),
                _ => Self::Ends(true),
            };
            if matches!(self, Self::Ends(_)) {
                break;
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::chunk::Text;

    #[test]
    fn the_first_end_tells_however_the_file_is_cut() {
        for (file, expected) in [
            ("a\nb\r", false),
            ("a\rb\n", true),
            ("a\r", true),
            ("a\r\nb\r", false),
            ("a\r\r\n", false),
            ("a\r\rb", true),
            ("\r\r\r\n", true),
            ("a", false),
            ("", false),
        ] {
            for size in 1..5 {
                let pieces: Vec<_> = file.as_bytes().chunks(size).map(Text::copied).collect();
                let (found, texts) = ends_in_cr(Box::new(pieces.into_iter().map(Ok))).unwrap();
                assert_eq!(found, expected, "{file:?}");
                let all: Vec<u8> = texts.flat_map(|it| it.unwrap().bytes().to_vec()).collect();
                assert_eq!(all, file.as_bytes());
            }
        }
    }
}
