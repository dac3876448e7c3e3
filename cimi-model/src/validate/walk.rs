//! The way through a record, and what every check has at hand.

use super::symbols::Scopes;
use super::{
    Problem, Receiver, Rule, Severity, Validation, constraints, extensions, keys, metadata, rules, scopes, updates,
    values,
};
use crate::error::{Path, Step};
use crate::meta::{Attribute, Kind, Role, Type};
use crate::reflect::{Record, Reference, View, omitted, same_value};
use crate::{AnyResource, Dialect, Generic, Uri};

/// How deep records are followed. Readers stop long before; values made by programs may go deeper.
const DEPTH: usize = 128;

/// How a record stands in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is the document.
    Root,
    /// It is a member of a collection.
    Member,
    /// It is a structure of another record.
    Structure,
    /// It is the target of a reference without an `href`: all of it is said here.
    ByValue,
    /// It stands beside an `href`: an expanded target, or what overrides it (4.1.6.4, 4.2.1.1).
    Expanded,
}

/// One validation.
pub(super) struct Walk<'v> {
    pub(super) options: &'v Validation<'v>,
    /// The URI that relative ones are resolved against, if it is known.
    pub(super) base_uri: Option<Uri>,
    pub(super) scopes: Scopes,
    path: Path,
    problems: Vec<Problem>,
    depth: usize,
    /// How many references the record is inside of: there, `null` erases (4.2.1.1).
    references: usize,
    /// Whether the attribute of the document that is visited is as the Provider has it.
    echoed: bool,
    /// Whether values are looked at together, rather than one by one.
    meaning: bool,
}

impl<'v> Walk<'v> {
    pub(super) fn new(options: &'v Validation<'v>, root: &dyn Record) -> Self {
        let own = || root.as_any().downcast_ref::<crate::CloudEntryPoint>().and_then(|entry| entry.base_uri.clone());
        Self {
            options,
            base_uri: options.base_uri.cloned().or_else(own),
            scopes: Scopes::default(),
            path: Path::default(),
            problems: Vec::new(),
            depth: 0,
            references: 0,
            echoed: false,
            meaning: false,
        }
    }

    pub(super) fn run(mut self, record: &dyn Record) -> Vec<Problem> {
        let record_type = record.record_type();
        self.path.push(Step::Name(record_type.name));
        if let Some(generic) = record.as_any().downcast_ref::<Generic>() {
            self.unknown_type(generic);
        } else if let Some(missing) = self.lacks(record_type.versions) {
            let message = format!("the type {} does not exist in CIMI {missing}", record_type.name);
            self.report(self.unknown_severity(Severity::Warning), Rule::Version, record_type.clause, message);
        }
        self.record(record, Standing::Root);
        updates::check(&mut self, record);
        self.problems
    }

    fn unknown_type(&mut self, generic: &Generic) {
        let uri = generic.resource_uri().unwrap_or_default();
        let message = format!("the type '{}' is not known", crate::printable(&uri));
        self.report(self.unknown_severity(Severity::Info), Rule::Type, "5.4", message);
    }

    /// A Provider refuses what it does not know, a Consumer ignores it (5.3).
    pub(super) fn unknown_severity(&self, to_consumer: Severity) -> Severity {
        if self.options.receiver == Receiver::Provider { Severity::Error } else { to_consumer }
    }

    /// Whether problems of this severity are asked about.
    pub(super) fn asks_for(&self, severity: Severity) -> bool {
        severity >= self.options.least
    }

    /// Reports a problem here, if it is asked about.
    pub(super) fn report(&mut self, severity: Severity, rule: Rule, clause: &'static str, message: impl Into<String>) {
        if !self.asks_for(severity) {
            return;
        }
        let path = self.path.to_string();
        self.report_there(path, severity, rule, clause, message.into());
    }

    /// Reports a problem that was found elsewhere, with a path that begins so; this place takes its place.
    pub(super) fn adopt(&mut self, mut problem: Problem, beginning: &str) {
        if self.asks_for(problem.severity) {
            let rest = problem.path.strip_prefix(beginning).unwrap_or_default();
            problem.path = format!("{}{rest}", self.path);
            self.problems.push(problem);
        }
    }

    /// Reports a problem of an attribute of the record that is visited.
    pub(super) fn report_at(
        &mut self,
        name: &'static str,
        severity: Severity,
        rule: Rule,
        clause: &'static str,
        message: impl Into<String>,
    ) {
        self.at(Step::Name(name), |walk| walk.report(severity, rule, clause, message));
    }

