//! The apps of `apps/`: every route, and every cell that a person could tell.

use std::fs;
use std::path::Path;

use super::expected::{CELLS, lines};
use super::support::{Files, cell, entries, folder, only_known, routes_of, why};

/// Name and files of every app.
pub fn apps() -> Vec<(String, Files)> {
    let read = |path: std::path::PathBuf| {
        let mut files = Vec::new();
        read_into(&path, &path, &mut files);
        files.retain(|(path, _)| path != "expected.txt" && path != "mutants.txt");
        (path.file_name().unwrap().to_string_lossy().into_owned(), files)
    };
    entries(&folder().join("apps")).into_iter().map(read).collect()
}

/// What is written about an app: `expected.txt`, `mutants.txt`.
pub fn about(app: &str, file: &str) -> String {
    let path = folder().join("apps").join(app).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_into(root: &Path, at: &Path, files: &mut Files) {
    for path in entries(at) {
        if path.is_dir() {
            read_into(root, &path, files);
        } else {
            let shown = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.push((shown, fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_route_is_found_and_no_other() {
    for (app, files) in apps() {
        for (path, text) in files.iter().filter(|(path, _)| vibecheck::code::handles(path)) {
            assert_eq!(vibecheck::code::parse(path, text).broken, None, "{app}: {path}");
        }
        let place = |route: &super::support::Route| {
            let file = route.place.rsplit_once(':').map_or("", |(file, _)| file);
            format!("{} {file}", route.name)
        };
        let found: Vec<String> = routes_of(&files).iter().map(place).collect();
        let mut expected: Vec<String> = lines(&about(&app, "expected.txt"))
            .iter()
            .map(|line| format!("{} {}", line.route, line.file))
            .collect();
        expected.sort();
        assert_eq!(found, expected, "{app}");
    }
}

#[test]
fn every_cell_is_right() {
    let mut wrong = Vec::new();
    for (app, files) in apps() {
        let routes = routes_of(&files);
        for line in lines(&about(&app, "expected.txt")) {
            let Some(route) = routes.iter().find(|route| route.name == line.route) else { continue };
            for (name, values) in CELLS.iter().zip(&line.cells).filter(|(_, values)| !values.is_empty()) {
                let found = cell(&route.judged, name);
                if !values.contains(&found) {
                    let said = format!("  {found} and not {}\n{}", values.join("|"), why(&route.judged));
                    wrong.push((format!("cell {app}: {} {name}", line.route), said));
                }
            }
        }
    }
    only_known("cell", &wrong);
}
