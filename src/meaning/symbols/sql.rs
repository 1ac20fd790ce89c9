//! What a text in SQL does, as far as its first words tell. Not a parser: for `query("…")` in code.

use super::EffectKind;

/// What a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Reads, writes or deletes.
    pub kind: EffectKind,
    /// The first table that it names, `""` if that can't be told.
    pub table: String,
}

/// What a text in SQL does. `None`, if it does not begin like one. With several statements, or a `WITH` that writes, the
/// worst counts.
pub fn statement(text: &str) -> Option<Statement> {
    let words = words(text);
    let mut worst: Option<Statement> = None;
    let mut first = true;
    for (at, word) in words.iter().enumerate() {
        let begins = first || at.checked_sub(1).is_some_and(|b| matches!(words[b], ";" | "("));
        first = false;
        let found = begins.then(|| verb(word, words.get(at + 1..).unwrap_or_default())).flatten();
        let rank = |kind| match kind {
            EffectKind::DbRead => 0,
            EffectKind::DbWrite => 1,
            _ => 2,
        };
        if let Some(found) = found
            && worst.as_ref().is_none_or(|w| rank(found.kind) > rank(w.kind))
        {
            worst = Some(found);
        } else if at == 0 && worst.is_none() && !word.eq_ignore_ascii_case("with") {
            return None;
        }
    }
    worst
}

/// The statement that begins with a word.
fn verb(word: &str, rest: &[&str]) -> Option<Statement> {
    let after = |words: &[&str]| {
        let at = rest.iter().position(|w| words.iter().any(|known| w.eq_ignore_ascii_case(known)))?;
        rest[at + 1..]
            .iter()
            .find(|w| !w.eq_ignore_ascii_case("only") && !w.eq_ignore_ascii_case("if"))
            .copied()
    };
    let (kind, table) = match word.to_ascii_uppercase().as_str() {
        "SELECT" => (EffectKind::DbRead, after(&["from"])),
        "INSERT" | "REPLACE" | "MERGE" => (EffectKind::DbWrite, after(&["into"])),
        "UPDATE" => (EffectKind::DbWrite, rest.iter().find(|w| !w.eq_ignore_ascii_case("only")).copied()),
        "DELETE" => (EffectKind::DbDelete, after(&["from"])),
        "TRUNCATE" | "DROP" => (EffectKind::DbDelete, after(&["table"]).or(rest.first().copied())),
        "CREATE" | "ALTER" | "GRANT" | "REVOKE" | "CALL" | "COPY" | "DO" => (EffectKind::DbWrite, None),
        "BEGIN" | "COMMIT" | "ROLLBACK" | "SET" | "SHOW" | "EXPLAIN" | "PRAGMA" | "VALUES" => {
            (EffectKind::DbRead, None)
        }
        _ => return None,
    };
    let table = table.filter(|t| !matches!(*t, "(" | ")" | "," | ";")).unwrap_or_default();
    let name = table.rsplit('.').next().unwrap_or_default().trim_matches(['"', '`', '[', ']']);
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    Some(Statement { kind, table: if plain { name.to_owned() } else { String::new() } })
}

