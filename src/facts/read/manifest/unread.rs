//! Manifests of ecosystems that this version has no reader for: named, with the frameworks that their text names.

use crate::facts::FileNotes;
use crate::facts::notes::ManifestNote;
use crate::source::File;

/// The ecosystem of a manifest that is not read.
pub fn ecosystem(name: &str) -> Option<&'static str> {
    Some(match name {
        "go.mod" => "go",
        "Gemfile" | "gems.rb" => "rubygems",
        "pubspec.yaml" => "pub",
        "composer.json" => "composer",
        "pom.xml" => "maven",
        "build.gradle" | "build.gradle.kts" => "gradle",
        "mix.exs" => "hex",
        "Package.swift" => "swift",
        "setup.py" | "setup.cfg" => "pypi",
        _ if [".csproj", ".fsproj", ".vbproj"].iter().any(|e| name.ends_with(e)) => "nuget",
        _ => return None,
    })
}

/// Frameworks by what their manifest says of them: ecosystem, text, name.
const FRAMEWORKS: [(&str, &str, &str); 18] = [
    ("rubygems", "gem \"rails\"", "Ruby on Rails"),
    ("rubygems", "gem 'rails'", "Ruby on Rails"),
    ("rubygems", "gem \"sinatra\"", "Sinatra"),
    ("rubygems", "gem 'sinatra'", "Sinatra"),
    ("pub", "sdk: flutter", "Flutter"),
    ("composer", "\"laravel/framework\"", "Laravel"),
    ("composer", "\"symfony/framework-bundle\"", "Symfony"),
    ("composer", "\"slim/slim\"", "Slim"),
    ("maven", "spring-boot", "Spring Boot"),
    ("gradle", "org.springframework.boot", "Spring Boot"),
    ("gradle", "com.android.application", "Android"),
    ("go", "github.com/gin-gonic/gin", "Gin"),
    ("go", "github.com/labstack/echo", "Echo"),
    ("go", "github.com/gofiber/fiber", "Fiber"),
    ("go", "github.com/go-chi/chi", "chi"),
    ("hex", ":phoenix,", "Phoenix"),
    ("nuget", "Microsoft.NET.Sdk.Web", "ASP.NET Core"),
    ("swift", "vapor/vapor", "Vapor"),
];

/// Names the manifest.
pub fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let Some(ecosystem) = ecosystem(file.name()) else { return };
    if file.name() == "setup.cfg" && !text.contains("install_requires") {
        // Settings of tools only.
        return;
    }
    let commented = |line: &str| line.trim_start().starts_with(['#', '/']);
    let mut frameworks: Vec<String> = FRAMEWORKS
        .iter()
        .filter(|(e, needle, _)| *e == ecosystem && text.lines().any(|l| l.contains(needle) && !commented(l)))
        .map(|(.., name)| (*name).to_owned())
        .collect();
    frameworks.sort();
    frameworks.dedup();
    notes.manifest = Some(ManifestNote {
        ecosystem: ecosystem.to_owned(),
        unread_frameworks: frameworks,
        ..ManifestNote::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::read::testing::file;

    #[test]
    fn a_gemfile_is_named_and_not_read() {
        let mut notes = FileNotes::default();
        read(&file("Gemfile"), "source \"x\"\n# gem 'sinatra'\ngem \"rails\", \"~> 7.2\"\n", &mut notes);
        let note = notes.manifest.expect("named");
        assert_eq!((note.ecosystem.as_str(), note.read), ("rubygems", false));
        assert_eq!(note.unread_frameworks, ["Ruby on Rails"]);
    }
}
