//! Validation: everything that is wrong with a descriptor, each with path, place, rule and severity.
//!
//! # Severities
//!
//! * **Error**: the descriptor cannot be used as it is, or the standard forbids it and no consumer can make up for it:
//!   a reference to nothing, an identifier twice, a cycle, a value that is not understood.
//! * **Warning**: products write it and consumers understand it all the same, such as an item without `ElementName` or
//!   sections in another order. [Strict](Validation::strict) validation makes errors of these, but for mere advice.
//! * **Info**: allowed, and worth knowing.
//!
//! Names of files are checked where the feature `package` is on.

mod content;
mod disks;
mod files;
mod graph;
mod hardware;
mod items;
mod names;
mod problem;
mod properties;
mod qualifiers;
mod resources;
mod sections;
mod structure;
mod substitution;

use std::collections::HashSet;

use cimi_model::Parsed;

use crate::deployment::words as list;
use crate::model::{Envelope, Node, Vocabulary};
use crate::tree::{Element, Tree};
use crate::{Descriptor, Version};
use names::Names;
pub use problem::{Problem, Rule, Severity};

/// How descriptors are held against the standard (DSP0243).
///
/// ```
/// use cimi_ovf::validate::{Rule, Severity, Validation};
/// use cimi_ovf::{Descriptor, ReadOptions};
///
/// let text = r#"<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1">
///   <References/>
///   <DiskSection><Info>Disks</Info><Disk ovf:diskId="d" ovf:capacity="10" ovf:fileRef="f"/></DiskSection>
///   <VirtualSystem ovf:id="web"><Info>A web server</Info></VirtualSystem>
/// </Envelope>"#;
/// let parsed = Descriptor::read(text.as_bytes(), &ReadOptions::default())?;
/// let problems = Validation::default().parsed(&parsed);
/// let problem = problems.iter().find(|problem| problem.severity == Severity::Error).ok_or("none")?;
/// assert_eq!((problem.path.as_str(), problem.rule), ("/Envelope/DiskSection/Disk['d']", Rule::Reference));
/// assert_eq!(problem.location.map(|location| location.line), Some(3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers override single fields with struct update syntax")]
pub struct Validation {
    /// Whether what consumers understand all the same is an error.
    pub strict: bool,
    /// How many problems are listed; those beyond it are one more, as bad as the worst of them. Default: 1,000.
    pub most: usize,
}

impl Default for Validation {
    fn default() -> Self {
        Self { strict: false, most: 1000 }
    }
}

impl Validation {
    /// Validation that makes errors of what consumers understand all the same.
    #[must_use]
    pub fn strict() -> Self {
        Self { strict: true, ..Self::default() }
    }

    /// All problems of a descriptor as it would be written, in the order of the document.
    #[must_use]
    pub fn problems(&self, descriptor: &Descriptor) -> Vec<Problem> {
        let written = descriptor.as_written();
        match &written {
            Ok(None) => self.check(descriptor),
            Ok(Some(written)) => self.check(written),
            Err(error) => vec![error.into()],
        }
    }

    /// All problems of a descriptor that has been read, what was tolerated included.
    #[must_use]
    pub fn parsed(&self, parsed: &Parsed<Descriptor>) -> Vec<Problem> {
        let mut problems = self.problems(&parsed.value);
        let severity = Level::Loose.severity(self.strict);
        let told: HashSet<(String, String)> =
            problems.iter().map(|problem| (problem.path.clone(), problem.text.clone())).collect();
        let is_new = |path: &str, text: &str| !told.contains(&(path.to_owned(), text.to_owned()));
        let others = parsed.deviations.iter().filter(|deviation| is_new(&deviation.path, &deviation.text));
        problems.extend(others.map(|deviation| Problem::of_deviation(deviation, severity)));
        if parsed.more_deviations > 0 {
            problems.push(beyond(parsed.more_deviations, severity));
        }
        // The one about problems that are not listed stays last.
        problems.sort_by_key(|problem| (problem.rule == Rule::Limit, problem.location));
        problems
    }

    /// Whether no problem of the descriptor is an error.
    #[must_use]
    pub fn accepts(&self, descriptor: &Descriptor) -> bool {
        self.problems(descriptor).iter().all(|problem| problem.severity != Severity::Error)
    }

