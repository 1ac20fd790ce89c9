use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use super::{Seen, add, development_path};
use crate::facts::mask::{Lines, Masked, Syntax, mask};
use crate::facts::notes::FileNotes;
use crate::source::{File, Role};
use crate::words::Words;

const JS: &[&str] = &["js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts"];

pub(super) fn wants_js(file: &File) -> bool {
    file.role == Role::Product && JS.contains(&&*file.extension())
}

pub(super) fn wants_python(file: &File) -> bool {
    file.role == Role::Product && file.extension() == "py"
}

/// A setting that a line of code makes.
struct Known {
    /// Files with another beginning of their name don't have it; `""` for any.
    file: &'static str,
    tool: &'static str,
    key: &'static str,
    /// Stands in every text that the pattern matches.
    word: &'static str,
    /// Its first group is the value.
    pattern: &'static str,
    /// Only this value is worth a fact; `""` for any.
    value: &'static str,
    says: &'static str,
}

const JS_KNOWN: &[Known] = &[
    Known {
        file: "next.config",
        tool: "next",
        key: "typescript.ignoreBuildErrors",
        word: "ignoreBuildErrors",
        pattern: r"\bignoreBuildErrors\s*:\s*(true|false)\b",
        value: "",
        says: "whether the build goes on in spite of type errors",
    },
    Known {
        file: "next.config",
        tool: "next",
        key: "eslint.ignoreDuringBuilds",
        word: "ignoreDuringBuilds",
        pattern: r"\bignoreDuringBuilds\s*:\s*(true|false)\b",
        value: "",
        says: "whether the build goes on in spite of lint errors",
    },
    Known {
        file: "next.config",
        tool: "next",
        key: "productionBrowserSourceMaps",
        word: "productionBrowserSourceMaps",
        pattern: r"\bproductionBrowserSourceMaps\s*:\s*(true|false)\b",
        value: "",
        says: "whether the source code is published beside the bundle",
    },
    Known {
        file: "vite.config",
        tool: "vite",
        key: "build.sourcemap",
        word: "sourcemap",
        pattern: r#"\bsourcemap\s*:\s*(true|false|["']?(?:inline|hidden)["']?)"#,
        value: "",
        says: "whether the source code is published beside the bundle",
    },
    Known {
        file: "",
        tool: "typeorm",
        key: "synchronize",
        word: "synchronize",
        pattern: r"\bsynchronize\s*:\s*(true)\b",
        value: "true",
        says: "the schema is changed at start, whatever data that drops",
    },
    Known {
        file: "",
        tool: "sequelize",
        key: "sync.force",
        word: "force",
        pattern: r"\.\s*sync\s*\(\s*\{[^{}]{0,200}\bforce\s*:\s*(true)\b",
        value: "true",
        says: "every table is dropped and created anew at start",
    },
    Known {
        file: "",
        tool: "node",
        key: "tls.rejectUnauthorized",
        word: "rejectUnauthorized",
        pattern: r"\brejectUnauthorized\s*:\s*(false)\b",
        value: "false",
        says: "the server's certificate is not checked",
    },
    Known {
        file: "",
        tool: "node",
        key: "NODE_TLS_REJECT_UNAUTHORIZED",
        word: "NODE_TLS_REJECT_UNAUTHORIZED",
        pattern: r#"\bNODE_TLS_REJECT_UNAUTHORIZED["'\]]*\s*=\s*["']?(0)"#,
        value: "0",
        says: "no certificate of any connection is checked",
    },
];

const PYTHON_KNOWN: &[Known] = &[
    Known {
        file: "",
        tool: "flask",
        key: "debug",
        word: "debug",
        pattern: r"\b(?:app|application|server)\s*\.\s*run\s*\((?:[^\n]|\n[ \t]+){0,300}?\bdebug\s*=\s*(True)\b",
        value: "True",
        says: "the debugger answers requests and runs code that they send",
    },
    Known {
        file: "",
        tool: "python",
        key: "tls.verify",
        word: "verify",
        pattern: r"\bverify\s*=\s*(False)\b",
        value: "False",
        says: "the server's certificate is not checked",
    },
];

