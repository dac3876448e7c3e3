//! Names of components: unique, and safe in a symbolic reference (`#name`, DSP0263 5.13.4).

use std::collections::{HashMap, HashSet};

/// Hands out names.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
    /// What is left of the names that are taken without a number at their end.
    stems: HashSet<String>,
    /// The names of several components, which get a number each.
    numbered: HashSet<String>,
    /// How often each wish was made, so that the search for a free number is short.
    wishes: HashMap<String, usize>,
}

impl Names {
    /// A name like the one wished for, or like `otherwise` if nothing of that can be used.
    ///
    /// Only ASCII letters, digits, `_`, `.` and `-` are used; other characters become `-`. A name that is taken
    /// gets a number.
    pub(crate) fn pick(&mut self, wish: &str, otherwise: &str) -> String {
        self.pick_for(wish, otherwise, 1)
    }

    /// As [`pick`](Self::pick), for so many components: none of them may be called as another one with a number.
    pub(crate) fn pick_for(&mut self, wish: &str, otherwise: &str, quantity: i64) -> String {
        let base = match safe(wish) {
            base if base.is_empty() => otherwise.to_owned(),
            base => base,
        };
        let count = self.wishes.entry(base.clone()).or_insert(1);
        let mut name = base.clone();
        let is_taken = |name: &str| {
            self.taken.contains(name)
                || (quantity > 1 && self.stems.contains(name))
                || stems(name).any(|stem| self.numbered.contains(stem))
        };
        while is_taken(&name) {
            *count += 1;
            name = format!("{base}-{count}");
        }
        self.taken.insert(name.clone());
        self.stems.extend(stems(&name).map(str::to_owned));
        if quantity > 1 {
            self.numbered.insert(name.clone());
        }
        name
    }
}

/// What may be left of a name without the number at its end: `a1` and `a` for `a12`.
fn stems(name: &str) -> impl Iterator<Item = &str> {
    /// Numbers of instances are shorter.
    const DIGITS: usize = 10;
    let digits = name.bytes().rev().take(DIGITS).take_while(u8::is_ascii_digit).count();
    (1..=digits).filter_map(|cut| name.get(..name.len().saturating_sub(cut)))
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

    #[test]
    fn numbers_of_instances_are_free() {
        let mut names = Names::default();
        assert_eq!(names.pick_for("web", "machine", 2), "web");
        assert_eq!(names.pick("web1", "machine"), "web1-2");
        assert_eq!(names.pick("db12", "machine"), "db12");
        assert_eq!(names.pick_for("db1", "machine", 3), "db1-2");
        assert_eq!(names.pick_for("db", "machine", 3), "db-2");
        assert_eq!(names.pick("db", "machine"), "db");
    }
}
