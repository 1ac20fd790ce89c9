//! What an app is built with: declared packages, held against the imports of its code.

use super::units::Unit;
use crate::facts::imports::Imports;
use crate::facts::kinds::{Part, Scope};
use crate::facts::notes::{DependencyNote, ManifestNote};
use crate::facts::{FileNotes, Input, layout};
use crate::meaning::hosts::Service;
use crate::meaning::packages::{self, Package, Purpose};
use crate::meaning::places::glob;
use crate::secrets::excerpt;
use crate::source::Role;

/// A package that the app uses, and what shows it.
#[derive(Debug)]
pub struct Used {
    /// What it is.
    pub package: &'static Package,
    /// As a part of the app.
    pub part: Part,
}

/// Whether the workspace at `root` takes the folder in.
fn takes_in(input: &Input<'_>, root: &str, folder: &str) -> bool {
    let Some(member) = layout::relative(folder, root) else { return false };
    let manifests =
        input.notes.iter().filter(|n| layout::folder(&n.path) == root).filter_map(|n| n.manifest.as_ref());
    manifests.into_iter().any(|m| layout::member(&m.workspaces, member))
}

/// The packages of an app.
pub struct Stack<'a> {
    /// Used packages, in the order of the vocabulary.
    pub used: Vec<Used>,
    /// What its code uses without a package of its own, by file and line.
    services: Vec<(&'static Service, Part)>,
    /// The imports of its code.
    pub imports: Imports,
    folders: Vec<&'a str>,
    others: &'a [String],
}

impl<'a> Stack<'a> {
    /// The stack of `unit`: its own manifests and those of the workspaces that take it in, its code and that of the
    /// packages of the repository that it uses. `others` are the folders of the other apps.
    pub fn new(input: &Input<'_>, unit: &'a Unit<'_>, others: &'a [String]) -> Self {
        let mut folders: Vec<&str> = vec![unit.folder.as_str()];
        folders.extend(unit.uses.iter().map(String::as_str).filter(|u| !u.is_empty()));
        let mut stack =
            Self { used: Vec::new(), services: Vec::new(), imports: Imports::default(), folders, others };
        let product =
            |n: &&FileNotes| input.source.tree.get(&n.path).is_some_and(|f| f.role == Role::Product);
        stack.imports = Imports::new(input.notes.iter().filter(product).filter(|n| stack.covers(&n.path)));
        let ecosystems: Vec<&str> = unit.manifests.iter().map(|(_, m)| m.ecosystem.as_str()).collect();
        let roots: Vec<&str> =
            layout::above(&unit.folder).filter(|a| takes_in(input, a, &unit.folder)).collect();
        let manifests: Vec<(&FileNotes, &ManifestNote)> = layout::manifests(input.notes)
            .filter(|(n, m)| {
                let root =
                    roots.contains(&layout::folder(&n.path)) && ecosystems.contains(&m.ecosystem.as_str());
                product(n) && (root || stack.covers(&n.path))
            })
            .collect();
        let all = input.source.tree.files().iter().filter(|f| f.role != Role::Vendored && stack.own(&f.path));
        let files: Vec<&str> = all.map(|f| f.name()).collect();
        stack.fill(&manifests, &files);
        stack.services =
            stack.services_of(input.notes.iter().filter(product).filter(|n| stack.covers(&n.path)));
        stack
    }

