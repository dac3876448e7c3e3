//! A bar on standard error for what takes long, where that is a terminal.

use std::io::IsTerminal;

use cimi_ovf::package::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// Files smaller than this are done before a bar is seen.
const SMALL: u64 = 8 << 20;

pub(crate) struct Bar {
    shown: Option<(String, ProgressBar)>,
    terminal: bool,
}

impl Bar {
    pub(crate) fn new() -> Self {
        Self { shown: None, terminal: std::io::stderr().is_terminal() }
    }

    /// Shows how far the work on a file is.
    pub(crate) fn show(&mut self, progress: Progress<'_>) {
        let size = progress.size.unwrap_or(0);
        if !self.terminal || size < SMALL {
            return;
        }
        if self.shown.as_ref().is_none_or(|(name, _)| name != progress.name) {
            self.finish();
            let bar = ProgressBar::new(size);
            if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}") {
                bar.set_style(style);
            }
            bar.set_message(cimi_model::printable(progress.name));
            self.shown = Some((progress.name.to_owned(), bar));
        }
        if let Some((_, bar)) = &self.shown {
            bar.set_position(progress.done);
        }
    }

    fn finish(&mut self) {
        if let Some((_, bar)) = self.shown.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.finish();
    }
}
