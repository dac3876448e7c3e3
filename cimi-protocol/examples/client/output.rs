//! What is printed, and where.

use std::io::Write;

use cimi_model::{Deviation, Dialect, Document, Format, WriteOptions, printable};
use cimi_protocol::{Error, ErrorKind, Representation};
use http::StatusCode;

use crate::Result;

/// How many deviations of one document are told.
const MOST: usize = 20;

/// Prints a document in the format that was asked for, and what is wrong with it.
pub(crate) fn document(read: &Representation<Document>, format: Format, dialect: Dialect) -> Result<()> {
    deviations(&read.content.deviations);
    if read.format != format {
        warning("the provider answered in the other format; converted");
    }
    print(&read.content.value, format, dialect)
}

pub(crate) fn print(document: &Document, format: Format, dialect: Dialect) -> Result<()> {
    let text = document.to_string(format, WriteOptions { dialect, pretty: true })?;
    let mut out = std::io::stdout().lock();
    // Whoever reads may have seen enough.
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

pub(crate) fn deviations(found: &[Deviation]) {
    for deviation in found.iter().take(MOST) {
        warning(&deviation.to_string());
    }
    if found.len() > MOST {
        warning(&format!("{} more deviations", found.len() - MOST));
    }
}

pub(crate) fn warning(text: &str) {
    eprintln!("warning: {text}");
}

/// Prints an error with its causes in one line.
pub(crate) fn error(error: &(dyn std::error::Error + 'static)) {
    let mut line = format!("error: {error}");
    let mut cause = error.source();
    while let Some(found) = cause {
        line.push_str(": ");
        line.push_str(&found.to_string());
        cause = found.source();
    }
    eprintln!("{line}");
    if let Some(error) = error.downcast_ref::<Error>() {
        hints(error);
    }
}

fn hints(error: &Error) {
    if error.kind() == ErrorKind::Status(StatusCode::UNAUTHORIZED) {
        eprintln!("hint: credentials are given with --user USER:PASSWORD");
    }
    let allowed = error.failure().map(|failure| failure.allow.as_slice()).unwrap_or_default();
    if !allowed.is_empty() {
        let names: Vec<&str> = allowed.iter().map(http::Method::as_str).collect();
        eprintln!("hint: the resource has {}", names.join(", "));
    }
    // What came in place of a document is worth a look.
    let unreadable = matches!(error.kind(), ErrorKind::Document | ErrorKind::MediaType);
    if let Some(answer) = error.answer().filter(|_| unreadable) {
        eprintln!("hint: the answer begins with {}", printable(&String::from_utf8_lossy(answer.body())));
    }
}
