//! Lines of a fixed width, with quiet colour or none.

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm, wrap};
use unicode_width::UnicodeWidthStr;

use crate::report::escape;

/// Not styled.
pub(super) const PLAIN: Style = Style::new();
/// Headings, titles.
pub(super) const BOLD: Style = Style::new().bold();
/// What is read second.
pub(super) const DIM: Style = Style::new().dimmed();
/// Hurts.
pub(super) const RED: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
/// Hurts, in bold.
pub(super) const RED_BOLD: Style = RED.bold();
/// Will hurt.
pub(super) const YELLOW: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));
/// Good.
pub(super) const GREEN: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
/// Cannot be told.
pub(super) const BLUE: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Blue)));
/// Places.
pub(super) const CYAN: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan)));

/// Columns that a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// A piece of a line in one style.
pub(super) type Span = (Style, String);

/// The page as it grows.
pub(super) struct Page {
    /// Columns between the margins.
    pub(super) width: usize,
    margin: usize,
    color: bool,
    out: String,
}

impl Page {
    /// An empty page for a terminal of this many columns.
    pub(super) fn new(terminal: usize, color: bool) -> Self {
        let terminal = terminal.clamp(24, 100);
        let margin = if terminal < 60 { 0 } else { 2 };
        Self { width: terminal - 2 * margin, margin, color, out: String::new() }
    }

    /// Whether there is no room for things beside each other.
    pub(super) fn narrow(&self) -> bool {
        self.width < 64
    }

    /// The page's text.
    pub(super) fn into_text(self) -> String {
        self.out
    }

    /// An empty line.
    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// One line of pieces that fit.
    pub(super) fn line(&mut self, spans: &[Span]) {
        // The plain line decides: what a CI log takes for a command is so with or without colour.
        let plain: String = spans.iter().map(|(_, text)| text.as_str()).collect();
        let plain = plain.trim_end();
        let safe = escape::log_line(plain);
        if safe != plain {
            self.out.push_str(&" ".repeat(self.margin));
            self.out.push_str(&safe);
            self.out.push('\n');
            return;
        }
        let mut left = plain.len();
        let mut text = " ".repeat(self.margin);
        for (style, span) in spans {
            let span = &span[..span.len().min(left)];
            left -= span.len();
            if self.color && *style != PLAIN && !span.trim().is_empty() {
                text.push_str(&format!("{style}{span}{style:#}"));
            } else {
                text.push_str(span);
            }
        }
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// A paragraph that starts behind `lead` and goes on below its own start.
    pub(super) fn paragraph(&mut self, lead: &[Span], style: Style, text: &str) {
        let indent: usize = lead.iter().map(|(_, text)| columns(text)).sum();
        let lines = wrapped(text, self.width.saturating_sub(indent));
        for (i, line) in lines.into_iter().enumerate() {
            let mut spans: Vec<Span> = if i == 0 { lead.to_vec() } else { vec![(PLAIN, " ".repeat(indent))] };
            spans.push((style, line));
            self.line(&spans);
        }
    }

    /// A heading with a rule to the right edge.
    pub(super) fn heading(&mut self, text: &str) {
        self.blank();
        let rule = "─".repeat(self.width.saturating_sub(columns(text) + 1));
        if columns(text) > self.width {
            self.paragraph(&[], BOLD, text);
        } else {
            self.line(&[(BOLD, format!("{text} ")), (DIM, rule)]);
        }
        self.blank();
    }
}

/// The lines of a text within `width` columns. Words break only where they are longer than a line.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    // Spelled out, since what textwrap does by default depends on the features that other crates ask of it.
    let options = Options::new(width.max(8))
        .word_splitter(WordSplitter::NoHyphenation)
        .word_separator(WordSeparator::UnicodeBreakProperties)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let lines: Vec<String> = wrap(text, options).into_iter().map(|line| line.into_owned()).collect();
    if lines.is_empty() { vec![String::new()] } else { lines }
}

/// A text padded with spaces to `width` columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// The start of a text that fits in `width` columns, with an ellipsis if something is cut off.
pub(super) fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        let mut buffer = [0; 4];
        if columns(&out) + columns(c.encode_utf8(&mut buffer)) + 1 > width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(cut("日本語の文字", 7), "日本語…");
        assert_eq!(padded("日本", 6), "日本  ");
    }

    #[test]
    fn a_line_never_starts_like_a_command_of_a_ci_log() {
        let mut page = Page::new(40, true);
        page.line(&[(RED, "  ::error".into()), (PLAIN, " x".into())]);
        page.paragraph(&[], PLAIN, &format!("{}::error::x", "y".repeat(40)));
        for line in page.into_text().lines() {
            assert!(!line.trim_start().starts_with("::"), "{line}");
        }
    }

    #[test]
    fn no_escape_codes_without_colour() {
        let mut page = Page::new(80, false);
        page.heading("Areas");
        page.line(&[(RED, "x".into())]);
        assert!(!page.into_text().contains('\u{1b}'));
    }
}
