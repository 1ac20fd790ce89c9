//! A line on the terminal for whatever takes over a second.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output;

/// How long to stay silent.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows what is being done, if it takes long and somebody watches. Gone when dropped.
pub struct Progress {
    bar: ProgressBar,
    /// Closed by dropping: wakes the thread that waits to show the bar.
    _alive: Sender<()>,
}

impl Progress {
    /// Starts the clock.
    pub fn start() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        let (alive, waits) = channel();
        if output::watched() {
            let bar = bar.clone();
            thread::spawn(move || show_later(&bar, &waits));
        }
        Self { bar, _alive: alive }
    }

    /// Says what is being done now.
    pub fn step(&self, what: &'static str) {
        self.bar.set_message(what);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn show_later(bar: &ProgressBar, waits: &Receiver<()>) {
    // A time-out means that the work still runs; a closed channel that it is done.
    if waits.recv_timeout(PATIENCE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) && !bar.is_finished() {
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar.enable_steady_tick(Duration::from_millis(100));
    }
}