    /// The first place of each service that the code of these notes uses.
    fn services_of<'n>(&self, notes: impl Iterator<Item = &'n FileNotes>) -> Vec<(&'static Service, Part)> {
        let mut found: Vec<(&'static Service, Part)> = Vec::new();
        // What the product itself does says more than a script beside it.
        let beside =
            |n: &FileNotes| n.path.split('/').any(|f| matches!(f, "scripts" | "tools" | "seed" | "seeds"));
        let (last, first): (Vec<&FileNotes>, Vec<&FileNotes>) = notes.partition(|n| beside(n));
        for (note, service) in first.iter().chain(&last).flat_map(|n| n.services.iter().map(move |s| (n, s)))
        {
            let said = service.service;
            let of_provider = |u: &Used| u.package.provider == said.needs;
            let known = |(s, p): &(&Service, Part)| s.is == said.is && p.name == said.id;
            if found.iter().any(known) || !(said.needs.is_empty() || self.used.iter().any(of_provider)) {
                continue;
            }
            let part = Part {
                name: said.id.clone(),
                version: Default::default(),
                provider: said.provider.clone(),
                file: note.path.clone(),
                line: service.line,
            };
            found.push((said, part));
        }
        found
    }

    /// Whether the path is of the app itself.
    pub fn own(&self, path: &str) -> bool {
        self.folders.first().is_some_and(|f| self.holds(f, path))
    }

    /// Whether the path is of the app or of a package that it uses.
    pub fn covers(&self, path: &str) -> bool {
        self.folders.iter().any(|f| self.holds(f, path))
    }

    fn holds(&self, folder: &str, path: &str) -> bool {
        let deeper = |o: &&String| o.len() > folder.len() && layout::within(o, folder);
        layout::within(path, folder) && !self.others.iter().filter(deeper).any(|o| layout::within(path, o))
    }

    fn fill(&mut self, manifests: &[(&FileNotes, &ManifestNote)], files: &[&str]) {
        let declared: Vec<(&FileNotes, &ManifestNote, &DependencyNote, &'static Package)> = manifests
            .iter()
            .flat_map(|(n, m)| m.dependencies.iter().map(move |d| (*n, *m, d)))
            .filter(|(.., d)| d.scope != Scope::Peer)
            .flat_map(|(n, m, d)| {
                let ecosystem = if m.ecosystem == "deno" { "npm" } else { m.ecosystem.as_str() };
                packages::declared(ecosystem, &d.name).into_iter().map(move |p| (n, m, d, p))
            })
            .collect();
        // A mapper loads its driver by name, so that no import shows it.
        let mapped = declared
            .iter()
            .any(|(n, m, d, p)| p.is == Purpose::Orm && self.shown(p, m, d, files, n).is_some());
        for package in packages::all() {
            let driver = mapped
                && package.is == Purpose::Database
                && ["postgres", "mysql", "sqlite", "mssql"].contains(&package.id.as_str());
            let shown = declared.iter().filter(|(.., p)| std::ptr::eq(*p, package)).find(|(n, m, d, p)| {
                driver && p.subpaths.is_empty() && p.provider.is_empty()
                    || self.shown(p, m, d, files, n).is_some()
            });
            let part = match shown {
                Some((note, _, dependency, _)) => Some(Part {
                    name: package.id.clone(),
                    version: excerpt(&dependency.version),
                    provider: package.provider.clone(),
                    file: note.path.clone(),
                    line: dependency.line,
                }),
                None => self.undeclared(package),
            };
            self.used.extend(part.map(|part| Used { package, part }));
        }
    }

    /// What shows that a declared package is used: an import, a file of its own, or that it needs neither.
    fn shown(
        &self,
        package: &Package,
        manifest: &ManifestNote,
        dependency: &DependencyNote,
        files: &[&str],
        note: &FileNotes,
    ) -> Option<()> {
        let imported = || self.imports.of(package, &manifest.ecosystem, &dependency.name).map(|_| ());
        if self.covers(&note.path) && !self.own(&note.path) && package.is == Purpose::Framework {
            // A tool that builds a package of the repository is none of the app's.
            return imported().filter(|()| !package.tool);
        }
        let file = package.files.iter().any(|pattern| files.iter().any(|name| glob(pattern, name)));
        if package.tool {
            return (package.files.is_empty() || file).then_some(());
        }
        if file || (self.own(&note.path) && !self.imports.known(&manifest.ecosystem)) {
            return Some(());
        }
        imported()
    }

    /// What no manifest declares: packages that imports name themselves, and modules of Python's own library.
    fn undeclared(&self, package: &'static Package) -> Option<Part> {
        let standard = ["sqlite3", "smtplib"].into_iter().find(|m| package.modules.iter().any(|x| x == m));
        let place = self
            .imports
            .direct(package)
            .or_else(|| standard.and_then(|module| self.imports.standard("pypi", &[module])))?;
        Some(Part {
            name: package.id.clone(),
            version: Default::default(),
            provider: package.provider.clone(),
            file: place.file.clone(),
            line: place.line,
        })
    }

    /// The parts for one purpose, sorted, one for each name and provider.
    pub fn parts(&self, purpose: Purpose) -> Vec<Part> {
        let mut parts: Vec<Part> =
            self.used.iter().filter(|u| u.package.is == purpose).map(|u| u.part.clone()).collect();
        // A package tells more than an address does.
        for fallback in [false, true] {
            let mine = |(s, p): &&(&Service, Part)| {
                s.is == purpose && s.fallback == fallback && !parts.iter().any(|k| k.name == p.name)
            };
            let more: Vec<Part> = self.services.iter().filter(mine).map(|(_, p)| p.clone()).collect();
            if !fallback || parts.is_empty() {
                parts.extend(more);
            }
        }
        parts.sort();
        parts.dedup_by(|later, first| later.name == first.name && later.provider == first.provider);
        parts
    }

    /// The used frameworks.
    pub fn frameworks(&self) -> impl Iterator<Item = &Used> {
        self.used.iter().filter(|u| u.package.is == Purpose::Framework)
    }
}
