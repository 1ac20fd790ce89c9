//! The same bytes for the same input: whatever the number of threads, the working directory, or the run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use common::{run, vibecheck};

#[test]
fn the_same_bytes_with_any_number_of_threads_and_from_anywhere() {
    let app = common::app("lovable-crm");
    let outputs = |threads: &str, from: &std::path::Path, path: &std::ffi::OsStr| {
        let mut all = String::new();
        for format in ["json", "markdown", "terminal"] {
            let said = run(vibecheck()
                .current_dir(from)
                .env("RAYON_NUM_THREADS", threads)
                .arg("audit")
                .arg(path)
                .args(["--date", "2026-03-01", "--with-facts", "--format", format]));
            assert!(!said.out.is_empty(), "{}", said.err);
            all.push_str(&said.out);
        }
        all
    };
    let folder = app.path();
    let first = outputs("1", std::path::Path::new("/"), folder.as_os_str());
    assert!(first == outputs("2", std::path::Path::new("/"), folder.as_os_str()), "2 threads differ");
    assert!(first == outputs("8", folder, std::ffi::OsStr::new(".")), "8 threads, from within, differ");
    let within = folder.join("src");
    assert!(first == outputs("8", &within, std::ffi::OsStr::new("..")), "from a folder within differs");
}
