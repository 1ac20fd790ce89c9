//! Valid packs with some bytes changed: whatever they say, the reader comes back, and shows nothing that is not there.

use std::fs;

use super::repositories::Made;
use super::{MAX, open};

/// A linear congruential generator: the same bytes every time.
struct Noise(u64);

impl Noise {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

#[test]
fn changed_bytes_are_no_panic() {
    let made = Made::with_commits(8);
    made.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"]);
    let (pack, index) = (made.packs("pack").remove(0), made.packs("idx").remove(0));
    let objects = open(made.path()).0.len();
    let mut noise = Noise(1);
    for file in [&pack, &index] {
        let good = fs::read(file).unwrap();
        fs::remove_file(file).unwrap();
        for round in 0..1_500 {
            let mut bytes = good.clone();
            for _ in 0..=noise.below(4) {
                // Half of the time near the start, where the counts are.
                let end = if round % 2 == 0 { bytes.len() } else { 1_200.min(bytes.len()) };
                let at = noise.below(end);
                bytes[at] = match noise.below(4) {
                    0 => 0xff,
                    1 => 0,
                    2 => bytes[at] ^ 1 << noise.below(8),
                    _ => noise.below(256) as u8,
                };
            }
            if noise.below(8) == 0 {
                bytes.truncate(noise.below(bytes.len()));
            }
            fs::write(file, bytes).unwrap();
            let (store, _) = open(made.path());
            assert!(store.len() <= objects);
            store.structure(&|_, _, content| assert!(content.len() as u64 <= MAX));
            store.blobs(&|_| Some(0), MAX, &|_, content, windows| {
                assert!(content.len() as u64 <= MAX);
                assert!(windows.unwrap_or_default().iter().all(|window| window.end <= content.len()));
                false
            });
        }
        fs::write(file, good).unwrap();
    }
    assert_eq!(super::seen(&open(made.path()).0).len(), objects);
}
