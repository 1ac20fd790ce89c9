//! What a path says of the place of a secret.

use crate::facts::FileNotes;
use crate::facts::read::notable::env_in_use;
use crate::meaning::places::{marker, platform};
use crate::source::Role;

/// What a file of the past was there for.
pub(super) fn role_of_past(path: &str) -> Role {
    // A message is written about the product.
    if path.is_empty() { Role::Product } else { Role::of(path) }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn words(path: &str) -> impl Iterator<Item = String> {
    path.to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Whether the file is made to stay where it was written.
pub(super) fn stays_on_a_machine(path: &str) -> bool {
    env_in_use(name(path)) || name(path).starts_with(".dev.vars")
}

/// Whether the file shows what another one must hold.
pub(super) fn is_example(path: &str) -> bool {
    let name = name(path).to_ascii_lowercase();
    name.split(['.', '-', '_']).any(|word| {
        matches!(word, "example" | "examples" | "sample" | "template" | "tpl" | "dist" | "defaults")
            && (name.contains("env") || name.starts_with(['.', '_']) || name.ends_with(word))
    })
}

/// Whether the file serves tests though it stands among the code: `mock.ts`, `jest.setup.js`.
pub(super) fn is_mock(path: &str) -> bool {
    let name = name(path).to_ascii_lowercase();
    ["mock.", "mocks.", "jest.", "vitest."].iter().any(|start| name.starts_with(start))
        || name.contains(".mock.")
}

/// Whether the file belongs to a pipeline, an image, a deployment, or the state or variables of infrastructure.
pub(super) fn deploys(path: &str, notes: Option<&FileNotes>) -> bool {
    let lower = path.to_ascii_lowercase();
    let file = name(&lower);
    let inside =
        |folder: &str| lower.starts_with(&format!("{folder}/")) || lower.contains(&format!("/{folder}/"));
    let yaml = file.ends_with(".yml") || file.ends_with(".yaml");
    let pipeline = inside(".github/workflows")
        || inside(".circleci")
        || inside(".buildkite")
        || [".gitlab-ci.yml", "bitbucket-pipelines.yml", "azure-pipelines.yml", "jenkinsfile", ".travis.yml"]
            .contains(&file);
    let image = file.starts_with("dockerfile") || file.ends_with(".dockerfile") || file == "containerfile";
    let compose = yaml && (file.starts_with("docker-compose") || file.starts_with("compose"));
    let infrastructure = [".tf", ".tfvars", ".tfvars.json", ".tfstate", ".tfstate.backup", ".tf.json"]
        .iter()
        .any(|end| file.ends_with(end));
    let cluster =
        yaml && ["k8s", "kubernetes", "helm", "charts", "manifests"].iter().any(|folder| inside(folder));
    let read = notes.is_some_and(|n| {
        n.workflow.is_some()
            || n.image.is_some()
            || n.infra.is_some()
            || !n.cluster.is_empty()
            || !n.deploy.is_empty()
    });
    pipeline || image || compose || infrastructure || cluster || read || platform(path).is_some()
}

/// Whether an AI tool reads or writes the file: rules, memory, settings, logs of chats.
pub(super) fn is_agents(path: &str) -> bool {
    // Replit's own file is how it runs, no memory of a chat.
    marker(path).is_some_and(|(_, part)| !matches!(name(part), ".replit" | "replit.nix"))
}

/// Whether what the file holds is put into a database.
pub(super) fn seeds(path: &str) -> bool {
    words(path).any(|word| {
        matches!(
            word.as_str(),
            "seed"
                | "seeds"
                | "seeder"
                | "seeders"
                | "seeding"
                | "demo"
                | "migration"
                | "migrations"
                | "fixtures"
                | "bootstrap"
        )
    })
}

/// The environment that a file of settings is for, if its name says one.
pub(super) fn environment(path: &str) -> Option<&'static str> {
    let file = name(path);
    let settings = file.starts_with(".env")
        || file.ends_with(".env")
        || [".tfvars", ".yml", ".yaml", ".json", ".toml", ".properties", ".ini"]
            .iter()
            .any(|end| file.ends_with(end));
    if !settings {
        return None;
    }
    if file == ".env" {
        return None;
    }
    let named: Vec<&'static str> = words(file)
        .filter_map(|word| match word.as_str() {
            "production" | "prod" | "prd" | "live" => Some("production"),
            "staging" | "stage" | "stg" | "uat" | "preprod" => Some("staging"),
            "preview" => Some("preview"),
            "development" | "dev" | "local" => Some("development"),
            "test" | "testing" => Some("test"),
            _ => None,
        })
        .collect();
    // `.env.production.local` is what production has.
    named.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_paths_say() {
        assert!(deploys(".github/workflows/ci.yml", None) && deploys("infra/prod.tfvars", None));
        assert!(deploys("docker-compose.prod.yml", None) && deploys("api/Dockerfile.worker", None));
        assert!(deploys("k8s/secret.yaml", None) && !deploys("src/k8s.ts", None));
        assert!(
            is_agents(".claude/settings.json") && is_agents("CLAUDE.md") && is_agents(".cursor/rules/x.mdc")
        );
        assert!(!is_agents("src/claude.ts"));
        assert!(seeds("supabase/seed.sql") && seeds("scripts/seed-demo.ts") && !seeds("src/seedling.ts"));
        assert!(is_example(".env.example") && is_example("example.env") && is_example("config.sample"));
        assert!(is_mock("src/mock.ts") && is_mock("jest.setup.js") && !is_mock("src/mockup.ts"));
        assert!(!is_example("src/example.ts") && !is_example(".env"));
    }

    #[test]
    fn environments_of_settings() {
        assert_eq!(environment(".env.production.local"), Some("production"));
        assert_eq!(environment("infra/stg.tfvars"), Some("staging"));
        assert_eq!(environment("docker-compose.prod.yml"), Some("production"));
        assert_eq!(environment(".env"), None);
        assert_eq!(environment("src/production.ts"), None);
    }
}