/// Patterns that can only be told from a settings module.
const DJANGO_KNOWN: &[Known] = &[
    Known {
        file: "",
        tool: "django",
        key: "debug",
        word: "DEBUG",
        pattern: r"(?m)^DEBUG\s*(?::\s*bool\s*)?=\s*([^\n]+)$",
        value: "",
        says: "whether error pages show the code and its settings",
    },
    Known {
        file: "",
        tool: "django",
        key: "ALLOWED_HOSTS",
        word: "ALLOWED_HOSTS",
        pattern: r"(?m)^ALLOWED_HOSTS\s*(?::[^=\n]+)?=\s*([^\n]+)$",
        value: "",
        says: "which host names are answered",
    },
];

/// More of one setting in one file are not told apart.
const MOST: usize = 100;

/// With its pattern, compiled for the first file that needs it.
type Compiled = (&'static Known, OnceLock<Regex>);

fn uncompiled(known: &'static [Known]) -> Vec<Compiled> {
    known.iter().map(|k| (k, OnceLock::new())).collect()
}

/// The pattern, if the text may have what it matches.
#[expect(clippy::expect_used, reason = "literals that the unit tests compile")]
fn pattern<'c>((known, regex): &'c Compiled, text: &str) -> Option<&'c Regex> {
    let compile = || Regex::new(known.pattern).expect("a valid pattern");
    let is_there = memchr::memmem::find(text.as_bytes(), known.word.as_bytes()).is_some();
    is_there.then(|| regex.get_or_init(compile))
}

static JS_COMPILED: LazyLock<Vec<Compiled>> = LazyLock::new(|| uncompiled(JS_KNOWN));
static PYTHON_COMPILED: LazyLock<Vec<Compiled>> = LazyLock::new(|| uncompiled(PYTHON_KNOWN));
static DJANGO_COMPILED: LazyLock<Vec<Compiled>> = LazyLock::new(|| uncompiled(DJANGO_KNOWN));

pub(super) fn read_js(file: &File, text: &str, notes: &mut FileNotes) {
    // Most files have none of it.
    static WORDS: LazyLock<Option<Words>> =
        LazyLock::new(|| Words::new(JS_KNOWN.iter().map(|known| known.word)));
    if WORDS.as_ref().is_some_and(|words| words.find(text.as_bytes(), 0).is_none()) {
        return;
    }
    let masked = mask(text, Syntax::Js);
    // A data source of TypeORM; elsewhere `synchronize` may be anything.
    let typeorm = masked.text.contains("typeorm") || masked.code.contains("DataSource");
    for compiled in JS_COMPILED.iter() {
        let known = compiled.0;
        if known.tool == "typeorm" && !typeorm || !file.name().starts_with(known.file) {
            continue;
        }
        let Some(pattern) = pattern(compiled, &masked.text) else { continue };
        let mut lines = Lines::of(&masked.text);
        for found in pattern.captures_iter(&masked.text).take(MOST) {
            let Some(value) = found.get(1) else { continue };
            if !in_code(&masked, value.start()) {
                continue;
            }
            let line = lines.line(value.start());
            let production = !development_path(&file.path) && !guarded(&masked.text, line);
            let value = value.as_str().trim_matches(['"', '\'']);
            if known.value.is_empty() || known.value == value {
                add(
                    file,
                    notes,
                    &Seen { tool: known.tool, key: known.key, value, production, line, says: known.says },
                );
            }
        }
    }
}

fn in_code(masked: &Masked, at: usize) -> bool {
    let same = masked.code.as_bytes().get(at) == masked.text.as_bytes().get(at);
    // A quoted value is masked itself; the quote before it is not.
    same || at.checked_sub(1).is_some_and(|q| matches!(masked.code.as_bytes().get(q), Some(b'"' | b'\'')))
}

/// Whether the lines just above say that this is for development.
fn guarded(text: &str, line: u32) -> bool {
    let first = (line as usize).saturating_sub(4);
    text.lines().skip(first).take(line as usize - first).any(|l| {
        let condition = l.contains("NODE_ENV") || l.contains("isDev") || l.contains("import.meta.env.DEV");
        condition
            && (l.contains("development") || l.contains("!==") || l.contains("isDev") || l.contains("DEV"))
    })
}

