//! Several digests of the same bytes at once, while they are read.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use cimi_model::{Error, ErrorKind, Result};
use sha2::digest::DynDigest;

use super::digest::{Algorithm, Digest};

/// How much is read at once: large enough that calls do not count, small enough for the processor's cache.
const PIECE: usize = 128 << 10;

/// Files that are smaller are not worth a thread.
const LARGE: usize = 4 << 20;

/// How much one thread hands on to the other: handing on costs more than what the cache saves.
const HANDED: usize = 1 << 20;

/// Pieces that are being filled, computed on or waiting.
const PIECES: usize = 4;

/// Fills a piece as far as it likes, not at all at the end.
pub(crate) type Fill<'f> = dyn FnMut(&mut [u8]) -> Result<usize> + 'f;

struct Hashers(Vec<(Algorithm, Box<dyn DynDigest + Send>)>);

impl Hashers {
    fn update(&mut self, bytes: &[u8]) {
        for (_, hasher) in &mut self.0 {
            hasher.update(bytes);
        }
    }

    fn finish(self) -> Vec<Digest> {
        self.0.into_iter().map(|(algorithm, hasher)| Digest { algorithm, bytes: hasher.finalize() }).collect()
    }
}

/// Reads to the end and computes the digests of what was read.
///
/// With `threads`, a second thread computes while this one reads, so that it takes as long as the slower of both.
pub(crate) fn digests(algorithms: &[Algorithm], threads: bool, fill: &mut Fill<'_>) -> Result<Vec<Digest>> {
    let hashers = Hashers(algorithms.iter().map(|algorithm| (*algorithm, algorithm.hasher())).collect());
    let until = if threads && !algorithms.is_empty() { LARGE } else { usize::MAX };
    let (hashers, ended) = hash_here(hashers, until, fill)?;
    let hashers = if ended { hashers } else { hash_beside(hashers, fill)? };
    Ok(hashers.finish())
}

/// Goes on until the end, or until so many bytes were read; says whether it was the end.
fn hash_here(mut hashers: Hashers, until: usize, fill: &mut Fill<'_>) -> Result<(Hashers, bool)> {
    let (mut piece, mut total) = (vec![0; PIECE], 0_usize);
    while total < until {
        let filled = fill(&mut piece)?;
        if filled == 0 {
            return Ok((hashers, true));
        }
        hashers.update(piece.get(..filled).unwrap_or_default());
        total = total.saturating_add(filled);
    }
    Ok((hashers, false))
}

fn hash_beside(hashers: Hashers, fill: &mut Fill<'_>) -> Result<Hashers> {
    let gone = || Error::new(ErrorKind::Io, "the thread that computes digests has ended");
    thread::scope(|scope| {
        let (hand_on, to_hash) = sync_channel(PIECES);
        let (free, to_fill) = sync_channel(PIECES);
        let (give, taken) = sync_channel(1);
        for _ in 0..PIECES {
            free.send(vec![0; HANDED]).map_err(|_| gone())?;
        }
        let worker = thread::Builder::new().spawn_scoped(scope, move || work(&taken, &to_hash, &free));
        let Ok(worker) = worker else {
            // There are no threads to be had here.
            return hash_here(hashers, usize::MAX, fill).map(|(hashers, _)| hashers);
        };
        give.send(hashers).map_err(|_| gone())?;
        loop {
            let mut piece: Vec<u8> = to_fill.recv().map_err(|_| gone())?;
            match fill(&mut piece)? {
                0 => break,
                filled => hand_on.send((piece, filled)).map_err(|_| gone())?,
            }
        }
        drop(hand_on);
        worker.join().ok().flatten().ok_or_else(gone)
    })
}

/// Computes on pieces until no more come, and gives each back to be filled again.
fn work(
    taken: &Receiver<Hashers>,
    to_hash: &Receiver<(Vec<u8>, usize)>,
    free: &SyncSender<Vec<u8>>,
) -> Option<Hashers> {
    let mut hashers = taken.recv().ok()?;
    while let Ok((piece, filled)) = to_hash.recv() {
        hashers.update(piece.get(..filled).unwrap_or_default());
        // Nobody waits for it after the end.
        let _ = free.send(piece);
    }
    Some(hashers)
}
