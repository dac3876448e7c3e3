//! Names of components: unique, and safe in a symbolic reference (`#name`, DSP0263 5.13.4).

use std::collections::{HashMap, HashSet};

/// Hands out names.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
    /// How often each wish was made, so that the search for a free number is short.
    wishes: HashMap<String, usize>,
}

impl Names {
    /// A name like the one wished for, or like `otherwise` if nothing of that can be used.
    ///
    /// Only ASCII letters, digits, `_`, `.` and `-` are used; other characters become `-`. A name that is taken
    /// gets a number.
    pub(crate) fn pick(&mut self, wish: &str, otherwise: &str) -> String {
        let base = match safe(wish) {
            base if base.is_empty() => otherwise.to_owned(),
            base => base,
        };
        let count = self.wishes.entry(base.clone()).or_insert(1);
        let mut name = base.clone();
        while !self.taken.insert(name.clone()) {
            *count += 1;
            name = format!("{base}-{count}");
        }
        name
    }
}

fn safe(text: &str) -> String {
    /// Long enough for any name that people read.
    const LONGEST: usize = 200;
    let mut out = String::new();
    for c in text.chars().take(LONGEST) {
        let usable = c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if usable || !out.ends_with('-') {
            out.push(if usable { c } else { '-' });
        }
    }
    out.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_unique() {
        let mut names = Names::default();
        assert_eq!(names.pick("web", "machine"), "web");
        assert_eq!(names.pick("web", "machine"), "web-2");
        assert_eq!(names.pick("web-2", "machine"), "web-2-2");
        assert_eq!(names.pick("web", "machine"), "web-3");
        assert_eq!(names.pick("VM Network (front)", "network"), "VM-Network-front");
        assert_eq!(names.pick("名前", "machine"), "machine");
        assert_eq!(names.pick("", "machine"), "machine-2");
        assert_eq!(names.pick("a#b/c", "machine"), "a-b-c");
    }
}
