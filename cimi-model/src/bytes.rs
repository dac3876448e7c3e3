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

#[cfg(test)]
mod tests {
    use super::*;

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
