//! The names of components, and what `#name` means (5.13.4).

use std::collections::HashMap;

use super::plan::Target;
use crate::error::printable;

/// The number of a component among those of its descriptor, for references from one to another of the same quantity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    pub(super) index: usize,
    pub(super) of: usize,
}

impl Position {
    /// That of the only one.
    pub(super) const ONLY: Self = Self { index: 0, of: 1 };
}

/// The names in one `SystemTemplate`, and those around it.
#[derive(Default)]
pub(super) struct Scope<'s> {
    names: HashMap<String, Named>,
    /// The `SystemTemplate` around this one, and the number there of the System that is made from this one.
    outer: Option<(&'s Self, Position)>,
}

enum Named {
    One(Target),
    /// The components of a descriptor with a quantity of 2 or more.
    Many(Vec<usize>),
    /// A descriptor that has a problem of its own.
    Broken,
}

/// What a name means.
pub(super) enum Found {
    One(Target),
    /// The components with the name and a number.
    Many(Vec<usize>),
    /// Nothing, for reasons that have been reported.
    Broken,
}

impl<'s> Scope<'s> {
    pub(super) fn within(outer: &'s Self, position: Position) -> Self {
        Self { names: HashMap::new(), outer: Some((outer, position)) }
    }

    /// Names a component; `false` if another one has that name.
    pub(super) fn name(&mut self, name: &str, target: Target) -> bool {
        self.names.insert(name.to_owned(), Named::One(target)).is_none()
    }

    /// Names the components of a descriptor together, unless a component has that name.
    pub(super) fn name_all(&mut self, name: &str, steps: Vec<usize>) {
        self.names.entry(name.to_owned()).or_insert(Named::Many(steps));
    }

    /// Names what cannot be had.
    pub(super) fn name_broken(&mut self, name: &str) {
        self.names.entry(name.to_owned()).or_insert(Named::Broken);
    }

    /// What the name means for a component with this number.
    pub(super) fn find(&self, name: &str, position: Position) -> Option<Found> {
        match (self.names.get(name), self.outer) {
            (Some(Named::One(target)), _) => Some(Found::One(target.clone())),
            (Some(Named::Many(steps)), _) => {
                let pair = steps.get(position.index).filter(|_| position.of == steps.len() && position.of > 1);
                Some(pair.map_or_else(|| Found::Many(steps.clone()), |&step| Found::One(Target::Step(step))))
            }
            (Some(Named::Broken), _) => Some(Found::Broken),
            (None, Some((outer, position))) => outer.find(name, position),
            (None, None) => None,
        }
    }

    /// The one component that a name means, `None` if it is known not to be had.
    ///
    /// # Errors
    /// Says why there is not exactly one.
    pub(super) fn find_one(&self, name: &str, position: Position) -> Result<Option<Target>, String> {
        match self.find(name, position) {
            Some(Found::One(target)) => Ok(Some(target)),
            Some(Found::Broken) => Ok(None),
            Some(Found::Many(steps)) => {
                let (name, last) = (printable(name), steps.len());
                Err(format!("'#{name}' is {last} components: say which, from '#{name}1' to '#{name}{last}'"))
            }
            None => Err(format!("no component has the name '{}'", printable(name))),
        }
    }
}
