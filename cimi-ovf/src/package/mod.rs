//! OVF packages: a folder, or one tar archive (OVA), with a descriptor, a manifest, a certificate and files
//! (DSP0243, clause 5).
//!
//! * [`Ova`] streams the members of an archive, each with a checked name; [`pack`] writes an archive and [`unpack`]
//!   takes one apart, checking it on the way.
//! * [`Manifest`] holds the digests of the files. [`verify_ova`], [`verify_archive`] and [`verify_source`] check a
//!   package and give a [`Verification`]; a [`Verifier`] does the same for files that come from elsewhere, one by one.
//! * With the feature `signature`, `Certificate` and `Signer` check and make the signature of the manifest.
//! * [`references`] lists the files of a descriptor, and [`open_file`] puts chunked and compressed ones together.
//!
//! Files come from a [`Source`] and go to a [`Sink`] of the caller's; [`Directory`] is one over a folder. Nothing else
//! is opened, and nothing is fetched. Memory stays constant: only descriptor, manifest and certificate are held.
//!
//! ```
//! use cimi_ovf::package::{self, FileState, PackOptions, Source, VerifyOptions};
//!
//! # fn main() -> cimi_ovf::Result<()> {
//! let files = package::Files::from_iter([
//!     ("web.ovf", br#"<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
//!         xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
//!         <References><File ovf:id="d" ovf:href="web.vmdk"/></References></Envelope>"#.to_vec()),
//!     ("web.vmdk", vec![0; 1000]),
//! ]);
//! let mut ova = Vec::new();
//! package::pack(&files, "web.ovf", &mut ova, &PackOptions::default(), &mut |_| {})?;
//!
//! let verification = package::verify_ova(ova.as_slice(), &VerifyOptions::default())?;
//! assert!(verification.is_ok());
//! assert!(verification.files.iter().all(|file| file.state == FileState::Matches));
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "signature")]
mod certificate;
mod contents;
mod digest;
mod directory;
mod finding;
mod hashing;
mod header;
mod input;
#[cfg(feature = "signature")]
mod keys;
mod limits;
mod manifest;
mod names;
mod ova;
mod pack;
#[cfg(feature = "signature")]
mod pem;
mod references;
mod report;
#[cfg(feature = "signature")]
mod sign;
mod signature;
mod source;
mod tar_writer;
mod unpack;
mod verdict;
mod verifier;
mod verify;

#[cfg(feature = "signature")]
pub use certificate::{Certificate, SignatureCheck};
pub use contents::open_file;
pub use digest::{Algorithm, Digest};
pub use directory::Directory;
pub use finding::{Finding, Rule};
pub use limits::PackageLimits;
pub use manifest::{Entry, LineNote, Manifest};
pub use names::check_name;
pub use ova::{Member, Ova};
pub use pack::{ManifestChoice, PackOptions, pack};
#[cfg(feature = "signature")]
pub use pem::certificates_from_pem;
pub use references::{Compression, Parts, Reference, Target, references};
pub use report::{FileReport, FileState, SignatureReport, Verification};
#[cfg(feature = "signature")]
pub use sign::Signer;
pub use source::{Files, Opened, Progress, Sink, Source};
pub use unpack::{UnpackOptions, unpack, unpack_archive};
pub use verifier::{Trust, Verifier, VerifyOptions};
pub use verify::{verify_archive, verify_ova, verify_source};
