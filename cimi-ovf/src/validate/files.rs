//! Files, message bundles and configurations.

use std::collections::HashSet;

use cimi_model::printable;

use super::{Checker, Level, Rule, list};
use crate::model::{Envelope, File, Node};

impl<'d> Checker<'d> {
    pub(super) fn files(&mut self, envelope: &'d Envelope) {
        let Some(references) = &envelope.references else { return };
        let (mut ids, mut hrefs) = (HashSet::new(), HashSet::new());
        for file in &references.files {
            self.unique(&mut ids, file.id.as_deref(), file.node, "a file");
            let Some(href) = file.href.as_deref() else { continue };
            if !href.is_empty() && !hrefs.insert(href) {
                let text = format!("another file has the href '{}' too", printable(href));
                self.report(file.node, Level::Loose, Rule::Duplicate, text);
            }
            self.file_name(file.node, href);
            self.parts(file);
        }
    }

    fn file_name(&mut self, node: Node, href: &str) {
        if href.is_empty() {
            return self.report(node, Level::Wrong, Rule::Name, "ovf:href is empty");
        }
        #[cfg(feature = "package")]
        if let crate::package::Target::Outside(_) = crate::package::Target::of(href) {
            // A file beside or above the package, as producers with folders of their own write; the rest is no path at all.
            let parts = || href.split('/').skip_while(|part| matches!(*part, "." | ".."));
            let is_up =
                !href.starts_with('/') && crate::package::check_name(&parts().collect::<Vec<_>>().join("/")).is_ok();
            let is_uri = href.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"));
            let level = if is_up || is_uri { Level::Loose } else { Level::Wrong };
            let text = format!("ovf:href '{}' leads out of the package", printable(href));
            self.report(node, level, Rule::Name, text);
        }
    }

    fn parts(&mut self, file: &File) {
        /// A file has nine digits for the number of a part.
        const MOST_PARTS: i64 = 1_000_000_000;
        match file.compression.as_deref().map(str::trim) {
            None | Some("" | "gzip" | "bzip2") => {}
            Some("identity") => {
                self.report(file.node, Level::Loose, Rule::Spelling, "ovf:compression: 'identity' means none");
            }
            Some(other) => {
                let text = format!("ovf:compression: '{}' is not gzip or bzip2", printable(other));
                self.report(file.node, Level::Wrong, Rule::Value, text);
            }
        }
        let Some(chunk) = file.chunk_size else { return };
        if chunk <= 0 {
            let text = format!("ovf:chunkSize: {chunk} is not a number of bytes");
            self.report(file.node, Level::Wrong, Rule::Value, text);
        } else if file.size.is_some_and(|size| size.checked_div(chunk).unwrap_or(0) >= MOST_PARTS) {
            self.report(
                file.node,
                Level::Wrong,
                Rule::Value,
                "ovf:chunkSize: the file has more parts than nine digits count",
            );
        }
    }

    /// Reports an identifier that has been there, and an empty one.
    pub(super) fn unique(&mut self, seen: &mut HashSet<&'d str>, id: Option<&'d str>, node: Node, what: &str) {
        let Some(id) = id else { return };
        if id.is_empty() {
            self.report(node, Level::Wrong, Rule::Value, format!("the identifier of {what} is empty"));
        } else if !seen.insert(id) {
            let text = format!("'{}' identifies another one before it", printable(id));
            self.report(node, Level::Wrong, Rule::Duplicate, text);
        }
    }

    /// Reports a reference to a file that there is not.
    pub(super) fn file_reference(&mut self, node: Node, id: Option<&str>, level: Level) {
        if let Some(id) = id.filter(|id| !self.names.files.contains(id)) {
            let text = format!("there is no file '{}'", printable(id));
            self.report(node, level, Rule::Reference, text);
        }
    }

    pub(super) fn bundles(&mut self, envelope: &'d Envelope) {
        for bundle in &envelope.strings {
            // Without the bundle, the texts in place count.
            self.file_reference(bundle.node, bundle.file_ref.as_deref(), Level::Loose);
            let mut ids = HashSet::new();
            for message in &bundle.messages {
                self.unique(&mut ids, message.msgid.as_deref(), message.node, "a message");
                self.file_reference(message.node, message.file_ref.as_deref(), Level::Loose);
            }
        }
        self.message_references();
    }

    /// Messages stand in many places; the tree has them all.
    fn message_references(&mut self) {
        if self.names.messages.is_none() {
            return;
        }
        let mut open = vec![self.tree.root()];
        while let Some(element) = open.pop() {
            if self.vocabulary.is_ovf(element) && self.vocabulary.name(element) == "Strings" {
                continue;
            }
            open.extend(element.children());
            let of_ovf = |name: &str| !name.is_empty() && name != crate::model::namespaces::FOREIGN;
            let mut attributes = element.attributes().filter(|attribute| attribute.name() == "msgid");
            let Some(msgid) = attributes.find(|attribute| of_ovf(self.vocabulary.attribute(*attribute).name)) else {
                continue;
            };
            let id = msgid.value();
            let is_known = self.names.messages.as_ref().is_some_and(|known| known.contains(id.trim()));
            if !id.trim().is_empty() && !is_known {
                let text = format!("no message bundle has '{}'", printable(&id));
                self.report_at(element, Level::Advice, Rule::Reference, text);
            }
        }
    }

    pub(super) fn configurations(&mut self, envelope: &'d Envelope) {
        let mut ids = HashSet::new();
        let mut defaults = 0_usize;
        let mut count = 0_usize;
        let sections = &envelope.deployment_option_sections;
        for configuration in sections.iter().flat_map(|section| &section.configurations) {
            self.unique(&mut ids, configuration.id.as_deref(), configuration.node, "a configuration");
            let is_list = configuration.id.as_deref().is_some_and(|id| list(Some(id)).nth(1).is_some());
            if is_list {
                let text = "the identifier has blanks, so that no list of configurations can name it";
                self.report(configuration.node, Level::Wrong, Rule::Configuration, text);
            }
            count = count.saturating_add(1);
            if configuration.default == Some(true) {
                defaults = defaults.saturating_add(1);
                if defaults > 1 {
                    let text = "another configuration is the default already";
                    self.report(configuration.node, Level::Wrong, Rule::Configuration, text);
                }
            }
        }
        for section in sections.iter().skip(1) {
            self.report(section.node, Level::Loose, Rule::Content, "there is another DeploymentOptionSection");
        }
        if let Some(section) = sections.first().filter(|_| defaults == 0 && count > 1) {
            self.report(
                section.node,
                Level::Note,
                Rule::Configuration,
                "no configuration is the default; the first one is",
            );
        }
    }

    /// Reports identifiers in a list of configurations that there are not.
    pub(super) fn configuration_list(&mut self, node: Node, text: Option<&str>) {
        let Some(text) = text else { return };
        if list(Some(text)).next().is_none() {
            return self.report(node, Level::Advice, Rule::Configuration, "ovf:configuration is empty");
        }
        let unknown: Vec<_> = list(Some(text)).filter(|id| !self.names.configurations.contains(id)).collect();
        for id in unknown {
            let text = format!("there is no configuration '{}'", printable(id));
            self.report(node, Level::Advice, Rule::Configuration, text);
        }
    }
}
