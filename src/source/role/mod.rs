//! What a file is there for, told from its path below PATH.
//!
//! A wrong role hides product code, so a name counts only where it can mean nothing else: `test` below `pages` is a
//! page of a quiz, `vendor` below `app` the seller's dashboard, `com/example` the package that Spring starts with.

mod names;

use std::path::Path;

use super::tree::{Role, SkipReason};
use names::{
    CODE, DOCUMENTS, FOLDERS, GENERATED, GENERATED_FILES, GENERATED_NAMES, LOCKFILES, SOURCES, SUBJECTS,
    UNMISTAKABLE, VENDORED,
};

impl Role {
    /// The role of the file at `path`, relative to PATH.
    pub fn of(path: &str) -> Role {
        of(path)
    }
}

/// The role of the file at `path`.
pub fn of(path: &str) -> Role {
    let mut parts: Vec<&str> = path.split('/').collect();
    let name = parts.pop().unwrap_or_default();
    if (0..parts.len()).any(|i| is_vendored(&parts, i, name)) {
        return Role::Vendored;
    }
    // The outermost folder with a role decides: a test of an example is no test of the product. But data below
    // tests is data.
    let roles: Vec<Role> = (0..parts.len()).filter_map(|i| folder_role(&parts, i, name)).collect();
    let outermost = roles.first();
    if matches!(outermost, Some(Role::Fixture | Role::Test)) && roles.contains(&Role::Fixture) {
        // Build output, lockfiles and databases that tests read are there on purpose.
        return Role::Fixture;
    }
    if is_lockfile(name) || is_generated(&parts, name) {
        return Role::Generated;
    }
    match outermost {
        Some(Role::Test) if name.ends_with(".snap") => return Role::Fixture,
        Some(role) => return *role,
        None => {}
    }
    if name.ends_with(".snap") {
        Role::Fixture
    } else if is_test_name(name) {
        Role::Test
    } else if is_document(name) {
        Role::Docs
    } else {
        Role::Product
    }
}

/// Whether an untracked folder on disk is left out as a whole for its name, and why.
pub(super) fn folder(name: &str, place: &Path) -> Option<SkipReason> {
    if VENDORED.contains(&name) {
        Some(SkipReason::Vendored)
    } else if GENERATED.contains(&name) {
        let is_vendored = place.join("pyvenv.cfg").exists();
        Some(if is_vendored { SkipReason::Vendored } else { SkipReason::Generated })
    } else {
        None
    }
}

/// The same for what is in it. `has`: whether a file with this name is.
pub(super) fn holding(name: &str, has: impl Fn(&str) -> bool) -> Option<SkipReason> {
    // `pyvenv.cfg`: https://docs.python.org/3/library/venv.html. `CACHEDIR.TAG`: https://bford.info/cachedir/,
    // which cargo, pytest and others write.
    if has("pyvenv.cfg") {
        Some(SkipReason::Vendored)
    } else if has("CACHEDIR.TAG") || name == "target" && has(".rustc_info.json") {
        Some(SkipReason::Generated)
    } else {
        None
    }
}

/// Whether `name` is that of a lockfile.
pub fn is_lockfile(name: &str) -> bool {
    LOCKFILES.contains(&name)
}

/// Whether a name says that its content is minified.
pub(super) fn is_minified_name(name: &str) -> bool {
    name.contains(".min.")
}

fn is_vendored(folders: &[&str], i: usize, name: &str) -> bool {
    let Some(folder) = folders.get(i) else { return false };
    if VENDORED.contains(folder) {
        return true;
    }
    let below = folders.get(i + 1..).unwrap_or_default();
    match *folder {
        "venv" | "env" | "virtualenv" => matches!(below, ["lib" | "Lib" | "lib64" | "bin" | "Scripts", ..]),
        "vendor" => is_vendor(folders.get(..i).unwrap_or_default(), below, name),
        _ => false,
    }
}

