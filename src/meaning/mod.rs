//! What the symbols of the world mean: packages, hosts, bots, languages, files that tools leave. Knowledge is data
//! (`rules/vocabulary/`); this layer parses it once and answers questions about it.

pub mod bots;
pub mod flow;
pub mod hosts;
pub mod languages;
pub mod models;
pub mod packages;
pub mod places;
pub mod policies;
pub mod ports;
pub mod runtimes;
pub mod symbols;

/// The text of one file of `rules/vocabulary/`, not of its folders; `""` if there is none of that name.
fn vocabulary(name: &str) -> &'static str {
    crate::embedded::VOCABULARY
        .iter()
        .find(|(path, _)| path.strip_prefix("rules/vocabulary/") == Some(name))
        .map_or("", |(_, text)| text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_file_of_the_vocabulary_is_toml() {
        for (path, text) in crate::embedded::VOCABULARY {
            assert!(toml::from_str::<toml::Table>(text).is_ok(), "{path}");
        }
    }
}
