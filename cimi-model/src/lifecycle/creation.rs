//! The states of a new resource (4.2.1.1, 5.14.2.1).

use super::{CREATING, Rules, Step, impossible};
use crate::{Result, printable};

impl Rules {
    /// The states of a resource that is created: CREATING, and the one that it is brought into, which is the template's
    /// `initialState`, else that of the capability `DefaultInitialState`, else the one of the type.
    ///
    /// A System is in the state of its Machines once it is created; what is given here is the state of one without
    /// Machines.
    ///
    /// # Errors
    /// [`ErrorKind::State`](crate::ErrorKind::State) when the state is not one that lasts, is not among the capability
    /// `InitialStates`, or no supported actions lead to it. The creation fails then (5.14.2.1).
    pub fn create(&self, initial_state: Option<&str>) -> Result<Step> {
        let Some(initial) = self.lifecycle().and_then(|lifecycle| lifecycle.initial) else {
            return Ok(Step::default());
        };
        let support = self.support.as_ref();
        let default = || support.and_then(|support| support.default_initial_state.as_deref());
        let to = match initial_state.or_else(default) {
            Some(wanted) => self.lasting(wanted)?,
            None => initial,
        };
        let allowed = support.map_or(&[][..], |support| &support.initial_states);
        if initial_state.is_some() && !allowed.is_empty() && !allowed.iter().any(|state| state == to) {
            return Err(impossible(format!("{to} is not among the initial states {}", allowed.join(", "))));
        }
        if self.actions_to(initial, to).is_none() {
            return Err(impossible(format!("no action leads to {}", printable(to))));
        }
        let via = self.states().map(|state| state.name).find(|state| *state == CREATING);
        Ok(Step { via, to: Some(to), ..Step::default() })
    }

    /// The shortest list of actions that lead from one state to the other, if there is one: what a provider does to bring
    /// a new resource into its initial state.
    #[must_use]
    pub fn actions_to(&self, from: &str, to: &str) -> Option<Vec<&'static str>> {
        let mut paths: Vec<(&str, Vec<&'static str>)> = vec![(from, Vec::new())];
        let mut next = 0;
        while let Some((state, path)) = paths.get(next).cloned() {
            if state == to {
                return Some(path);
            }
            next += 1;
            for row in self.transitions().filter(|row| row.from.contains(&state)) {
                let Some(end) = row.to.filter(|end| !paths.iter().any(|(seen, _)| seen == end)) else { continue };
                let mut path = path.clone();
                path.push(row.action);
                paths.push((end, path));
            }
        }
        None
    }
}
