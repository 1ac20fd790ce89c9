//! Credentials told by the name that they are assigned to, or by their place; not by a provider's prefix.
//!
//! The names (`password`, `token`, `key` …) stand everywhere in code, so the order is: find the stems of names, look
//! whether a literal is assigned, and only then ask what the whole name and the value are.

pub(super) mod assigned;
mod basic;
mod calls;
mod commands;
mod comments;
mod fallback;
pub(super) mod file;
mod headers;
mod infra;
pub(super) mod judge;
mod literal;
pub(super) mod names;
mod pairs;
mod parents;
mod places;
pub(super) mod purpose;
pub(super) mod shape;
mod spaced;
mod sql;
mod stems;
pub(super) mod syntax;
mod tables;
#[cfg(test)]
mod tests;
pub(super) mod urls;
mod wrapped;

use std::ops::Range;

use super::candidate::Candidate;
use super::classify::place::Place;
use super::formats::{Format, format_named};
use super::model::{Audience, Class, Searched};
use assigned::By;
use file::File;
use judge::{Judged, Use};
use names::{Sort, Words};
use syntax::Syntax;

/// Whether `format` is one of those that this module finds.
pub(super) fn is_generic(format: &Format) -> bool {
    format.provider.is_empty() && format.regex.is_empty()
}

/// What has been found so far in one text.
struct Search<'a, 'b> {
    text: &'a [u8],
    file: File,
    out: &'b mut Vec<Candidate>,
}

/// Every credential of `text` that a name or a place gives away, added to `out`.
pub(super) fn find(text: &Searched<'_>, out: &mut Vec<Candidate>) {
    if text.class == Class::Distinctive {
        return;
    }
    let file = File::of(text.path);
    // What a name says is nothing in somebody else's code, nor in the words of an interface.
    if matches!(file.place, Place::Foreign | Place::Translation) {
        return;
    }
    let whole = 0..text.bytes.len();
    let windows = text.windows.unwrap_or(std::slice::from_ref(&whole));
    let mut search = Search { text: text.bytes, file, out };
    places::find(text.path, windows, &mut search);
    for finder in [&*stems::NAMES, &*stems::CALLS] {
        let mut done = 0;
        for window in windows {
            // A name may stand before the window that its value was changed in.
            let mut at = back_to_line(text.bytes, window.start).max(done);
            let end = window.end.min(text.bytes.len());
            let Some(slice) = text.bytes.get(..end) else { continue };
            while at < slice.len()
                && let Some((start, stop, stem)) = finder.find(slice, at)
            {
                let next = search.look(start, stop, stem);
                // A value may reach beyond the window.
                at = next.max(start + 1).min(end);
            }
            done = end.max(at);
        }
    }
}

fn back_to_line(text: &[u8], at: usize) -> usize {
    let earliest = at.saturating_sub(200);
    let before = text.get(earliest..at).unwrap_or_default();
    memchr::memrchr(b'\n', before).map_or(earliest, |found| earliest + found + 1)
}

