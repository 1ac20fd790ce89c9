//! Values that do not stand in the text as they are.

mod base64;
mod keystore;
mod named;
mod utf16;

pub(super) use base64::{base64_at, inside};
pub(super) use keystore::keystore;
pub(super) use named::named;
pub(super) use utf16::utf16;

/// How deep in encodings a text was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Depth(u8);

impl Depth {
    /// The text itself.
    pub const OUTERMOST: Depth = Depth(0);

    /// Whether what is encoded in it is looked at.
    pub fn may_go_deeper(self) -> bool {
        self.0 < 2
    }

    fn deeper(self) -> Depth {
        Depth(self.0 + 1)
    }
}
