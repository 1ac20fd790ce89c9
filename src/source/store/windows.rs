//! What has to be looked at again in an object, when there was nothing in its base.

use std::ops::Range;

/// How many bytes on each side of an edit belong to it.
pub(in crate::source) const AROUND: usize = 160;
/// How far from there the start and the end of the line are looked for, and if they are not there, those of the token.
pub(in crate::source) const FAR: usize = 4_096;

/// Widens edits, which are sorted: by [`AROUND`] bytes on each side, then to whole lines, or where lines are longer than
/// [`FAR`] on that side, to whole tokens, but never further than that. Sorted, disjoint, and on the whole never larger than the content.
pub(super) fn widen(content: &[u8], edits: &[Range<usize>], windows: &mut Vec<Range<usize>>) {
    windows.clear();
    for edit in edits {
        let done = windows.last().map_or(0, |last| last.end);
        let near = edit.start.saturating_sub(AROUND).min(content.len());
        let right = edit.end.saturating_add(AROUND).min(content.len());
        // What is in a window already needs no looking for its start.
        let left = if near <= done { near } else { start(content, near, done) };
        match windows.last_mut() {
            // Only the end of a line between them: one window.
            Some(last) if left <= last.end + 1 => {
                if right > last.end {
                    last.end = end(content, right);
                }
            }
            _ => windows.push(left..end(content, right)),
        }
    }
}

/// The start of the line or token around `at`, but not before `floor`.
fn start(content: &[u8], at: usize, floor: usize) -> usize {
    let lowest = at.saturating_sub(FAR).max(floor);
    let before = content.get(lowest..at).unwrap_or_default();
    if let Some(found) = memchr::memrchr(b'\n', before) {
        return lowest + found + 1;
    }
    if lowest == floor {
        return floor;
    }
    match before.iter().rposition(|byte| ends_token(*byte)) {
        Some(found) => lowest + found + 1,
        None => lowest,
    }
}

/// The end of the line or token around `at`.
fn end(content: &[u8], at: usize) -> usize {
    let highest = at.saturating_add(FAR).min(content.len());
    let after = content.get(at..highest).unwrap_or_default();
    if let Some(found) = memchr::memchr(b'\n', after) {
        return at + found;
    }
    if highest == content.len() {
        return highest;
    }
    at + after.iter().position(|byte| ends_token(*byte)).unwrap_or(after.len())
}

/// What no secret holds: white space, control characters and quotes.
fn ends_token(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'"' | b'\'' | b'`')
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "one edit is a list of one range")]
mod tests {
    use super::*;

    fn windows(content: &[u8], edits: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut windows = Vec::new();
        widen(content, edits, &mut windows);
        windows
    }

    #[test]
    fn a_window_is_whole_lines() {
        let line = [b'a'; 199];
        let text = [&line[..]; 10].join(&b'\n');
        // Line 5 is 1000..1199. 160 bytes before byte 1,100 is in line 4 (800..999), 160 after in line 6 (1200..1399).
        assert_eq!(windows(&text, &[1_100..1_101]), [800..1_399]);
        assert_eq!(windows(&text, &[1_180..1_180]), [1_000..1_399]);
        assert_eq!(windows(&text, &[0..0]), [0..199]);
        let all = text.len();
        assert_eq!(windows(&text, &[all..all]), [all - 199..all]);
        assert!(windows(&text, &[]).is_empty());
    }

    #[test]
    fn windows_that_touch_are_one() {
        let line = [b'a'; 99];
        let text = [&line[..]; 40].join(&b'\n');
        assert_eq!(windows(&text, &[500..500, 900..900]), [300..1_099]);
        assert_eq!(windows(&text, &[500..500, 1_500..1_500]), [300..699, 1_300..1_699]);
    }

    #[test]
    fn of_a_long_line_a_window_is_whole_tokens() {
        let mut text = vec![b'a'; 100_000];
        text[49_000] = b' ';
        text[51_000] = b'"';
        assert_eq!(windows(&text, &[50_000..50_000]), [49_001..51_000]);
        let text = vec![b'a'; 100_000];
        assert_eq!(windows(&text, &[50_000..50_000]), [50_000 - 4_256..50_000 + 4_256]);
    }
}
