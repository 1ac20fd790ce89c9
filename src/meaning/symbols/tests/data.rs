use std::collections::BTreeSet;

use super::super::table::Table;
use super::super::*;

#[test]
fn every_entry_is_understood_and_no_symbol_is_there_twice() {
    let (table, wrong) = Table::read(files());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(table.entries.len() > 300, "the files are where they are looked for");
}

#[test]
fn every_entry_says_something() {
    for entry in &TABLE.entries {
        let says = entry.guard.is_some()
            || entry.wrapper.is_some()
            || entry.middleware.is_some()
            || entry.effect.is_some()
            || entry.client.is_some()
            || entry.response.is_some()
            || entry.log.is_some()
            || entry.input.is_some()
            || entry.env.is_some()
            || entry.handler.is_some()
            || entry.digest.is_some()
            || entry.hash
            || entry.passes.is_some()
            || !entry.callback.is_empty()
            || !entry.is.is_empty();
        assert!(says && !entry.symbols.is_empty(), "{:?}", entry.symbols);
    }
}

/// A guard that shows failure in no way could never protect anything.
#[test]
fn every_guard_can_fail() {
    let unfailing = ["arktype type() ()"];
    for entry in &TABLE.entries {
        if let Some(guard) = &entry.guard
            && guard.how == How::Result
            && !entry.symbols.iter().any(|s| unfailing.contains(&s.as_str()))
        {
            assert!(!guard.fails.is_empty(), "{:?}", entry.symbols);
        }
    }
}

#[test]
fn names_lead_somewhere() {
    let readme = include_str!("../../../../rules/vocabulary/symbols/README.md");
    let named: BTreeSet<&str> = TABLE.entries.iter().map(|e| e.is.as_str()).collect();
    let given = TABLE.entries.iter().flat_map(|e| &e.callback).flat_map(|c| &c.gives).map(String::as_str);
    let used =
        TABLE.entries.iter().flat_map(|e| &e.symbols).filter_map(|s| s.strip_prefix('<')?.split_once('>'));
    for name in given.chain(used.map(|(name, _)| name)).filter(|name| !name.is_empty()) {
        assert!(named.contains(name) || readme.contains(&format!("`{name}`")), "nothing is called {name}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let wrong = |text| Table::read(std::iter::once(("a.toml", text))).1.join("\n");
    assert!(wrong("[[entry]]\nsymbols = [\"x y\"]\nlog = \"loud\"").contains("a.toml"));
    assert!(wrong("[[entry]]\nsymbols = [\"x y\", \"x default.y\"]\nlog = \"info\"").contains("twice"));
    assert!(wrong("[[entry]]\nsymbols = [\"x .**.y .**.z\"]\nlog = \"info\"").contains("only once"));
    assert!(wrong("[[entry]]\nsymbols = [\"x .**\"]\nlog = \"info\"").contains("follow"));
    assert!(wrong("[[entry]]\nsymbols = [\"x y\"]\nguards = 1").contains("guards"));
    assert_eq!(wrong("[[entry]]\nsymbols = [\"x y\"]\nlog = \"info\""), "");
}