/// What every row that a statement means has to be: columns that must be the same as a value, each with what stands there:
/// the how-manieth value that is given, or the text that is written there. Nothing where conditions may do without one
/// another, or where there are several statements.
pub fn asked(text: &str) -> Vec<(String, Asked)> {
    const MOST: usize = 4_000;
    if text.len() > MOST || text.contains(';') && text.trim_end().trim_end_matches(';').contains(';') {
        return Vec::new();
    }
    // Around what is compared there may be no space.
    let spaced = text.replace('=', " = ").replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let is = |token: &str, words: &[&str]| words.iter().any(|word| token.eq_ignore_ascii_case(word));
    let Some(start) = tokens.iter().position(|token| is(token, &["where"])) else { return Vec::new() };
    let unsure = ["or", "not", "where", "union", "select", "case", "in", "having"];
    if tokens[start + 1..].iter().any(|token| is(token, &unsure)) {
        return Vec::new();
    }
    let before: usize = tokens[..=start].iter().map(|token| token.matches('?').count()).sum();
    let (mut all, mut count) = (Vec::new(), before);
    for (at, token) in tokens.iter().enumerate().skip(start + 1) {
        let name = tokens[at - 1].rsplit('.').next().unwrap_or_default().trim_matches(['"', '`', '[', ']']);
        count += token.matches('?').count();
        let Some(value) = tokens.get(at + 1).filter(|_| *token == "=") else { continue };
        // `token != $1` is `token! = $1` by now.
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            continue;
        }
        let value = value.trim_end_matches([',', ';']).split("::").next().unwrap_or_default();
        let given = value.strip_prefix('$').and_then(|number| number.parse::<usize>().ok());
        match (given, value) {
            (Some(number), _) => all.push((name.to_owned(), Asked::Given(number.saturating_sub(1)))),
            (None, "?") => all.push((name.to_owned(), Asked::Given(count))),
            (None, value) => all.push((name.to_owned(), Asked::Text(value.trim_matches('\'').to_owned()))),
        }
    }
    all
}

/// See [`asked`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The how-manieth value.
    Given(usize),
    /// What is written.
    Text(String),
}

/// Words and signs, without comments and texts. Only the start of a very long text is looked at.
fn words(text: &str) -> Vec<&str> {
    const WORDS: usize = 2000;
    let mut words = Vec::new();
    let mut rest = text;
    while words.len() < WORDS {
        rest = rest.trim_start();
        let Some(c) = rest.chars().next() else { break };
        let end = if rest.starts_with("--") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
            continue;
        } else if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
            continue;
        } else if c == '\'' {
            rest = rest[1..].find('\'').map_or("", |end| &rest[end + 2..]);
            continue;
        } else if matches!(c, '(' | ')' | ',' | ';') {
            1
        } else {
            rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | '\''))
                .unwrap_or(rest.len())
        };
        let (word, left) = rest.split_at(end.max(c.len_utf8()));
        words.push(word);
        rest = left;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> Option<(EffectKind, String)> {
        statement(text).map(|s| (s.kind, s.table))
    }

    #[test]
    fn the_first_words_tell() {
        use EffectKind::{DbDelete, DbRead, DbWrite};
        assert_eq!(says("select * from users where id = $1"), Some((DbRead, "users".into())));
        assert_eq!(
            says("\n  INSERT INTO public.\"orders\" (a) VALUES (1)"),
            Some((DbWrite, "orders".into()))
        );
        assert_eq!(says("-- note\nUPDATE t SET a = 'delete from x'"), Some((DbWrite, "t".into())));
        assert_eq!(says("DELETE FROM t"), Some((DbDelete, "t".into())));
        assert_eq!(
            says("with x as (delete from a returning *) select * from x"),
            Some((DbDelete, "a".into()))
        );
        assert_eq!(says("select 1; drop table users"), Some((DbDelete, "users".into())));
        assert_eq!(says("select count(*) from (select 1) s").map(|s| s.0), Some(DbRead));
    }

    #[test]
    fn what_rows_have_to_be() {
        let given = |name: &str, at| (name.to_owned(), Asked::Given(at));
        assert_eq!(
            asked("select * from t where t.token = $2 and used=$1"),
            [given("token", 1), given("used", 0)]
        );
        assert_eq!(asked("update t set a = ? where \"token\"=? returning *"), [given("token", 1)]);
        let public = ("is_public".to_owned(), Asked::Text("true".into()));
        assert_eq!(asked("select * from t where is_public = true and id = ?;"), [public, given("id", 0)]);
        assert_eq!(asked("select * from t where token <> $1 and a >= $2 and b != $3"), []);
        assert_eq!(asked("select * from t where id = $1 or token = $2"), []);
        assert_eq!(asked("select token from t"), []);
    }

    #[test]
    fn what_is_no_sql_is_none() {
        assert_eq!(says("hello world"), None);
        assert_eq!(says(""), None);
        assert_eq!(says("deleted by user"), None);
    }
}
