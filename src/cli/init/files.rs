//! The text of what is written. The templates stand in `templates/`, and only plain names are put into them.

/// `vibecheck.toml`, with a commented gate for each of several apps.
pub(super) fn config(apps: &[String]) -> String {
    let mut gates = String::new();
    if apps.len() > 1 {
        gates.push_str("\n# Apps with a gate of their own; what they leave out is as above.\n");
        for app in apps {
            gates.push_str(&format!("# [gate.apps.\"{app}\"]\n# fail-on = \"high\"\n"));
        }
    }
    fill(include_str!("templates/vibecheck.toml"), &[("apps", &gates)])
}

/// Where CI gets vibecheck from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Origin {
    /// `OWNER/REPO`, `""` if not known.
    pub(super) repository: String,
    /// The full commit, `""` if not known.
    pub(super) commit: String,
}

impl Origin {
    fn address(&self) -> String {
        match self.repository.as_str() {
            // What the package says of itself, if it does.
            "" => env!("CARGO_PKG_REPOSITORY").to_owned(),
            repository => format!("https://github.com/{repository}"),
        }
    }
}

/// A GitHub workflow that audits `path`.
pub(super) fn github(path: &str, branch: &str, origin: &Origin) -> String {
    let steps = if origin.repository.is_empty() {
        let of = [("path", path), ("source", &origin.address()), ("commit", &origin.commit)];
        fill(include_str!("templates/github-source.yml"), &of)
    } else {
        let action = format!("{}@{}", origin.repository, origin.commit);
        fill(include_str!("templates/github-action.yml"), &[("path", path), ("action", &action)])
    };
    let of = [("branch", branch), ("audit", steps.trim_end())];
    fill(include_str!("templates/github.yml"), &of)
}

/// A GitLab job that audits `path`, for `.gitlab-ci.yml` to include.
pub(super) fn gitlab(path: &str, stage: &str, origin: &Origin) -> String {
    let address = origin.address();
    let of = [("path", path), ("stage", stage), ("source", &address), ("commit", &origin.commit)];
    fill(include_str!("templates/gitlab.yml"), &of)
}

/// A git hook that audits what is staged below `path`.
pub(super) fn hook(path: &str) -> String {
    fill(include_str!("templates/pre-commit.sh"), &[("path", path)])
}

/// What to add to the configuration of a framework for hooks.
pub(super) fn pre_commit_framework(path: &str) -> String {
    format!(
        "  - repo: local\n    hooks:\n      - id: vibecheck\n        name: vibecheck\n        \
         entry: vibecheck audit --staged -- \"{path}\"\n        language: system\n        pass_filenames: false\n        \
         always_run: true"
    )
}

/// The same for lefthook.
pub(super) fn lefthook(path: &str) -> String {
    format!("pre-commit:\n  commands:\n    vibecheck:\n      run: vibecheck audit --staged -- \"{path}\"")
}

/// Whether a name means nothing but itself in YAML and TOML strings, a shell, and the expressions of GitHub and GitLab.
pub(super) fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._/@+- ".contains(c))
        && !name.starts_with(['-', ' '])
        && !name.ends_with(' ')
}

/// The template with each `{{name}}` replaced. `${{ … }}` has a space after its braces and stays.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("{{{{{name}}}}}"), value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::config::Config;

    #[test]
    fn the_configuration_is_right_as_it_is_and_with_every_line_switched_on() {
        let text = config(&["apps/api".into(), "apps/web".into()]);
        Config::parse("vibecheck.toml", &text).expect("right as it is");
        let on: String = text
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|rest| rest.starts_with('[') || rest.contains(" = "))
                    .unwrap_or(line)
            })
            .map(|line| format!("{line}\n"))
            .collect();
        let config = Config::parse("vibecheck.toml", &on).expect("right with all of it");
        assert_eq!(config.app_limits.len(), 2);
        assert_eq!((config.exclude.len(), config.ignores.len(), config.attestations.len()), (1, 1, 1));
        assert!(config.stage.is_some());
    }

    #[test]
    fn no_placeholder_is_left() {
        let known = Origin { repository: "acme/vibecheck".into(), commit: "0".repeat(40) };
        for origin in [Origin::default(), known] {
            for text in
                [github(".", "main", &origin), gitlab("app", "test", &origin), hook("a b"), config(&[])]
            {
                let rest = text.replace("${{ ", "");
                assert!(!rest.contains("{{"), "{text}");
            }
        }
    }

    #[test]
    fn only_plain_names_are_written() {
        assert!(is_plain("apps/web 2") && is_plain("feature/x") && is_plain("."));
        for odd in ["", "-x", "a\"b", "a\nb", "${{ secrets.KEY }}", "$HOME", "a`b", "a'b", "a\\b", "ü", "a;b"]
        {
            assert!(!is_plain(odd), "{odd}");
        }
    }
}