impl<'a> Search<'a, '_> {
    /// Looks at one stem; answers from where to go on.
    fn look(&mut self, start: usize, stop: usize, stem: &str) -> usize {
        match stem {
            "://" => return urls::look(self, start),
            "@tcp(" | "@unix(" => return urls::data_source(self, start),
            "SERT INTO" | "sert into" => return sql::insert(self, stop),
            "ENTIFIED " | "entified " => return sql::identified(self, stop),
            "-u " | "-user " => return headers::user(self, stop),
            "earer " => return headers::bearer(self, stop),
            "ogin(" | "DirectoryEntry" => return headers::login(self, stop, None),
            "etConnection(" | "PDO(" | "mysqli(" => return headers::login(self, stop, Some(2)),
            ".sign(" | ".verify(" => return headers::signed(self, stop),
            "Hmac" | "hmac"
                if self.text.get(stop..).is_some_and(|r| r.starts_with(b"(") || r.starts_with(b".")) =>
            {
                return calls::hmac(self, stop);
            }
            "HMAC" if self.text.get(stop) == Some(&b'.') => return calls::hmac(self, stop),
            "crypt(" => return sql::crypt(self, stop),
            "[]byte(" | "etBytes(" | "toByteArray(" => return calls::bytes(self, start, stop),
            "onnect(" | "ernet(" | "crypt.hash" => {
                let before = self.text.get(start.saturating_sub(40)..start).unwrap_or_default();
                let is_part = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
                let from = start - before.iter().rev().take_while(is_part).count();
                let end = if self.text.get(stop - 1) == Some(&b'(') { stop - 1 } else { stop };
                calls::look(self, &(from..end));
                return stop;
            }
            "dmin / " | ".com / " | ".io / " | "` / `" => return comments::login(self, stop),
            "-cli" | "mysql" | "mariadb" | " -U " | "curl " | "sudo -S" | "rabbitmqctl" | "mc alias"
            | "zip -P" | "ssl enc" | " -pw " | "net user" | "project-ref" => {
                return commands::look(self, start, stop, stem);
            }
            "setx " | "nv add " | "nv:set " | "nv set " => return commands::variable(self, start, stop),
            "ase64" | "btoa(" | "b64encode(" | "ncode64(" => return basic::encoded(self, start, stop),
            "SecureString" => return commands::secure_string(self, stop),
            "lient(\"AC" | "lient('AC" => return calls::twilio(self, stop - 3),
            "ovider :" | "niauth :" => return calls::provider(self, stop),
            "kty\"" | "kty:" => return calls::web_key(self, start),
            _ => {}
        }
        let text = self.text;
        let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-') || b >= 0x80;
        let mut from = start;
        let earliest = start.saturating_sub(64);
        while from > earliest && text.get(from - 1).is_some_and(|b| is_part(*b)) {
            from -= 1;
        }
        let latest = text.len().min(stop + 64);
        // A stem may end with what is no part of a name: `jwt:`.
        let mut to = start;
        while to < latest && text.get(to).is_some_and(|b| is_part(*b)) {
            to += 1;
        }
        // No name is that long.
        if start - from == 64 || to == stop + 64 {
            return to;
        }
        while text.get(from) == Some(&b'-') {
            from += 1;
        }
        // `stripe.key`: a key alone says nothing.
        if to - from == 3 && from > earliest && text.get(from - 1) == Some(&b'.') {
            from -= 1;
            while from > earliest && text.get(from - 1).is_some_and(|b| is_part(*b)) {
                from -= 1;
            }
        }
        if to - from == 3 {
            from = comments::first_word(text, from, self.file.syntax);
        }
        self.named(from..to);
        to
    }

    /// Looks at one name.
    fn named(&mut self, name: Range<usize>) {
        let Some(written) = self.text.get(name.clone()) else { return };
        if self.is_call(written, name.end) {
            return;
        }
        let words = Words::of(judge::without_prefix(written));
        let sort = match names::sort(&words) {
            Some(sort) => sort,
            None if names::is_of_hash(&words) => Sort::Password,
            None if written.eq_ignore_ascii_case(b"key") => return self.part_of_settings(name),
            None => return,
        };
        let found = assigned::assigned(self.text, &name, self.file.syntax).or_else(|| {
            let value = calls::before_header(self.text, &name)?;
            Some(assigned::Assigned { value, quoted: true, fallback: false, by: By::Pair })
        });
        if self.file.syntax.prose && self.text.get(..name.start).is_some_and(tables::is_cell) {
            tables::below(self, &name, sort, self.format(sort, &words));
        }
        let Some(found) = found else { return };
        // `password_hash = hash("…")` gives the password away, a hash does not.
        let is_called = || self.text.get(name.end..found.value.start).is_some_and(|gap| gap.contains(&b'('));
        if names::is_of_hash(&words) && (found.by != By::Sign || !is_called()) {
            return;
        }
        // "PASS" in a table of results.
        if found.by == By::Prose && written == b"PASS" {
            return;
        }
        // `setPassword("…")` and `.apiKey("…")`, but not `get_secret("…")`.
        if found.by == By::Call
            && !["set", "with", "add"].contains(&words.at(0))
            && (words.len() > 2 || !self.is_builder(&name))
        {
            return;
        }
        let mut value = found.value.clone();
        value.end = value.end.min(self.text.len());
        // `CURLOPT_USERPWD, "user:password"`.
        if written.ends_with(b"USERPWD")
            && let Some(colon) = self.text.get(value.clone()).and_then(|login| memchr::memchr(b':', login))
        {
            value.start += colon + 1;
        }
        let mut sort = sort;
        if let Some(scheme) = headers::scheme(self.text.get(value.clone()).unwrap_or_default()) {
            if self
                .text
                .get(value.clone())
                .is_some_and(|v| v.get(..5).is_some_and(|s| s.eq_ignore_ascii_case(b"basic")))
            {
                value.start += scheme;
                headers::basic(self, name, value);
                return;
            }
            value.start += scheme;
            sort = Sort::Token;
        } else if sort == Sort::Auth
            && headers::is_user_and_password(self.text.get(value.clone()).unwrap_or_default())
        {
            headers::basic(self, name, value);
            return;
        }
        let used = Use {
            sort,
            name: self.text.get(name.clone()).unwrap_or_default(),
            quoted: found.quoted,
            fallback: found.fallback,
            by: found.by,
            near: self.near(&value),
            shown: self.is_shown(&name),
        };
        let format =
            if self.is_django(used.name, &value) { "django-secret-key" } else { self.format(sort, &words) };
        self.judge(&used, name.clone(), value, format);
    }

    /// Looks at a `key` of something that signs, encrypts or calls: only what was drawn at random counts.
    fn part_of_settings(&mut self, name: Range<usize>) {
        let Some(found) = assigned::assigned(self.text, &name, self.file.syntax) else { return };
        let value = found.value.start..found.value.end.min(self.text.len());
        let bytes = self.text.get(value.clone()).unwrap_or_default();
        if !matches!(found.by, By::Sign | By::Pair) || bytes.len() < 16 || !shape::is_random(bytes) {
            return;
        }
        let Some(sort) = parents::sort_of_key(self.text, &name, self.file.syntax) else { return };
        let used = Use {
            sort,
            name: self.text.get(name.clone()).unwrap_or_default(),
            quoted: found.quoted,
            fallback: found.fallback,
            by: found.by,
            near: b"",
            shown: false,
        };
        let format = if sort == Sort::Signing { "signing-secret" } else { "generic-api-key" };
        self.judge(&used, name, value, format);
    }

    /// Looks at calls that are told by their name alone; answers whether it is one.
    fn is_call(&mut self, name: &[u8], end: usize) -> bool {
        let after = self.text.get(end..).unwrap_or_default();
        match name {
            b"keys" => return calls::cookie_keys(self, &(end - 4..end)),
            b"secret" | b"secrets" => return commands::secret_of_a_tool(self, end),
            b"random_password" => return infra::drawn_password(self, end),
            _ if name.ends_with(b"_secret") && infra::secret_resource(self, &(end - name.len()..end)) => end,
            b"htpasswd" => commands::htpasswd(self, end),
            b"chpasswd" | b"password-stdin" | b"passwd" => {
                return commands::piped_login(self, end - name.len());
            }
            b"ssh-keygen" => commands::look(self, end - name.len(), end, "ssh-keygen"),
            _ if name.starts_with(b"ldap") && after.starts_with(b" -") => {
                commands::look(self, end, end, "ldap")
            }
            b"sshpass" => commands::look(self, end - name.len(), end, "sshpass"),
            b"create_secret" | b"update_secret" if after.starts_with(b"(") => headers::vaulted(self, end + 1),
            b"auth" | b"http_auth" | b"basic_auth" if after.starts_with(b"=(") => {
                headers::login(self, end + 2, None)
            }
            b"auth" if after.starts_with(b" = (") => headers::login(self, end + 4, None),
            _ if name.ends_with(b"NetworkCredential") => headers::login(self, end, None),
            _ => return calls::look(self, &(end - name.len()..end)),
        };
        true
    }

    /// Whether a value signs for Django: what `startproject` wrote, or the setting in a module that speaks of Django.
    fn is_django(&self, name: &[u8], value: &Range<usize>) -> bool {
        let says = |text: &[u8], word: &[u8]| shape::contains(text, word);
        name == b"SECRET_KEY"
            && self.file.syntax == Syntax::default()
            && (self.text.get(value.clone()).is_some_and(|value| value.starts_with(b"django-insecure-"))
                || [&b"INSTALLED_APPS"[..], b"django", b"DJANGO"].iter().any(|word| says(self.text, word)))
    }

    /// Whether a method is called by the name, or something is made.
    fn is_builder(&self, name: &Range<usize>) -> bool {
        let before = self.text.get(name.start.saturating_sub(4)..name.start).unwrap_or_default();
        before.ends_with(b".") || before.ends_with(b"->") || before.ends_with(b"new ")
    }

    /// Judges a value, and keeps what comes of it.
    fn judge(&mut self, used: &Use<'_>, name: Range<usize>, value: Range<usize>, format: &'static str) {
        let Some(bytes) = self.text.get(value.clone()) else { return };
        let judged = judge::judge(bytes, used, &self.file);
        let judged = purpose::tempered(judged, used.sort, self.text, &value, &self.file);
        self.keep(judged, Some(name), value, format);
    }

    fn keep(
        &mut self,
        judged: Judged,
        name: Option<Range<usize>>,
        value: Range<usize>,
        format: &'static str,
    ) {
        let (audience, because, weak) = match judged {
            Judged::Nothing => return,
            Judged::Secret => (Audience::Secret, "", false),
            Judged::Public(because) => (Audience::Public, because, false),
            Judged::Placeholder(because, weak) => (Audience::Placeholder, because, weak),
        };
        // `secret: process.env.NAME || "value"`: of two names, the one beside the value tells more.
        if let Some(last) =
            self.out.last_mut().filter(|last| last.at == value && last.audience == Some(audience))
        {
            last.name = name.or_else(|| last.name.take());
            last.weak &= weak;
            return;
        }
        let Some(format) = format_named(format) else { return };
        let mut candidate = Candidate::new(format, value);
        candidate.audience = Some(audience);
        because.clone_into(&mut candidate.because);
        candidate.weak = weak;
        candidate.name = name;
        self.out.push(candidate);
    }

    /// Keeps what has no name.
    fn keep_as(&mut self, judged: Judged, value: Range<usize>, format: &'static str) {
        self.keep(judged, None, value, format);
    }

    /// What stands around a value, a few lines of it.
    fn near(&self, value: &Range<usize>) -> &'a [u8] {
        self.text
            .get(value.start.saturating_sub(220)..self.text.len().min(value.end + 160))
            .unwrap_or_default()
    }

    /// Whether a name stands in a comment, or in what a script prints.
    fn is_shown(&self, name: &Range<usize>) -> bool {
        let earliest = name.start.saturating_sub(160);
        let before = self.text.get(earliest..name.start).unwrap_or_default();
        let line =
            memchr::memrchr(b'\n', before).map_or(before, |at| before.get(at + 1..).unwrap_or_default());
        let start = line.trim_ascii_start();
        let marks = [
            &b"//"[..],
            b"#",
            b"*",
            b"--",
            b"/*",
            b"<!--",
            b"echo",
            b"print",
            b"console.",
            b"log",
            b"Write-",
            b"<",
            b"say",
        ];
        marks.iter().any(|mark| start.starts_with(mark)) && !start.starts_with(b"#define")
            || [&b"echo "[..], b"print(", b"printf", b"console.log", b"logger."]
                .iter()
                .any(|word| shape::contains(line, word))
    }

    /// The format of a value of this sort.
    fn format(&self, sort: Sort, words: &Words) -> &'static str {
        let has = |list: &[&str]| list.iter().any(|word| words.has(word));
        match sort {
            Sort::Password if has(&["smtp", "mail", "email", "imap", "mailer"]) => "smtp-password",
            Sort::Password
                if has(&[
                    "db",
                    "database",
                    "postgres",
                    "pg",
                    "mysql",
                    "mongo",
                    "redis",
                    "sql",
                    "mariadb",
                    "pgpassword",
                    "rds",
                    "dbpassword",
                    "dbpasswd",
                    "dbpass",
                ]) =>
            {
                "database-password"
            }
            Sort::Password => "generic-password",
            Sort::Signing if has(&["encryption", "encrypt", "aes", "crypto", "cipher", "enc"]) => {
                "encryption-key"
            }
            Sort::Signing if has(&["client", "oauth", "consumer"]) => "client-secret",
            Sort::Signing => "signing-secret",
            Sort::Token if has(&["key", "apikey", "accesskey"]) => "generic-api-key",
            Sort::Token => "generic-token",
            Sort::Key => "generic-api-key",
            Sort::Auth => "generic-token",
        }
    }
}
