//! Which manifests take whatever version is newest.

use crate::facts::kinds::{RangeKind, Scope, SourceKind};
use crate::facts::{Evidence, Facts, Input};

/// Fills [`Manifest::floating`](crate::facts::kinds::Manifest::floating).
pub(super) fn run(_: &Input<'_>, facts: &mut Facts) {
    for manifest in &mut facts.manifests {
        // A peer dependency's range is an offer to whoever imports the package, and is often open on purpose.
        let floating = facts.dependencies.iter().filter(|dependency| {
            dependency.file == manifest.file
                && dependency.range == RangeKind::Any
                && dependency.scope != Scope::Peer
                && matches!(dependency.source, SourceKind::Registry | SourceKind::Git | SourceKind::Url)
        });
        for dependency in floating {
            manifest.floating.push(dependency.name.clone());
            let says = match dependency.version.as_str() {
                "" => format!("{} is declared without a version", dependency.name),
                version => format!("{} is declared as {version}", dependency.name),
            };
            let name = dependency.name.as_str();
            manifest.evidence.push(Evidence::of_item(
                "floating",
                name,
                &manifest.file,
                dependency.line,
                &says,
            ));
        }
        manifest.floating.sort();
        manifest.floating.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::kinds::{Dependency, Manifest};
    use crate::secrets::{Numbers, excerpt};
    use crate::source::{Source, Tree};

    #[test]
    fn what_has_no_bound_is_named_and_what_has_one_is_not() {
        let dependency = |name: &str, range, scope, source| Dependency {
            name: excerpt(name),
            file: "package.json".into(),
            line: 7,
            range,
            scope,
            source,
            ..Dependency::default()
        };
        let mut facts = Facts {
            manifests: vec![Manifest { file: "package.json".into(), ..Manifest::default() }],
            dependencies: vec![
                dependency("latest", RangeKind::Any, Scope::Runtime, SourceKind::Registry),
                dependency("caret", RangeKind::Range, Scope::Runtime, SourceKind::Registry),
                dependency("peer", RangeKind::Any, Scope::Peer, SourceKind::Registry),
                dependency("sibling", RangeKind::Any, Scope::Runtime, SourceKind::Workspace),
                dependency("branch", RangeKind::Any, Scope::Dev, SourceKind::Git),
            ],
            ..Facts::default()
        };
        let source = Source { tree: Tree::default(), git: None, notes: Vec::new(), at: String::new() };
        run(&Input::new(&source, &[], None, &crate::code::Code::default(), &Numbers::default()), &mut facts);
        let named: Vec<String> = facts.manifests[0].floating.iter().map(ToString::to_string).collect();
        assert_eq!(named, ["branch", "latest"]);
        assert!(facts.manifests[0].evidence.iter().all(|e| e.cell.starts_with("floating[") && e.line == 7));
    }
}
