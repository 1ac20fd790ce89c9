//! Import maps, of Deno's configuration or in a file of their own.
//! <https://docs.deno.com/runtime/fundamentals/configuration/#dependencies>

use serde_json::Value;

use super::files::join;
use super::mapping::{Mapping, Place};

/// What `imports` says, seen from a folder.
pub(super) fn mapping(folder: &str, json: &Value) -> Mapping {
    let mut entries = Vec::new();
    for (key, value) in json.get("imports").and_then(Value::as_object).into_iter().flatten() {
        let Some(to) = value.as_str() else { continue };
        // The root of an import map in the browser is that of the site; on a server that is its own folder.
        let local = to.starts_with("./") || to.starts_with("../") || to.starts_with('/');
        let place = |star: &str| {
            if local {
                let path = join(folder, to)?;
                Some(Place::Path(if star.is_empty() || path.is_empty() {
                    path + star
                } else {
                    path + "/" + star
                }))
            } else {
                Some(Place::Specifier(format!("{to}{star}")))
            }
        };
        if key.ends_with('/') {
            entries.push((format!("{key}*"), place("*").into_iter().collect()));
            continue;
        }
        entries.push((key.clone(), place("").into_iter().collect()));
        // Parts of a package that is mapped are mapped with it.
        if to.starts_with("npm:") || to.starts_with("jsr:") {
            entries.push((format!("{key}/*"), place("/*").into_iter().collect()));
        }
    }
    Mapping::new(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_packages_and_addresses() {
        let json = super::super::json::read(
            r#"{"imports": {
                "shared/": "../_shared/", "@/": "./", "db": "./db.ts",
                "@supabase/supabase-js": "jsr:@supabase/supabase-js@2", "std/": "https://deno.land/std@0.168.0/",
            }}"#,
        );
        let mapping = mapping("supabase/functions/a", &json);
        let found = |specifier: &str| mapping.find(specifier).next().map(|(place, _)| place);
        let path = |path: &str| Some(Place::Path(path.to_owned()));
        let specifier = |text: &str| Some(Place::Specifier(text.to_owned()));
        assert_eq!(found("shared/cors.ts"), path("supabase/functions/_shared/cors.ts"));
        assert_eq!(found("@/x.ts"), path("supabase/functions/a/x.ts"));
        assert_eq!(found("db"), path("supabase/functions/a/db.ts"));
        assert_eq!(found("std/http/server.ts"), specifier("https://deno.land/std@0.168.0/http/server.ts"));
        assert_eq!(found("@supabase/supabase-js/x"), specifier("jsr:@supabase/supabase-js@2/x"));
        assert_eq!(found("zod"), None);
    }
}
