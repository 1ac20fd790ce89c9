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
        println!("cargo:rerun-if-changed={folder}");
        let _ = writeln!(text, "/// Every file of `{folder}`: its path in the project, and its text.");
        let _ = writeln!(text, "pub static {name}: &[(&str, &str)] = &[");
        for file in toml_files(&root.join(folder))? {
            let shown = format!("{folder}/{}", file.file_name().unwrap_or_default().to_string_lossy());
            let _ = writeln!(text, "    ({shown:?}, include_str!({:?})),", file.display().to_string());
        }
        let _ = writeln!(text, "];");
    }
    fs::write(out.join("embedded.rs"), text)?;
    let (formats, shapes) = formats::generated(&toml_files(&root.join("rules/secrets"))?)?;
    fs::write(out.join("formats.rs"), formats)?;
    fs::write(out.join("shapes.rs"), shapes)
}

fn toml_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    Ok(files)
}
