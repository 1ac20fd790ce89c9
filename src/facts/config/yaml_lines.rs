//! Lines for YAML nodes: the YAML parser keeps none. An outline of keys and dashes is made from indentation and
//! laid over the parsed tree; what it can't place (flow collections, aliases) gets the line of what holds it.

use std::collections::HashMap;

use super::{Node, Value};

#[derive(Debug)]
struct Item {
    /// `None` for a dash.
    key: Option<String>,
    line: u32,
    /// The line at which a block of text begins, else that of the key.
    text_line: u32,
    children: Vec<usize>,
}

/// Gives every node of `root` its line.
pub(super) fn assign(root: &mut Node, text: &str) {
    let items = outline(text);
    place(root, &items, Some(0), 1, 1);
}

fn place(node: &mut Node, items: &[Item], item: Option<usize>, line: u32, text_line: u32) {
    node.line = line;
    node.text_line = text_line;
    let children: &[usize] = item.and_then(|i| items.get(i)).map_or(&[], |item| &item.children);
    match &mut node.value {
        Value::List(nodes) => {
            let dashes = children.iter().filter(|c| items.get(**c).is_some_and(|i| i.key.is_none()));
            let dashes: Vec<usize> = dashes.copied().collect();
            // A list of another length than the outline's is a flow list or an alias.
            let same = dashes.len() == nodes.len();
            for (i, child) in nodes.iter_mut().enumerate() {
                let at = dashes.get(i).copied().filter(|_| same);
                step(child, items, at, line);
            }
        }
        Value::Map(entries) => {
            let keys: HashMap<&str, usize> = children
                .iter()
                .filter_map(|c| items.get(*c).and_then(|item| item.key.as_deref()).map(|key| (key, *c)))
                .collect();
            for entry in entries {
                step(&mut entry.node, items, keys.get(entry.key.as_str()).copied(), line);
            }
        }
        _ => {}
    }
}

fn step(node: &mut Node, items: &[Item], at: Option<usize>, parent_line: u32) {
    let (line, text_line) =
        at.and_then(|i| items.get(i)).map_or((parent_line, parent_line), |i| (i.line, i.text_line));
    place(node, items, at, line, text_line);
}

fn outline(text: &str) -> Vec<Item> {
    let mut items = vec![Item { key: None, line: 1, text_line: 1, children: Vec::new() }];
    // (column, item); the root stands left of everything.
    let mut stack: Vec<(i64, usize)> = vec![(-1, 0)];
    let mut skip = Skip::None;
    for (line, full) in (1_u32..).zip(text.lines()) {
        let trimmed = full.trim_start_matches(' ');
        let indent = (full.len() - trimmed.len()) as i64;
        match &skip {
            Skip::Block(parent) if trimmed.trim().is_empty() || indent > *parent => continue,
            Skip::Quote(quote) => {
                if full.contains(*quote) {
                    skip = Skip::None;
                }
                continue;
            }
            _ => skip = Skip::None,
        }
        if trimmed.starts_with('#') || trimmed.trim().is_empty() {
            continue;
        }
        if full.starts_with("---") || full.starts_with("...") {
            if items.len() > 1 {
                break;
            }
            continue;
        }
        let mut rest = trimmed;
        let mut column = indent;
        while rest == "-" || rest.starts_with("- ") {
            push(&mut items, &mut stack, column, None, line);
            let after = rest[1..].trim_start_matches(' ');
            column += (rest.len() - after.len()) as i64;
            rest = after;
        }
        let mut value = rest;
        if let Some((key, after)) = split_key(rest) {
            push(&mut items, &mut stack, column, Some(key), line);
            value = after.trim_start();
        }
        let opened = stack.last().map_or(-1, |(column, _)| *column);
        let plain = value.trim_start_matches(['&', '!']).trim_start();
        let plain =
            if plain.len() < value.len() { plain.split_once(' ').map_or("", |(_, r)| r) } else { plain };
        if plain.starts_with(['|', '>']) {
            skip = Skip::Block(opened);
            if let Some(item) = stack.last().and_then(|(_, i)| items.get_mut(*i)) {
                item.text_line = line + 1;
            }
        } else if let Some(quote) = plain.chars().next().filter(|c| matches!(c, '"' | '\''))
            && !plain[1..].contains(quote)
        {
            skip = Skip::Quote(quote);
        }
    }
    items
}

enum Skip {
    None,
    /// A block of text, of everything right of this column.
    Block(i64),
    /// A quoted text over several lines.
    Quote(char),
}

fn push(items: &mut Vec<Item>, stack: &mut Vec<(i64, usize)>, column: i64, key: Option<String>, line: u32) {
    while let Some((top, item)) = stack.last().copied() {
        let top_is_key = items.get(item).is_some_and(|i| i.key.is_some());
        // A list may stand at the column of the key that holds it.
        if top < column || (top == column && top_is_key && key.is_none()) {
            break;
        }
        stack.pop();
    }
    let new = items.len();
    if let Some(parent) = stack.last().and_then(|(_, i)| items.get_mut(*i)) {
        parent.children.push(new);
    }
    items.push(Item { key, line, text_line: line, children: Vec::new() });
    stack.push((column, new));
}

/// `key: rest` of a line, with the quotes of the key taken off.
fn split_key(text: &str) -> Option<(String, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = text[1..].find(quote)? + 1;
        let after = text[end + 1..].trim_start().strip_prefix(':')?;
        return (after.is_empty() || after.starts_with(' ')).then(|| (text[1..end].to_owned(), after));
    }
    if text.starts_with(['{', '[', '#', '&', '*', '!', '|', '>', '%', '@', '`']) {
        return None;
    }
    let mut from = 0;
    while let Some(at) = text[from..].find(':').map(|i| i + from) {
        let after = &text[at + 1..];
        if after.is_empty() || after.starts_with([' ', '\t', '\r']) {
            return Some((text[..at].trim_end().to_owned(), after));
        }
        from = at + 1;
    }
    None
}
