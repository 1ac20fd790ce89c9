//! Of candidates that overlap, one stays.

use std::cmp::Reverse;

use super::candidate::Candidate;
use super::model::SecretKind;

/// The candidates that stay, in the order of the text: of those that overlap the most specific, one for each value and
/// place.
pub(super) fn settle(mut found: Vec<Candidate>) -> Vec<Candidate> {
    // The sort is stable: of equals the first found stays, and formats are asked in their order.
    found.sort_by_key(|candidate| (candidate.at.start, Reverse(candidate.at.end)));
    let mut settled: Vec<Candidate> = Vec::with_capacity(found.len());
    let mut group: Vec<Candidate> = Vec::new();
    let mut end = 0;
    for candidate in found {
        if candidate.at.start >= end {
            settle_group(&mut group, &mut settled);
        }
        end = end.max(candidate.at.end);
        group.push(candidate);
    }
    settle_group(&mut group, &mut settled);
    settled.sort_by_key(|candidate| (candidate.at.start, candidate.at.end));
    settled
}

/// No group has more that count: only hostile text has.
const MOST: usize = 256;

fn settle_group(group: &mut Vec<Candidate>, settled: &mut Vec<Candidate>) {
    group.sort_by_key(|candidate| Reverse(rank(candidate)));
    group.truncate(MOST);
    let first = settled.len();
    for candidate in group.drain(..) {
        let stays = settled.get(first..).unwrap_or_default();
        let is_covered = stays.iter().any(|other| {
            let overlaps = other.at.start < candidate.at.end && candidate.at.start < other.at.end;
            // Several values may be encoded in one place.
            let are_decoded = other.decoded.is_some() && candidate.decoded.is_some();
            let are_two = other.decoded != candidate.decoded && other.format.id != candidate.format.id;
            overlaps && !(other.at == candidate.at && are_decoded && are_two)
        });
        if !is_covered {
            settled.push(candidate);
        }
    }
}

/// A provider's format before an address, an address before anything else; then the longest, the one with more checks, the
/// one that needs a word beside it.
fn rank(candidate: &Candidate) -> (usize, usize, usize, usize) {
    let format = candidate.format;
    let specific = match format.kind {
        _ if !format.provider.is_empty() => 2,
        _ if !format.regex.is_empty() => 2,
        SecretKind::ConnectionString => 1,
        _ => 0,
    };
    (specific, candidate.at.len(), format.checks.len(), format.near.len().min(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::formats::{FORMATS, Format};

    fn format(provider: &'static str, kind: SecretKind, regex: &'static str) -> &'static Format {
        let format = Format { provider, kind, regex, checks: &[], ..FORMATS[0] };
        Box::leak(Box::new(format))
    }

    #[test]
    fn the_more_specific_of_two_stays() {
        let provider = format("Neon", SecretKind::Password, "x");
        let address = format("", SecretKind::ConnectionString, "");
        let word = format("", SecretKind::Password, "");
        let at = |candidates: Vec<Candidate>| -> Vec<std::ops::Range<usize>> {
            settle(candidates).into_iter().map(|candidate| candidate.at).collect()
        };
        let found = vec![
            Candidate::new(address, 0..40),
            Candidate::new(provider, 10..20),
            Candidate::new(word, 35..50),
            Candidate::new(word, 60..70),
            Candidate::new(word, 60..70),
            Candidate::new(address, 65..75),
        ];
        assert_eq!(at(found), [10..20, 35..50, 65..75]);
        assert_eq!(at(vec![Candidate::new(provider, 0..5), Candidate::new(provider, 0..9)]), [0..9]);
    }
}
