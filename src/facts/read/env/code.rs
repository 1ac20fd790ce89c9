use std::sync::LazyLock;

use regex::Regex;

use super::add;
use crate::facts::mask::{Lines, Masked, Syntax, mask};
use crate::facts::notes::FileNotes;
use crate::source::{File, Role};

/// Only what ships: a test's own variables are none of the product's.
fn product(file: &File, extensions: &[&str]) -> bool {
    file.role == Role::Product && extensions.contains(&&*file.extension())
}

pub(super) fn wants_js(file: &File) -> bool {
    let code = ["js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte", "astro"];
    product(file, &code)
}

pub(super) fn wants_python(file: &File) -> bool {
    product(file, &["py"])
}

pub(super) fn wants_rust(file: &File) -> bool {
    product(file, &["rs"])
}

/// Letters and digits of ASCII, here and in the other patterns: every `\w` of all languages takes 200 microseconds to
/// compile, which is what five files take to read.
#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static JS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"\b(?:process\s*(?:\?\.|\.)\s*env|import\.meta\.env|Bun\.env)\s*(?:(?:\?\.|\.)\s*([A-Za-z_][0-9A-Za-z_]*)|(?:\?\.)?\[\s*["'`]([0-9A-Za-z_]+)["'`]\s*\])|\bDeno\.env\.get\(\s*["'`]([0-9A-Za-z_]+)["'`]"#,
    )
    .expect("a valid pattern")
});

/// The end of `const { A, B: b = "x" } = process.env`. The names are looked for from there: a pattern that counts the
/// characters between braces takes longer to compile than all else takes to run.
#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static JS_DESTRUCTURED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\}\s*=\s*(?:process\.env|import\.meta\.env|Bun\.env)\b").expect("a valid pattern")
});

/// What frameworks put into `import.meta.env` and `process.env` themselves, and methods of the object.
const JS_OWN: &[&str] = &["MODE", "DEV", "PROD", "SSR", "BASE_URL", "hasOwnProperty", "env"];

pub(super) fn read_js(_file: &File, text: &str, notes: &mut FileNotes) {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    if !has("env") || !["process", "import.meta", "Deno", "Bun"].into_iter().any(has) {
        return;
    }
    let masked = mask(text, Syntax::Js);
    let mut lines = Lines::of(&masked.text);
    for found in JS.captures_iter(&masked.text) {
        let name = found.get(1).or(found.get(2)).or(found.get(3));
        // The pattern's head must be code; the name itself may stand in quotes.
        let Some(whole) = found.get(0).filter(|m| starts_in_code(&masked, m.start())) else { continue };
        if let Some(name) = name.filter(|n| !JS_OWN.contains(&n.as_str())) {
            add(notes, name.as_str(), lines.line(whole.start()), true);
        }
    }
    for found in JS_DESTRUCTURED.find_iter(&masked.code) {
        let Some((mut at, names)) = between_braces(&masked.code, found.start()) else { continue };
        for part in names.split(',') {
            let name = part.split([':', '=']).next().unwrap_or_default().trim();
            let before = part.len() - part.trim_start().len();
            if !name.starts_with("...") {
                add(notes, name, lines.line(at + before), true);
            }
            at += part.len() + 1;
        }
    }
}

/// The longest list of names that is destructured.
const MOST_NAMES: usize = 2_000;

/// What stands between the closing brace at `end` and the opening one before it, and where it starts.
fn between_braces(code: &str, end: usize) -> Option<(usize, &str)> {
    let before = code.get(..end)?;
    let open = before.rfind(['{', '}']).filter(|at| before.as_bytes().get(*at) == Some(&b'{'))?;
    let names = before.get(open + 1..).filter(|names| !names.is_empty() && names.len() <= MOST_NAMES)?;
    Some((open + 1, names))
}

fn starts_in_code(masked: &Masked, at: usize) -> bool {
    masked.code.as_bytes().get(at) == masked.text.as_bytes().get(at)
}

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static PYTHON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"\b(?:os\s*\.\s*)?environ(?:\s*\.\s*(?:get|pop)\s*\(|\s*\[)\s*["'](\w+)["']|\b(?:os\s*\.\s*)?getenv\s*\(\s*["'](\w+)["']|(?:^|[^\w.])(?:env|config)(?:\s*\.\s*(?:str|bool|int|float|list|db|url|get|db_url|json|dict|path))?\s*\(\s*["']([A-Z][A-Z0-9_]+)["']|\benviron\s*\.\s*setdefault\s*\(\s*["'](\w+)["']"#,
    )
    .expect("a valid pattern")
});

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static SETTINGS_CLASS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^class\s+\w+\s*\([^)]*\bBaseSettings\b").expect("a valid pattern"));

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:    |\t)([A-Za-z][A-Za-z0-9_]*)\s*:\s*[\w\[]").expect("a valid pattern")
});

