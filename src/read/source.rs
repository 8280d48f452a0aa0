//! Where bytes come from: a file or standard input; plain, gzip or BGZF, text or BCF, told apart by
//! content.

use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::bcf::{self, Bcf, Placed};
use super::bgzf::{self, BlockReader};
use super::chunk::Text;
use super::gzip::{self, Members};
use super::input::{cannot_open, open_file};
use super::ordered::ordered;
use super::pipe::{Meter, Pipe};
use super::recognize::{Content, PEEKED, foreign_content, is_bcf};
use super::texts::{Guarded, Reads, fill};
use crate::model::{Error, ErrorKind, Result};

pub use super::input::{Input, Object};

/// How an input is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    Plain,
    /// As one or more gzip members, to be inflated from front to back.
    Gzip,
    /// In independent gzip blocks with an end-of-file block.
    Bgzf,
}

impl Compression {
    /// As reports spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "none",
            Self::Gzip => "gzip",
            Self::Bgzf => "bgzf",
        }
    }
}

/// What is known of an input before it is read.
#[derive(Clone, Debug)]
pub struct About {
    /// What findings and errors call it.
    pub name: String,
    /// How it is compressed, by its content.
    pub compression: Compression,
    /// Whether it is BCF, and its lines are those that its records stand for.
    pub is_bcf: bool,
    /// Tells, once the last text was read, whether this was plain gzip of several members: nothing
    /// shows that such a file was cut between two of them.
    pub several_members: Arc<AtomicBool>,
    /// Tells, once the last text was read, whether the end-of-file block of BGZF is missing. Only
    /// where the input was opened so is that no error.
    pub missing_end: Arc<AtomicBool>,
}

impl About {
    /// Text of a name and a compression, of which nothing else is known yet.
    pub fn of(name: &str, compression: Compression) -> Self {
        Self {
            name: name.to_owned(),
            compression,
            is_bcf: false,
            several_members: Arc::default(),
            missing_end: Arc::default(),
        }
    }
}

/// An input whose first bytes have been looked at.
pub struct Source {
    about: About,
    input: Box<dyn Read + Send>,
    digest: Arc<Mutex<Hashed>>,
    hashing: Arc<AtomicBool>,
    /// What was inflated already, in the place of `input`.
    inflated: Option<Texts>,
    /// Whether the end-of-file block of BGZF may be missing.
    may_lack_end: bool,
}

/// What an input has of variants.
pub enum VariantInput {
    /// Lines of VCF.
    Lines(Texts),
    /// Records of BCF.
    Records(Box<Bcf>),
}

/// Texts of an input, in order.
pub type Texts = Box<dyn Iterator<Item = Result<Text>> + Send>;

/// The SHA-256 of what has been read of an input, and how much that was; complete once its last
/// text was.
pub struct SourceDigest(Arc<Mutex<Hashed>>);

#[derive(Default)]
struct Hashed {
    digest: Sha256,
    bytes: u64,
}

impl Source {
    /// Opens an input: a path, standard input for `-`, or an object.
    pub fn open(input: impl Into<Input>, meter: &Arc<Meter>) -> Result<Self> {
        Self::open_with(input, meter, Content::Text)
    }

    /// Opens an input that may hold this.
    pub fn open_with(
        input: impl Into<Input>,
        meter: &Arc<Meter>,
        content: Content,
    ) -> Result<Self> {
        Self::begin(&input.into(), meter, content, false)
    }

    /// Opens an input as [`Source::open_with`] does, also where the end-of-file block of BGZF is
    /// missing behind a whole block: [`About::missing_end`] tells.
    pub fn open_without_end(input: &Input, meter: &Arc<Meter>, content: Content) -> Result<Self> {
        Self::begin(input, meter, content, true)
    }

    /// What was made of an input, as if a file of this name and compression had it.
    pub fn of_texts(about: About, texts: Texts) -> Self {
        Self {
            about,
            input: Box::new(io::empty()),
            digest: Arc::default(),
            hashing: Arc::default(),
            inflated: Some(texts),
            may_lack_end: false,
        }
    }

