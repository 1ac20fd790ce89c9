/// One simple command of a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Command {
    /// Its words, unquoted, without assignments, shell keywords and wrappers such as `sudo`.
    pub words: Vec<String>,
    /// Lines between the first line of the script and this one.
    pub offset: u32,
    /// Whether its failure is swallowed (`|| true`, `set +e`).
    pub forgiven: bool,
    /// Whether it is read by another command (`| tee log`), so that without `pipefail` its status is lost.
    pub piped: bool,
    /// The file or program that its input comes from (`< dump.sql`).
    pub input: String,
    /// The file or program that its output goes to (`> dump.sql`).
    pub output: String,
}

/// What stands between two commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Glue {
    And,
    Or,
    Pipe,
    End,
}

/// The commands of a shell script, in order. Understands quotes, comments, continued lines, here-documents and the
/// `${{ … }}` of workflows; never more than that.
pub fn commands(script: &str) -> Vec<Command> {
    let mut raw = Lexer { rest: script, offset: 0, ..Lexer::default() }.run();
    forgive(&mut raw);
    let pipefail = script.contains("pipefail");
    let glued: Vec<Glue> = raw.iter().map(|(_, glue)| *glue).collect();
    let mut out: Vec<Command> = Vec::new();
    for (i, (mut command, glue)) in raw.into_iter().enumerate() {
        command.piped = glue == Glue::Pipe && !pipefail;
        if i > 0 && glued.get(i - 1) == Some(&Glue::Pipe) && command.input.is_empty() {
            command.input = out.last().and_then(|c| c.words.first()).cloned().unwrap_or_default();
        }
        if glue == Glue::Pipe && command.output.is_empty() {
            command.output = "|".to_owned();
        }
        unwrap(&mut command);
        if !command.words.is_empty() {
            out.push(command);
        }
    }
    out
}

/// Marks commands whose failure does not matter to what runs the script.
fn forgive(raw: &mut [(Command, Glue)]) {
    let mut errexit_off = false;
    let last = raw.len().saturating_sub(1);
    for i in 0..raw.len() {
        let Some((command, glue)) = raw.get(i) else { return };
        let first_two: Vec<&str> = command.words.iter().take(2).map(String::as_str).collect();
        match first_two.as_slice() {
            ["set", "+e"] => errexit_off = true,
            ["set", option] if option.starts_with('-') && option.contains('e') => errexit_off = false,
            _ => {}
        }
        let mut forgiven = errexit_off && i < last;
        if *glue == Glue::Or {
            // What follows up to the end of the line decides; a few commands are enough to look at.
            let mut rest = Vec::new();
            for (next, glue) in raw.iter().skip(i + 1).take(6) {
                rest.push(next.words.iter().map(String::as_str).collect::<Vec<_>>());
                if *glue == Glue::End {
                    break;
                }
            }
            let fails = rest.iter().any(|w| {
                w.first() == Some(&"false") || (w.first() == Some(&"exit") && w.get(1) != Some(&"0"))
            });
            let harmless = rest
                .first()
                .and_then(|w| w.first())
                .is_some_and(|first| matches!(*first, "true" | ":" | "exit" | "echo" | "printf"));
            forgiven |= harmless && !fails;
        }
        if let Some((command, _)) = raw.get_mut(i) {
            command.forgiven = forgiven;
        }
    }
}

/// Takes off what stands before the program itself.
fn unwrap(command: &mut Command) {
    for _ in 0..12 {
        let first = command.words.first().map(String::as_str).unwrap_or_default();
        let second = command.words.get(1).map(String::as_str).unwrap_or_default();
        let drop = match (first, second) {
            ("", _) => return,
            ("if" | "then" | "else" | "do" | "!" | "{" | "time" | "sudo" | "env" | "exec" | "nohup", _) => 1,
            (
                "cross-env" | "cross-env-shell" | "command" | "npx" | "bunx" | "uvx" | "winpty" | "dotenvx",
                _,
            ) => 1,
            ("xvfb-run" | "c8" | "nyc" | "retry" | "nice" | "ionice" | "chronic", _) => 1,
            ("dotenv" | "env-cmd" | "infisical" | "doppler" | "op" | "with-env" | "dotenv-cli", _) => {
                match command.words.iter().position(|w| w == "--") {
                    Some(at) => at + 1,
                    None => return,
                }
            }
            ("timeout", _) => 2,
            ("pnpm" | "yarn" | "npm", "exec" | "dlx") | ("bun", "x") | ("rtk", "proxy") => 2,
            ("uv" | "poetry" | "pipenv" | "pdm" | "hatch" | "rye" | "conda", "run") => 2,
            ("bundle", "exec") => 2,
            ("python" | "python3" | "py", "-m") => 2,
            ("coverage", "run") if command.words.get(2).is_some_and(|w| w == "-m") => 3,
            ("docker-compose", "run" | "exec") => 2 + options(&command.words, 2) + 1,
            ("docker" | "podman", "compose") if command.words.iter().any(|w| w == "run" || w == "exec") => {
                let at = command.words.iter().position(|w| w == "run" || w == "exec").unwrap_or(0);
                at + 1 + options(&command.words, at + 1) + 1
            }
            ("docker" | "podman", "exec") => 2 + options(&command.words, 2) + 1,
            ("bash" | "sh" | "zsh", "-c" | "-lc" | "-ec" | "-lec" | "-exc") => {
                let inner = command.words.get(2).cloned().unwrap_or_default();
                let line: Vec<String> = inner.split_whitespace().map(str::to_owned).collect();
                command.words = line;
                0
            }
            _ if first.starts_with('-') && command.words.len() > 1 => 1,
            _ if is_assignment(first) => 1,
            _ => return,
        };
        let drop = drop.min(command.words.len());
        command.words.drain(..drop);
    }
}