pub(super) fn read_python(_file: &File, text: &str, notes: &mut FileNotes) {
    if !text.contains("env") && !text.contains("config(") && !text.contains("BaseSettings") {
        return;
    }
    let masked = mask(text, Syntax::Python);
    let library = ["import environ", "from environ", "from decouple", "from starlette.config"]
        .iter()
        .any(|import| masked.text.contains(import));
    let mut lines = Lines::of(&masked.text);
    for found in PYTHON.captures_iter(&masked.text) {
        // `env("X")` and `config("X")` are those of django-environ and decouple only where these are imported.
        let name = found.get(1).or(found.get(2)).or(found.get(3).filter(|_| library));
        if let Some(name) = name {
            add(notes, name.as_str(), lines.line(name.start()), true);
        }
        // `setdefault` writes down what holds where nobody sets the variable: `DJANGO_SETTINGS_MODULE` in `manage.py`.
        if let Some(name) = found.get(4) {
            add(notes, name.as_str(), lines.line(name.start()), false);
        }
    }
    // Fields of pydantic settings are variables of the same name in capitals.
    let mut inside = false;
    for (number, line) in (1_u32..).zip(masked.code.lines()) {
        if SETTINGS_CLASS.is_match(line) {
            inside = true;
        } else if !line.is_empty() && !line.starts_with([' ', '\t', ')']) {
            inside = false;
        } else if let Some(name) = FIELD.captures(line).and_then(|f| f.get(1)).filter(|_| inside)
            && name.as_str() != "model_config"
        {
            add(notes, &name.as_str().to_ascii_uppercase(), number, true);
        }
    }
}

#[expect(clippy::expect_used, reason = "a literal that the unit tests compile")]
static RUST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\benv\s*::\s*var(?:_os)?\s*\(\s*"(\w+)"|\b(?:option_)?env!\s*\(\s*"(\w+)""#)
        .expect("a valid pattern")
});

pub(super) fn read_rust(_file: &File, text: &str, notes: &mut FileNotes) {
    if !text.contains("env") {
        return;
    }
    let masked = mask(text, Syntax::Rust);
    let mut lines = Lines::of(&masked.text);
    for found in RUST.captures_iter(&masked.text) {
        let Some(whole) = found.get(0).filter(|m| starts_in_code(&masked, m.start())) else { continue };
        if let Some(name) = found.get(1).or(found.get(2)) {
            // Cargo sets these while it builds.
            if !name.as_str().starts_with("CARGO_") && name.as_str() != "OUT_DIR" {
                add(notes, name.as_str(), lines.line(whole.start()), true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::facts;

    fn names(read: fn(&File, &str, &mut FileNotes), text: &str) -> Vec<(String, u32)> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "x").unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        read(&tree.files()[0], text, &mut notes);
        notes.env.into_iter().map(|e| (e.name, e.line)).collect()
    }

    fn pairs(list: &[(&str, u32)]) -> Vec<(String, u32)> {
        list.iter().map(|(n, l)| ((*n).to_owned(), *l)).collect()
    }

    #[test]
    fn javascript() {
        let text = "const a = process.env.API_KEY!;\nconst { B_URL, C_ID: c = 'x' } = process.env;\n// process.env.OLD\n\
                    import.meta.env['VITE_X']; import.meta.env.DEV\nDeno.env.get(\"D\" + x); Deno.env.get('DENO_KEY');\n\
                    const s = 'process.env.NOT_THIS';\n`${process.env.IN_TEMPLATE}`";
        assert_eq!(
            names(read_js, text),
            pairs(&[
                ("API_KEY", 1),
                ("VITE_X", 4),
                ("DENO_KEY", 5),
                ("IN_TEMPLATE", 7),
                ("B_URL", 2),
                ("C_ID", 2)
            ])
        );
    }

    #[test]
    fn python() {
        let text = "import os\nos.environ['A_KEY']\nos.environ.get(\"B_KEY\")\nos.getenv('C_KEY', 'x') # os.getenv('D_KEY')\n\
                    class S(BaseSettings):\n    database_url: str = 'x'\n    def f(self): pass\nx: int = 1\nconfig('NOT_KNOWN')\n";
        assert_eq!(
            names(read_python, text),
            pairs(&[("A_KEY", 2), ("B_KEY", 3), ("C_KEY", 4), ("DATABASE_URL", 6)])
        );
    }

    #[test]
    fn a_variable_that_is_set_where_nobody_did_is_written_down() {
        let found = facts(&[
            ("requirements.txt", "django==5.1.4\n"),
            ("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'desk.settings')\n"),
        ]);
        assert!(found.env_vars.iter().all(|var| var.declared && !var.read), "{:?}", found.env_vars);
        assert_eq!(found.env_vars.len(), 1);
    }

    #[test]
    fn rust() {
        let text = "std::env::var(\"A_KEY\"); env!(\"CARGO_PKG_NAME\"); // env::var(\"B_KEY\")\n\"env::var(\\\"C_KEY\\\")\";";
        assert_eq!(names(read_rust, text), pairs(&[("A_KEY", 1)]));
    }
}
