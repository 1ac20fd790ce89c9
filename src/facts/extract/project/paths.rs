//! What the names of files say of the project.

use crate::facts::Input;
use crate::facts::kinds::{Evidence, Project};
use crate::facts::layout;
use crate::facts::locks;
use crate::meaning::packages::{self, Purpose};
use crate::meaning::places;
use crate::source::{File, Role};

/// Fills in the lists of paths and what they tell.
pub fn fill(input: &Input<'_>, project: &mut Project) {
    let files =
        || input.source.tree.files().iter().filter(|f| !matches!(f.role, Role::Vendored | Role::Fixture));
    let paths =
        |wanted: fn(&File) -> bool| files().filter(|f| wanted(f)).map(|f| f.path.clone()).collect::<Vec<_>>();
    project.ci = paths(ci);
    project.has_ci = !project.ci.is_empty();
    project.lock = locks::all(&input.source.tree, input.notes).iter().map(|l| l.file.path.clone()).collect();
    project.dockerfile = paths(docker);
    project.env = paths(env);
    project.deploy = files().filter(|f| layout::deploys(input, f)).map(|f| f.path.clone()).collect();
    project.readme =
        files().any(|f| f.name().to_ascii_lowercase().starts_with("readme") && f.folder().is_empty());
    project.codeowners = files().any(|f| {
        f.name() == "CODEOWNERS" && matches!(f.folder(), "" | ".github" | "docs" | ".gitlab" | ".gitea")
    });
    let updates = files().find(|f| updater(&f.path));
    project.update_automation = updates.is_some();
    project
        .evidence
        .extend(updates.map(|f| Evidence::new("update_automation", &f.path, 0, "keeps dependencies fresh")));
    for file in files() {
        if let Some((marker, part)) = places::marker(&file.path) {
            project.ai_markers.push(part.to_owned());
            if marker.builder {
                project.builders.push(marker.id.clone());
            }
        }
    }
    for (_, note) in layout::manifests(input.notes) {
        for dependency in &note.dependencies {
            let found = packages::declared(&note.ecosystem, &dependency.name);
            project
                .builders
                .extend(found.into_iter().filter(|p| p.is == Purpose::Builder).map(|p| p.id.clone()));
        }
    }
    project.ai_markers.sort();
    project.ai_markers.dedup();
    project.builders.sort();
    project.builders.dedup();
}

fn yaml(file: &File) -> bool {
    matches!(&*file.extension(), "yml" | "yaml")
}

fn ci(file: &File) -> bool {
    let path = file.path.as_str();
    (matches!(
        file.folder(),
        ".github/workflows" | ".gitea/workflows" | ".forgejo/workflows" | ".woodpecker" | ".buildkite"
    ) && yaml(file))
        || matches!(
            path,
            ".gitlab-ci.yml"
                | ".circleci/config.yml"
                | "azure-pipelines.yml"
                | "bitbucket-pipelines.yml"
                | "Jenkinsfile"
                | ".travis.yml"
                | ".drone.yml"
                | ".woodpecker.yml"
                | "appveyor.yml"
                | ".appveyor.yml"
                | ".cirrus.yml"
                | "codemagic.yaml"
                | "bitrise.yml"
                | ".semaphore/semaphore.yml"
        )
}

fn docker(file: &File) -> bool {
    let name = file.name().to_ascii_lowercase();
    let compose =
        (name.starts_with("docker-compose") || name.starts_with("compose.") || name.starts_with("compose-"))
            && yaml(file);
    compose
        || name == "dockerfile"
        || name == "containerfile"
        || name.starts_with("dockerfile.")
        || name.ends_with(".dockerfile")
}

fn env(file: &File) -> bool {
    let name = file.name();
    name == ".env"
        || [".env.", ".env-", ".env_"].iter().any(|p| name.starts_with(p))
        || matches!(name, "env.example" | "example.env" | "sample.env" | "env.sample" | "env.template")
}

fn updater(path: &str) -> bool {
    let path = path.strip_prefix(".github/").or_else(|| path.strip_prefix(".gitlab/")).unwrap_or(path);
    matches!(
        path,
        "dependabot.yml"
            | "dependabot.yaml"
            | "renovate.json"
            | "renovate.json5"
            | ".renovaterc"
            | ".renovaterc.json"
            | ".renovaterc.json5"
    )
}

#[cfg(test)]
mod tests {
    use crate::facts::testing::facts;

    #[test]
    fn paths_by_kind() {
        let project = facts(&[
            (".github/workflows/ci.yml", ""),
            (".github/dependabot.yml", ""),
            ("Dockerfile", ""),
            ("docker-compose.prod.yaml", ""),
            ("api/fly.toml", ""),
            (".replit", "run = 'x'"),
            ("app/.env.example", ""),
            ("bun.lockb", "\0"),
            ("CLAUDE.md", ""),
        ])
        .project;
        assert_eq!(project.ci, [".github/workflows/ci.yml"]);
        assert_eq!(project.dockerfile, ["Dockerfile", "docker-compose.prod.yaml"]);
        assert_eq!(project.deploy, ["api/fly.toml"], "a .replit without a deployment deploys nothing");
        assert_eq!(project.env, ["app/.env.example"]);
        assert_eq!(project.lock, ["bun.lockb"]);
        assert_eq!(project.ai_markers, [".replit", "CLAUDE.md"]);
        assert_eq!(project.builders, ["replit"]);
        assert!(project.update_automation && project.has_ci && !project.readme);
    }
}
