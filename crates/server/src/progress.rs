//! How far long work has come: a bar on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// A piece of long work with a known number of steps, shown on standard error.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    what: &'static str,
    plain: bool,
    told: Instant,
}

impl Progress {
    /// Begins to show `what` of `steps` steps.
    pub(crate) fn new(what: &'static str, steps: u64) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let bar = if plain { ProgressBar::hidden() } else { ProgressBar::new(steps) };
        bar.set_length(steps);
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:40}] {percent}% {eta} left") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what);
        Self { bar, what, plain, told: Instant::now() }
    }

    /// Shows that `steps` more are done.
    pub(crate) fn add(&mut self, steps: u64) {
        self.bar.inc(steps);
        if self.plain && self.told.elapsed() >= PLAIN_EVERY {
            self.told = Instant::now();
            let (done, all) = (self.bar.position(), self.bar.length().unwrap_or(0).max(1));
            eprintln!("{}: {}%", self.what, done * 100 / all);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
