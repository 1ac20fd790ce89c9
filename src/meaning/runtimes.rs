//! Runtimes: which part of a version names a release line, and until when its makers mend it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    runtime: Vec<Runtime>,
}

/// A runtime.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// `node`, `python`, …
    pub language: String,
    /// As people write it: `Node.js`.
    pub title: String,
    /// How many numbers of a version name its release line.
    pub parts: usize,
    /// Where the dates are from, `""` without dates.
    #[serde(default)]
    pub source: String,
    /// The day on which they were looked up, `""` without dates.
    #[serde(default)]
    pub looked_up: String,
    /// By release line: the last day on which security fixes come, `YYYY-MM-DD`.
    #[serde(default)]
    pub until: BTreeMap<String, String>,
    /// Release lines by their code names.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
}

static RUNTIMES: LazyLock<Vec<Runtime>> =
    LazyLock::new(|| toml::from_str::<File>(super::vocabulary("runtimes.toml")).unwrap_or_default().runtime);

/// The runtime of that language.
pub fn runtime(language: &str) -> Option<&'static Runtime> {
    RUNTIMES.iter().find(|r| r.language == language)
}

/// The release line that a version as written names: `20` for `v20.11.1`, `3.9` for `3.9-slim`, `18` for
/// `lts/hydrogen`. `None` where it leaves the line open (`>=18`, `lts/*`, `latest`, `3` of Python).
pub fn line_of(language: &str, version: &str) -> Option<String> {
    let runtime = runtime(language)?;
    let text = version.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    let text = text.strip_prefix("lts/").or_else(|| text.strip_prefix("lts-")).unwrap_or(&text);
    let name: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    if let Some(line) = runtime.names.get(&name) {
        return Some(line.clone());
    }
    // A list of alternatives or an upper bound beside a lower one names no line.
    if text.contains(['<', '>', '|', ',', '!']) || text.contains(" - ") {
        return None;
    }
    let (mark, rest) = ["^", "~=", "~", "==", "=", "v"]
        .iter()
        .find_map(|mark| text.strip_prefix(mark).map(|rest| (*mark, rest)))
        .unwrap_or(("", text));
    let rest = rest.trim_start().trim_start_matches(['v', '=']);
    let numbers: Vec<&str> = rest
        .split(['-', '+', '_', ' ', '@'])
        .next()
        .unwrap_or_default()
        .split('.')
        .take_while(|part| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    // What a range leaves open: `^3.9` everything below 4, `~=3.9` of Python likewise.
    let fixed = match mark {
        "^" => 1,
        "~=" => numbers.len().saturating_sub(1),
        "~" => numbers.len().min(2),
        _ => numbers.len(),
    };
    (fixed >= runtime.parts).then(|| numbers.get(..runtime.parts).map(|n| n.join(".")))?
}

/// Until when that release line gets security fixes, `""` where that is not known.
pub fn supported_until(language: &str, line: &str) -> &'static str {
    runtime(language).and_then(|r| r.until.get(line)).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_is_right() {
        let file: File = toml::from_str(super::super::vocabulary("runtimes.toml")).expect("it parses");
        for runtime in &file.runtime {
            for (line, day) in &runtime.until {
                assert_eq!(line.split('.').count(), runtime.parts, "{} {line}", runtime.language);
                assert!(day.len() == 10 && day.starts_with("20"), "{} {line}", runtime.language);
            }
            assert_eq!(runtime.until.is_empty(), runtime.source.is_empty(), "{}", runtime.language);
        }
    }

    #[test]
    fn which_versions_name_a_release_line() {
        for (language, version, line) in [
            ("node", "v20.11.1", "20"),
            ("node", "18-alpine3.18", "18"),
            ("node", "lts/Hydrogen", "18"),
            ("node", "iron-slim", "20"),
            ("node", "20.x", "20"),
            ("node", "^18.17.0", "18"),
            ("node", "~18.2", "18"),
            ("python", "3.9", "3.9"),
            ("python", "3.12.1-slim", "3.12"),
            ("python", "==3.10.*", "3.10"),
            ("python", "~=3.9.2", "3.9"),
            ("php", "8.2-fpm", "8.2"),
            ("go", "1.22.3", "1.22"),
        ] {
            assert_eq!(line_of(language, version).as_deref(), Some(line), "{language} {version}");
        }
        for (language, version) in [
            ("node", ">=18"),
            ("node", ">=18 <21"),
            ("node", "18 || 20"),
            ("node", "lts/*"),
            ("node", "latest"),
            ("node", "*"),
            ("node", ""),
            ("node", "${NODE}"),
            ("python", "3"),
            ("python", "^3.9"),
            ("python", "~=3.9"),
            ("python", ">=3.9,<3.10"),
            ("cobol", "3"),
        ] {
            assert_eq!(line_of(language, version), None, "{language} {version}");
        }
    }

    #[test]
    fn dates() {
        assert_eq!(supported_until("node", "18"), "2025-04-30");
        assert_eq!(supported_until("python", "3.9"), "2025-10-31");
        assert_eq!((supported_until("node", "99"), supported_until("go", "1.10")), ("", ""));
    }
}
