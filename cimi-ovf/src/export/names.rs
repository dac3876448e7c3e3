//! Names and identifiers of what is exported.

use std::collections::HashSet;

use crate::import::names::Names;

/// Names that are unique, and otherwise as they were.
#[derive(Debug, Default)]
pub(super) struct Labels {
    taken: HashSet<String>,
}

impl Labels {
    /// The name, or one like it if it is taken.
    pub(super) fn pick(&mut self, wish: &str) -> String {
        let mut name = wish.to_owned();
        let mut count = 1_usize;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{wish}-{count}");
        }
        name
    }
}

/// The name for people: that of the template, where the component's name was made from it; else that of the component.
///
/// Names of components are made to be safe in `#name`.
pub(super) fn label<'t>(component: Option<&'t str>, template: Option<&'t str>) -> Option<&'t str> {
    let (Some(own), Some(wish)) = (component, template) else { return component.or(template) };
    let safe = Names::default().pick(wish, "");
    if safe == own && !safe.is_empty() { template } else { component }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_the_other_was_made_from() {
        assert_eq!(label(Some("VM-Network"), Some("VM Network")), Some("VM Network"));
        assert_eq!(label(Some("web"), Some("web")), Some("web"));
        assert_eq!(label(Some("web-2"), Some("web")), Some("web-2"));
        assert_eq!(label(Some("db"), Some("small machine")), Some("db"));
        assert_eq!(label(None, Some("small machine")), Some("small machine"));
        assert_eq!(label(Some("db"), None), Some("db"));
        assert_eq!(label(None, None), None);
    }

    #[test]
    fn labels_are_unique() {
        let mut labels = Labels::default();
        assert_eq!(["a b", "a b", "a b-2"].map(|wish| labels.pick(wish)), ["a b", "a b-2", "a b-2-2"]);
    }
}
