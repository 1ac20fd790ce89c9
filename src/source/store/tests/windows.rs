//! Nothing is lost by looking at windows: what lies outside of them is in the base, with its surroundings.

use std::collections::BTreeMap;
use std::sync::Mutex;

use proptest::prelude::*;

use super::packs::{PackWriter, blob_id, varint};
use super::repositories::Made;
use super::{MAX, Store, open};
use crate::source::store::delta::{Delta, Edits};
use crate::source::store::windows::{AROUND, FAR, widen};

/// An instruction of a delta.
#[derive(Debug, Clone)]
enum Instruction {
    Copy(usize, usize),
    Own(Vec<u8>),
}

/// Text of short and long lines.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        4 => (0..80usize, Just("\n")),
        1 => (200..400usize, Just("\n")),
        1 => (50..5_000usize, Just("")),
    ];
    // Words that are all different, so that nothing is in the base by chance.
    prop::collection::vec(line, 0..40).prop_map(|lines| {
        let mut text = String::new();
        for (number, (length, end)) in lines.into_iter().enumerate() {
            let line: String =
                (0..length / 7 + 1).map(|word| format!("{:06x} ", number * 7_919 + word * 104_729)).collect();
            text.push_str(line.get(..length).unwrap_or(&line));
            text.push_str(end);
        }
        text.into_bytes()
    })
}

fn instructions(base: usize) -> impl Strategy<Value = Vec<Instruction>> {
    let copy = (0..=base).prop_flat_map(move |start| {
        (Just(start), 0..=(base - start).min(3_000))
            .prop_map(|(start, length)| Instruction::Copy(start, length))
    });
    let own = prop_oneof!["[a-z0-9=\" ]{1,40}", "[a-z]{0,20}\n[a-z]{0,20}"]
        .prop_map(|own| Instruction::Own(own.into_bytes()));
    // Mostly as git makes them: copies that go on where the last one ended.
    let neighbours = (0..=base, 1..4usize).prop_map(move |(start, parts)| {
        let part = (base - start) / parts;
        (0..parts).map(|n| Instruction::Copy(start + n * part, part)).collect::<Vec<_>>()
    });
    let some = prop_oneof![copy.prop_map(|copy| vec![copy]), own.prop_map(|own| vec![own]), neighbours];
    prop::collection::vec(some, 0..12).prop_map(|parts| parts.concat())
}

fn encoded(base: usize, instructions: &[Instruction]) -> Vec<u8> {
    let size: usize = instructions
        .iter()
        .map(|instruction| match instruction {
            Instruction::Copy(_, length) => *length,
            Instruction::Own(own) => own.len(),
        })
        .sum();
    let mut delta = varint(base as u64);
    delta.extend(varint(size as u64));
    for instruction in instructions {
        match instruction {
            Instruction::Copy(_, 0) => {}
            Instruction::Copy(start, length) => {
                delta.push(0xff);
                delta.extend((*start as u32).to_le_bytes());
                delta.extend(&(*length as u32).to_le_bytes()[..3]);
            }
            Instruction::Own(own) => {
                for part in own.chunks(127) {
                    delta.push(part.len() as u8);
                    delta.extend(part);
                }
            }
        }
    }
    delta
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn outside_of_windows_everything_is_in_the_base(
        (base, instructions) in text().prop_flat_map(|base| {
            let length = base.len();
            (Just(base), instructions(length))
        })
    ) {
        let bytes = encoded(base.len(), &instructions);
        let delta = Delta::new(&bytes).unwrap();
        let mut content = vec![0; delta.size as usize];
        let mut edits = Edits::default();
        delta.apply(&base, &mut content, Some(&mut edits)).unwrap();
        let mut windows = Vec::new();
        widen(&content, &edits.0, &mut windows);

        // Sorted, disjoint, and no larger than allowed around edits.
        prop_assert!(windows.iter().all(|window| window.start <= window.end && window.end <= content.len()));
        prop_assert!(windows.is_sorted_by(|a, b| a.end < b.start));
        let own: usize = edits.0.iter().map(|edit| edit.len() + 2 * (AROUND + FAR)).sum();
        prop_assert!(windows.iter().map(ExactSizeIterator::len).sum::<usize>() <= own);

        // A gap between windows stands in the base as it is, with `AROUND` bytes on both sides.
        let mut gaps = Vec::new();
        let mut done = 0;
        for window in &windows {
            gaps.push(done..window.start);
            done = window.end;
        }
        gaps.push(done..content.len());
        for gap in gaps.iter().filter(|gap| !gap.is_empty()) {
            let around = gap.start.saturating_sub(AROUND)..(gap.end + AROUND).min(content.len());
            let wanted = &content[around.clone()];
            let found = memchr::memmem::find_iter(&base, wanted).any(|at| {
                // Where the content begins or ends, so does the base.
                (gap.start >= AROUND || at == 0)
                    && (gap.end + AROUND <= content.len() || at + wanted.len() == base.len())
            });
            prop_assert!(found, "{around:?} of {} bytes is not in the base, windows {windows:?}", content.len());
        }
    }

    #[test]
    fn a_token_that_is_new_is_in_a_window_with_its_line(
        before in text(), after in text(), name in "[A-Z_]{3,20}", cut in 0..30usize
    ) {
        // The base has the token's first bytes, the child the rest: an edit in the middle of it.
        let token = "k7Qx2mV9pL4nR8tY1wZ6cB3dF5gH0j";
        let line = format!("{name} = \"{token}\"\n");
        let at = name.len() + 4 + cut;
        let base = [&before[..], b"\n", &line.as_bytes()[..at], b"\"\n", &after].concat();
        let child = [&before[..], b"\n", line.as_bytes(), &after].concat();
        let start = before.len() + 1;
        let own = &line.as_bytes()[at..];
        let instructions = [
            Instruction::Copy(0, start + at),
            Instruction::Own(own.to_vec()),
            Instruction::Copy(start + at + 2, after.len()),
        ];
        let bytes = encoded(base.len(), &instructions);
        let mut content = vec![0; child.len()];
        let mut edits = Edits::default();
        Delta::new(&bytes).unwrap().apply(&base, &mut content, Some(&mut edits)).unwrap();
        prop_assert_eq!(&content, &child);
        let mut windows = Vec::new();
        widen(&content, &edits.0, &mut windows);
        prop_assert!(windows.iter().any(|window| window.start <= start && start + line.len() - 1 <= window.end));
    }
}

