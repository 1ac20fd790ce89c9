//! How much of a file is looked for, told from its path.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::classify::place::{Place, is_code, names_a_language, place};
use super::model::Class;
use crate::source::{Role, is_lockfile};

/// Pictures, fonts, media, archives, office documents, trained models and compiled programs, by extension: nobody writes
/// into them. (PKCS#12 and Java keystores are keys; databases and bytecode hold strings.)
const SKIPPED: &str = "
    3gp 7z a aab aac aar aiff apk avi avif bin blend bmp br bz2 cab cur deb dex dll dmg doc docx dylib ear eot exe
    fbx flac gguf gif glb gz h5 heic ico icns ipa iso jar jp2 jpeg jpg jxl lib lockb m4a m4v mid mkv mov mp3 mp4
    mpeg mpg msi node npy npz o odp ods odt ogg ogv onnx opus otf parquet pbf pdf pickle pkl png ppt pptx psd pt
    pth riv rpm safetensors sketch so swf tar tflite tgz tif tiff ttc ttf wasm wav weba webm webp whl wma wmv woff
    woff2 xls xlsx xz zip zst
";

static NO_TEXT: LazyLock<HashSet<&str>> = LazyLock::new(|| SKIPPED.split_ascii_whitespace().collect());

/// What holds texts among other bytes, or drawings among texts.
const MIXED: &[&str] = &[
    "class", "db", "db-shm", "db-wal", "map", "mdb", "pdb", "pyc", "pyd", "pyo", "rdb", "sqlite", "sqlite3",
    "svg",
];

/// Folders into which bundlers write. People keep sources there too, but not in these formats.
const OUTPUT: &[&str] = &["build", "dist", "out", "_next", "www", "bundle", "bundles", "chunks"];
const BUNDLED: &[&str] = &["body", "cjs", "css", "htm", "html", "js", "meta", "mjs", "rsc"];

impl Class {
    /// The class of the file at `path`, relative to PATH; `None`: nothing is looked for. `""` is a file whose name is
    /// not known: what it is there for can't be told, so names and words in it prove nothing.
    pub fn of(path: &str) -> Option<Class> {
        Class::told(path, || Role::of(path))
    }

    /// The same, where the role of the file is known.
    pub fn told(path: &str, role: impl Fn() -> Role) -> Option<Class> {
        if path.is_empty() {
            return Some(Class::Distinctive);
        }
        let name = memchr::memrchr(b'/', path.as_bytes()).and_then(|at| path.get(at + 1..)).unwrap_or(path);
        let extension = name.rsplit_once('.').map_or_else(String::new, |(_, e)| e.to_ascii_lowercase());
        // Digests of versions or texts (`i18n.lock`), whatever tool keeps them.
        let is_locked = is_lockfile(name) || extension == "lock";
        if is_locked || NO_TEXT.contains(extension.as_str()) {
            return None;
        }
        let is_made = matches!(role(), Role::Generated | Role::Vendored);
        let is_bundled = || {
            let mut folders = path.split('/').rev().skip(1);
            BUNDLED.contains(&extension.as_str()) && folders.any(|folder| OUTPUT.contains(&folder))
        };
        if is_of_language(path)
            || is_made
            || name.contains(".min.")
            || MIXED.contains(&extension.as_str())
            || is_bundled()
        {
            return Some(Class::Distinctive);
        }
        Some(Class::Whole)
    }
}

/// Whether a file holds the texts of an interface in one language: `locales/pt-BR.json`, `i18n/de/common.yml`. Large, and
/// changed by every commit that shows something new.
fn is_of_language(path: &str) -> bool {
    names_a_language(path) && place(path) == Place::Translation && !is_code(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(class: Option<Class>, paths: &[&str]) {
        for path in paths {
            assert_eq!(Class::of(path), class, "{path}");
        }
    }

    #[test]
    fn what_people_write_is_read_whole() {
        all(
            Some(Class::Whole),
            &[
                ".env",
                "dist/.env",
                "src/app.ts",
                "build/webpack.config.ts",
                "seed.sql",
                "notes/setup.ipynb",
                "src/__snapshots__/a.test.ts.snap",
                "tests/fixtures/user.json",
                ".DS_Store",
                "certs/key.pem",
                "android/app/release.KEYSTORE",
                "cert.p12",
                "terraform.tfstate",
                "locales/settings.json",
                "src/i18n/en.ts",
                "db/seeds/de.json",
            ],
        );
    }

    #[test]
    fn what_tools_made_is_read_for_what_can_be_nothing_else() {
        all(
            Some(Class::Distinctive),
            &[
                "",
                "dist/main.js",
                "apps/web/.next/server/app.js",
                "public/app.js.map",
                "js/jquery.min.js",
                "node_modules/a/index.js",
                "api/user_pb2.py",
                "logo.svg",
                "apps/web/locales/pt-BR.json",
                "src/i18n/de/common.yml",
                "data/app.db",
                "__pycache__/settings.cpython-311.pyc",
            ],
        );
    }

    #[test]
    fn lockfiles_pictures_and_archives_are_skipped() {
        all(
            None,
            &[
                "pnpm-lock.yaml",
                "apps/web/i18n.lock",
                "tests/fixtures/package-lock.json",
                "logo.PNG",
                "a/font.woff2",
                "b.zip",
                "x.docx",
                "bun.lockb",
            ],
        );
    }
}
