//! Loose objects: a file for each, deflated, with its kind and size before its content.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use libdeflater::{DecompressionError, Decompressor};

use super::Kind;
use super::inflate::{BLOW_UP, Fault};

/// A loose object, as far as it is known before it is decoded.
pub(super) struct Loose {
    /// Which of the folders it is in.
    pub(super) folder: u16,
    /// `None` if its start can't be read.
    pub(super) head: Option<Head>,
    /// Its file, if that is small: so that it is opened once.
    pub(super) file: Option<Box<[u8]>>,
}

/// How the content of a loose object begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: Kind,
    pub(super) size: u64,
    /// Length of the head itself.
    length: usize,
}

/// `commit 18446744073709551615` and the zero byte.
const LONGEST_HEAD: usize = 28;
/// A file of up to this size is kept.
const SMALL: u64 = 64 << 10;

/// The ids of the loose objects of a folder, sorted.
pub(super) fn list(folder: &Path) -> Vec<[u8; 20]> {
    let mut found = Vec::new();
    for fan in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Some(first) = fan.file_name().to_str().and_then(hex::<1>) else { continue };
        for file in fs::read_dir(fan.path()).into_iter().flatten().flatten() {
            if let Some(rest) = file.file_name().to_str().and_then(hex::<19>) {
                let mut id = [0; 20];
                let (start, end) = id.split_at_mut(1);
                start.copy_from_slice(&first);
                end.copy_from_slice(&rest);
                found.push(id);
            }
        }
    }
    found.sort_unstable();
    found
}

/// Bytes written in lower-case hexadecimal, exactly so many.
fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

/// The file of an object in a folder.
pub(super) fn path(folder: &Path, id: &[u8; 20]) -> PathBuf {
    let name: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let (fan, file) = name.split_at(2);
    folder.join(fan).join(file)
}

/// Opens the file of an object, and reads its head; all of it if it is small. Its folder is left for the caller.
pub(super) fn open(path: &Path, inflater: &mut Decompressor) -> Loose {
    let mut loose = Loose { folder: 0, head: None, file: None };
    let Some((file, length)) = regular(path) else { return loose };
    let mut bytes = Vec::new();
    let wanted = if length <= SMALL { SMALL + 1 } else { 512 };
    if file.take(wanted).read_to_end(&mut bytes).is_err() {
        return loose;
    }
    loose.head = head(&bytes, inflater);
    if bytes.len() as u64 == length {
        loose.file = Some(bytes.into_boxed_slice());
    }
    loose
}

fn regular(path: &Path) -> Option<(File, u64)> {
    let about = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some((File::open(path).ok()?, about.len()))
}

/// The head of an object, of which `file` is at least the start.
fn head(file: &[u8], inflater: &mut Decompressor) -> Option<Head> {
    // A stored block (nothing is deflated): two bytes of zlib, one of flags, two lengths of two bytes, then the bytes.
    if file.get(2).is_some_and(|flags| flags & 0b110 == 0) {
        return parse(file.get(7..)?);
    }
    // Whatever there is room for is inflated before the room is found too small, or the rest of the file missing. Should
    // that not be so, nothing is parsed here; and when the object is decoded, its head must be the same.
    let mut start = [0; 64];
    let inflated = match inflater.zlib_decompress(file, &mut start) {
        Ok(length) => start.get(..length)?,
        Err(DecompressionError::InsufficientSpace | DecompressionError::BadData) => &start,
    };
    parse(inflated)
}

/// `blob 12` and a zero byte.
fn parse(bytes: &[u8]) -> Option<Head> {
    let end = memchr::memchr(0, bytes.get(..LONGEST_HEAD.min(bytes.len()))?)?;
    let (name, size) = std::str::from_utf8(bytes.get(..end)?).ok()?.split_once(' ')?;
    let kind = match name {
        "commit" => Kind::Commit,
        "tree" => Kind::Tree,
        "blob" => Kind::Blob,
        "tag" => Kind::Tag,
        _ => return None,
    };
    let plain = size.bytes().all(|byte| byte.is_ascii_digit());
    Some(Head { kind, size: size.parse().ok().filter(|_| plain)?, length: end + 1 })
}

impl Loose {
    /// Decodes it into `out`, which is made as long as the object with its head; returns where its content begins.
    pub(super) fn decode(
        &self,
        path: &Path,
        cap: u64,
        inflater: &mut Decompressor,
        out: &mut Vec<u8>,
    ) -> Result<usize, Fault> {
        let head = self.head.ok_or(Fault::Damaged)?;
        if head.size > cap {
            return Err(Fault::TooLarge);
        }
        let read;
        let file = match &self.file {
            Some(file) => &file[..],
            None => {
                let (file, length) = regular(path).ok_or(Fault::Damaged)?;
                // An object is deflated: its file is not larger than it, but for the blocks that would not shrink.
                let most = length.min(head.size + head.size / 1_000 + 1_024);
                let mut bytes = Vec::new();
                file.take(most).read_to_end(&mut bytes).map_err(|_| Fault::Damaged)?;
                read = bytes;
                &read[..]
            }
        };
        if head.size > BLOW_UP * file.len() as u64 {
            return Err(Fault::Damaged);
        }
        let length = usize::try_from(head.size).map_err(|_| Fault::TooLarge)? + head.length;
        out.clear();
        out.resize(length, 0);
        match inflater.zlib_decompress(file, out) {
            Ok(inflated) if inflated == length && parse(out) == Some(head) => Ok(head.length),
            _ => Err(Fault::Damaged),
        }
    }
}