/// A command that is given as a list of words, as one line. What a shell is handed as one word is that line itself:
/// `["sh", "-c", "migrate && start"]`.
pub fn line_of(words: &[String]) -> String {
    let shell = |program: &str| matches!(program.rsplit('/').next(), Some("sh" | "bash" | "ash" | "zsh"));
    match words {
        [program, option, script] if shell(program) && option.starts_with('-') && option.ends_with('c') => {
            script.clone()
        }
        _ => words.join(" "),
    }
}

/// How many words from `from` on are options, with the values of those that take one.
fn options(words: &[String], from: usize) -> usize {
    let mut at = from;
    while let Some(word) = words.get(at).filter(|w| w.starts_with('-')) {
        let takes =
            matches!(word.as_str(), "-e" | "--env" | "-u" | "--user" | "-w" | "--workdir" | "-v" | "-f");
        at += if takes { 2 } else { 1 };
    }
    at.saturating_sub(from)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

#[derive(Default)]
struct Lexer<'a> {
    rest: &'a str,
    offset: u32,
    word: String,
    started: bool,
    command: Command,
    redirect: Option<char>,
    heredoc: Option<String>,
    out: Vec<(Command, Glue)>,
}

impl Lexer<'_> {
    fn run(mut self) -> Vec<(Command, Glue)> {
        while let Some(c) = self.rest.chars().next() {
            if self.rest.starts_with("${{") || self.rest.starts_with("$(") {
                self.nested();
                continue;
            }
            self.rest = &self.rest[c.len_utf8()..];
            match c {
                '\\' => self.escape(),
                '\'' | '"' => self.quoted(c),
                '#' if !self.started => self.until_newline(),
                '\n' => self.newline(),
                '\r' => {}
                ' ' | '\t' => self.end_word(),
                '&' if self.take('&') => self.end(Glue::And),
                '|' if self.take('|') => self.end(Glue::Or),
                // `2>&1` and `&>file` are redirections.
                '&' if self.redirect.is_some() && self.word.is_empty() => self.push('&'),
                '&' if self.rest.starts_with('>') => {}
                '|' => {
                    self.take('&');
                    self.end(Glue::Pipe);
                }
                ';' | '&' => self.end(Glue::End),
                '(' | ')' if !self.started => self.end(Glue::End),
                '<' if self.rest.starts_with('<') => self.heredoc(),
                '<' | '>' => self.redirection(c),
                _ => self.push(c),
            }
        }
        self.end(Glue::End);
        self.out
    }

    fn push(&mut self, c: char) {
        if self.command.words.is_empty() && !self.started {
            self.command.offset = self.offset;
        }
        self.started = true;
        self.word.push(c);
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.rest.starts_with(c);
        if found {
            self.rest = &self.rest[c.len_utf8()..];
        }
        found
    }

    fn escape(&mut self) {
        let Some(next) = self.rest.chars().next() else { return };
        self.rest = &self.rest[next.len_utf8()..];
        match next {
            '\n' => self.offset += 1,
            '\r' => {
                if self.take('\n') {
                    self.offset += 1;
                }
            }
            _ => self.push(next),
        }
    }

    fn quoted(&mut self, quote: char) {
        self.push(' ');
        self.word.pop();
        while let Some(c) = self.rest.chars().next() {
            self.rest = &self.rest[c.len_utf8()..];
            match c {
                '\n' => {
                    self.offset += 1;
                    self.word.push(' ');
                }
                '\\' if quote == '"' => {
                    if let Some(next) = self.rest.chars().next() {
                        self.rest = &self.rest[next.len_utf8()..];
                        self.offset += u32::from(next == '\n');
                        self.word.push(next);
                    }
                }
                _ if c == quote => return,
                _ => self.word.push(c),
            }
        }
    }

    /// `${{ … }}` and `$( … )` are part of the word.
    fn nested(&mut self) {
        let braces = self.rest.starts_with("${{");
        let mut depth = 0_u32;
        let mut end = self.rest.len();
        for (at, byte) in self.rest.bytes().enumerate() {
            match byte {
                b'{' if braces => depth += 1,
                b'(' if !braces => depth += 1,
                b'}' if braces => depth = depth.saturating_sub(1),
                b')' if !braces => depth = depth.saturating_sub(1),
                b'\n' => self.offset += 1,
                _ => continue,
            }
            if depth == 0 && at > 1 {
                end = at + 1;
                break;
            }
        }
        let (inner, rest) = self.rest.split_at(end);
        self.push('$');
        self.word.push_str(inner.get(1..).unwrap_or_default());
        self.rest = rest;
    }

    fn redirection(&mut self, c: char) {
        // The number of a file handle is no word of its own.
        if self.word.chars().all(|c| c.is_ascii_digit()) {
            self.word.clear();
            self.started = false;
        }
        self.end_word();
        self.take('>');
        self.redirect = Some(c);
    }

    fn heredoc(&mut self) {
        self.rest = self.rest.trim_start_matches(['<', '-', '~', ' ']);
        let end =
            self.rest.find(|c: char| c.is_whitespace() || c == ';' || c == '|').unwrap_or(self.rest.len());
        let (mark, rest) = self.rest.split_at(end);
        self.heredoc = Some(mark.trim_matches(['"', '\'', '\\']).to_owned());
        self.rest = rest;
    }

    fn until_newline(&mut self) {
        let end = memchr::memchr(b'\n', self.rest.as_bytes()).unwrap_or(self.rest.len());
        self.rest = &self.rest[end..];
    }

    fn newline(&mut self) {
        self.end(Glue::End);
        self.offset += 1;
        let Some(mark) = self.heredoc.take() else { return };
        while !self.rest.is_empty() {
            let end = memchr::memchr(b'\n', self.rest.as_bytes()).map_or(self.rest.len(), |at| at + 1);
            let (line, rest) = self.rest.split_at(end);
            self.rest = rest;
            self.offset += 1;
            if line.trim() == mark {
                return;
            }
        }
    }

    fn end_word(&mut self) {
        if !self.started {
            return;
        }
        let word = std::mem::take(&mut self.word);
        self.started = false;
        match self.redirect.take() {
            Some('<') => self.command.input = word,
            Some(_) => self.command.output = word,
            None => self.command.words.push(word),
        }
    }

    fn end(&mut self, glue: Glue) {
        self.end_word();
        self.redirect = None;
        let command = std::mem::take(&mut self.command);
        if command.words.is_empty() {
            // An operator at the end of a line continues on the next one.
            if let Some(last) = self.out.last_mut().filter(|_| glue != Glue::End) {
                last.1 = glue;
            }
            return;
        }
        self.out.push((command, glue));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(script: &str) -> Vec<String> {
        commands(script).iter().map(|c| c.words.join(" ")).collect()
    }

    #[test]
    fn commands_are_split_and_unwrapped() {
        assert_eq!(
            lines("CI=1 npm ci && npx vitest run # not this\nsudo poetry run pytest -x; # npm test"),
            ["npm ci", "vitest run", "pytest -x"]
        );
        assert_eq!(lines("docker compose -f a.yml run --rm -e A=b web python -m pytest"), ["pytest"]);
        assert_eq!(lines("cat <<EOF > x\nnpm test\nEOF\necho \"npm test\""), ["cat", "echo npm test"]);
        assert_eq!(lines("bash -c 'npm test'"), ["npm test"]);
        assert_eq!(lines("npm \\\n  test"), ["npm test"]);
        assert_eq!(lines("echo ${{ a && b || 'c' }} x"), ["echo ${{ a && b || 'c' }} x"]);
    }

    #[test]
    fn what_a_shell_is_handed_is_the_line() {
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        assert_eq!(line_of(&words(&["/bin/sh", "-c", "migrate && start"])), "migrate && start");
        assert_eq!(line_of(&words(&["node", "-c", "a.js"])), "node -c a.js");
    }

    #[test]
    fn swallowed_failures_are_seen() {
        let forgiven = |script: &str| commands(script)[0].forgiven;
        assert!(forgiven("npm test || true"));
        assert!(forgiven("npm test || exit 0"));
        assert!(forgiven("npm test || echo failed"));
        assert!(!forgiven("npm test || exit 1"));
        assert!(!forgiven("npm test || (echo failed && exit 1)"));
        assert!(!forgiven("npm test"));
        assert!(commands("set +e\nnpm test\necho done")[1].forgiven);
        assert!(commands("npm test | tee log")[0].piped);
        assert!(!commands("set -o pipefail\nnpm test | tee log")[1].piped);
    }

    #[test]
    fn offsets_and_redirections() {
        let all = commands("a\n\nb 2>&1 > out.sql\npsql \"$URL\" < dump.sql\npg_dump x | gzip > f.gz");
        assert_eq!(all[1].offset, 2);
        assert_eq!(all[1].output, "out.sql");
        assert_eq!((all[2].offset, all[2].input.as_str()), (3, "dump.sql"));
        assert_eq!((all[4].words[0].as_str(), all[4].input.as_str()), ("gzip", "pg_dump"));
    }
}
