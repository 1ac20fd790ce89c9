//! Whether a file is text that somebody wrote, and its text.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::role;
use super::tree::{File, Role, SkipReason, Text};

const CAP: u64 = 2 << 20;
const LARGE_CAP: u64 = 32 << 20;
/// A NUL this near to the start makes a file binary, as in git.
const LOOKED_AT: usize = 8 << 10;
/// Lines longer than this are not written by hand.
const LONG_LINE: usize = 1_000;
/// Small files are read however they look.
const SMALL: usize = 16 << 10;

/// Formats that are no text, by extension.
const BINARY: &str = "
    3gp 7z a aab aac aar aiff apk avi avif bin blend bmp br bz2 cab class cur db-shm db-wal deb dex dll
    dmg doc docx dylib ear eot exe fbx flac gguf gif glb gz h5 heic ico icns ipa iso jar jks jp2 jpeg
    jpg jxl keystore lib lockb m4a m4v mdb mkv mov mp3 mp4 mpeg mpg msi node npy npz o odp ods odt ogg
    ogv onnx opus otf p12 parquet pbf pdb pdf pfx pickle pkl png ppt pptx psd pt pth pyc pyd pyo rar rdb
    riv rpm safetensors sketch so sqlite sqlite3 swf tar tflite tgz tif tiff ttc ttf wasm wav weba webm
    webp whl wma wmv woff woff2 xls xlsx xz zip zst
";

static FORMATS: LazyLock<HashSet<&str>> = LazyLock::new(|| BINARY.split_ascii_whitespace().collect());

/// Formats that are squeezed into long lines by tools.
const MINIFIABLE: &[&str] =
    &["css", "cjs", "htm", "html", "js", "jsx", "less", "mjs", "scss", "svg", "ts", "tsx", "vue"];

/// The reason for which a file is not even opened, told from its path.
pub(super) fn unwanted(file: &File) -> Option<SkipReason> {
    let extension = file.extension();
    let minifiable = MINIFIABLE.contains(&&*extension);
    match file.role {
        Role::Vendored => Some(SkipReason::Vendored),
        _ if minifiable && role::is_minified_name(file.name()) => Some(SkipReason::Minified),
        _ if FORMATS.contains(&*extension) => Some(SkipReason::Binary),
        Role::Generated if !role::is_lockfile(file.name()) => Some(SkipReason::Generated),
        _ => None,
    }
}

/// The largest size at which a file is read.
pub(super) fn cap(file: &File) -> u64 {
    if role::is_lockfile(file.name()) || file.extension() == "sql" { LARGE_CAP } else { CAP }
}

/// Whether these are bytes of no text, as git tells it: UTF-16 is text.
fn is_binary(bytes: &[u8]) -> bool {
    !matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
        && memchr::memchr(0, bytes.get(..LOOKED_AT).unwrap_or(bytes)).is_some()
}

/// The text of `bytes`.
pub(super) fn decode(file: &File, bytes: Vec<u8>) -> Result<Text, SkipReason> {
    let text = match bytes.as_slice() {
        [0xff, 0xfe, 0, 0, ..] => return Err(SkipReason::Binary),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ if is_binary(&bytes) => return Err(SkipReason::Binary),
        _ => utf8(bytes),
    };
    if text.text.contains('\0') && text.text.chars().take(LOOKED_AT).any(|c| c == '\0') {
        return Err(SkipReason::Binary);
    }
    if MINIFIABLE.contains(&&*file.extension()) && is_minified(text.text.as_bytes()) {
        return Err(SkipReason::Minified);
    }
    Ok(text)
}

