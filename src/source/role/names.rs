//! Names that tell a role.

use crate::source::tree::Role;

/// Folders of installed or copied code, wherever they stand.
pub(super) const VENDORED: &[&str] = &[
    ".bundle",
    ".pnpm-store",
    ".terraform",
    ".tox",
    ".nox",
    ".venv",
    ".yarn",
    "3rdparty",
    "_vendor",
    "bower_components",
    "jspm_packages",
    "node_modules",
    "site-packages",
    "third-party",
    "third_party",
    "thirdparty",
    "Pods",
    "Carthage",
];

/// Folders that tools fill, wherever they stand.
pub(super) const GENERATED: &[&str] = &[
    "__generated__",
    "__pycache__",
    ".angular",
    ".astro",
    ".dart_tool",
    ".docusaurus",
    ".expo",
    ".gradle",
    ".mypy_cache",
    ".next",
    ".nuxt",
    ".nyc_output",
    ".output",
    ".parcel-cache",
    ".pytest_cache",
    ".ruff_cache",
    ".serverless",
    ".svelte-kit",
    ".turbo",
    ".vercel",
    ".vite",
    "dev-dist",
    "htmlcov",
    "storybook-static",
];

/// Ends of file names that tools write.
pub(super) const GENERATED_NAMES: &[&str] = &[
    // What was accepted must not be found again in the list of it.
    "vibecheck-baseline.json",
    "_pb2.py",
    "_pb2.pyi",
    "_pb2_grpc.py",
    ".pb.go",
    ".pb.gw.go",
    "_grpc.pb.go",
    "_pb.js",
    "_pb.ts",
    "_pb.d.ts",
    ".pb.ts",
    ".pb.dart",
    ".pbenum.dart",
    ".pbgrpc.dart",
    ".g.dart",
    ".freezed.dart",
    ".gr.dart",
    ".mocks.dart",
    ".config.dart.g",
    ".gen.go",
    ".gen.ts",
    ".gen.tsx",
    ".generated.ts",
    ".generated.tsx",
    ".generated.js",
    ".generated.go",
    ".generated.dart",
    ".designer.cs",
    ".g.cs",
    ".map",
    ".tsbuildinfo",
    ".min.js",
    ".min.mjs",
    ".min.css",
    ".bundle.js",
    ".chunk.js",
    ".chunk.css",
];

/// File names that tools write.
pub(super) const GENERATED_FILES: &[&str] =
    &["next-env.d.ts", ".pnp.cjs", ".pnp.loader.mjs", ".flutter-plugins", ".flutter-plugins-dependencies"];

/// Files that record exact versions.
pub(super) const LOCKFILES: &[&str] = &[
    "Cargo.lock",
    "Gemfile.lock",
    "Package.resolved",
    "Pipfile.lock",
    "Podfile.lock",
    "bun.lock",
    "bun.lockb",
    "composer.lock",
    "deno.lock",
    "flake.lock",
    "go.sum",
    "go.work.sum",
    "gradle.lockfile",
    "mix.lock",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "packages.lock.json",
    "pdm.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "pubspec.lock",
    "uv.lock",
    "yarn.lock",
];

/// Folders of tests, data for them, examples and documents.
pub(super) const FOLDERS: &[(&str, Role)] = &[
    ("__fixtures__", Role::Fixture),
    ("__mocks__", Role::Fixture),
    ("__snapshots__", Role::Fixture),
    ("fixtures", Role::Fixture),
    ("testdata", Role::Fixture),
    ("test-data", Role::Fixture),
    ("test_data", Role::Fixture),
    ("__tests__", Role::Test),
    ("__test__", Role::Test),
    ("cypress", Role::Test),
    ("e2e", Role::Test),
    ("integration_test", Role::Test),
    ("playwright", Role::Test),
    ("spec", Role::Test),
    ("test", Role::Test),
    ("tests", Role::Test),
    ("demo", Role::Example),
    ("demos", Role::Example),
    ("example", Role::Example),
    ("examples", Role::Example),
    ("sample", Role::Example),
    ("samples", Role::Example),
    ("doc", Role::Docs),
    ("docs", Role::Docs),
    ("documentation", Role::Docs),
];

/// Names in [`FOLDERS`] that no route, component or package has for a subject of its own.
pub(super) const UNMISTAKABLE: &[&str] = &[
    "__fixtures__",
    "__mocks__",
    "__snapshots__",
    "__test__",
    "__tests__",
    "cypress",
    "e2e",
    "integration_test",
    "testdata",
];

/// Below these, a folder is named after what the product is about.
pub(super) const SUBJECTS: &[&str] = &[
    "api",
    "app",
    "commands",
    "components",
    "controllers",
    "features",
    "functions",
    "handlers",
    "hooks",
    "layouts",
    "models",
    "modules",
    "pages",
    "router",
    "routers",
    "routes",
    "screens",
    "server",
    "services",
    "views",
    "widgets",
];

/// Below these, `example` and `docs` are part of a package's or a module's name.
pub(super) const SOURCES: &[&str] =
    &["java", "kotlin", "lib", "main", "public", "scala", "src", "static", "www"];

/// Documents by extension.
pub(super) const DOCUMENTS: &[&str] = &["adoc", "asciidoc", "markdown", "md", "mdx", "rst"];

/// Formats of code: what a `spec` folder must hold to be one of tests and not of an API's description.
pub(super) const CODE: &[&str] = &[
    "c", "cc", "cjs", "cpp", "cs", "cts", "dart", "ex", "exs", "go", "java", "js", "jsx", "kt", "mjs", "mts",
    "php", "py", "rb", "rs", "scala", "svelte", "swift", "ts", "tsx", "vue",
];
