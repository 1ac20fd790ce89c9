//! Dockerfiles as stages of instructions. What they come to is said by the readers.

/// One instruction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Instruction {
    /// Its name in capitals.
    pub name: String,
    /// Its arguments, with continued lines joined and the text of here-documents behind them, each on its line.
    pub rest: String,
    /// Its first line.
    pub line: u32,
}

/// One build stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stage {
    /// Its name (`AS name`), `""` without one.
    pub name: String,
    /// The image or stage that it is built on, with the arguments of the file filled in.
    pub image: String,
    /// The line of its `FROM`.
    pub line: u32,
    /// What follows.
    pub instructions: Vec<Instruction>,
}

/// Longer files nobody wrote.
const MAX_INSTRUCTIONS: usize = 2_000;

/// The instructions of a Dockerfile, in order.
pub fn instructions(text: &str) -> Vec<Instruction> {
    let mut out: Vec<Instruction> = Vec::new();
    let mut current = String::new();
    let mut first = 0;
    let mut open: Vec<String> = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let trimmed = line.trim();
        if let Some(word) = open.first() {
            if trimmed == word {
                open.remove(0);
            } else if let Some(last) = out.last_mut() {
                last.rest.push('\n');
                last.rest.push_str(line);
            }
            continue;
        }
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if current.is_empty() {
            first = number;
        }
        if let Some(part) = trimmed.strip_suffix('\\') {
            current.push_str(part);
            current.push(' ');
            continue;
        }
        current.push_str(trimmed);
        if out.len() >= MAX_INSTRUCTIONS {
            break;
        }
        let (name, rest) = current.split_once(char::is_whitespace).unwrap_or((&current, ""));
        let name = name.to_ascii_uppercase();
        if matches!(name.as_str(), "RUN" | "COPY" | "ADD") {
            open = documents(rest);
        }
        out.push(Instruction { name, rest: rest.trim().to_owned(), line: first });
        current.clear();
    }
    out
}

/// The end marks of the here-documents that the arguments open: `<<EOF`, `<<-"EOF"`.
fn documents(rest: &str) -> Vec<String> {
    rest.split_whitespace()
        .filter_map(|word| word.strip_prefix("<<"))
        .map(|word| word.trim_start_matches('-').trim_matches(['"', '\'']).to_owned())
        .filter(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
        .take(4)
        .collect()
}

/// The build stages of a Dockerfile, in order.
pub fn stages(text: &str) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut arguments: Vec<(String, String)> = Vec::new();
    for instruction in instructions(text) {
        let rest = &instruction.rest;
        if instruction.name == "ARG" && stages.is_empty() {
            if let Some((key, value)) = rest.split_once('=') {
                arguments.push((key.trim().to_owned(), value.trim_matches('"').to_owned()));
            }
        } else if instruction.name == "FROM" {
            let words: Vec<&str> = rest.split_whitespace().filter(|w| !w.starts_with("--")).collect();
            let alias =
                words.iter().position(|w| w.eq_ignore_ascii_case("as")).and_then(|at| words.get(at + 1));
            stages.push(Stage {
                name: alias.map_or_else(String::new, |a| (*a).to_owned()),
                image: expand(words.first().copied().unwrap_or_default(), &arguments),
                line: instruction.line,
                instructions: Vec::new(),
            });
        } else if let Some(stage) = stages.last_mut() {
            stage.instructions.push(instruction);
        }
    }
    stages
}

/// The stage at `last` and the stages that it is built on, it first.
pub fn chain(stages: &[Stage], last: usize) -> Vec<&Stage> {
    let mut out = Vec::new();
    let mut at = Some(last);
    while let Some(stage) = at.and_then(|i| stages.get(i)) {
        out.push(stage);
        // Only stages before it can be meant.
        let before = at.unwrap_or(0);
        at = stages
            .iter()
            .take(before)
            .position(|s| !s.name.is_empty() && s.name.eq_ignore_ascii_case(&stage.image));
    }
    out
}

/// `NAME=value NAME2="other value"` of `ENV` and `ARG`, or `ENV NAME value`.
pub fn assignments(rest: &str) -> Vec<(String, String)> {
    let rest = rest.trim();
    let Some((first, after)) = rest.split_once(char::is_whitespace).filter(|(f, _)| !f.contains('=')) else {
        return pairs(rest);
    };
    vec![(first.to_owned(), after.trim().trim_matches(['"', '\'']).to_owned())]
}

fn pairs(rest: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut flush = |word: &mut String| {
        if !word.is_empty() {
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            out.push((key.to_owned(), value.to_owned()));
            word.clear();
        }
    };
    for c in rest.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, _) if c.is_whitespace() => flush(&mut word),
            _ => word.push(c),
        }
    }
    flush(&mut word);
    out
}

fn expand(image: &str, arguments: &[(String, String)]) -> String {
    let mut out = image.to_owned();
    for (key, value) in arguments.iter().take(20) {
        out = out.replace(&format!("${{{key}}}"), value).replace(&format!("${key}"), value);
        if out.len() > 500 {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_and_what_they_are_built_on() {
        let text = "ARG NODE=20\nFROM node:${NODE} AS base\nRUN a \\\n  b\nFROM base AS build\nRUN c\nFROM base\nCOPY --from=build /x /x\n";
        let stages = stages(text);
        let images: Vec<&str> = stages.iter().map(|s| s.image.as_str()).collect();
        assert_eq!(images, ["node:20", "base", "base"]);
        assert_eq!(stages[0].instructions[0].rest, "a    b".replace("    ", "  "));
        let lines: Vec<u32> = chain(&stages, 2).iter().map(|s| s.line).collect();
        assert_eq!(lines, [7, 2]);
    }

    #[test]
    fn here_documents_are_no_instructions() {
        let found = instructions("FROM a\nRUN <<EOF\nUSER root\nEOF\nUSER app\n");
        let names: Vec<(&str, u32)> = found.iter().map(|i| (i.name.as_str(), i.line)).collect();
        assert_eq!(names, [("FROM", 1), ("RUN", 2), ("USER", 5)]);
        assert_eq!(found[1].rest, "<<EOF\nUSER root");
    }

    #[test]
    fn assignments_in_both_forms() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(assignments("A=1 B=\"x y\" C"), [pair("A", "1"), pair("B", "x y"), pair("C", "")]);
        assert_eq!(assignments("KEY some value"), [pair("KEY", "some value")]);
        assert_eq!(assignments("KEY"), [pair("KEY", "")]);
    }
}
