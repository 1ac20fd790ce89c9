//! Work that goes faster the more of it one worker does: what it learned of one route it has for the next.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

/// What `run` makes of each, in the same order. Each thread has one worker, and goes through neighbours; who is done
/// takes over what others have not begun.
pub fn each<T: Sync, W, R: Send>(
    all: &[T],
    worker: impl Fn() -> W + Sync,
    run: impl Fn(&mut W, &T) -> R + Sync,
) -> Vec<R> {
    let share = all.len().div_ceil(rayon::current_num_threads()).max(1);
    let shares: Vec<(&[T], AtomicUsize)> =
        all.chunks(share).map(|share| (share, AtomicUsize::new(0))).collect();
    let mut done: Vec<(usize, R)> = (0..shares.len())
        .into_par_iter()
        .with_max_len(1)
        .flat_map_iter(|own| {
            let mut worker = worker();
            let mut done = Vec::new();
            for at in (own..shares.len()).chain(0..own) {
                let (routes, next) = &shares[at];
                while let Some((place, route)) = take(routes, next) {
                    done.push((at * share + place, run(&mut worker, route)));
                }
            }
            done
        })
        .collect();
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

fn take<'t, T>(share: &'t [T], next: &AtomicUsize) -> Option<(usize, &'t T)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    share.get(place).map(|one| (place, one))
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn every_one_is_done_once_and_in_its_place() {
        for count in [0, 1, 2, 3, 100, 1_001] {
            let all: Vec<usize> = (0..count).collect();
            let seen = each(
                &all,
                || 0,
                |worker, one| {
                    *worker += 1;
                    one * 2
                },
            );
            assert_eq!(seen, all.iter().map(|one| one * 2).collect::<Vec<_>>());
        }
    }
}
