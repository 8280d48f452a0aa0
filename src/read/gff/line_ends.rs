//! Lines that end in CR alone, as old exports have them: the service takes them, too.

use crate::model::Result;
use crate::read::chunk::MAX_LINE;
use crate::read::source::Texts;

/// The texts with newlines in the place of CR, where the first line of the file ends in CR alone.
pub fn as_newlines(texts: Texts) -> Result<Texts> {
    let (ends_in_cr, texts) = ends_in_cr(texts)?;
    if !ends_in_cr {
        return Ok(texts);
    }
    Ok(Box::new(texts.map(|text| {
        let mut text = text?;
        for byte in text.room_mut().iter_mut().filter(|it| **it == b'\r') {
            *byte = b'\n';
        }
        Ok(text)
    })))
}

/// Whether the first line of the file ends in CR alone, and the texts. CR CR LF is such an end, and
/// an empty line behind it.
pub fn ends_in_cr(mut texts: Texts) -> Result<(bool, Texts)> {
    let (mut first, mut held) = (Vec::new(), 0);
    let mut state = Seen::Nothing;
    while matches!(state, Seen::Nothing | Seen::Cr) && held <= MAX_LINE {
        let Some(text) = texts.next().transpose()? else { break };
        held += text.bytes().len();
        state = state.after(text.bytes());
        first.push(Ok(text));
    }
    Ok((matches!(state, Seen::CrAlone | Seen::Cr), Box::new(first.into_iter().chain(texts))))
}

/// What has been seen of the end of the first line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nothing,
    /// A CR, the last byte so far.
    Cr,
    CrAlone,
    Other,
}

impl Seen {
    fn after(self, text: &[u8]) -> Self {
        let (found, next) = if self == Self::Cr {
            (Some(b'\r'), text.first())
        } else {
            let at = memchr::memchr2(b'\n', b'\r', text);
            (at.map(|it| text[it]), at.and_then(|it| text.get(it + 1)))
        };
        match (found, next) {
            (None, _) => Self::Nothing,
            (Some(b'\r'), None) => Self::Cr,
            (Some(b'\r'), Some(next)) if *next != b'\n' => Self::CrAlone,
            _ => Self::Other,
        }
    }
}
