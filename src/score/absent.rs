//! What the facts show that the product does not have, so that an area does not apply.

use crate::facts::{Answer, Facts};

/// The fact that tells, for an area that has nothing to look at; `None` where the facts don't tell.
///
/// Only where the code and the manifests were read: no facts is not the same as no such thing.
pub(super) fn absent(area: &str, facts: &Facts) -> Option<&'static str> {
    if facts.apps.is_empty() || facts.project.code_read != Answer::Yes || !super::has_code(facts) {
        return None;
    }
    let apps = &facts.apps;
    match area {
        "ai" if apps.iter().all(|app| app.ai.is_empty()) => {
            Some("No app of this repository uses an AI provider or an AI SDK.")
        }
        // Without accounts and without a place to keep data there are no tenants to keep apart.
        "isolation"
            if facts.databases.is_empty()
                && apps
                    .iter()
                    .all(|app| app.databases.is_empty() && app.storage.is_empty() && app.auth.is_empty()) =>
        {
            Some("No app of this repository keeps data or signs people in.")
        }
        _ => None,
    }
}
