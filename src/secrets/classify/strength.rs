//! How good a password is that a person made up.

use super::super::generic::shape::{is_random, shape};
use super::words::{is_common, is_one_word};

/// How hard a value is to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::secrets) enum Strength {
    /// Random, or of many kinds of characters.
    Strong,
    /// Nobody's first guess, and nothing more.
    Plain,
    /// On everybody's list.
    Guessable,
    /// Rather a word, a name or a label than a password.
    Word,
}

/// The strength of `value`.
pub(in crate::secrets) fn strength(value: &[u8]) -> Strength {
    let shape = shape(value);
    if shape.foreign > 0 || shape.spaces > 3 {
        return Strength::Word;
    }
    if is_random(value) {
        return Strength::Strong;
    }
    if shape.spaces > 0 {
        return if is_common(value) { Strength::Guessable } else { Strength::Word };
    }
    let common = is_common(value);
    let marks = value
        .iter()
        .filter(|b| {
            matches!(
                b,
                b'!' | b'@' | b'#' | b'$' | b'%' | b'^' | b'&' | b'*' | b'?' | b'+' | b'~' | b'=' | b'`'
            )
        })
        .count();
    match shape.kinds() {
        4 if is_one_word(value) => Strength::Guessable,
        4 if shape.length >= 8 && (marks > 0 || !common && is_one_piece(value)) => Strength::Strong,
        _ if common => Strength::Guessable,
        3.. if shape.length >= 8
            && (shape.digits > 1 || shape.digits > 0 && marks > 0)
            && is_one_piece(value) =>
        {
            Strength::Strong
        }
        3.. if shape.length >= 8 && marks > 0 && shape.symbols == marks && is_one_piece(value) => {
            Strength::Plain
        }
        2 if shape.length >= 8 && shape.digits >= 2 && shape.symbols == 0 => Strength::Plain,
        2 if shape.length >= 8 && marks > 0 && shape.symbols == marks && shape.digits == 0 => Strength::Plain,
        2.. if shape.length >= 6 && shape.digits >= 1 && marks > 0 => Strength::Plain,
        _ => Strength::Word,
    }
}

/// Whether `value` is not names joined by signs: `my-app-v12`, `Content-Type`, `user/session.v2`.
fn is_one_piece(value: &[u8]) -> bool {
    value.iter().filter(|b| matches!(b, b'-' | b'_' | b'.' | b'/' | b':' | b',')).count() <= 1
}
