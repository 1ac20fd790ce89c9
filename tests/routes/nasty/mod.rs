//! A generator of nasty repositories: what nobody writes, and somebody may have a machine write. Nothing of it may panic, overflow
//! the stack of a thread (2 MB, as here) or run away; what comes out is bounded, whatever went in.

mod files;
mod growing;
mod many;

use rayon::prelude::*;

use super::support::{Files, routes_of};

/// A name, the files, and how many routes there are at most.
pub type Nasty = (&'static str, Files, usize);

const EXPRESS: &str = "import express from \"express\";\nconst app = express();\n";

fn one(name: &'static str, most: usize, text: String) -> Nasty {
    (name, vec![("src/app.ts".to_owned(), text)], most)
}

fn each(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn route(handler: &str) -> String {
    format!("app.post(\"/x\", async (req, res, next) => {{ {handler} }});\n")
}

/// All of them.
pub fn all() -> Vec<Nasty> {
    let kinds = [
        many::many,
        many::circles,
        growing::growing,
        growing::branching,
        files::modules,
        files::frameworks,
        files::texts,
    ];
    kinds.iter().flat_map(|kind| kind()).collect()
}

#[test]
fn nothing_panics_and_what_comes_out_is_bounded() {
    all().into_par_iter().for_each(|(name, files, most)| {
        let routes = routes_of(&files);
        assert!(routes.len() <= most, "{name}: {} routes", routes.len());
        for route in &routes {
            let judged = &route.judged;
            let parts =
                judged.evidence.len() + judged.effects.len() + judged.guards.len() + judged.holes.len();
            assert!(parts < 20_000, "{name}: {parts} parts of {}", route.name);
            assert!(route.name.len() < 3 << 20, "{name}: a path of {} bytes", route.name.len());
        }
    });
}
