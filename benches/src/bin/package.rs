//! Measures the check of an OVA next to the digest alone; see `README.md`.

#[path = "../harness.rs"]
#[allow(dead_code, reason = "the other programs need more of it")]
mod harness;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use cimi_ovf::package::{Algorithm, ManifestChoice, Opened, PackOptions, Source, VerifyOptions, pack, verify_archive};
use harness::Item;

const DESCRIPTOR: &[u8] = b"<Envelope xmlns='http://schemas.dmtf.org/ovf/envelope/1' \
    xmlns:ovf='http://schemas.dmtf.org/ovf/envelope/1'><References><File ovf:id='d' ovf:href='d.vmdk'/></References></Envelope>";

/// A package with one disk of so many bytes, made while it is read.
struct Disk(u64);

impl Source for Disk {
    fn open(&self, name: &str) -> cimi_ovf::Result<Option<Opened<'_>>> {
        let disk = std::io::repeat(0x5A).take(self.0);
        Ok(match name {
            "d.ovf" => Some(Opened::new(DESCRIPTOR.len() as u64, DESCRIPTOR)),
            "d.vmdk" => Some(Opened::new(self.0, disk)),
            _ => None,
        })
    }
}

fn main() {
    let mut words = std::env::args().skip(1);
    let mut number = |otherwise| words.next().map_or(otherwise, |word| word.parse().expect("a number"));
    let (megabytes, rounds) = (number(2048), number(5));
    for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
        let path = std::env::temp_dir().join(format!("cimi-benches-{}.ova", std::process::id()));
        measure(&path, algorithm, megabytes, usize::try_from(rounds).expect("few rounds"));
        std::fs::remove_file(&path).expect("the archive can be removed");
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
        println!("most memory held, {HEAD} bytes of it for the digest alone: {peak}");
    }
}

/// How much is hashed at once for the digest alone.
const HEAD: usize = 16 << 20;

fn measure(path: &Path, algorithm: Algorithm, megabytes: u64, rounds: usize) {
    let mut options = PackOptions::default();
    options.manifest = ManifestChoice::Make(algorithm);
    options.threads = true;
    let archive = File::create(path).expect("the archive can be made");
    pack(&Disk(megabytes << 20), "d.ovf", archive, &options, &mut |_| {}).expect("the disk can be packed");
    let head = vec![0x5A; HEAD];
    let verify = |threads| {
        let mut options = VerifyOptions::default();
        options.threads = threads;
        let archive = File::open(path).expect("the archive is there");
        let verification = verify_archive(archive, &options, &mut |_| {}).expect("an archive");
        assert!(verification.is_ok());
    };
    let mut items = [
        Item::new("digest", || {
            for _ in 0..(megabytes << 20) / HEAD as u64 {
                std::hint::black_box(algorithm.digest(&head));
            }
        }),
        Item::new("verify", || verify(false)),
        Item::new("verify-threads", || verify(true)),
    ];
    harness::run(&mut items, rounds);
    let [digest, alone, beside] = items.map(|item| item.shortest().as_secs_f64());
    println!(
        "{algorithm} {megabytes} MiB: digest {digest:.3} s, verify {alone:.3} s ({:.2}), with a second thread {beside:.3} s ({:.2})",
        digest / alone,
        digest / beside
    );
}
