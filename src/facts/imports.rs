//! Which packages the code of an app imports.

use std::collections::BTreeMap;

use crate::facts::FileNotes;
use crate::meaning::packages::Package;

/// Where something is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The specifier.
    pub module: String,
    /// The file.
    pub file: String,
    /// The line.
    pub line: u32,
}

/// The imports of an app's product code.
#[derive(Debug, Default)]
pub struct Imports {
    /// npm packages, with every specifier.
    npm: BTreeMap<String, Vec<Place>>,
    /// Packages that are named in the import itself (`npm:stripe`, an address), so that no manifest declares them.
    direct: BTreeMap<String, Vec<Place>>,
    /// Python modules.
    python: Vec<Place>,
    /// Files of JavaScript whose imports were read; of Python.
    scripts: usize,
    pythons: usize,
}

impl Imports {
    /// Collects the imports of these notes.
    pub fn new<'n>(notes: impl Iterator<Item = &'n FileNotes>) -> Self {
        let mut found = Self::default();
        for note in notes {
            let python = note.path.ends_with(".py");
            if !note.imports.is_empty() {
                *(if python { &mut found.pythons } else { &mut found.scripts }) += 1;
            }
            for import in &note.imports {
                let place =
                    Place { module: import.module.clone(), file: note.path.clone(), line: import.line };
                if python {
                    found.python.push(place);
                } else if let Some(name) = direct_name(&import.module) {
                    found.direct.entry(name).or_default().push(place);
                } else if let Some(name) = npm_name(&import.module) {
                    found.npm.entry(name).or_default().push(place);
                }
            }
        }
        found
    }

    /// Whether imports of this ecosystem were read at all.
    pub fn known(&self, ecosystem: &str) -> bool {
        match ecosystem {
            "npm" | "deno" => self.scripts > 0,
            "pypi" => self.pythons > 0,
            _ => false,
        }
    }

    /// The first import that shows the use of a package declared as `name`.
    pub fn of(&self, package: &Package, ecosystem: &str, name: &str) -> Option<&Place> {
        match ecosystem {
            "npm" | "deno" => {
                let places = self.npm.get(name)?;
                places.iter().find(|p| package.shown_by_import(name, &p.module))
            }
            _ => self.python.iter().find(|p| package.shown_by_module(&p.module)),
        }
    }

    /// The first import that names the package itself.
    pub fn direct(&self, package: &Package) -> Option<&Place> {
        self.direct.iter().find_map(|(name, places)| {
            package
                .npm
                .iter()
                .any(|n| n == name || n.strip_suffix('*').is_some_and(|p| name.starts_with(p)))
                .then_some(())?;
            places.iter().find(|p| {
                package.subpaths.is_empty() || package.shown_by_import(name, &bare(name, &p.module))
            })
        })
    }

    /// The first import of one of these modules of a standard library.
    pub fn standard(&self, ecosystem: &str, modules: &[&str]) -> Option<&Place> {
        match ecosystem {
            "npm" => modules.iter().find_map(|m| self.npm.get(*m).and_then(|p| p.first())),
            _ => self.python.iter().find(|p| modules.contains(&p.module.as_str())),
        }
    }
}

/// The npm package of a bare specifier: `@scope/name/sub` is of `@scope/name`. `None` for files and aliases.
pub fn npm_name(specifier: &str) -> Option<String> {
    let specifier = specifier.strip_prefix("node:").unwrap_or(specifier);
    if specifier.starts_with(['.', '/', '#', '~', '$'])
        || specifier.starts_with("@/")
        || specifier.contains(':')
    {
        return None;
    }
    let mut parts = specifier.split('/');
    let first = parts.next().filter(|p| !p.is_empty())?;
    if first.starts_with('@') { Some(format!("{first}/{}", parts.next()?)) } else { Some(first.to_owned()) }
}

/// The package that a Deno specifier names: `npm:stripe@14`, `jsr:@scope/x`, `https://esm.sh/stripe@14?target=deno`.
fn direct_name(specifier: &str) -> Option<String> {
    const CDNS: [&str; 6] =
        ["esm.sh/", "cdn.skypack.dev/", "cdn.jsdelivr.net/npm/", "unpkg.com/", "esm.run/", "cdn.esm.sh/"];
    let path = match specifier.split_once(':')? {
        ("npm" | "jsr", rest) => rest.trim_start_matches('/'),
        ("https" | "http", rest) => {
            let rest = rest.trim_start_matches('/');
            CDNS.iter().find_map(|cdn| rest.strip_prefix(cdn))?
        }
        _ => return None,
    };
    // `esm.sh/v135/x` names a build first.
    let path = match path.split_once('/') {
        Some((build, rest))
            if build.starts_with('v')
                && build.len() > 1
                && build.bytes().skip(1).all(|b| b.is_ascii_digit()) =>
        {
            rest
        }
        _ => path,
    };
    let mut parts = path.split(['/', '?']);
    let first = parts.next()?;
    let name = if first.starts_with('@') { format!("{first}/{}", parts.next()?) } else { first.to_owned() };
    let at = name.get(1..)?.find('@').map(|n| n + 1).unwrap_or(name.len());
    name.get(..at).map(str::to_owned)
}

/// A Deno specifier as a bare one: `npm:firebase@10/auth` is `firebase/auth`.
fn bare(name: &str, specifier: &str) -> String {
    let after = specifier.find(name).and_then(|at| specifier.get(at + name.len()..)).unwrap_or("");
    let path = after.split_once('/').map_or("", |(_, path)| path).split('?').next().unwrap_or("");
    if path.is_empty() { name.to_owned() } else { format!("{name}/{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_packages() {
        for (specifier, name) in [
            ("stripe", Some("stripe")),
            ("@a/b/c", Some("@a/b")),
            ("./x", None),
            ("@/lib/x", None),
            ("next/server", Some("next")),
            ("node:http", Some("http")),
        ] {
            assert_eq!(npm_name(specifier).as_deref(), name, "{specifier}");
        }
        for (specifier, name) in [
            ("npm:stripe@14.1.0", Some("stripe")),
            ("https://esm.sh/@supabase/supabase-js@2.39.0", Some("@supabase/supabase-js")),
            ("https://esm.sh/v135/openai@4?target=deno", Some("openai")),
            ("jsr:@supabase/functions-js/edge-runtime.d.ts", Some("@supabase/functions-js")),
            ("https://deno.land/std@0.168.0/http/server.ts", None),
        ] {
            assert_eq!(direct_name(specifier).as_deref(), name, "{specifier}");
        }
        assert_eq!(bare("firebase", "npm:firebase@10/auth"), "firebase/auth");
    }
}
