//! How much code there is, in which languages, and whether they are read.

use super::kinds::{Answer, LanguageShare};
use crate::meaning::languages;
use crate::source::{File, Role};

/// Languages of code by their share of bytes, largest first.
pub fn language_shares<'f>(files: impl Iterator<Item = &'f File>) -> Vec<LanguageShare> {
    let mut found: Vec<LanguageShare> = Vec::new();
    for file in files.filter(|f| matches!(f.role, Role::Product | Role::Test)) {
        let Some(language) = languages::by_extension(&file.extension()).filter(|l| l.code) else { continue };
        match found.iter_mut().find(|l| l.name == language.name) {
            Some(known) => {
                known.files += 1;
                known.bytes += file.size;
            }
            None => found.push(LanguageShare {
                name: language.name.clone(),
                files: 1,
                bytes: file.size,
                share: 0.0,
                read: language.read,
            }),
        }
    }
    let all: u64 = found.iter().map(|l| l.bytes).sum();
    for language in &mut found {
        language.share = share(language.bytes, all);
    }
    found.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
    found
}

/// Whether `read` of `all` bytes of code is enough to say something about it.
pub fn code_read(read: u64, all: u64) -> Answer {
    match share(read, all) {
        _ if all == 0 => Answer::Na,
        share if share >= 0.9 => Answer::Yes,
        share if share >= 0.5 => Answer::Partial,
        _ => Answer::No,
    }
}

/// `part` of `whole`, 0 to 1, rounded to four decimals so that reports don't differ in the last bits.
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts and sizes are far below 2^52")]
    let exact = part as f64 / whole as f64;
    (exact * 10_000.0).round() / 10_000.0
}
