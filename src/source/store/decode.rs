//! Decoding many objects at once: every base before what is made of it, each once, on all threads.
//!
//! A thread follows one subtree at a time. Of what is made of an object, the child with most to decode below it comes
//! last, and the object's content is dropped as soon as that child is decoded; so of a subtree of `n` objects never more
//! than `log2(n)` contents wait for their other children, however long its chains are. When a thread is idle, another
//! gives it the largest subtree that it has not begun: one tree with most of the history in it is no bottleneck.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::Scope;

use super::delta::Edits;
use super::inflate::{Content, Fault, Tools};
use super::{Store, windows};

/// How an object is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// Only for what is made of it, if that.
    No,
    /// Always whole.
    Whole,
    /// In windows, if its base was clean in the same class.
    Class(u32),
}

/// What is to be decoded, and what sees it.
pub(super) struct Job<'a> {
    pub(super) store: &'a Store,
    /// How each row of the forest is wanted.
    pub(super) wants: &'a (dyn Fn(u32) -> Want + Sync),
    /// How many rows are wanted among those made of a row, itself included.
    pub(super) weights: &'a (dyn Fn(u32) -> u32 + Sync),
    /// Larger objects are not shown.
    pub(super) max_size: u64,
    /// Sees the content of a row, and says whether there is anything in it.
    pub(super) show: Show<'a>,
}

pub(super) type Show<'a> = &'a (dyn Fn(u32, &[u8], Option<&[Range<usize>]>) -> bool + Sync);

/// Rows that were not shown, sorted.
#[derive(Debug, Default)]
pub(super) struct NotShown {
    pub(super) missing: Vec<u32>,
    pub(super) too_large: Vec<u32>,
}

/// Objects of up to this size are decoded for what is made of them, even if they are too large to be shown.
pub(super) const LARGEST_BASE: u64 = 64 << 20;
/// No more bytes than this wait for their other children on the way to an object.
const MOST_WAITING: u64 = 256 << 20;
/// So many links of delta chains are followed for objects that are damaged where they should be.
const RESCUE_LINKS: usize = 1 << 20;
/// Roots are taken so many at a time.
const ROOTS_AT_ONCE: usize = 8;
/// A subtree with fewer objects is not worth giving away.
const WORTH_GIVING: u32 = 4;

struct Run<'a> {
    job: &'a Job<'a>,
    roots: Vec<u32>,
    next_root: AtomicUsize,
    threads: usize,
    /// Threads that work, or will as soon as they are free.
    active: AtomicUsize,
    idle_tools: Mutex<Vec<Worker>>,
    damaged: Mutex<Vec<u32>>,
    too_large: Mutex<Vec<u32>>,
}

/// A row that is to be decoded.
struct Pending {
    row: u32,
    base: Option<Arc<Content>>,
    /// How many bytes wait for their other children meanwhile.
    waiting: u64,
}

#[derive(Default)]
struct Worker {
    tools: Tools,
    edits: Edits,
    windows: Vec<Range<usize>>,
}

/// Decodes what is wanted, and what that is made of.
pub(super) fn run(job: &Job<'_>) -> NotShown {
    let forest = &job.store.forest;
    let threads = rayon::current_num_threads();
    let mut roots: Vec<u32> = forest.roots().filter(|root| (job.weights)(*root) > 0).collect();
    // The heaviest first, so that none is left for one thread at the end; the others as they stand in their packs.
    let total: u64 = roots.iter().map(|root| u64::from((job.weights)(*root))).sum();
    let heavy = total / (16 * threads as u64) + 1;
    roots.sort_by_key(|root| {
        let weight = u64::from((job.weights)(*root));
        if weight > heavy { u64::MAX - weight } else { u64::MAX }
    });
    let run = Run {
        job,
        roots,
        next_root: AtomicUsize::new(0),
        threads,
        active: AtomicUsize::new(threads),
        idle_tools: Mutex::default(),
        damaged: Mutex::default(),
        too_large: Mutex::default(),
    };
    rayon::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|scope| work(&run, scope, None));
        }
    });
    let missing = rescue(&run);
    NotShown { missing, too_large: sorted(run.too_large) }
}

fn sorted(rows: Mutex<Vec<u32>>) -> Vec<u32> {
    let mut rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_unstable();
    rows
}

fn work<'s>(run: &'s Run<'s>, scope: &Scope<'s>, given: Option<Pending>) {
    let mut worker = locked(&run.idle_tools).pop().unwrap_or_default();
    let mut open: Vec<Pending> = given.into_iter().collect();
    loop {
        let Some(pending) = open.pop() else {
            let next = run.next_root.fetch_add(ROOTS_AT_ONCE, Ordering::Relaxed);
            let Some(rest) = run.roots.get(next..).filter(|rest| !rest.is_empty()) else { break };
            let roots = rest.iter().take(ROOTS_AT_ONCE).rev();
            open.extend(roots.map(|root| Pending { row: *root, base: None, waiting: 0 }));
            continue;
        };
        let row = pending.row;
        match run.decode(&mut worker, &pending) {
            Ok(content) => run.visit(&mut worker, pending, content, &mut open),
            Err(Fault::Damaged) => locked(&run.damaged).push(row),
            Err(Fault::TooLarge) => run.refuse(row),
        }
        give(run, scope, &mut open);
    }
    run.active.fetch_sub(1, Ordering::Relaxed);
    locked(&run.idle_tools).push(worker);
}

