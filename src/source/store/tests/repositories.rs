//! Repositories as git makes them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A repository in a temporary folder, made with the git program.
pub(super) struct Made {
    folder: tempfile::TempDir,
}

impl Made {
    pub(super) fn empty() -> Made {
        let made = Made { folder: tempfile::tempdir().unwrap() };
        made.git(&["init", "-q"]);
        for (key, value) in [("gc.auto", "0"), ("maintenance.auto", "false"), ("pack.threads", "1")] {
            made.git(&["config", key, value]);
        }
        made
    }

    /// With so many commits, each of which changes a line of a long file, one of a short one, and adds a third; and a tag.
    pub(super) fn with_commits(commits: usize) -> Made {
        let made = Made::empty();
        made.commit(0..commits);
        made.git(&["tag", "-a", "-m", "a tag", "v1"]);
        made
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// One process for all commits: `git fast-import`.
    pub(super) fn commit(&self, numbers: std::ops::Range<usize>) {
        self.import(numbers, &[]);
    }

    pub(super) fn import(&self, numbers: std::ops::Range<usize>, options: &[&str]) {
        let mut stream = String::new();
        for number in numbers.clone() {
            let long: String = (0..100).map(|line| long_line(line, number)).collect();
            let short = format!("number = {number}\nname = \"short\"\n");
            stream += &format!(
                "commit refs/heads/main\ncommitter Ana <ana@acme.test> {} +0000\ndata 9\nCommit {:02}\n",
                1_700_000_000 + number,
                number % 100
            );
            if number == numbers.start && number > 0 {
                stream += "from refs/heads/main^0\n";
            }
            for (path, text) in
                [("src/long.txt", &long), ("src/short.toml", &short), (&format!("new/{number}.txt"), &short)]
            {
                stream += &format!("M 644 inline {path}\ndata {}\n{text}\n", text.len());
            }
        }
        self.git_with(&[&["fast-import", "--quiet"], options].concat(), stream.as_bytes());
    }

    pub(super) fn git(&self, args: &[&str]) -> String {
        self.git_with(args, b"")
    }

    pub(super) fn git_with(&self, args: &[&str], input: &[u8]) -> String {
        String::from_utf8_lossy(&run(self.path(), args, input)).into_owned()
    }

    /// The files of packs with this extension, sorted.
    pub(super) fn packs(&self, extension: &str) -> Vec<PathBuf> {
        let folder = self.path().join(".git/objects/pack");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut found: Vec<PathBuf> =
            files.filter(|path| path.extension().is_some_and(|e| e == extension)).collect();
        found.sort();
        found
    }

    /// All objects as loose files: packs are unpacked, and gone.
    pub(super) fn unpack(&self) {
        for pack in self.packs("pack") {
            let bytes = fs::read(&pack).unwrap();
            remove_pack(&pack);
            self.git_with(&["unpack-objects", "-q"], &bytes);
        }
    }
}

/// A line that only some commits change.
fn long_line(line: usize, commit: usize) -> String {
    let version = if line % 40 == commit % 40 { commit } else { 0 };
    format!("line {line} of a long file, {version}: {}\n", line * 7_919 % 1_000)
}

pub(super) fn remove_pack(pack: &Path) {
    for extension in ["pack", "idx", "rev", "bitmap"] {
        let _ = fs::remove_file(pack.with_extension(extension));
    }
}

pub(super) fn run(folder: &Path, args: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Ana", "-c", "user.email=ana@acme.test", "-c", "init.defaultBranch=main"])
        .args(["-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"])
        .args(args)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git is installed");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut stdin, &input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
