//! Scripts that are fetched and run in one go, unseen.

use std::sync::LazyLock;

use regex::Regex;

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static PIPED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"\b(?:curl|wget)\b[^|\n;&]*?(https?://[^\s"'|)&;]+)[^|\n;&]*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:env\s+)?(?:[A-Z_]+=\S+\s+)*(?:ba|z|da|a)?sh\b"#,
    )
    .expect("a valid pattern")
});

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static SUBSTITUTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"\b(?:ba|z|da|a)?sh\s+(?:-\S+\s+)*["']?[$<]\(\s*(?:curl|wget)\b[^\n;&)]*?(https?://[^\s"'|)&;]+)"#,
    )
    .expect("a valid pattern")
});

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static FIXED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"/v?\d+\.\d+(?:\.\d+)?(?:/|$)|[0-9a-f]{40}|@v?\d+\.\d+").expect("a valid pattern")
});

/// Addresses whose content the script runs in a shell as it comes, each with its line within the script, from 0.
/// An address that names a version or a commit is left out: what it holds was looked at once.
pub fn remote_scripts(script: &str) -> Vec<(u32, String)> {
    if script.len() > 200_000 || !(script.contains("curl") || script.contains("wget")) {
        return Vec::new();
    }
    // A continued line is one line; what is blanked keeps its place.
    let joined = script.replace("\\\n", " \r");
    let line = |at: usize| {
        let breaks = joined.get(..at).unwrap_or_default().bytes().filter(|b| matches!(b, b'\n' | b'\r'));
        u32::try_from(breaks.count()).unwrap_or(u32::MAX)
    };
    let mut found: Vec<(u32, String)> = [&*PIPED, &*SUBSTITUTED]
        .into_iter()
        .flat_map(|pattern| pattern.captures_iter(&joined))
        .filter(|captures| !commented(&joined, captures.get(0).map_or(0, |m| m.start())))
        .filter_map(|captures| captures.get(1))
        .filter(|url| !FIXED.is_match(url.as_str()) && !local(url.as_str()))
        .map(|url| (line(url.start()), url.as_str().to_owned()))
        .take(50)
        .collect();
    found.sort();
    found.dedup();
    found
}

fn commented(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|t| t.rsplit('\n').next()).is_some_and(|line| line.trim_start().starts_with('#'))
}

fn local(url: &str) -> bool {
    let host = url.split("://").nth(1).unwrap_or_default();
    host.starts_with("localhost") || host.starts_with("127.") || host.starts_with('$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_unseen() {
        for (script, line, url) in [
            ("curl -fsSL https://bun.sh/install | bash", 0, "https://bun.sh/install"),
            ("a\ncurl -sL https://x.test/setup_20.x | sudo -E bash -", 1, "https://x.test/setup_20.x"),
            ("wget -qO- https://x.test/i \\\n  | sh", 0, "https://x.test/i"),
            ("bash <(curl -s https://x.test/bash)", 0, "https://x.test/bash"),
            ("sh -c \"$(curl -fsSL https://x.test/i.sh)\"", 0, "https://x.test/i.sh"),
            ("curl https://x.test/i.sh | FOO=1 bash -s -- -y", 0, "https://x.test/i.sh"),
        ] {
            assert_eq!(remote_scripts(script), [(line, url.to_owned())], "{script}");
        }
        for fine in [
            "curl -o i.sh https://x.test/i.sh && sha256sum -c sums && bash i.sh",
            "curl https://x.test/nvm/v0.39.7/install.sh | bash",
            "curl https://x.test/data.json | jq .",
            "curl https://x.test/shards | tee sh.txt",
            "# curl https://x.test/i | sh",
            "curl http://localhost:3000/i | sh",
        ] {
            assert!(remote_scripts(fine).is_empty(), "{fine}");
        }
    }

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let text = "curl https://x |".repeat(10_000);
        assert!(remote_scripts(&text).len() <= 50);
    }
}
