//! Tables of documents: a value beside its name, or below it.

use std::ops::Range;

use super::Search;
use super::assigned::{Assigned, By, NEAR};
use super::judge::{Use, judge};
use super::literal::skip_blank;
use super::names::Sort;
use super::shape::{is_random, shape};

/// Rows of a table that are looked at.
const ROWS: usize = 30;

/// The value beside a name: of the cells behind it, the first that can be one.
pub(super) fn beside(text: &[u8], at: usize) -> Option<Assigned> {
    let mut first = None;
    let mut at = at;
    for _ in 0..5 {
        let Some((value, next)) = cell(text, at) else { break };
        if let Some(value) = value {
            let bytes = text.get(value.clone())?;
            if is_likely(bytes) {
                return Some(assigned(value));
            }
            first = first.or(Some(value));
        }
        let Some(next) = next else { break };
        at = next;
    }
    first.map(assigned)
}

fn assigned(value: Range<usize>) -> Assigned {
    Assigned { value, quoted: false, fallback: false, by: By::Prose }
}

fn is_likely(value: &[u8]) -> bool {
    is_random(value) || shape(value).kinds() >= 3 && value.len() >= 8
}

/// The word in the cell that begins at `at`, if it is one word, and where the next cell begins.
fn cell(text: &[u8], at: usize) -> Option<(Option<Range<usize>>, Option<usize>)> {
    let start = skip_blank(text, at);
    let rest = text.get(start..text.len().min(start + NEAR))?;
    let end = rest.iter().position(|b| matches!(b, b'|' | b'\n')).unwrap_or(rest.len());
    let next = (rest.get(end) == Some(&b'|')).then_some(start + end + 1);
    let cell = rest.get(..end)?.trim_ascii_end();
    let marks = |b: &&u8| matches!(b, b'`' | b'*');
    let open = cell.iter().take_while(marks).count();
    let close = cell.iter().rev().take_while(marks).count();
    let inner = cell.get(open..cell.len().saturating_sub(close).max(open))?;
    let word = !inner.is_empty() && !inner.iter().any(|b| b.is_ascii_whitespace() || *b == b'`');
    Some((word.then_some(start + open..start + open + inner.len()), next))
}

/// The cells below a heading that says `Password` or the like: `| User | Password |`, rows of logins under it.
pub(super) fn below(search: &mut Search<'_, '_>, name: &Range<usize>, sort: Sort, format: &'static str) {
    let text = search.text;
    let from = name.start.saturating_sub(300);
    let line = memchr::memrchr(b'\n', text.get(from..name.start).unwrap_or_default())
        .map_or(from, |at| from + at + 1);
    let column = text.get(line..name.start).unwrap_or_default().iter().filter(|b| **b == b'|').count();
    // A heading has a line of dashes below it.
    let rest = text.get(name.end..text.len().min(name.end + 300)).unwrap_or_default();
    let Some(ruled) = memchr::memchr(b'\n', rest).and_then(|end| rest.get(end + 1..)) else { return };
    if !ruled.trim_ascii_start().starts_with(b"|")
        || !ruled.starts_with(b"|-")
            && !ruled.starts_with(b"| -")
            && !ruled.starts_with(b"|:")
            && !ruled.starts_with(b"| :")
    {
        return;
    }
    let rest = text.get(name.end..text.len().min(name.end + 6000)).unwrap_or_default();
    let mut at = name.end;
    for (row, line) in rest.split(|b| *b == b'\n').take(ROWS + 2).enumerate() {
        let begin = at;
        at += line.len() + 1;
        let trimmed = line.trim_ascii();
        match row {
            0 => continue,
            1 if trimmed.contains(&b'-')
                && trimmed.iter().all(|b| matches!(b, b'|' | b'-' | b':' | b' ')) =>
            {
                continue;
            }
            1 => return,
            _ if !trimmed.starts_with(b"|") => return,
            _ => {}
        }
        let Some((bar, _)) =
            line.iter().enumerate().filter(|(_, b)| **b == b'|').nth(column.saturating_sub(1))
        else {
            continue;
        };
        let Some((Some(value), _)) = cell(text, begin + bar + 1) else { continue };
        let bytes = text.get(value.clone()).unwrap_or_default();
        if !is_likely(bytes) {
            continue;
        }
        let used = Use {
            sort,
            name: text.get(name.clone()).unwrap_or_default(),
            quoted: false,
            fallback: false,
            by: By::Prose,
            near: b"user:",
            shown: true,
        };
        let judged = judge(bytes, &used, &search.file);
        search.keep(judged, Some(name.clone()), value, format);
    }
}

/// Whether `before` ends within a cell of a table.
pub(super) fn is_cell(before: &[u8]) -> bool {
    let tail = before.get(before.len().saturating_sub(300)..).unwrap_or_default();
    let line = memchr::memrchr(b'\n', tail).map_or(tail, |at| tail.get(at + 1..).unwrap_or_default());
    line.trim_ascii_start().starts_with(b"|")
}