fn utf8(mut bytes: Vec<u8>) -> Text {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Text { text, lossy: false },
        Err(error) => Text { text: String::from_utf8_lossy(error.as_bytes()).into_owned(), lossy: true },
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Text {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut lossy = !rest.is_empty();
    let text = char::decode_utf16(units)
        .map(|char| {
            char.unwrap_or_else(|_| {
                lossy = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    Text { text, lossy }
}

/// Most of the text stands in very long lines, and there are few others: an image embedded in a component is one
/// long line among many.
fn is_minified(text: &[u8]) -> bool {
    if text.len() < SMALL {
        return false;
    }
    let (mut long, mut short, mut in_long) = (0usize, 0usize, 0usize);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text).chain([text.len()]) {
        let length = end - start;
        if length > LONG_LINE {
            long += 1;
            in_long += length;
        } else {
            short += 1;
        }
        start = end + 1;
    }
    in_long > text.len() / 2 && (short < 30 || long * 4 > short)
}

#[cfg(test)]
mod tests {
    use super::super::tree::Where;
    use super::*;
    use std::path::PathBuf;

    fn file(path: &str) -> File {
        let role = role::of(path);
        File { path: path.into(), size: 0, tracked: true, role, place: Where::Disk(PathBuf::new()) }
    }

    fn read(path: &str, bytes: &[u8]) -> Result<Text, SkipReason> {
        decode(&file(path), bytes.to_vec())
    }

    fn text(text: &str, lossy: bool) -> Result<Text, SkipReason> {
        Ok(Text { text: text.into(), lossy })
    }

    #[test]
    fn encodings_are_decoded_without_their_mark() {
        assert_eq!(read("a.ts", "é\n".as_bytes()), text("é\n", false));
        assert_eq!(read("a.ts", b"\xef\xbb\xbfconst a"), text("const a", false));
        assert_eq!(read("a.ts", b"caf\xe9"), text("caf\u{fffd}", true));
        assert_eq!(read("a.ts", b"\xff\xfea\0\xe9\0"), text("aé", false));
        assert_eq!(read("a.ts", b"\xfe\xff\0a\0\xe9"), text("aé", false));
        assert_eq!(read("a.ts", b"\xff\xfea\0\0\xd8"), text("a\u{fffd}", true));
        assert_eq!(read("a.ts", b"\xff\xfea\0b"), text("a", true));
        assert_eq!(read("a.ts", b""), text("", false));
    }

    #[test]
    fn a_nul_makes_a_file_binary() {
        assert_eq!(read("a", b"ab\0c"), Err(SkipReason::Binary));
        assert_eq!(read("a", b"\xff\xfe\0\0a\0\0\0"), Err(SkipReason::Binary));
        assert_eq!(unwanted(&file("logo.PNG")), Some(SkipReason::Binary));
        assert_eq!(unwanted(&file("Makefile")), None);
        assert_eq!(unwanted(&file("bun.lockb")), Some(SkipReason::Binary));
    }

    #[test]
    fn minified_code_is_told_from_an_embedded_image() {
        let bundle = format!("/*! licence */\n{}\n", "a=b;".repeat(10_000));
        assert_eq!(read("app.js", bundle.as_bytes()), Err(SkipReason::Minified));
        assert!(read("data.json", bundle.as_bytes()).is_ok());
        let component = format!("{}const logo = '{}'\n", "const a = 1\n".repeat(60), "A".repeat(40_000));
        assert!(read("Logo.tsx", component.as_bytes()).is_ok());
        assert!(read("short.js", "a=b;".repeat(300).as_bytes()).is_ok());
        assert_eq!(unwanted(&file("public/jquery.min.js")), Some(SkipReason::Minified));
    }

    #[test]
    fn lockfiles_are_read_and_other_generated_files_are_not() {
        assert_eq!(unwanted(&file("package-lock.json")), None);
        assert_eq!(cap(&file("package-lock.json")), LARGE_CAP);
        assert_eq!(cap(&file("src/a.ts")), CAP);
        assert_eq!(unwanted(&file("api/user_pb2.py")), Some(SkipReason::Generated));
        assert_eq!(unwanted(&file("node_modules/a/index.js")), Some(SkipReason::Vendored));
    }
}