/// `vendor` also is what a marketplace calls its sellers.
fn is_vendor(above: &[&str], below: &[&str], name: &str) -> bool {
    let assets =
        ["assets", "css", "js", "javascripts", "lib", "libs", "public", "scripts", "static", "stylesheets"];
    if above.last().is_some_and(|parent| assets.contains(parent)) {
        return true;
    }
    let bundled = ["assets", "bin", "bundle", "cache", "composer", "gems", "javascript", "plugins"];
    match below {
        // Go keeps modules under their host, PHP under their author.
        [first, ..] if first.contains('.') || bundled.contains(first) => true,
        [_, _, ..] if name.ends_with(".php") || name == "composer.json" => true,
        [_, ..] if name == "Cargo.toml" || name == "Cargo.toml.orig" || name == ".cargo-checksum.json" => {
            true
        }
        [_, "src", ..] if name.ends_with(".rs") => true,
        [] if name == "modules.txt" || name == "autoload.php" => true,
        // A script library in a folder at the top; components and routes are never copied like that.
        _ => above.is_empty() && (name.ends_with(".js") || name.ends_with(".css")) && !is_application(below),
    }
}

fn is_application(below: &[&str]) -> bool {
    below.iter().any(|folder| *folder == "src" || SUBJECTS.contains(folder))
}

fn is_generated(folders: &[&str], name: &str) -> bool {
    if folders.iter().any(|folder| GENERATED.contains(folder))
        || GENERATED_FILES.contains(&name)
        || GENERATED_NAMES.iter().any(|end| name.ends_with(end))
    {
        return true;
    }
    let inside = |folder: &str| folders.contains(&folder);
    // Reports of istanbul, and clients of prisma and of GraphQL's generators.
    let report =
        inside("coverage") && (name == "lcov.info" || inside("lcov-report") || name.starts_with("coverage-"));
    let client = folders
        .windows(2)
        .any(|pair| pair[0] == "generated" && ["client", "graphql", "prisma", "proto"].contains(&pair[1]));
    let bundled = folders.windows(2).any(|pair| ["dist", "build"].contains(&pair[0]) && pair[1] == "assets");
    report || client || bundled && is_hashed(name)
}