/// Which blobs are looked at, with which windows; `found` says whether there is something.
fn looked(
    store: &Store,
    class: &(dyn Fn(u32) -> Option<u32> + Sync),
    found: &(dyn Fn(&[u8]) -> bool + Sync),
) -> BTreeMap<Vec<u8>, Option<Vec<std::ops::Range<usize>>>> {
    let looked = Mutex::new(BTreeMap::new());
    store.blobs(class, MAX, &|_, content, windows| {
        looked.lock().unwrap().insert(content.to_vec(), windows.map(<[_]>::to_vec));
        found(content)
    });
    looked.into_inner().unwrap()
}

/// A chain: one, two (made of one), three (made of two), each a line longer.
fn chain(made: &Made) -> [Vec<u8>; 3] {
    let one = "a line of the first version\n".repeat(200).into_bytes();
    let two = [&one[..], b"second\n"].concat();
    let three = [&two[..], b"third\n"].concat();
    let mut pack = PackWriter::new();
    let first = pack.offset();
    pack.blob(&one);
    let second = pack.offset();
    pack.offset_delta(blob_id(&two), first, &super::packs::appending(one.len(), one.len(), b"second\n"));
    pack.offset_delta(blob_id(&three), second, &super::packs::appending(two.len(), two.len(), b"third\n"));
    pack.write(made.path(), "chain");
    [one, two, three]
}

#[test]
fn windows_come_only_where_the_base_was_clean_in_the_same_class() {
    let made = Made::empty();
    let [one, two, three] = chain(&made);
    let (store, _) = open(made.path());
    let class_of = |content: &[u8]| store.number(&blob_id(content)).unwrap();
    let (middle, last) = (class_of(&two), class_of(&three));

    let clean = looked(&store, &|_| Some(1), &|_| false);
    assert_eq!(clean[&one], None);
    // 160 bytes before the 7 that are new, and to the start of that line: six lines of 28 bytes.
    assert_eq!(clean[&two], Some(vec![one.len() - 6 * 28..two.len()]));
    assert_eq!(clean[&three].as_ref().unwrap().len(), 1);

    let found = looked(&store, &|_| Some(1), &|content| content == one);
    assert_eq!((&found[&two], found[&three].is_some()), (&None, true), "the base had something");

    let other = looked(&store, &|number| Some(u32::from(number == middle)), &|_| false);
    assert_eq!((&other[&two], &other[&three]), (&None, &None), "other classes");

    let skipped = looked(&store, &|number| (number != middle).then_some(1), &|_| false);
    assert_eq!((skipped.get(&two), &skipped[&three]), (None, &None), "the base was not looked at");

    let only = looked(&store, &|number| (number == last).then_some(1), &|_| false);
    assert_eq!(only.len(), 1);
}

#[test]
fn what_is_shown_does_not_depend_on_threads() {
    let made = Made::with_commits(120);
    made.git(&["repack", "-adfq", "--depth=20"]);
    let (store, _) = open(made.path());
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            looked(&store, &|number| Some(u32::from(number % 5 == 0)), &|content| {
                content.iter().map(|byte| u32::from(*byte)).sum::<u32>() % 9 == 0
            })
        })
    };
    let one = with(1);
    let windows = one.values().flatten().count();
    assert!(windows > 10, "{windows} of {}", one.len());
    assert_eq!(one, with(2));
    assert_eq!(one, with(8));
}
