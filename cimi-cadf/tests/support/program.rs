//! The example programs, which `cargo test` builds beside the tests.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test binary uses a part, and may fail loudly")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// Where a program is.
pub fn path(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Runs `audit`.
pub fn audit(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(path("audit"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses its command line does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}