/// `index-BxQ3a9Zk.js`: the bundler puts a hash of the content into the name.
fn is_hashed(name: &str) -> bool {
    let Some((stem, _)) = name.split_once('.') else { return false };
    let hash = stem.get(stem.len().saturating_sub(8)..).unwrap_or_default();
    let before = stem.len().checked_sub(9).and_then(|at| stem.as_bytes().get(at));
    hash.len() == 8
        && matches!(before, Some(b'-' | b'.' | b'_'))
        && hash.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && hash.bytes().any(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn folder_role(folders: &[&str], i: usize, name: &str) -> Option<Role> {
    let folder = folders.get(i)?;
    let role = FOLDERS.iter().find(|(known, _)| known == folder)?.1;
    if UNMISTAKABLE.contains(folder) {
        return Some(role);
    }
    let above = folders.get(..i).unwrap_or_default();
    let has = |list: &[&str]| above.iter().any(|folder| list.contains(folder));
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let fits = match role {
        // In Python, `app` is the package, and its tests stand in it.
        Role::Test if extension == "py" => true,
        Role::Test if *folder == "spec" => CODE.contains(&extension) && !has(SUBJECTS),
        Role::Test | Role::Fixture => !has(SUBJECTS) || has(&["test", "tests", "spec"]),
        _ => !has(SUBJECTS) && !has(SOURCES),
    };
    fits.then_some(role)
}

fn is_test_name(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let inner = stem.rsplit_once('.').map_or("", |(_, inner)| inner);
    match extension {
        "js" | "jsx" | "ts" | "tsx" | "mjs" | "cjs" | "mts" | "cts" | "svelte" | "vue" => {
            matches!(inner, "test" | "spec" | "cy" | "e2e" | "e2e-spec" | "test-d")
                || stem.ends_with("_test")
                || stem.ends_with(".e2e-spec")
        }
        "py" => stem.starts_with("test_") || stem.ends_with("_test") || stem == "conftest",
        "go" | "dart" | "exs" | "cc" | "cpp" => stem.ends_with("_test"),
        "rb" => stem.ends_with("_spec") || stem.ends_with("_test"),
        "java" | "kt" | "cs" | "php" | "swift" | "scala" => stem.ends_with("Test") || stem.ends_with("Tests"),
        _ => false,
    }
}

fn is_document(name: &str) -> bool {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    DOCUMENTS.contains(&extension.to_ascii_lowercase().as_str())
        || matches!(
            stem,
            "README" | "LICENSE" | "LICENCE" | "CHANGELOG" | "NOTICE" | "CONTRIBUTING" | "AUTHORS"
        ) && matches!(extension, "" | "txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(role: Role, paths: &[&str]) {
        for path in paths {
            assert_eq!(of(path), role, "{path}");
        }
    }

    #[test]
    fn product_code_is_never_hidden_by_a_name() {
        all(
            Role::Product,
            &[
                "src/pages/vendor/Dashboard.tsx",
                "routes/vendor/index.js",
                "vendor/src/App.jsx",
                "vendor/package.json",
                "app/Http/Controllers/Vendor/OrderController.php",
                "app/api/test/route.ts",
                "src/pages/tests/TestDetail.tsx",
                "src/app/(dashboard)/tests/[id]/page.tsx",
                "supabase/functions/test/index.ts",
                "app/docs/page.tsx",
                "src/app/demo/page.tsx",
                "src/main/java/com/example/demo/DemoApplication.java",
                "src/components/fixtures/FixtureList.tsx",
                "spec/openapi.yaml",
                "build/index.ts",
                "dist/server.js",
                "out/main.py",
                "coverage/Policy.ts",
                "env/settings.py",
                "src/latest.ts",
                "src/contest.py",
                "requirements.txt",
            ],
        );
    }

    #[test]
    fn copied_code_is_vendored() {
        all(
            Role::Vendored,
            &[
                "node_modules/react/index.js",
                "apps/web/node_modules/x/test/a.js",
                "vendor/github.com/pkg/errors/errors.go",
                "vendor/modules.txt",
                "backend/vendor/laravel/framework/src/Illuminate/Support/Str.php",
                "vendor/serde/src/lib.rs",
                "vendor/bundle/ruby/3.2.0/gems/rack/lib/rack.rb",
                "public/vendor/jquery/jquery.js",
                "vendor/bootstrap.css",
                "third_party/zlib/zlib.c",
                ".yarn/releases/yarn-4.0.0.cjs",
                "venv/lib/python3.11/site-packages/flask/app.py",
                "ios/Pods/Firebase/a.m",
            ],
        );
    }

    #[test]
    fn what_tools_write_is_generated() {
        all(
            Role::Generated,
            &[
                "package-lock.json",
                "apps/web/pnpm-lock.yaml",
                ".next/server/app.js",
                "src/__pycache__/a.cpython-311.pyc",
                "api/user_pb2.py",
                "lib/models/user.g.dart",
                "src/routeTree.gen.ts",
                "dist/assets/index-BxQ3a9Zk.js",
                "public/app.js.map",
                "js/app.min.js",
                ".vibecheck-baseline.json",
                "coverage/lcov-report/index.html",
                "src/generated/prisma/index.d.ts",
            ],
        );
    }

    #[test]
    fn tests_fixtures_examples_and_documents() {
        all(
            Role::Test,
            &[
                "tests/test_api.py",
                "backend/app/tests/utils/user.py",
                "src/lib/price.test.ts",
                "app/api/test/route.test.ts",
                "src/components/__tests__/Button.tsx",
                "cypress/support/commands.ts",
                "e2e/login.ts",
                "spec/models/user_spec.rb",
                "pkg/server_test.go",
                "src/test/setup.ts",
                "test/helper.rb",
                "conftest.py",
                "test/widget_test.dart",
            ],
        );
        all(
            Role::Fixture,
            &["tests/fixtures/user.json", "testdata/a.golden", "src/__mocks__/fs.ts", "src/a.test.ts.snap"],
        );
        all(
            Role::Example,
            &["examples/next/app/page.tsx", "examples/next/a.test.ts", "packages/sdk/demo/index.ts"],
        );
        all(
            Role::Docs,
            &["docs/setup.md", "docs/src/theme.tsx", "README.md", "apps/web/CHANGELOG", "a/notes.mdx"],
        );
    }

    #[test]
    fn untracked_folders_of_dependencies_are_left_out() {
        let folder_of = |name: &str| folder(name, Path::new("/nonexistent"));
        assert_eq!(folder_of("node_modules"), Some(SkipReason::Vendored));
        assert_eq!(folder_of(".venv"), Some(SkipReason::Vendored));
        assert_eq!(folder_of("__pycache__"), Some(SkipReason::Generated));
        assert_eq!(folder_of("target"), None);
        assert_eq!(folder_of("vendor"), None);
        let holding = |name: &str, file: &str| holding(name, |asked| asked == file);
        assert_eq!(holding("python", "pyvenv.cfg"), Some(SkipReason::Vendored));
        assert_eq!(holding("cache", "CACHEDIR.TAG"), Some(SkipReason::Generated));
        assert_eq!(holding("target", ".rustc_info.json"), Some(SkipReason::Generated));
        assert_eq!(holding("src", ".rustc_info.json"), None);
    }
}
