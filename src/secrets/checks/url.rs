//! Addresses with a password in them.

use crate::secrets::candidate::Candidate;
use crate::secrets::model::Audience;
use crate::secrets::references::is_reference;
use crate::secrets::search::compiled;

use super::decide;

/// Passwords that stand for one.
const STAND_INS: &[&str] = &[
    "password",
    "passwd",
    "pass",
    "pwd",
    "secret",
    "changeme",
    "mypassword",
    "yourpassword",
    "dbpassword",
    "postgres",
    "root",
    "admin",
    "user",
    "test",
    "example",
    "token",
];

/// So many letters in the order of the alphabet are nobody's project, user or host.
const IN_ORDER: usize = 10;

fn runs_through_the_alphabet(value: &[u8]) -> bool {
    let follows = |two: &[u8]| two[0].is_ascii_lowercase() && two[1] == two[0] + 1;
    value.windows(IN_ORDER).any(|run| run.windows(2).all(follows))
}

/// Whether the group `password` holds one; stand-ins are placeholders.
pub(super) fn read(candidate: &mut Candidate, text: &[u8]) -> bool {
    let value = candidate.value(text).into_owned();
    let id = &candidate.format.id;
    let Some(compiled) = compiled().all.iter().find(|compiled| compiled.format.id == *id) else {
        return true;
    };
    let groups = compiled.regex().and_then(|regex| regex.captures(&value));
    let Some(password) = groups.and_then(|groups| groups.name("password")) else { return true };
    let password = String::from_utf8_lossy(password.as_bytes()).into_owned();
    let letters: String = password.chars().filter(char::is_ascii_alphanumeric).collect();
    if is_reference(&password)
        || password.contains("${")
        || password.starts_with(['$', '<', '[', '{', '*', '%'])
        || STAND_INS.contains(&letters.to_ascii_lowercase().as_str())
        || letters.is_empty()
        || runs_through_the_alphabet(&value)
    {
        decide(candidate, Audience::Placeholder, "a password is still to be filled in");
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_runs_through_the_alphabet() {
        assert!(runs_through_the_alphabet(
            b"postgresql://postgres.abcdefghijklmnop:x@aws-0.pooler.supabase.com"
        ));
        assert!(!runs_through_the_alphabet(
            b"postgresql://postgres.abdefghiqzlmnop:x@aws-0.pooler.supabase.com"
        ));
    }
}
