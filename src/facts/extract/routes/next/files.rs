//! Which app of Next.js a file belongs to, and which address its place stands for.

use std::collections::BTreeMap;

use super::Package;
use crate::code::{Code, Entry, Expr, ModuleId, Stmt};
use crate::facts::extract::routes::follow::{Place, entry, exported, written};

/// An app of Next.js.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct App {
    /// What stands before every address, from its configuration: `""`, or `/docs`.
    pub(super) base_path: String,
    /// The endings of files that are routes, if its configuration says which: `ts`, `api.ts`.
    pub(super) endings: Option<Vec<String>>,
    /// The major version of Next.js, if its package says one.
    pub(super) version: Option<u32>,
}

/// The apps of a repository, by the folder that holds their package or their configuration.
#[derive(Debug, Clone, Default)]
pub(super) struct Apps(BTreeMap<String, App>);

/// A file below `app/` or `pages/`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Below {
    /// The folder of the app.
    pub(super) root: String,
    /// The folder that holds `app/` or `pages/`: that of the app, or its `src`.
    pub(super) beside: String,
    /// The rest of the path, from `app/` or `pages/` on.
    pub(super) rest: String,
    /// Whether something says that this is Next.js: a configuration or a dependency.
    pub(super) certain: bool,
}

const ENDINGS: &[&str] = &["tsx", "ts", "jsx", "js", "mjs"];

impl Apps {
    pub(super) fn of(packages: &[Package], code: &Code) -> Self {
        let mut apps: BTreeMap<String, App> = BTreeMap::new();
        for package in packages {
            let app = apps.entry(package.folder.clone()).or_default();
            app.version = app.version.or_else(|| major(&package.next));
        }
        for (id, module) in (0..).map(ModuleId).zip(&code.modules) {
            let (folder, name) = module.path.rsplit_once('/').unwrap_or(("", &module.path));
            let is_config = name.strip_prefix("next.config.").is_some_and(|ending| !ending.contains('.'));
            if is_config {
                let app = apps.entry(folder.to_owned()).or_default();
                app.base_path = base_path(code, id).unwrap_or_default();
                app.endings = endings(code, id);
            }
        }
        Self(apps)
    }

    /// The name of a file without its ending, if files of this ending are routes.
    pub(super) fn stem<'p>(&self, root: &str, file: &'p str) -> Option<&'p str> {
        let own = self.get(root).and_then(|app| app.endings.as_ref());
        let ending_of =
            |ending: &str| file.strip_suffix(ending)?.strip_suffix('.').filter(|stem| !stem.is_empty());
        match own {
            Some(endings) => endings.iter().find_map(|ending| ending_of(ending)),
            None => ENDINGS.iter().find_map(|ending| ending_of(ending)),
        }
    }

    /// Whether nothing says that there is any.
    pub(super) fn none(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a folder stands within an app.
    pub(super) fn around(&self, folder: &str) -> bool {
        let mut folder = folder;
        loop {
            if self.0.contains_key(folder) {
                return true;
            }
            match folder.rsplit_once('/') {
                Some((parent, _)) => folder = parent,
                None if folder.is_empty() => return false,
                None => folder = "",
            }
        }
    }

    pub(super) fn get(&self, root: &str) -> Option<&App> {
        self.0.get(root)
    }

    /// Whether a file stands below a folder of this name that belongs to an app. A folder of the name within the
    /// app, or around it, is told apart by where the packages and configurations are.
    pub(super) fn below(&self, path: &str, folder: &str) -> Option<Below> {
        let mut best: Option<Below> = None;
        let mut start = 0;
        for segment in path.split('/') {
            let end = start + segment.len();
            if segment == folder && end < path.len() {
                let beside = path[..start].trim_end_matches('/');
                let root = root_of(beside);
                let certain = self.0.contains_key(root);
                if best.is_none() || certain {
                    best = Some(Below {
                        root: root.to_owned(),
                        beside: beside.to_owned(),
                        rest: path[end + 1..].to_owned(),
                        certain,
                    });
                }
            }
            start = end + 1;
        }
        best
    }
}

/// The folder of the app whose `app/` or `pages/` stands in a folder: that, or the one around its `src`.
pub(super) fn root_of(beside: &str) -> &str {
    match beside.strip_suffix("src") {
        Some(root) if root.is_empty() || root.ends_with('/') => root.trim_end_matches('/'),
        _ => beside,
    }
}

/// The first number of a version or range: `^15.1.0`, `>=14`, `npm:next@16`.
fn major(version: &str) -> Option<u32> {
    let version = version.rsplit_once('@').map_or(version, |(_, version)| version);
    let digits: String =
        version.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|major| *major < 1000)
}

/// The `basePath` of a `next.config`, if it is a plain text.
fn base_path(code: &Code, module: ModuleId) -> Option<String> {
    let (module, path) = setting(code, module, "basePath")?;
    code.constant(module, path).filter(|path| path.starts_with('/'))
}