    fn begin(of: &Input, meter: &Arc<Meter>, content: Content, may_lack_end: bool) -> Result<Self> {
        let path = of.name();
        let (mut input, length) = of.open(&meter.stop)?;
        let mut start = Vec::new();
        input
            .by_ref()
            .take(PEEKED as u64)
            .read_to_end(&mut start)
            .map_err(|error| meter.cause(cannot_open(path, &error)))?;
        let compression = compression_of(&start);
        let is_bcf = content == Content::Variants && is_bcf(&start);
        refuse_other_formats(path, &start, content)?;
        if let Some(length) = length {
            meter.bytes_total.fetch_add(length, Ordering::Relaxed);
            if compression == Compression::Bgzf && !may_lack_end {
                check_end_of_file_block(of, length).map_err(|error| error.with("file", path))?;
            }
        }
        let input = Box::new(io::Cursor::new(start).chain(input));
        let (digest, hashing) = (Arc::default(), Arc::default());
        let input = Metered {
            input,
            meter: Arc::clone(meter),
            digest: Arc::clone(&digest),
            hashing: Arc::clone(&hashing),
        };
        let about = About { is_bcf, ..About::of(path, compression) };
        let (input, inflated) = (Box::new(input), None);
        Ok(Self { about, input, digest, hashing, inflated, may_lack_end })
    }

    /// What is known of it so far.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The SHA-256 of the bytes as they lie in the file, computed while they are read. Ask before
    /// reading.
    pub fn digest(&self) -> SourceDigest {
        self.hashing.store(true, Ordering::Relaxed);
        SourceDigest(Arc::clone(&self.digest))
    }

    /// What the extension of the name says wrongly about the compression, as the service goes by
    /// it.
    pub fn disagreement(&self) -> Option<String> {
        let About { name, compression, is_bcf, .. } = &self.about;
        if name == "-" {
            return None;
        }
        let extension = Path::new(name).extension().and_then(|it| it.to_str()).unwrap_or_default();
        let said = match extension.to_ascii_lowercase().as_str() {
            "gz" => "gzip",
            "bgz" => "BGZF",
            "bcf" => "BCF",
            _ => "plain text",
        };
        if *is_bcf {
            let message = "the content is BCF, but the name does not end in `.bcf`";
            return (said != "BCF").then(|| message.to_owned());
        }
        match (said, compression) {
            ("BCF", _) => Some("the name ends in `.bcf`, but the content is text".to_owned()),
            ("gzip" | "BGZF", Compression::Plain) => {
                Some(format!("the name ends in `.{extension}`, but the content is not compressed"))
            }
            ("BGZF", Compression::Gzip) => {
                Some("the name ends in `.bgz`, but the content is plain gzip".to_owned())
            }
            ("plain text", Compression::Gzip | Compression::Bgzf) => {
                let message = "the content is compressed with gzip, \
                               but the name ends neither in `.gz` nor in `.bgz`";
                Some(message.to_owned())
            }
            _ => None,
        }
    }

    /// The inflated texts of the input, with the lines that records of BCF stand for. Errors name
    /// the file.
    pub fn texts(self, pipe: &Pipe) -> Texts {
        let (is_bcf, placed) = (self.about.is_bcf, self.placed(pipe));
        let texts = self.inflated(pipe);
        if is_bcf { bcf::texts(texts, placed, pipe) } else { texts }
    }

    /// What the input has of variants. Errors name the file.
    pub fn variants(self, pipe: &Pipe) -> Result<VariantInput> {
        if !self.about.is_bcf {
            return Ok(VariantInput::Lines(self.texts(pipe)));
        }
        let placed = self.placed(pipe);
        let bcf = Bcf::begin(self.inflated(pipe), placed)?;
        Ok(if bcf.may_look_like_header() {
            VariantInput::Lines(bcf.lines(pipe))
        } else {
            VariantInput::Records(Box::new(bcf))
        })
    }

    /// Says in an error which file it is about. What fails once the run is to stop fails for that.
    fn placed(&self, pipe: &Pipe) -> Placed {
        let (meter, name) = (Arc::clone(&pipe.meter), self.about.name.clone());
        Arc::new(move |error| meter.cause(error).or_with("file", &name))
    }

