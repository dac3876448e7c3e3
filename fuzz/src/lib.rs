//! What the fuzz targets do with an input. A function that returns is satisfied; one that panics has found a bug.

mod answer;
mod batch;
mod cadf;
mod documents;
mod filter;
mod functions;
mod message;
mod ovf;
mod package;
mod query;
mod request;
mod template;
mod tokens;

use std::io::Write;
use std::path::Path;

pub use answer::answer;
pub use batch::batch;
pub use cadf::{cadf, cadf_envelope, cadf_log};
pub use documents::{generic, json, members, xml};
pub use filter::filter;
pub use functions::functions;
pub use ovf::{ovf, ovf_env, ovf_export, ovf_import};
pub use package::{manifest, ova};
pub use query::query;
pub use request::request;
pub use template::template;
pub use tokens::xml_pull;

/// Replays the files that the command line names.
///
/// # Panics
/// When a file cannot be read, or is a finding.
pub fn replay_arguments(target: fn(&[u8])) {
    for argument in std::env::args_os().skip(1) {
        replay(target, Path::new(&argument));
    }
}

/// Replays a file, or all files in a folder, and returns how many there were.
///
/// # Panics
/// When a file cannot be read, or is a finding.
pub fn replay(target: fn(&[u8]), path: &Path) -> usize {
    if path.is_dir() {
        let entries = path.read_dir().expect("a readable folder");
        return entries.map(|entry| replay(target, &entry.expect("a readable folder").path())).sum();
    }
    // Said before, so that the last line names the file that panics or overflows the stack.
    writeln!(std::io::stderr(), "{}", path.display()).expect("stderr");
    target(&std::fs::read(path).expect("a readable file"));
    1
}