/// The `pageExtensions` of a `next.config`.
fn endings(code: &Code, module: ModuleId) -> Option<Vec<String>> {
    let (module, value) = setting(code, module, "pageExtensions")?;
    match written(code, module, value) {
        (module, Expr::List(items)) => items.iter().map(|item| code.constant(module, item)).collect(),
        _ => None,
    }
}

/// A setting of a `next.config`: of an object, of one that a function returns, or of one that is given to wrappers.
fn setting<'c>(code: &'c Code, module: ModuleId, key: &str) -> Option<(ModuleId, &'c Expr)> {
    let mut waiting = match exported(code, module, "default")? {
        Place::Value(module, value) => vec![(module, value)],
        Place::Function(at) => returned(&code.function(at).body).map(|value| (at.0, value)).collect(),
        _ => return None,
    };
    for _ in 0..64 {
        let (module, value) = waiting.pop()?;
        let (module, value) = written(code, module, value);
        match value {
            Expr::Object(entries) => {
                if let Some(value) = entry(entries, key) {
                    return Some((module, value));
                }
                waiting.extend(entries.iter().filter_map(|entry| match entry {
                    Entry::Spread(value) => Some((module, value)),
                    Entry::Pair(..) => None,
                }));
            }
            Expr::Call(call) => {
                waiting.push((module, &call.callee));
                waiting.extend(call.args.iter().map(|arg| (module, arg)));
            }
            Expr::Function(function) => {
                waiting
                    .extend(returned(&code.function((module, *function)).body).map(|value| (module, value)));
            }
            _ => {}
        }
    }
    None
}

/// What the last statements of a function return.
fn returned(body: &[Stmt]) -> impl Iterator<Item = &Expr> {
    body.iter().filter_map(|statement| match statement {
        Stmt::Return(Some(value), _) => Some(value),
        _ => None,
    })
}

/// The address of a file `route.ts` from the folders below `app/`. `None` below a private folder, which no request
/// reaches.
pub(super) fn app_path(folders: &str) -> Option<String> {
    let mut path = String::new();
    for folder in folders.split('/').filter(|folder| !folder.is_empty()) {
        if folder.starts_with('_') {
            return None;
        }
        let folder = without_interception(folder);
        let is_group = folder.starts_with('(') && folder.ends_with(')');
        if !is_group && !folder.starts_with('@') && !folder.is_empty() {
            path.push('/');
            path.push_str(folder);
        }
    }
    Some(if path.is_empty() { "/".to_owned() } else { path })
}

/// `(.)photo`, `(..)photo`, `(..)(..)photo` and `(...)photo` stand for `photo` in another place.
fn without_interception(folder: &str) -> &str {
    let mut rest = folder;
    for _ in 0..8 {
        let marker = ["(.)", "(..)", "(...)"].iter().find_map(|marker| rest.strip_prefix(marker));
        match marker {
            Some(after) if !after.is_empty() => rest = after,
            _ => break,
        }
    }
    rest
}

/// The address of a file below `pages/` without its ending: `api/users/[id]`; `api/index` is `/api`.
pub(super) fn page_path(stem: &str) -> Option<String> {
    let stem = stem.strip_suffix("/index").unwrap_or(stem);
    (!stem.ends_with(".d")).then(|| format!("/{stem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apps(folders: &[&str]) -> Apps {
        Apps(folders.iter().map(|folder| ((*folder).to_owned(), App::default())).collect())
    }

    #[test]
    fn folders_become_addresses() {
        assert_eq!(app_path("api/users/[id]").as_deref(), Some("/api/users/[id]"));
        assert_eq!(app_path("(shop)/@panel/cart/[...rest]").as_deref(), Some("/cart/[...rest]"));
        assert_eq!(app_path("feed/(..)photo/[[...slug]]").as_deref(), Some("/feed/photo/[[...slug]]"));
        assert_eq!(app_path("").as_deref(), Some("/"));
        assert_eq!(app_path("api/_lib/users"), None);
        assert_eq!(page_path("api/users/[id]").as_deref(), Some("/api/users/[id]"));
        assert_eq!(page_path("api/index").as_deref(), Some("/api"));
        assert_eq!(page_path("api/types.d"), None);
    }

    #[test]
    fn a_folder_named_app_belongs_to_the_app_around_it() {
        let below = apps(&["apps/web"]).below("apps/web/src/app/app/api/route.ts", "app").unwrap();
        assert_eq!((below.root.as_str(), below.beside.as_str()), ("apps/web", "apps/web/src"));
        assert_eq!(below.rest, "app/api/route.ts");
        let below = apps(&["app"]).below("app/src/app/api/route.ts", "app").unwrap();
        assert_eq!((below.root.as_str(), below.rest.as_str()), ("app", "api/route.ts"));
        let below = apps(&[]).below("app/app/route.ts", "app").unwrap();
        assert_eq!((below.root.as_str(), below.rest.as_str(), below.certain), ("", "app/route.ts", false));
    }

    #[test]
    fn versions_have_a_major_number() {
        let majors = ["^15.1.0", ">=14", "npm:next@16.0.1", "latest", "canary"].map(major);
        assert_eq!(majors, [Some(15), Some(14), Some(16), None, None]);
    }
}