pub(super) fn read_python(file: &File, text: &str, notes: &mut FileNotes) {
    let words = ["debug", "DEBUG", "verify", "ALLOWED_HOSTS"];
    if !words.iter().any(|word| text.contains(word)) {
        return;
    }
    let masked = mask(text, Syntax::Python);
    // The lines of `if __name__ == "__main__":`: everything indented below it.
    let first =
        masked.code.lines().position(|l| l.starts_with("if __name__")).map_or(usize::MAX, |at| at + 1);
    let below = masked.code.lines().skip(first);
    let inside = below.take_while(|l| l.trim().is_empty() || l.starts_with([' ', '\t', ')'])).count();
    let under_main = |line: u32| {
        let line = line as usize;
        line > first && line <= first + inside
    };
    let django = masked.code.contains("INSTALLED_APPS") || masked.code.contains("ALLOWED_HOSTS");
    let http = ["requests", "httpx", "aiohttp"].iter().any(|l| masked.text.contains(l));
    let settings: &[Compiled] = if django { &DJANGO_COMPILED } else { &[] };
    for compiled in PYTHON_COMPILED.iter().chain(settings) {
        let known = compiled.0;
        let Some(pattern) = pattern(compiled, &masked.text) else { continue };
        if known.tool == "python" && !http {
            continue;
        }
        let mut lines = Lines::of(&masked.text);
        for found in pattern.captures_iter(&masked.text).take(MOST) {
            let Some(value) = found.get(1).filter(|m| in_code(&masked, m.start())) else { continue };
            let line = lines.line(value.start());
            let value = value.as_str().trim();
            // What comes from the environment is decided there.
            let literal = matches!(value, "True" | "False") || value.starts_with(['[', '(']);
            let production = literal && !development_path(&file.path) && !under_main(line);
            let shown = if literal { value } else { "from the environment" };
            add(
                file,
                notes,
                &Seen { tool: known.tool, key: known.key, value: shown, production, line, says: known.says },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::kinds::Setting;

    /// A wrong word would switch its setting off, and nothing else would tell.
    #[test]
    fn the_word_of_a_setting_is_in_its_pattern() {
        for known in [JS_KNOWN, PYTHON_KNOWN, DJANGO_KNOWN].into_iter().flatten() {
            assert!(known.pattern.contains(known.word), "{}", known.key);
        }
    }

    fn settings(name: &str, text: &str) -> Vec<Setting> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        let file = &tree.files()[0];
        if wants_js(file) {
            read_js(file, text, &mut notes)
        } else {
            read_python(file, text, &mut notes)
        }
        notes.settings
    }

    fn shown(list: &[Setting]) -> Vec<(&str, &str, bool, u32)> {
        list.iter().map(|s| (s.key.as_str(), s.value.as_str(), s.production, s.line)).collect()
    }

    #[test]
    fn next_and_vite() {
        let found = settings(
            "next.config.mjs",
            "export default {\n  typescript: { ignoreBuildErrors: true },\n  // eslint: { ignoreDuringBuilds: true }\n}",
        );
        assert_eq!(shown(&found), [("typescript.ignoreBuildErrors", "true", true, 2)]);
        let found = settings("vite.config.ts", "build: {\n  sourcemap: 'hidden' }");
        assert_eq!(shown(&found), [("build.sourcemap", "hidden", true, 2)]);
        assert!(settings("other.ts", "ignoreBuildErrors: true").is_empty());
    }

    #[test]
    fn flask_under_main_is_not_production() {
        let found =
            settings("a.py", "app.run(host='0.0.0.0', port=int(os.environ.get('PORT', 5)), debug=True)\n");
        assert_eq!(shown(&found), [("debug", "True", true, 1)]);
        let found = settings("a.py", "if __name__ == '__main__':\n    app.run(debug=True)\n");
        assert_eq!(shown(&found), [("debug", "True", false, 2)]);
    }

    #[test]
    fn django() {
        let text = "ALLOWED_HOSTS = ['*']\nDEBUG = True\n# DEBUG = False\n";
        let found = settings("settings.py", text);
        assert_eq!(shown(&found), [("debug", "True", true, 2), ("ALLOWED_HOSTS", "['*']", true, 1)]);
        let found = settings("settings.py", "ALLOWED_HOSTS = []\nDEBUG = env.bool('DEBUG', False)\n");
        assert_eq!(shown(&found)[0], ("debug", "from the environment", false, 2));
    }
}
