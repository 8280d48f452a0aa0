//! The text of a file's header, kept byte for byte while the file is read.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};
use sha2::{Digest, Sha256};

use super::source::hex;

/// The most bytes that a compressed header takes. Headers of a million contigs have a third of it.
const MAX_PACKED: usize = 16 << 20;

/// The header of a file: of VCF the lines to `#CHROM`, of TSV those up to the names of the columns,
/// of GFF3 the directives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderText {
    /// SHA-256 of the text, in hex.
    pub sha256: String,
    /// Bytes of the text.
    pub bytes: u64,
    /// Lines of the text.
    pub lines: u64,
    /// The text, compressed (zlib); none where it is too large to be kept.
    pub packed: Option<Vec<u8>>,
}

/// Takes the lines of a header, or lets them pass.
#[derive(Debug, Default)]
pub struct HeaderKeeper(Option<Keeping>);

#[derive(Debug)]
struct Keeping {
    digest: Sha256,
    bytes: u64,
    lines: u64,
    /// A byte order mark, until the first line.
    mark: Vec<u8>,
    /// None once the text is too large.
    packed: Option<ZlibEncoder<Vec<u8>>>,
}

impl HeaderKeeper {
    /// One that keeps what it gets. The default one does not.
    pub fn keeping() -> Self {
        let packed = ZlibEncoder::new(Vec::new(), Compression::default());
        let (digest, packed) = (Sha256::new(), Some(packed));
        Self(Some(Keeping { digest, bytes: 0, lines: 0, mark: Vec::new(), packed }))
    }

    /// Takes the next line, with its break.
    pub fn line(&mut self, line: &[u8]) {
        if let Some(kept) = &mut self.0 {
            kept.line(line);
        }
    }

    /// Takes the byte order mark in front of the first line.
    pub fn mark(&mut self, mark: &[u8]) {
        if let Some(kept) = &mut self.0 {
            kept.mark = mark.to_vec();
        }
    }

    /// The header that the lines are; none where they were not to be kept.
    pub fn finish(self) -> Option<HeaderText> {
        let Keeping { digest, bytes, lines, packed, .. } = self.0?;
        let packed = packed.and_then(|it| it.finish().ok()).filter(|it| it.len() <= MAX_PACKED);
        Some(HeaderText { sha256: hex(&digest.finalize()), bytes, lines, packed })
    }
}

impl Keeping {
    fn line(&mut self, line: &[u8]) {
        self.lines += 1;
        let mark = std::mem::take(&mut self.mark);
        self.bytes(&mark);
        self.bytes(line);
    }

    fn bytes(&mut self, line: &[u8]) {
        self.digest.update(line);
        self.bytes += line.len() as u64;
        let fits = |it: &mut ZlibEncoder<Vec<u8>>| {
            it.write_all(line).is_ok() && it.get_ref().len() <= MAX_PACKED
        };
        self.packed = self.packed.take().and_then(|mut it| fits(&mut it).then_some(it));
    }
}

impl HeaderText {
    /// The header whose whole text is this.
    pub fn of(text: &[u8]) -> Self {
        let mut keeper = HeaderKeeper::keeping();
        text.split_inclusive(|it| *it == b'\n').for_each(|it| keeper.line(it));
        keeper.finish().unwrap_or_else(|| Self {
            sha256: String::new(),
            bytes: 0,
            lines: 0,
            packed: None,
        })
    }

    /// The text; none where it was too large to be kept, or is not the one of the digest.
    pub fn text(&self) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        // The last byte is room to see that there is no more.
        text.try_reserve_exact(usize::try_from(self.bytes).ok()?.checked_add(1)?).ok()?;
        let status = Decompress::new(true)
            .decompress_vec(self.packed.as_ref()?, &mut text, FlushDecompress::Finish)
            .ok()?;
        let whole = status == Status::StreamEnd && hex(&Sha256::digest(&text)) == self.sha256;
        whole.then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(lines: impl Iterator<Item = Vec<u8>>) -> HeaderText {
        let mut keeper = HeaderKeeper::keeping();
        lines.for_each(|it| keeper.line(&it));
        keeper.finish().unwrap()
    }

    #[test]
    fn a_text_comes_back_byte_for_byte() {
        for text in [&b""[..], b"##a\n#CHROM\n", b"\xff\x00no end", b"##x\r\n\r\n"] {
            let header = HeaderText::of(text);
            assert_eq!(header.text().unwrap(), text);
            assert_eq!(header.bytes, text.len() as u64);
        }
        assert_eq!(HeaderText::of(b"a\nb").lines, 2);
        let mut marked = HeaderKeeper::keeping();
        marked.mark(b"\xEF\xBB\xBF");
        marked.line(b"##a\n");
        marked.line(b"#b\n");
        let marked = marked.finish().unwrap();
        assert_eq!(
            (marked.lines, &marked.text().unwrap()[..]),
            (2, "\u{FEFF}##a\n#b\n".as_bytes())
        );
        assert_eq!(HeaderKeeper::default().finish(), None);
    }

    #[test]
    fn a_million_contigs_are_kept_and_noise_without_end_is_not() {
        let contig = |it: u32| format!("##contig=<ID=scaffold_{it},length={}>\n", it * 7 % 99_991);
        let large = header((0..1_000_000).map(|it| contig(it).into_bytes()));
        assert!(large.packed.as_ref().unwrap().len() < MAX_PACKED / 2);
        assert_eq!(large.text().unwrap().len() as u64, large.bytes);
        let mut state = 1_u64;
        let noise = |_| {
            let line = (0..8192).flat_map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 7).to_le_bytes()
            });
            line.collect::<Vec<_>>()
        };
        let endless = header((0..400).map(noise));
        assert_eq!((endless.packed.as_ref(), endless.text()), (None, None));
        assert_eq!((endless.bytes, endless.lines), (400 << 16, 400));
    }

    #[test]
    fn a_text_that_is_not_its_digest_s_is_none() {
        let whole = HeaderText::of(b"##a\n");
        let other = HeaderText { packed: HeaderText::of(b"##b\n").packed, ..whole.clone() };
        let longer = HeaderText { packed: HeaderText::of(b"##a\n##b\n").packed, ..whole.clone() };
        let cut = HeaderText { packed: whole.packed.map(|it| it[..3].to_vec()), ..longer.clone() };
        for it in [other, longer, cut] {
            assert_eq!(it.text(), None);
        }
    }
}