/// Gives a subtree away if a thread is idle: the one that has waited longest is the largest.
fn give<'s>(run: &'s Run<'s>, scope: &Scope<'s>, open: &mut Vec<Pending>) {
    if open.len() < 2 || run.active.load(Ordering::Relaxed) >= run.threads {
        return;
    }
    if open.first().is_some_and(|first| (run.job.weights)(first.row) < WORTH_GIVING) {
        return;
    }
    let given = open.remove(0);
    run.active.fetch_add(1, Ordering::Relaxed);
    scope.spawn(move |scope| work(run, scope, Some(given)));
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Run<'_> {
    fn decode(&self, worker: &mut Worker, pending: &Pending) -> Result<Arc<Content>, Fault> {
        let want = (self.job.wants)(pending.row);
        let clean = pending.base.as_ref().and_then(|base| base.clean);
        let tracked = matches!((want, clean), (Want::Class(class), Some(clean)) if class == clean);
        worker.edits.0.clear();
        let edits = tracked.then_some(&mut worker.edits);
        let base = pending.base.as_ref().map(|base| base.bytes());
        self.job.store.decode(&mut worker.tools, pending.row, base, self.cap(pending, want), edits)
    }

    /// How large an object may be.
    fn cap(&self, pending: &Pending, want: Want) -> u64 {
        let own = u32::from(want != Want::No);
        let is_base = (self.job.weights)(pending.row) > own;
        let cap = if is_base { self.job.max_size.max(LARGEST_BASE) } else { self.job.max_size };
        cap.min(MOST_WAITING.saturating_sub(pending.waiting))
    }

    /// Shows an object, and opens what is made of it.
    fn visit(&self, worker: &mut Worker, pending: Pending, content: Arc<Content>, open: &mut Vec<Pending>) {
        let Pending { row, base, waiting } = pending;
        let content = self.shown(worker, row, base.as_deref(), content);
        if let Some(base) = base {
            worker.tools.give_back(base);
        }
        let forest = &self.job.store.forest;
        if forest.below(row) == 1 {
            worker.tools.give_back(content);
            return;
        }
        let weight = |row: &u32| (self.job.weights)(*row);
        let children = || forest.children(row).filter(|child| weight(child) > 0);
        let Some(heaviest) = children().max_by_key(weight) else {
            worker.tools.give_back(content);
            return;
        };
        open.push(Pending { row: heaviest, base: Some(Arc::clone(&content)), waiting });
        let first = open.len();
        let waiting = waiting.saturating_add(content.bytes().len() as u64);
        for child in children().filter(|child| *child != heaviest) {
            open.push(Pending { row: child, base: Some(Arc::clone(&content)), waiting });
        }
        if let Some(others) = open.get_mut(first..) {
            others.reverse();
        }
    }

    fn shown(
        &self,
        worker: &mut Worker,
        row: u32,
        base: Option<&Content>,
        mut content: Arc<Content>,
    ) -> Arc<Content> {
        let want = (self.job.wants)(row);
        if want == Want::No {
            return content;
        }
        if content.bytes().len() as u64 > self.job.max_size {
            locked(&self.too_large).push(row);
            return content;
        }
        let found = match (want, base.and_then(|base| base.clean)) {
            (Want::Class(class), Some(clean)) if class == clean && !is_wide(content.bytes()) => {
                windows::widen(content.bytes(), &worker.edits.0, &mut worker.windows);
                (self.job.show)(row, content.bytes(), Some(&worker.windows))
            }
            _ => (self.job.show)(row, content.bytes(), None),
        };
        if let (Want::Class(class), false, Some(content)) = (want, found, Arc::get_mut(&mut content)) {
            content.clean = Some(class);
        }
        content
    }

    /// Nothing of what is made of an object can be decoded.
    fn refuse(&self, row: u32) {
        let rows = row..row + self.job.store.forest.below(row);
        locked(&self.too_large).extend(rows.filter(|row| (self.job.wants)(*row) != Want::No));
    }
}

/// Whether it is text of two bytes a character, in which lines and tokens end otherwise.
fn is_wide(content: &[u8]) -> bool {
    content.starts_with(b"\xff\xfe") || content.starts_with(b"\xfe\xff")
}

/// Tries the other copies of what was damaged, and goes on from there. One thread, in order: what is found depends on the
/// repository alone. Returns the rows that are lost.
fn rescue(run: &Run<'_>) -> Vec<u32> {
    let mut damaged = std::mem::take(&mut *locked(&run.damaged));
    damaged.sort_unstable();
    let mut missing = Vec::new();
    let mut links = RESCUE_LINKS;
    let mut worker = Worker::default();
    let mut open: Vec<Pending> =
        damaged.into_iter().rev().map(|row| Pending { row, base: None, waiting: 0 }).collect();
    while let Some(mut pending) = open.pop() {
        let want = (run.job.wants)(pending.row);
        let decoded = match run.decode(&mut worker, &pending) {
            Err(Fault::Damaged) => {
                // How another copy differs from this base is not known.
                pending.base = None;
                run.job.store.other_copy(&mut worker.tools, pending.row, run.cap(&pending, want), &mut links)
            }
            other => other,
        };
        match decoded {
            Ok(content) => run.visit(&mut worker, pending, content, &mut open),
            Err(Fault::TooLarge) => run.refuse(pending.row),
            Err(Fault::Damaged) => {
                if want != Want::No {
                    missing.push(pending.row);
                }
                let children = run.job.store.forest.children(pending.row);
                let wanted = children.filter(|child| (run.job.weights)(*child) > 0);
                open.extend(wanted.map(|row| Pending { row, base: None, waiting: 0 }));
            }
        }
    }
    missing.sort_unstable();
    missing
}
