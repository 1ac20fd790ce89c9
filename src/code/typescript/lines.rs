//! Lines of offsets.

/// Where the lines of a text begin.
pub(super) struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Of a text. Only `\n` ends a line, as in every other part of the audit.
    pub(super) fn of(text: &str) -> Lines {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts =
            std::iter::once(0).chain(ends.map(|end| u32::try_from(end + 1).unwrap_or(u32::MAX))).collect();
        Lines { starts }
    }

    /// The line of an offset, from 1.
    pub(super) fn line(&self, offset: u32) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// The place in its line, from 1, in characters.
    pub(super) fn column(&self, text: &str, offset: u32) -> usize {
        let start = self.starts[(self.line(offset) as usize).saturating_sub(1)] as usize;
        text.get(start..offset as usize).map_or(1, |before| before.chars().count() + 1)
    }
}