    fn check(&self, descriptor: &Descriptor) -> Vec<Problem> {
        let mut checker = Checker {
            validation: *self,
            tree: descriptor.tree(),
            vocabulary: Vocabulary::of(descriptor.tree()),
            version: descriptor.version(),
            names: Names::of(&descriptor.envelope),
            is_encrypted: !descriptor.envelope.encryption_sections.is_empty(),
            found: Vec::new(),
            more: 0,
            worst_of_more: Severity::Info,
        };
        checker.envelope(&descriptor.envelope);
        checker.finish()
    }
}

/// How a rule is held up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    /// An error.
    Wrong,
    /// Understood all the same.
    Loose,
    /// A warning, however strict.
    Advice,
    /// Worth knowing.
    Note,
}

impl Level {
    const fn severity(self, strict: bool) -> Severity {
        match self {
            Self::Wrong => Severity::Error,
            Self::Loose if strict => Severity::Error,
            Self::Loose | Self::Advice => Severity::Warning,
            Self::Note => Severity::Info,
        }
    }
}

/// What was found, before its path and place are.
struct Found<'d> {
    element: Element<'d>,
    rule: Rule,
    severity: Severity,
    text: String,
}

struct Checker<'d> {
    validation: Validation,
    tree: &'d Tree,
    vocabulary: Vocabulary,
    version: Version,
    names: Names<'d>,
    is_encrypted: bool,
    found: Vec<Found<'d>>,
    more: usize,
    worst_of_more: Severity,
}

impl<'d> Checker<'d> {
    fn envelope(&mut self, envelope: &'d Envelope) {
        self.structure(envelope);
        self.stated_version(envelope);
        self.files(envelope);
        self.bundles(envelope);
        self.disks(envelope);
        self.networks(envelope);
        self.configurations(envelope);
        self.placement_groups(envelope);
        self.encryption(envelope);
        self.sections_of_envelope();
        self.substitutions(envelope);
        self.product_sections(&envelope.product_sections);
        if let Some(content) = &envelope.content {
            self.content(content);
        }
    }

    /// How bad a reference to nothing is: what it means may be in an encrypted part.
    fn dangling(&self) -> Level {
        if self.is_encrypted { Level::Advice } else { Level::Wrong }
    }

    /// Reports a problem of a structure.
    fn report(&mut self, node: Node, level: Level, rule: Rule, text: impl Into<String>) {
        let element = node.element(self.tree).unwrap_or_else(|| self.tree.root());
        self.report_at(element, level, rule, text);
    }

    /// Reports a problem of the first child element of a structure with this name, if there is one.
    fn report_child(&mut self, node: Node, name: &str, level: Level, rule: Rule, text: String) {
        let element = node.element(self.tree).unwrap_or_else(|| self.tree.root());
        let child = element.children().find(|child| self.vocabulary.name(*child) == name);
        self.report_at(child.unwrap_or(element), level, rule, text);
    }

    fn report_at(&mut self, element: Element<'d>, level: Level, rule: Rule, text: impl Into<String>) {
        let severity = level.severity(self.validation.strict);
        if self.found.len() < self.validation.most {
            self.found.push(Found { element, rule, severity, text: text.into() });
        } else {
            self.more = self.more.saturating_add(1);
            self.worst_of_more = self.worst_of_more.max(severity);
        }
    }

    fn finish(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|found| found.element.id());
        let elements: Vec<_> = self.found.iter().map(|found| found.element).collect();
        let places = self.tree.places(&elements);
        let listed = self.found.into_iter().zip(places);
        let problem = |(found, (path, location)): (Found<'_>, _)| {
            let Found { rule, severity, text, .. } = found;
            Problem { path, location: Some(location), rule, severity, text }
        };
        let mut problems: Vec<Problem> = listed.map(problem).collect();
        if self.more > 0 {
            problems.push(beyond(self.more, self.worst_of_more));
        }
        problems
    }
}

/// The one problem that stands for those that are not listed.
fn beyond(count: usize, severity: Severity) -> Problem {
    let text = format!("{count} more problems are not listed");
    Problem { path: "/".to_owned(), location: None, rule: Rule::Limit, severity, text }
}
