//! Looking for bytes in texts.

/// Whether any byte of `text` is `special`. It looks at blocks without leaving early, which compilers turn into vector
/// instructions; most texts have nothing special in them.
#[allow(clippy::needless_bitwise_bool, reason = "a branch would prevent vector instructions")]
pub(crate) fn any_byte(text: &str, special: impl Fn(u8) -> bool) -> bool {
    const BLOCK: usize = 32;
    let blocks = text.as_bytes().chunks_exact(BLOCK);
    let rest = blocks.remainder();
    let found = |block: &[u8]| block.iter().fold(false, |found, &b| found | special(b));
    blocks.into_iter().any(found) || found(rest)
}

/// The place of the first byte that a JSON string cannot hold as it is: a quote, a backslash or a control character.
pub(crate) fn first_special(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let mut rest = bytes;
    // Eight bytes at a time: subtracting borrows into the highest bit of a byte where it is less than what is taken
    // off. A byte after the first hit may be hit by the borrow, but none before it.
    while let Some((word, tail)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20);
        let quote = (word ^ (ONES * u64::from(b'"'))).wrapping_sub(ONES);
        let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
        // All bytes that are looked for are below 0x80.
        let hits = (control | quote | backslash) & !word & HIGH;
        if hits != 0 {
            return Some(bytes.len() - rest.len() + hits.trailing_zeros() as usize / 8);
        }
        rest = tail;
    }
    let tail = rest.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\');
    tail.map(|at| bytes.len() - rest.len() + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_is_found() {
        for special in (0..0x20).chain([b'"', b'\\']) {
            for len in 0..40 {
                let mut bytes = vec![0xE9; len];
                assert_eq!(first_special(&bytes), None);
                for at in (0..len).rev() {
                    bytes[at] = special;
                    assert_eq!(first_special(&bytes), Some(at), "{special} at {at} of {len}");
                }
            }
        }
        assert_eq!(first_special(" !#[]~\u{7f}é".as_bytes()), None);
    }

    #[test]
    fn every_place_is_looked_at() {
        for len in 0..100 {
            let plain = "a".repeat(len);
            assert!(!any_byte(&plain, |b| b == b'x'));
            for at in 0..len {
                let mut text = plain.clone();
                text.replace_range(at..=at, "x");
                assert!(any_byte(&text, |b| b == b'x'), "{at} of {len}");
            }
        }
    }
}
