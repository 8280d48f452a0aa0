//! What is known about a FASTA file.

use std::fs::Metadata;
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use crate::read::bgzf::BlockStart;
use crate::read::source::hex;

/// Where the bases of a contig lie. Offsets are those of the inflated text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contig {
    /// The name: what stands between `>` and the first blank.
    pub name: String,
    /// Its bases.
    pub length: u64,
    /// The byte of the first base.
    pub offset: u64,
    /// Bases of a line; the last line may have fewer.
    pub line_bases: u64,
    /// Bytes of a line with its end.
    pub line_width: u64,
    /// The MD5 of the bases in upper case, in hex, as in refget and in the `M5` of a SAM header;
    /// empty where it was not asked for.
    pub md5: String,
}

/// The layout of a FASTA file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FastaIndex {
    /// The contigs, in the order of the file.
    pub contigs: Vec<Contig>,
    /// Where the blocks of a BGZF file begin, and at last where it ends; none for a plain file.
    pub blocks: Option<Vec<BlockStart>>,
    /// The file as it was found.
    pub stamp: Stamp,
}

/// What changes when a file is written: a cheap look before a thorough one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The size in bytes.
    pub bytes: u64,
    /// When it was last changed, in nanoseconds since 1970; 0 where the system does not tell.
    pub modified: i64,
}

impl Stamp {
    /// The stamp of an open file.
    pub fn of(metadata: &Metadata) -> Self {
        let since = metadata.modified().ok().and_then(|it| it.duration_since(UNIX_EPOCH).ok());
        let modified = since.and_then(|it| i64::try_from(it.as_nanos()).ok()).unwrap_or_default();
        Self { bytes: metadata.len(), modified }
    }
}

impl FastaIndex {
    /// The SHA-256, in hex, of the lines `NAME TAB LENGTH TAB MD5` of all contigs: the same for the
    /// same sequences, however the file is wrapped or compressed.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for it in &self.contigs {
            digest.update(format!("{}\t{}\t{}\n", it.name, it.length, it.md5));
        }
        hex(&digest.finalize())
    }

    /// The bases of all contigs.
    pub fn bases(&self) -> u64 {
        self.contigs.iter().map(|it| it.length).sum()
    }
}
