use super::{add, of_image, own};
use crate::facts::config::{Node, yaml};
use crate::facts::kinds::Answer;
use crate::facts::notes::FileNotes;
use crate::secrets::excerpt;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file)
        && ((file.folder() == ".github/workflows" && matches!(&*file.extension(), "yml" | "yaml"))
            || file.name() == ".gitlab-ci.yml"
            || file.path == ".circleci/config.yml")
}

/// Actions that set up a runtime: the input that says the version.
const SETUPS: &[(&str, &str, &str)] = &[
    ("actions/setup-node", "node-version", "node"),
    ("actions/setup-python", "python-version", "python"),
    ("actions/setup-go", "go-version", "go"),
    ("actions/setup-java", "java-version", "java"),
    ("actions/setup-dotnet", "dotnet-version", "dotnet"),
    ("astral-sh/setup-uv", "python-version", "python"),
    ("ruby/setup-ruby", "ruby-version", "ruby"),
    ("shivammathur/setup-php", "php-version", "php"),
    ("denoland/setup-deno", "deno-version", "deno"),
    ("oven-sh/setup-bun", "bun-version", "bun"),
];

/// More versions than this no matrix has.
const MAX_VERSIONS: usize = 30;

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let Ok(root) = yaml(text) else { return };
    if file.folder() == ".github/workflows" {
        for job in root.get("jobs").map(Node::entries).unwrap_or_default() {
            github_job(file, &root, &job.key, &job.node, notes);
        }
        return;
    }
    let jobs = if file.name() == ".gitlab-ci.yml" { Some(&root) } else { root.get("jobs") };
    let default = root.get("image").or_else(|| root.at(&["default", "image"]));
    for job in jobs.map(Node::entries).unwrap_or_default() {
        let runs = ["script", "steps"].iter().any(|key| job.node.get(key).is_some());
        let own = job.node.get("image").or_else(|| job.node.get("docker").and_then(|d| d.list().first()));
        if let Some(image) = own.or(default).filter(|_| runs) {
            let name = image.get("name").or_else(|| image.get("image")).unwrap_or(image);
            image_of(file, &job.key, &name.scalar(), name.line, notes);
        }
    }
}

fn image_of(file: &File, job: &str, image: &str, line: u32, notes: &mut FileNotes) {
    if let Some((language, tag)) = of_image(image)
        && let Some(runtime) = add(notes, file, (language, &tag), line, "ci", Answer::No)
    {
        runtime.job = excerpt(job);
    }
}

fn github_job(file: &File, root: &Node, name: &str, job: &Node, notes: &mut FileNotes) {
    if let Some(container) = job.get("container") {
        let image = container.get("image").unwrap_or(container);
        image_of(file, name, &image.scalar(), image.line, notes);
    }
    for step in job.get("steps").map(Node::list).unwrap_or_default() {
        let uses = step.get("uses").map(Node::scalar).unwrap_or_default();
        let action = uses.split('@').next().unwrap_or_default();
        let Some((_, input, language)) = SETUPS.iter().find(|(a, _, _)| *a == action) else { continue };
        let Some(given) = step.at(&["with", input]) else { continue };
        // `.ruby-version` names the file that says it.
        for (version, line) in versions(root, job, given).into_iter().filter(|(v, _)| !v.starts_with('.')) {
            if let Some(runtime) = add(notes, file, (language, &version), line, "ci", Answer::No) {
                runtime.job = excerpt(name);
            }
        }
    }
}

/// The versions that an input stands for: as written, those of the job's matrix, or a variable of the workflow.
fn versions(root: &Node, job: &Node, given: &Node) -> Vec<(String, u32)> {
    let text = given.scalar();
    let Some(expression) = text.trim().strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")) else {
        return vec![(text, given.line)];
    };
    let expression = expression.trim();
    if let Some(key) = expression.strip_prefix("matrix.") {
        let listed = job.at(&["strategy", "matrix", key]).map(Node::texts).unwrap_or_default();
        let included = job.at(&["strategy", "matrix", "include"]).map(Node::list).unwrap_or_default();
        let more = included.iter().filter_map(|item| item.get(key)).map(|n| (n.scalar(), n.line));
        return listed.into_iter().chain(more).take(MAX_VERSIONS).collect();
    }
    if let Some(key) = expression.strip_prefix("env.") {
        let value = job.at(&["env", key]).or_else(|| root.at(&["env", key]));
        return value.map(|n| (n.scalar(), n.line)).into_iter().collect();
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    fn found(path: &str, text: &str) -> Vec<String> {
        let mut notes = FileNotes::default();
        read(&file(path), text, &mut notes);
        notes.runtimes.iter().map(|r| format!("{} {} {} {}", r.job, r.line, r.language, r.cycle)).collect()
    }

    #[test]
    fn github() {
        let text = "env:\n  PY: '3.12'\njobs:\n  a:\n    strategy:\n      matrix:\n        node: [18, 20]\n    steps:\n      - uses: actions/setup-node@v4\n        with:\n          node-version: ${{ matrix.node }}\n      - uses: actions/setup-python@v5\n        with:\n          python-version: ${{ env.PY }}\n  b:\n    container: node:22\n    steps:\n      - uses: actions/setup-node@v4\n        with:\n          node-version-file: .nvmrc\n";
        let expected = ["a 7 node 18", "a 7 node 20", "a 2 python 3.12", "b 16 node 22"];
        assert_eq!(found(".github/workflows/ci.yml", text), expected);
    }

    #[test]
    fn gitlab_and_circleci() {
        let text = "image: node:18\ntest:\n  script: npm test\npy:\n  image: python:3.9\n  script: pytest\n.hidden: {}\n";
        assert_eq!(found(".gitlab-ci.yml", text), ["test 1 node 18", "py 5 python 3.9"]);
        let text = "jobs:\n  test:\n    docker:\n      - image: cimg/node:20.1\n    steps: [checkout]\n";
        assert_eq!(found(".circleci/config.yml", text), ["test 4 node 20"]);
    }
}
