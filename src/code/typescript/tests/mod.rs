mod components;
mod hostile;
mod modules;
mod print;
mod syntax;

use crate::code::{Module, parse};

/// A TypeScript file that parses.
fn ts(text: &str) -> Module {
    let module = parse("a.ts", text);
    assert_eq!(module.broken, None);
    module
}

/// With JSX.
fn tsx(text: &str) -> Module {
    let module = parse("a.tsx", text);
    assert_eq!(module.broken, None);
    module
}
