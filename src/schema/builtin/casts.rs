//! Built-in casts.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::read_type;
use crate::schema::catalogue::Ty;

/// When a cast is made without being asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cast {
    /// Anywhere.
    Implicit,
    /// When a value is stored.
    Assignment,
    /// Never.
    Explicit,
}

/// The cast between two types, and whether it always gives the same.
pub fn cast(from: Ty, to: Ty) -> Option<(Cast, bool)> {
    static CASTS: OnceLock<HashMap<(Ty, Ty), (Cast, bool)>> = OnceLock::new();
    let casts = CASTS.get_or_init(|| {
        let mut casts = HashMap::new();
        for line in include_str!("casts.txt").lines() {
            let words: Vec<&str> = line.split(' ').collect();
            if let [from, to, context, volatility] = words.as_slice() {
                let cast = match *context {
                    "i" => Cast::Implicit,
                    "a" => Cast::Assignment,
                    _ => Cast::Explicit,
                };
                casts.insert((read_type(from), read_type(to)), (cast, *volatility == "i"));
            }
        }
        casts
    });
    casts.get(&(from, to)).copied()
}
