//! Reads `expected.txt` of an app: a line for each route, written by hand.

/// The columns behind method, path and file.
pub const CELLS: [&str; 7] =
    ["authenticated", "authorized", "validated", "rate_limited", "logged", "handles_failure", "signature"];

/// One route, and what must be said of it.
pub struct Line {
    /// `GET /api/users`
    pub route: String,
    pub file: String,
    /// For each of [`CELLS`] the values that are right; none where nothing is asked.
    pub cells: Vec<Vec<String>>,
    pub number: usize,
}

/// The lines; those that begin with `#` are for people.
pub fn lines(text: &str) -> Vec<Line> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(line, number)| one(line, number).unwrap_or_else(|| panic!("line {number}: {line}"))).collect()
}

fn one(line: &str, number: usize) -> Option<Line> {
    let mut words = line.split_whitespace();
    let route = format!("{} {}", words.next()?, words.next()?);
    let file = words.next()?.to_owned();
    let cells: Vec<Vec<String>> = words.map(values).collect();
    (cells.len() == CELLS.len()).then_some(Line { route, file, cells, number })
}

/// `no|partial`; `-` is none.
fn values(word: &str) -> Vec<String> {
    word.split('|').filter(|value| *value != "-").map(str::to_owned).collect()
}

#[test]
fn a_line_has_a_value_for_each_cell() {
    let line = lines("# route\nGET /a src/a.ts yes no|partial - no yes - na\n").remove(0);
    assert_eq!((&*line.route, &*line.file, line.number), ("GET /a", "src/a.ts", 2));
    assert_eq!(line.cells[1], ["no", "partial"]);
    assert!(line.cells[2].is_empty());
}