    /// The resource before the update, if it is of the same type.
    fn current(&self, record: &dyn Record) -> Option<&'v dyn Record> {
        self.options.current.filter(|current| current.as_any().type_id() == record.as_any().type_id())
    }

    /// Whether only errors are asked about, and what is sent back to the Provider as it has it is none.
    fn takes_echoes(&self) -> bool {
        self.options.receiver == Receiver::Provider && !self.asks_for(Severity::Warning)
    }

    /// Whether what is visited is sent back to the Provider as it has it: Consumers send what they do not know (5.3).
    pub(super) fn is_echoed(&self) -> bool {
        self.echoed
    }

    /// Whether the resource before the update has an extension with this key.
    pub(super) fn is_stored(&self, key: &str) -> bool {
        self.options.current.is_some_and(|current| current.extensions().get(key).is_some())
    }

    /// The path as it is now.
    pub(super) fn here(&self) -> &Path {
        &self.path
    }

    /// Reports a problem at a path that begins [`here`](Self::here).
    pub(super) fn report_there(
        &mut self,
        path: String,
        severity: Severity,
        rule: Rule,
        clause: &'static str,
        text: String,
    ) {
        if !self.asks_for(severity) {
            return;
        }
        let of_meaning = self.meaning || rule.is_of_meaning();
        self.problems.push(Problem { path, rule, severity, clause, text, of_meaning });
    }

    /// Does something one step down.
    pub(super) fn at<R>(&mut self, step: Step, f: impl FnOnce(&mut Self) -> R) -> R {
        self.path.push(step);
        let result = f(self);
        self.path.pop();
        result
    }

    /// Does something that looks at the meaning of values, or at their form.
    pub(super) fn of_meaning(&mut self, meaning: bool, f: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.meaning, meaning);
        f(self);
        self.meaning = before;
    }

    /// The version that does not have this, where one is asked for.
    pub(super) fn lacks(&self, versions: crate::meta::Versions) -> Option<&'static str> {
        let dialect = self.options.dialect?;
        (!dialect.has(versions)).then_some(match dialect {
            Dialect::V1 => "1.x",
            Dialect::V2 => "2.0",
        })
    }

    /// Whether `null` erases an attribute here.
    pub(super) fn may_erase(&self) -> bool {
        self.references > 0
    }

    pub(super) fn record(&mut self, record: &dyn Record, standing: Standing) {
        if self.depth == DEPTH {
            let message = format!("nested deeper than {DEPTH} records; what is inside is not looked at");
            self.report(Severity::Error, Rule::Depth, "", message);
            return;
        }
        self.depth += 1;
        let scope = self.scopes.enter(record, standing, self.options.verb);
        constraints::check(self, record, standing);
        let mut named = rules::Named::default();
        for (index, attribute) in record.record_type().attributes.iter().enumerate() {
            let Some(value) = record.get(index) else { continue };
            let view = value.view();
            if !omitted(&view, attribute.kind) {
                if standing == Standing::Root {
                    self.echoed = self
                        .current(record)
                        .and_then(|current| current.get(index))
                        .is_some_and(|current| same_value(&current.view(), &view));
                }
                if self.echoed && self.takes_echoes() {
                    continue;
                }
                named.add(attribute.name);
                self.at(Step::Name(attribute.name), |walk| walk.attribute(record, attribute, &view));
            }
        }
        if standing == Standing::Root {
            self.echoed = false;
        }
        extensions::check(self, record, standing);
        metadata::check(self, record, standing);
        self.of_meaning(true, |walk| {
            keys::check(walk, record, standing);
            scopes::check(walk, record);
            rules::check(walk, record, standing, named);
        });
        if scope {
            self.leave_scope();
        }
        self.depth -= 1;
    }

    fn attribute(&mut self, owner: &dyn Record, attribute: &'static Attribute, view: &View<'_>) {
        if let Some(version) = self.lacks(attribute.versions) {
            let message = format!("the attribute does not exist in CIMI {version}");
            self.report(self.unknown_severity(Severity::Warning), Rule::Version, owner.record_type().clause, message);
        }
        self.value(owner.record_type(), attribute, attribute.kind, view);
    }

    fn value(&mut self, owner: &'static Type, attribute: &'static Attribute, kind: Kind, view: &View<'_>) {
        match view {
            View::Absent | View::Boolean(_) => {}
            View::Text(text) => values::text(self, owner, attribute, kind, text),
            View::Integer(value) => values::integer(self, owner, attribute, *value),
            View::Map(map) => values::map(self, owner, attribute, map),
            View::Any(value) => self.symbols_in(value, false),
            View::Record(record) => self.record(*record, standing(*record)),
            View::Ref(reference) => self.reference(*reference, view),
            View::List(list) => {
                let item = if let Kind::Array(item) = kind { *item } else { kind };
                for index in 0..list.len() {
                    let view = list.item(index);
                    self.scopes.enter_item(owner, attribute, index);
                    self.at(Step::Index(index), |walk| walk.value(owner, attribute, item, &view));
                    self.scopes.leave_item(owner, attribute);
                }
            }
        }
    }

    fn reference(&mut self, reference: &dyn Reference, view: &View<'_>) {
        if self.asks_for(Severity::Warning) && view.is_blank() {
            let message = "the reference has neither an href nor attributes";
            self.report(Severity::Warning, Rule::Reference, "5.5.6", message);
        }
        if let Some(href) = reference.href() {
            self.at(Step::Name("href"), |walk| values::href(walk, href.as_str()));
        }
        if let Some(record) = reference.record() {
            self.references += 1;
            self.record(record, if reference.href().is_some() { Standing::Expanded } else { Standing::ByValue });
            self.references -= 1;
        }
    }
}

/// How a record stands that is a value itself, not behind a reference.
fn standing(record: &dyn Record) -> Standing {
    if record.record_type().role == Role::Resource { Standing::Member } else { Standing::Structure }
}

/// Whether a record is of no particular type, so that none of its attributes is unknown.
pub(super) fn is_untyped(record: &dyn Record) -> bool {
    record.record_type().any || record.as_any().is::<AnyResource>() || record.as_any().is::<Generic>()
}
