//! From bytes of a text to lines and columns.

/// Where the lines of a text begin. Ascending questions about one long line cost no more than one pass over it.
pub(super) struct Positions<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// The last answer: its byte, and the characters before it in its line.
    last: (usize, u32),
}

impl<'a> Positions<'a> {
    pub(super) fn new(text: &'a str) -> Positions<'a> {
        let starts =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        Positions { text, starts, last: (0, 0) }
    }

    /// The line of a byte, from 1, and where that line begins.
    pub(super) fn line(&self, at: usize) -> (u32, usize) {
        let index = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        (u32::try_from(index + 1).unwrap_or(u32::MAX), self.starts.get(index).copied().unwrap_or(0))
    }

    /// The line and the column of a byte, both from 1. Columns count characters; a tab is one.
    pub(super) fn of(&mut self, at: usize) -> (u32, u32) {
        let (line, start) = self.line(at);
        let (from, before) = if (start..=at).contains(&self.last.0) { self.last } else { (start, 0) };
        let more = self.text.get(from..at).map_or(0, |text| text.chars().count());
        let before = before.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        self.last = (at, before);
        (line, before.saturating_add(1))
    }

    /// The bytes of the lines that hold a range, without the last line's break.
    pub(super) fn lines(&self, (start, end): (usize, usize)) -> (usize, usize) {
        let (_, first) = self.line(start);
        let (last, _) = self.line(end.max(start + 1) - 1);
        let next = usize::try_from(last).ok().and_then(|last| self.starts.get(last)).copied();
        (first, next.map_or(self.text.len(), |next| next - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_not_bytes() {
        let text = "aé😀x\r\n\tüy\n\nz";
        let mut positions = Positions::new(text);
        let mut at = |wanted: &str| positions.of(text.find(wanted).unwrap());
        assert_eq!(at("x"), (1, 4));
        assert_eq!(at("y"), (2, 3));
        assert_eq!(at("z"), (4, 1));
        assert_eq!(at("é"), (1, 2), "backwards too");
        assert_eq!(at("x"), (1, 4));
    }

    #[test]
    fn lines_of_a_range_end_before_their_break() {
        let text = "ab\ncd\nef";
        let positions = Positions::new(text);
        assert_eq!(positions.lines((1, 2)), (0, 2));
        assert_eq!(positions.lines((1, 4)), (0, 5));
        assert_eq!(positions.lines((6, 8)), (6, 8));
        assert_eq!(positions.lines((8, 8)), (6, 8));
    }
}
