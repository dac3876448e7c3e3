//! What is wrong with a template, all of it at once.

use std::fmt;

/// One thing that keeps a template from being carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Where, from the request on and through the templates that it refers to, in the notation of
    /// [`Error::path`](crate::Error::path).
    pub path: String,
    /// What is wrong.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.text)
    }
}

/// Why a request cannot be carried out: at least one [`Problem`]. `Display` prints one in each line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// The problems, each once, in the order in which they were found.
    #[must_use]
    pub fn as_slice(&self) -> &[Problem] {
        &self.list
    }

    /// How many further problems there are beyond [`Bounds::problems`](super::Bounds::problems).
    #[must_use]
    pub fn more(&self) -> usize {
        self.more
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn add(&mut self, path: String, text: String, most: usize) {
        let problem = Problem { path, text };
        // Components of one descriptor have the same problems.
        if self.list.contains(&problem) {
            return;
        }
        if self.list.len() < most.max(1) {
            self.list.push(problem);
        } else {
            self.more += 1;
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.list.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{problem}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Problems {}
