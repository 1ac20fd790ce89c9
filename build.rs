//! Embeds the TOML files of `rules/`, so that the binary carries its packs and vocabulary as text, and the formats of
//! secrets as the values that they are.
//! A plain build script instead of an embedding macro: macros do not notice new files on stable Rust.

#[path = "build/formats.rs"]
mod formats;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=build.rs");

    let mut text = String::new();
    for (name, folder) in [("PACKS", "rules/packs"), ("VOCABULARY", "rules/vocabulary")] {
        let _ = writeln!(text, "/// Every file of `{folder}`: its path in the project, and its text.");
        let _ = writeln!(text, "pub static {name}: &[(&str, &str)] = &[");
        let mut files = Vec::new();
        toml_files(&root.join(folder), folder, &mut files)?;
        files.sort();
        for (shown, file) in files {
            let _ = writeln!(text, "    ({shown:?}, include_str!({:?})),", file.display().to_string());
        }
        let _ = writeln!(text, "];");
    }
    fs::write(out.join("embedded.rs"), text)?;
    let mut secrets = Vec::new();
    toml_files(&root.join("rules/secrets"), "rules/secrets", &mut secrets)?;
    secrets.sort();
    let secrets: Vec<PathBuf> = secrets.into_iter().map(|(_, file)| file).collect();
    let (formats, shapes) = formats::generated(&secrets)?;
    fs::write(out.join("formats.rs"), formats)?;
    fs::write(out.join("shapes.rs"), shapes)
}

/// Every TOML file of a folder and of those in it: its path in the project, and where it is.
fn toml_files(folder: &Path, shown: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    println!("cargo:rerun-if-changed={shown}");
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        let shown = format!("{shown}/{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            toml_files(&path, &shown, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push((shown, path));
        }
    }
    Ok(())
}
