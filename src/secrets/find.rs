//! Finding: from a text to the values in it.

use super::model::{Found, Searched};

/// Every value in `text` that has the format of a secret, of whatever audience, in the order of the text.
pub fn find(text: &Searched<'_>) -> Vec<Found> {
    let _ = text;
    Vec::new()
}
