//! Replaces parts of a text.

/// Replacements, in any order.
#[derive(Debug, Default)]
pub(super) struct Splices {
    all: Vec<Splice>,
}

#[derive(Debug)]
struct Splice {
    from: u32,
    to: u32,
    with: String,
}

impl Splices {
    pub(super) fn replace(&mut self, from: u32, to: u32, with: String) {
        self.all.push(Splice { from, to, with });
    }

    pub(super) fn insert(&mut self, at: u32, with: String) {
        self.replace(at, at, with);
    }

    /// The part of the text from `start` to `end` with the replacements. What is inserted at one place keeps its order
    /// and comes before what is removed from there on; replacements inside of what is removed are left out.
    pub(super) fn apply(mut self, text: &str, start: u32, end: u32) -> String {
        self.all.sort_by_key(|splice| (splice.from, splice.to));
        let mut out = String::with_capacity((end.saturating_sub(start)) as usize);
        let mut at = start;
        for splice in &self.all {
            if splice.from < at || splice.to > end {
                continue;
            }
            out.push_str(text.get(at as usize..splice.from as usize).unwrap_or_default());
            out.push_str(&splice.with);
            at = splice.to;
        }
        out.push_str(text.get(at as usize..end as usize).unwrap_or_default());
        out
    }
}
