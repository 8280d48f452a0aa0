//! The forms that the API asks of texts. Lengths are checked apart, since they are counted in
//! characters.

/// `arn:.+`
pub fn is_arn(text: &str) -> bool {
    text.strip_prefix("arn:").is_some_and(|it| !it.is_empty() && !it.contains('\n'))
}

/// `arn:([^: ]*):([^: ]*):([^: ]*):([0-9]{12}):([^: ]*)`, as the ARN of a role is.
pub fn is_role_arn(text: &str) -> bool {
    begins_arn(text) && text.split(':').count() == 6 && !text.contains(' ')
}

/// An ARN with an account anywhere in the text, with anything behind it, as the ARN of a key is.
pub fn is_key_arn(text: &str) -> bool {
    text.match_indices("arn:").any(|(at, _)| begins_arn(&text[at..])) && !text.contains('\n')
}

/// Whether a text begins with `arn:<partition>:<service>:<region>:<12 digits>:`.
fn begins_arn(text: &str) -> bool {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, _] = parts[..] else { return false };
    arn == "arn"
        && [partition, service, region].iter().all(|it| !it.contains(' '))
        && account.len() == 12
        && account.bytes().all(|it| it.is_ascii_digit())
}

/// `s3://([a-z0-9][a-z0-9-.]{1,61}[a-z0-9])/(.{1,1024})`
pub fn is_s3_address(text: &str) -> bool {
    let Some(address) = text.strip_prefix("s3://") else { return false };
    let (bucket, key) = address.split_once('/').unwrap_or((address, ""));
    let edge = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
    let bytes = bucket.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|it| edge(*it) || matches!(it, b'-' | b'.'))
        && bytes.first().is_some_and(|it| edge(*it))
        && bytes.last().is_some_and(|it| edge(*it))
        && (1..=1024).contains(&key.chars().count())
        && !key.contains('\n')
}

/// `[a-z0-9_]*`, the name of a column.
pub fn is_column_name(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
}

/// `[a-zA-Z0-9_-]+`, the name of a share.
pub fn is_share_name(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'))
}

/// `[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}`
pub fn is_uuid(text: &str) -> bool {
    let hex = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    let lengths = text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    lengths && text.split('-').all(|it| it.bytes().all(hex))
}
