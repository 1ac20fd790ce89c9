//! Edits that change how files look and nothing else: what formatters, editors and tidy people do.

use super::world::World;

/// Indents a file of two spaces by `width`, or back: what stands below `- ` stays below its first letter.
pub fn indent(w: &mut World, file: &str, width: usize) {
    let mut open: Vec<(usize, usize, bool)> = Vec::new();
    let mut out: Vec<String> = Vec::new();
    for line in w.text(file).lines() {
        let (text, depth) = (line.trim_start_matches(' '), line.len() - line.trim_start_matches(' ').len());
        while open.last().is_some_and(|(old, ..)| *old > depth) {
            open.pop();
        }
        let new = match open.last() {
            None => depth,
            Some((old, new, _)) if *old == depth => *new,
            Some((old, new, item)) if *item && depth == old + 2 => new + 2,
            Some((_, new, _)) => new + width,
        };
        if !text.is_empty() {
            if open.last().is_some_and(|(old, ..)| *old == depth) {
                open.pop();
            }
            open.push((depth, new, text.starts_with("- ")));
        }
        out.push(if text.is_empty() { String::new() } else { format!("{}{text}", " ".repeat(new)) });
    }
    w.write(file, &(out.join("\n") + "\n"));
}

/// Other quotes around strings that hold none.
pub fn quotes(w: &mut World, file: &str, from: char, to: char) {
    w.map(file, |lines| {
        let change = |line: &&str| {
            let other = line.contains(to) || line.contains('`') || line.contains('\\');
            if other || line.matches(from).count() % 2 == 1 {
                (*line).to_owned()
            } else {
                line.replace(from, &to.to_string())
            }
        };
        lines.iter().map(change).collect()
    });
}

/// A comment and a blank line above everything.
pub fn banner(w: &mut World, file: &str, comment: &str) {
    let text = format!("{comment}\n\n{}", w.text(file));
    w.write(file, &text);
}

/// Takes the banner off again.
pub fn no_banner(w: &mut World, file: &str) {
    w.map(file, |lines| lines[2..].iter().map(|l| (*l).to_owned()).collect());
}

/// An empty line before every line that `holds` something.
pub fn air(w: &mut World, file: &str, holds: &str) {
    w.map(file, |lines| {
        let before = |l: &&str| {
            if l.contains(holds) { vec![String::new(), (*l).to_owned()] } else { vec![(*l).to_owned()] }
        };
        lines.iter().flat_map(before).collect()
    });
}

/// No empty lines.
pub fn no_air(w: &mut World, file: &str) {
    w.map(file, |lines| lines.iter().filter(|l| !l.trim().is_empty()).map(|l| (*l).to_owned()).collect());
}

/// The keys directly below the line `key:` of a YAML file in the opposite order, each with what stands below it.
pub fn reverse_yaml(w: &mut World, file: &str, key: &str) {
    w.map(file, |lines| {
        let top = lines.iter().position(|l| l.trim_end() == format!("{key}:")).expect("the key is there");
        let end = (top + 1..lines.len())
            .find(|i| !lines[*i].trim().is_empty() && !lines[*i].starts_with(' '))
            .unwrap_or(lines.len());
        let width = |l: &str| l.len() - l.trim_start().len();
        let step = width(lines[top + 1]);
        let mut blocks: Vec<Vec<&str>> = Vec::new();
        for line in &lines[top + 1..end] {
            if width(line) == step && !line.trim().is_empty() {
                blocks.push(Vec::new());
            }
            blocks.last_mut().expect("the first line opens a block").push(line);
        }
        blocks.reverse();
        let blocks = blocks.into_iter().flatten();
        lines[..=top]
            .iter()
            .copied()
            .chain(blocks)
            .chain(lines[end..].iter().copied())
            .map(str::to_owned)
            .collect()
    });
}

/// A JSON file written again: another indentation, or its keys in the opposite order.
pub fn json(w: &mut World, file: &str, indent: &str, reversed: bool) {
    let mut value: serde_json::Value = serde_json::from_str(w.text(file)).unwrap();
    if reversed {
        turn(&mut value);
    }
    let formatter = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
    let mut bytes = Vec::new();
    let mut writer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    serde::Serialize::serialize(&value, &mut writer).unwrap();
    w.write(file, &(String::from_utf8(bytes).unwrap() + "\n"));
}

fn turn(value: &mut serde_json::Value) {
    if let serde_json::Value::Object(map) = value {
        let entries: Vec<_> = std::mem::take(map).into_iter().collect();
        for (key, mut value) in entries.into_iter().rev() {
            turn(&mut value);
            map.insert(key, value);
        }
    }
}
