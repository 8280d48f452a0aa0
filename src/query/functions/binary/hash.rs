//! Hashes of bytes.

use hmac::{Hmac, Mac as _};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use twox_hash::XxHash64;

use crate::query::rows::by_row;
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[
    &MD5,
    &SHA1,
    &SHA256,
    &SHA512,
    &HMAC_MD5,
    &HMAC_SHA1,
    &HMAC_SHA256,
    &HMAC_SHA512,
    &CRC32,
    &XXHASH64,
    &MURMUR3,
];

/// `md5(bytes)`: 16 bytes.
pub static MD5: ScalarFunction = by_row!("md5", |bytes: &[u8]| -> Vec<u8> { digest::<Md5>(bytes) });

/// `sha1(bytes)`: 20 bytes.
pub static SHA1: ScalarFunction =
    by_row!("sha1", |bytes: &[u8]| -> Vec<u8> { digest::<Sha1>(bytes) });

/// `sha256(bytes)`: 32 bytes.
pub static SHA256: ScalarFunction =
    by_row!("sha256", |bytes: &[u8]| -> Vec<u8> { digest::<Sha256>(bytes) });

/// `sha512(bytes)`: 64 bytes.
pub static SHA512: ScalarFunction =
    by_row!("sha512", |bytes: &[u8]| -> Vec<u8> { digest::<Sha512>(bytes) });

fn digest<D: Digest>(bytes: &[u8]) -> Vec<u8> {
    D::digest(bytes).to_vec()
}

/// A HMAC of a hash. Keys of all lengths will do, so that there is always one.
macro_rules! hmac {
    ($name:literal, $hash:ty) => {
        by_row!($name, |bytes: &[u8], key: &[u8]| -> Option<Vec<u8>> {
            let mut mac = Hmac::<$hash>::new_from_slice(key).ok()?;
            mac.update(bytes);
            Some(mac.finalize().into_bytes().to_vec())
        })
    };
}

/// `hmac_md5(bytes, key)`
pub static HMAC_MD5: ScalarFunction = hmac!("hmac_md5", Md5);

/// `hmac_sha1(bytes, key)`
pub static HMAC_SHA1: ScalarFunction = hmac!("hmac_sha1", Sha1);

/// `hmac_sha256(bytes, key)`
pub static HMAC_SHA256: ScalarFunction = hmac!("hmac_sha256", Sha256);

/// `hmac_sha512(bytes, key)`
pub static HMAC_SHA512: ScalarFunction = hmac!("hmac_sha512", Sha512);

/// `crc32(bytes)`: zlib's, as a bigint.
pub static CRC32: ScalarFunction = by_row!("crc32", |bytes: &[u8]| -> i64 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum().into()
});

/// `xxhash64(bytes)`: 8 bytes, the highest first.
pub static XXHASH64: ScalarFunction = by_row!("xxhash64", |bytes: &[u8]| -> Vec<u8> {
    XxHash64::oneshot(0, bytes).to_be_bytes().to_vec()
});

/// `murmur3(bytes)`: 16 bytes, of the variant for 64-bit machines.
pub static MURMUR3: ScalarFunction = by_row!("murmur3", |bytes: &[u8]| -> Vec<u8> {
    const FACTORS: [u64; 2] = [0x87c3_7b91_1142_53d5, 0x4cf5_ad43_2745_937f];
    let mixed = |word: u64, [first, second]: [u64; 2], turn: u32| {
        word.wrapping_mul(first).rotate_left(turn).wrapping_mul(second)
    };
    let [forth, back] = [FACTORS, [FACTORS[1], FACTORS[0]]];
    let (mut low, mut high) = (0_u64, 0_u64);
    for sixteen in bytes.chunks(16) {
        let mut block = [0; 16];
        block[..sixteen.len()].copy_from_slice(sixteen);
        let (first, second) = (word(&block[..8]), word(&block[8..]));
        low ^= mixed(first, forth, 31);
        if sixteen.len() == 16 {
            low = low.rotate_left(27).wrapping_add(high);
            low = low.wrapping_mul(5).wrapping_add(0x52dc_e729);
        }
        high ^= mixed(second, back, 33);
        if sixteen.len() == 16 {
            high = high.rotate_left(31).wrapping_add(low);
            high = high.wrapping_mul(5).wrapping_add(0x3849_5ab5);
        }
    }
    let length = bytes.len() as u64;
    (low, high) = (low ^ length, high ^ length);
    low = low.wrapping_add(high);
    high = high.wrapping_add(low);
    (low, high) = (spread(low), spread(high));
    low = low.wrapping_add(high);
    high = high.wrapping_add(low);
    [low.to_le_bytes(), high.to_le_bytes()].concat()
});

/// The lowest byte first.
fn word(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, it| word << 8 | u64::from(*it))
}

/// Lets every bit of a word have a say in all of them.
fn spread(mut word: u64) -> u64 {
    for factor in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53] {
        word = (word ^ word >> 33).wrapping_mul(factor);
    }
    word ^ word >> 33
}
