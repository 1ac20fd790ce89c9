//! What strangers send an app because it asks them to: the contact form, the waiting list, the newsletter. A new row is all
//! that comes of it, in a table that is named for that.

use super::super::Declared;
use super::super::judged::{Authenticated, Cell, Judged};
use super::catalogue::words;
use super::cells::says;

/// Tables of what strangers send, by words of their names.
const SENT: &[&str] = &["enquiry", "feedback", "inquiry", "newsletter", "rsvp", "subscriber", "waitlist"];
/// Two words that are one thing.
const PAIRS: &[(&str, &str)] = &[
    ("contact", "form"),
    ("contact", "message"),
    ("contact", "request"),
    ("contact", "submission"),
    ("contact", "us"),
    ("demo", "request"),
    ("wait", "list"),
    ("waiting", "list"),
];
/// Words that say that it is no form of the site: `user_contacts`, `emergency_contact`.
const OTHERWISE: &[&str] =
    &["user", "emergency", "client", "customer", "crm", "employee", "patient", "member", "company"];

/// Calls routes public that only take such rows in.
pub fn mark(declared: &[Declared<'_>], all: &mut [Judged]) {
    for (route, judged) in declared.iter().zip(all.iter_mut()) {
        // Who put a guard there that lets everybody pass did not mean it to.
        let is_open = matches!(judged.authenticated, Authenticated::No | Authenticated::Gateway)
            && judged.holes.is_empty();
        let mut writes = judged.effects.iter().filter(|effect| effect.kind != "read").peekable();
        if !is_open || writes.peek().is_none() {
            continue;
        }
        let Some(table) = judged.effects.iter().find(|effect| effect.kind == "write") else { continue };
        let is_taken =
            writes.all(|effect| effect.kind == "write" && effect.which == "new" && is_sent(&effect.target));
        let looks_there = judged.effects.iter().all(|effect| effect.target == table.target);
        if !is_taken || !looks_there {
            continue;
        }
        let text =
            format!("it takes in what strangers send, a new row of {}, and does no more", table.target);
        judged.authenticated = Authenticated::Public;
        judged.authorized = Cell::Na;
        judged.evidence.retain(|evidence| !matches!(evidence.cell, "authenticated" | "authorized"));
        judged.evidence.push(says("authenticated", Some(route.module), route.line, &text));
    }
}

fn is_sent(table: &str) -> bool {
    let words = words(table);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&&**word));
    (has(SENT) || words.windows(2).any(|two| PAIRS.contains(&(&*two[0], &*two[1])))) && !has(OTHERWISE)
}

#[cfg(test)]
mod tests {
    use super::is_sent;

    #[test]
    fn tables_of_what_strangers_send_are_named_for_it() {
        for table in
            ["contact_messages", "launchWaitlist", "NewsletterSubscriber", "feedback", "waiting_list"]
        {
            assert!(is_sent(table), "{table}");
        }
        for table in ["contacts", "customer_contact_form", "messages", "orders", "list"] {
            assert!(!is_sent(table), "{table}");
        }
    }
}