    /// The inflated bytes of the input. Errors name the file.
    fn inflated(self, pipe: &Pipe) -> Texts {
        let (meter, placed) = (Arc::clone(&pipe.meter), self.placed(pipe));
        if let Some(texts) = self.inflated {
            return Box::new(texts.map(move |it| it.map_err(|error| placed(error))));
        }
        let About { compression, is_bcf, several_members, missing_end, .. } = self.about;
        let bytes = if is_bcf { bcf::piece_bytes(pipe) } else { pipe.chunk_bytes };
        let texts: Texts = match compression {
            Compression::Plain => Box::new(Reads::new(self.input, bytes)),
            Compression::Gzip => {
                let input = BufReader::with_capacity(1 << 18, self.input);
                let input = Members::telling(input, &several_members);
                let texts = Reads::new(input, bytes);
                Box::new(Guarded::new(texts, meter))
            }
            Compression::Bgzf => {
                let mut blocks = BlockReader::new(self.input, bytes);
                if self.may_lack_end {
                    blocks = blocks.telling_missing_end(&missing_end);
                }
                let texts = ordered(&pipe.pool, pipe.window(), blocks, bgzf::Blocks::inflate);
                Box::new(Guarded::new(texts, meter))
            }
        };
        Box::new(texts.map(move |it| it.map_err(|error| placed(error))))
    }
}

impl SourceDigest {
    /// The digest in hex.
    pub fn hex(&self) -> String {
        hex(&self.0.lock().unwrap_or_else(PoisonError::into_inner).digest.clone().finalize())
    }

    /// How many bytes were read.
    pub fn bytes(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }
}

/// The SHA-256 of a file as it lies there, in hex.
pub fn digest_of_file(path: &str, meter: &Meter) -> Result<String> {
    let (mut file, mut digest) = (open_file(Path::new(path))?, Sha256::new());
    let mut buffer = vec![0; 1 << 20];
    loop {
        meter.check()?;
        let count = fill(&mut file, &mut buffer)?;
        if count == 0 {
            return Ok(hex(&digest.finalize()));
        }
        digest.update(&buffer[..count]);
    }
}

/// Bytes as hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn compression_of(start: &[u8]) -> Compression {
    if bgzf::is_bgzf(start) {
        Compression::Bgzf
    } else if start.starts_with(&gzip::MAGIC) || start == [0x1f] {
        // A lone first byte is what is left of a file that was cut.
        Compression::Gzip
    } else {
        Compression::Plain
    }
}

/// Bytes at the end of a BGZF file in which its end is looked for, where something stands behind.
const TAIL: u64 = 1 << 20;

/// Looks for the end-of-file block before anything is read, so that a cut file is known at once and
/// not after an hour.
fn check_end_of_file_block(input: &Input, length: u64) -> Result<()> {
    let mut last = [0; bgzf::END_OF_FILE.len()];
    let at = length.saturating_sub(last.len() as u64);
    let found = input.open_at(at)?.read_exact(&mut last);
    if found.is_ok() && last == bgzf::END_OF_FILE {
        return Ok(());
    }
    let mut tail = Vec::new();
    let from = input.open_at(length.saturating_sub(TAIL));
    // What cannot be read here is told where the whole file is.
    if from.is_ok_and(|it| it.take(TAIL).read_to_end(&mut tail).is_ok())
        && let Some(end) = memchr::memmem::rfind(&tail, &bgzf::END_OF_FILE)
    {
        let behind = &tail[end + bgzf::END_OF_FILE.len()..];
        if behind.iter().all(|it| *it == 0) {
            return Ok(());
        }
        if !behind.starts_with(&gzip::MAGIC) {
            return Err(bgzf::behind_end());
        }
    }
    let message = "the end-of-file block is missing at the end of the BGZF file";
    Err(Error::new(ErrorKind::Unreadable, message).with_help(
        "either the file was cut: copy or download it again; \
         or bytes were added after its end: remove them; \
         or only the block was lost: `annostore fix` adds it",
    ))
}

/// Refuses an empty input and one of a format that is not read.
fn refuse_other_formats(path: &str, start: &[u8], content: Content) -> Result<()> {
    if start.is_empty() {
        return Err(Error::new(ErrorKind::Unreadable, "the file is empty")
            .with("file", path)
            .with_help("check that it was written or downloaded to its end"));
    }
    foreign_content(start, content).map_or(Ok(()), |it| Err(it.refusal(path)))
}

/// Counts and, where asked, hashes what passes through.
struct Metered {
    input: Box<dyn Read + Send>,
    meter: Arc<Meter>,
    digest: Arc<Mutex<Hashed>>,
    hashing: Arc<AtomicBool>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.meter.bytes_read.fetch_add(count as u64, Ordering::Relaxed);
        if self.hashing.load(Ordering::Relaxed) {
            let mut hashed = self.digest.lock().unwrap_or_else(PoisonError::into_inner);
            hashed.digest.update(&buffer[..count]);
            hashed.bytes += count as u64;
        }
        Ok(count)
    }
}
