//! Windows of a text, widened until nothing that reaches into one is cut in two.

use std::ops::Range;

/// So far a line is followed.
const LINE: usize = 2_048;

/// Lines before a window: a name, a comment or a key stands there.
const BEFORE: usize = 3;

/// Lines behind a window: what a changed name or comment speaks of stands there.
const AFTER: usize = 3;

/// So far a value may reach back over many lines: a private key of which the middle was changed.
const BLOCK: usize = 4_096;

/// The windows, each with the lines around it; all of the text without windows. Sorted and apart from each other.
pub(super) fn widened(text: &[u8], windows: Option<&[Range<usize>]>) -> Vec<Range<usize>> {
    let Some(windows) = windows else { return vec![0..text.len()] };
    let mut widened: Vec<Range<usize>> = Vec::with_capacity(windows.len());
    for window in windows {
        let wide = start(text, window.start.min(text.len()))..end(text, window.end.min(text.len()));
        match widened.last_mut() {
            Some(last) if wide.start <= last.end => last.end = last.end.max(wide.end),
            _ => widened.push(wide),
        }
    }
    widened
}

fn start(text: &[u8], from: usize) -> usize {
    let mut start = line_start(text, from);
    for _ in 0..BEFORE {
        start = line_start(text, start.saturating_sub(1));
    }
    let block = text.get(start.saturating_sub(BLOCK)..from).unwrap_or_default();
    // Forward, which is many times as fast as from the end.
    let begins = memchr::memmem::find_iter(block, b"-----BEGIN ").last();
    let begins = begins.map(|at| start.saturating_sub(BLOCK) + at);
    begins.map_or(start, |at| start.min(line_start(text, at)))
}

fn line_start(text: &[u8], at: usize) -> usize {
    let before = text.get(at.saturating_sub(LINE)..at).unwrap_or_default();
    at - before.len() + memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)
}

fn end(text: &[u8], from: usize) -> usize {
    let mut end = from;
    for _ in 0..=AFTER {
        let after = text.get(end..text.len().min(end + LINE)).unwrap_or_default();
        match memchr::memchr(b'\n', after) {
            Some(at) => end += at + 1,
            None => return end + after.len(),
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_gets_the_lines_around_it() {
        let text: String = (0..20).map(|line| format!("line {line:02}\n")).collect();
        let line = |number: usize| number * 8;
        assert_eq!(widened(text.as_bytes(), Some(&[line(9) + 2..line(9) + 3])), [line(6)..line(13)]);
        assert_eq!(
            widened(text.as_bytes(), Some(&[0..1, line(19)..line(20)])),
            [0..line(4), line(16)..line(20)]
        );
        assert_eq!(widened(text.as_bytes(), Some(&[line(9)..line(9), line(12)..line(12)])).len(), 1);
        assert_eq!(widened(text.as_bytes(), None), [0..160]);
        assert_eq!(widened(b"abc", Some(&[7..9])), [0..3]);
    }
}
