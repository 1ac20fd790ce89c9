//! What a stack is for, by the words of its folders and names.

use crate::facts::kinds::Environment;

/// Names of variables that say which environment is built.
const VARIABLES: &[&str] = &[
    "env",
    "environment",
    "stage",
    "env_name",
    "environment_name",
    "deployment_environment",
    "deploy_env",
    "workspace",
    "stack",
];

/// The environment that a word names.
pub(super) fn of_word(word: &str) -> Environment {
    match word.to_ascii_lowercase().as_str() {
        "prod" | "production" | "prd" | "live" => Environment::Production,
        "staging" | "stage" | "stg" | "uat" | "qa" | "preprod" | "preproduction" | "nonprod" => {
            Environment::Staging
        }
        "dev" | "development" | "sandbox" | "local" | "localstack" | "preview" | "previews" | "ephemeral"
        | "playground" | "test" | "tests" | "testing" | "demo" | "poc" | "develop" => {
            Environment::Development
        }
        _ => Environment::Unknown,
    }
}

/// The environment that the words of a path or a name say; the last one that says anything.
pub(super) fn of_name(name: &str) -> Environment {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.map(of_word).rfind(|e| *e != Environment::Unknown).unwrap_or_default()
}

/// Whether a reference is to what says which environment is built.
pub(super) fn is_variable(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    VARIABLES.contains(&last)
}

/// Whether a reference asks if this is production: `local.is_production`.
pub(super) fn asks_for_production(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    last.strip_prefix("is_").is_some_and(|word| of_word(word) == Environment::Production)
}
