//! Versions of runtimes: files of version managers, manifests, images, CI, platforms. One module for each.

mod ci;
mod files;
mod images;
mod manifests;
mod platforms;

use crate::facts::kinds::{Answer, Evidence, Runtime};
use crate::facts::notes::FileNotes;
use crate::facts::read::Reader;
use crate::meaning::runtimes;
use crate::secrets::excerpt;
use crate::source::{File, Role};

/// The readers.
pub static READERS: &[Reader] = &[
    Reader { name: "runtime version files", wants: files::wants, read: files::read },
    Reader { name: "runtime versions of manifests", wants: manifests::wants, read: manifests::read },
    Reader { name: "runtime versions of Dockerfiles", wants: images::wants, read: images::read },
    Reader { name: "runtime versions of CI", wants: ci::wants, read: ci::read },
    Reader { name: "runtime versions of platforms", wants: platforms::wants, read: platforms::read },
];

fn own(file: &File) -> bool {
    matches!(file.role, Role::Product | Role::Test) && file.size < 500_000
}

/// Notes a version of a language that is known; `None` where the language is not, or the version is no version.
fn add<'n>(
    notes: &'n mut FileNotes,
    file: &File,
    (language, version): (&str, &str),
    line: u32,
    source: &str,
    production: Answer,
) -> Option<&'n mut Runtime> {
    let runtime = runtimes::runtime(language)?;
    let version = version.trim();
    if version.is_empty() || version.len() > 100 {
        return None;
    }
    let cycle = runtimes::line_of(language, version).unwrap_or_default();
    let supported_until = runtimes::supported_until(language, &cycle);
    let mut evidence =
        vec![Evidence::new("version", &file.path, line, &format!("{} {version}", runtime.title))];
    if !supported_until.is_empty() {
        let says = format!(
            "{} {cycle}: security fixes until {supported_until} ({}, looked up {})",
            runtime.title, runtime.source, runtime.looked_up
        );
        evidence.push(Evidence::new("supported_until", &file.path, line, &says));
    }
    notes.runtimes.push(Runtime {
        language: runtime.language.clone(),
        title: runtime.title.clone(),
        version: excerpt(version),
        cycle,
        source: source.to_owned(),
        file: file.path.clone(),
        line,
        production,
        supported_until: supported_until.to_owned(),
        evidence,
        ..Runtime::default()
    });
    notes.runtimes.last_mut()
}

/// The language and version of an image that is a runtime: `node:20-alpine`, `public.ecr.aws/lambda/python:3.12`.
fn of_image(image: &str) -> Option<(&'static str, String)> {
    let path = image.split('@').next().unwrap_or(image).to_ascii_lowercase();
    // The colon of a registry's port stands before a slash.
    let (name, tag) = match path.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')) {
        Some((name, tag)) => (name, tag),
        None => (path.as_str(), ""),
    };
    let short = [
        "docker.io/",
        "registry.docker.com/",
        "registry.hub.docker.com/",
        "library/",
        "public.ecr.aws/docker/library/",
        "mirror.gcr.io/library/",
        "bitnami/",
    ]
    .iter()
    .fold(name, |name, prefix| name.strip_prefix(prefix).unwrap_or(name));
    if let Some(rest) = short.strip_prefix("gcr.io/distroless/nodejs") {
        return Some(("node", rest.split('-').next().unwrap_or_default().to_owned()));
    }
    let language = match short {
        "node" | "cimg/node" | "circleci/node" | "public.ecr.aws/lambda/nodejs" => "node",
        "python" | "cimg/python" | "circleci/python" | "public.ecr.aws/lambda/python" => "python",
        "ruby" | "cimg/ruby" => "ruby",
        "php" | "cimg/php" => "php",
        "golang" | "cimg/go" => "go",
        "rust" | "cimg/rust" => "rust",
        "openjdk" | "eclipse-temurin" | "amazoncorretto" => "java",
        "denoland/deno" => "deno",
        "oven/bun" => "bun",
        "mcr.microsoft.com/dotnet/aspnet" | "mcr.microsoft.com/dotnet/runtime" => "dotnet",
        _ => return None,
    };
    Some((language, tag.to_owned()))
}

/// The language and version of a runtime as clouds name it: `nodejs18.x`, `python39`, `python3.12`.
fn of_cloud(name: &str) -> Option<(&'static str, String)> {
    let name = name.trim().to_ascii_lowercase();
    let (language, version) = ["nodejs", "python", "ruby", "php"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix).map(|rest| (*prefix, rest)))?;
    let language = if language == "nodejs" { "node" } else { language };
    let digits = version.bytes().all(|b| b.is_ascii_digit());
    let version = match version {
        // Google writes `python312` and `php82`.
        _ if digits && version.len() >= 2 && language != "node" => {
            format!("{}.{}", version.get(..1)?, version.get(1..)?)
        }
        _ => version.to_owned(),
    };
    (!version.is_empty()).then_some((language, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_that_are_runtimes() {
        let of = |image: &str| of_image(image).map(|(l, v)| format!("{l} {v}"));
        assert_eq!(of("node:20-alpine").as_deref(), Some("node 20-alpine"));
        assert_eq!(of("docker.io/library/python:3.9@sha256:aa").as_deref(), Some("python 3.9"));
        assert_eq!(of("gcr.io/distroless/nodejs18-debian11").as_deref(), Some("node 18"));
        assert_eq!(of("registry.docker.com/library/ruby:3.4-slim").as_deref(), Some("ruby 3.4-slim"));
        assert_eq!(of("golang").as_deref(), Some("go "));
        assert_eq!(of("registry:5000/node"), None);
        assert_eq!(of("acme/node:18"), None, "whatever they put into it");
        assert_eq!(of("nginx:1.27"), None);
    }

    #[test]
    fn runtimes_of_clouds() {
        let of = |name: &str| of_cloud(name).map(|(l, v)| format!("{l} {v}"));
        assert_eq!(of("nodejs18.x").as_deref(), Some("node 18.x"));
        assert_eq!(of("nodejs20").as_deref(), Some("node 20"));
        assert_eq!(of("python39").as_deref(), Some("python 3.9"));
        assert_eq!(of("python3.12").as_deref(), Some("python 3.12"));
        assert_eq!(of("provided.al2"), None);
    }
}
