//! Texts in UTF-16, as some editors and shells of Windows write them.

use std::collections::{BTreeMap, BTreeSet};

/// A text that was UTF-16.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::secrets) struct Wide {
    /// In UTF-8.
    pub text: Vec<u8>,
    /// Bytes before the first character: the byte order mark.
    mark: usize,
}

/// The text in UTF-8, if it is UTF-16: it says so, or every second byte of its beginning is zero.
pub(in crate::secrets) fn utf16(bytes: &[u8]) -> Option<Wide> {
    let first = bytes.get(..bytes.len().min(64))?;
    let zeros = |odd: usize| {
        let pairs = first.as_chunks::<2>().0;
        pairs.len() >= 8 && pairs.iter().all(|pair| (pair[odd] == 0) && pair[1 - odd] != 0)
    };
    let (big, mark) = match first {
        [0xff, 0xfe, ..] => (false, 2),
        [0xfe, 0xff, ..] => (true, 2),
        _ if zeros(1) => (false, 0),
        _ if zeros(0) => (true, 0),
        _ => return None,
    };
    let pairs = bytes.get(mark..)?.as_chunks::<2>().0.iter();
    let units = pairs.map(|pair| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
    let mut text = String::with_capacity(bytes.len() / 2);
    text.extend(char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)));
    Some(Wide { text: text.into_bytes(), mark })
}

impl Wide {
    /// Where bytes of the text stand in the original: the text is walked through once.
    pub fn places(&self, bytes: impl Iterator<Item = usize>) -> BTreeMap<usize, usize> {
        let asked: BTreeSet<usize> = bytes.collect();
        let (mut at, mut place) = (0, self.mark);
        asked
            .into_iter()
            .map(|byte| {
                for byte in self.text.get(at..byte).unwrap_or_default() {
                    // A character of four bytes has two units, any other has one.
                    place += match byte {
                        0x80..0xc0 => 0,
                        0xf0.. => 4,
                        _ => 2,
                    };
                }
                at = byte;
                (byte, place)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_with_and_without_mark() {
        let little: Vec<u8> = "KEY=é\n😀longer text".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&[0xff, 0xfe], little.as_slice()].concat();
        let wide = utf16(&marked).unwrap();
        assert_eq!(wide.text, "KEY=é\n😀longer text".as_bytes());
        // Two bytes of mark, then K E Y = é \n of one unit each and the two units of the face.
        let (start, end) = ("KEY=".len(), "KEY=é\n😀".len());
        assert_eq!(
            wide.places([end, start].into_iter()),
            BTreeMap::from([(start, 2 + 2 * 4), (end, 2 + 2 * 8)])
        );
        let plain: Vec<u8> = "TOKEN=abcdefghijk".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(utf16(&plain).unwrap().text, b"TOKEN=abcdefghijk");
        assert_eq!(utf16(b"TOKEN=abcdefghijklmnop"), None);
    }
}
