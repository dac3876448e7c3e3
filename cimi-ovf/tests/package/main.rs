//! Packages: archives, manifests, signatures; hostile ones most of all.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::format_collect, clippy::format_push_string, clippy::case_sensitive_file_extension_comparisons)]
#![allow(clippy::disallowed_methods, reason = "a test may look at the clock")]

mod archives;
mod contents;
mod corpus;
mod manifests;
mod names;
mod packing;
mod program;
mod signatures;
mod tarball;
mod verification;

/// A descriptor with these `File` elements.
pub(crate) fn descriptor(files: &str) -> Vec<u8> {
    format!(
        "<?xml version='1.0'?>\n<Envelope xmlns='http://schemas.dmtf.org/ovf/envelope/1' \
         xmlns:ovf='http://schemas.dmtf.org/ovf/envelope/1'>\n<References>{files}</References>\n\
         <VirtualSystem ovf:id='vm'><Info>A machine</Info></VirtualSystem>\n</Envelope>\n"
    )
    .into_bytes()
}

/// A descriptor of plain files with these names.
pub(crate) fn descriptor_of(names: &[&str]) -> Vec<u8> {
    let file = |(place, name): (usize, &&str)| format!("<File ovf:id='f{place}' ovf:href='{name}'/>");
    descriptor(&names.iter().enumerate().map(file).collect::<String>())
}

/// The lines of a manifest with one algorithm.
pub(crate) fn manifest(algorithm: cimi_ovf::package::Algorithm, files: &[(&str, &[u8])]) -> Vec<u8> {
    let line = |(name, content): &(&str, &[u8])| format!("{algorithm}({name})= {}\n", algorithm.digest(content));
    files.iter().map(line).collect::<String>().into_bytes()
}
