//! Message bundles: texts that elements name with `ovf:msgid` (DSP0243, "Internationalization").

use std::collections::HashMap;

use cimi_model::Result;
use cimi_model::xml::pull::XML_NAMESPACE;

use crate::budget::Budget;
use crate::element::Element;
use crate::origin::Node;

/// Puts the text of the bundle into elements that name a message and have no text of their own.
///
/// Only bundles inside of the envelope are known here. The bundle in the language of the envelope is taken,
/// else the first.
pub(crate) fn fill_in(root: &mut Element, budget: &mut Budget) -> Result<()> {
    let messages = bundle(root);
    if messages.is_empty() {
        return Ok(());
    }
    let origin = Node::root(root).origin();
    let mut open = vec![root];
    while let Some(element) = open.pop() {
        if element.text.trim().is_empty() && element.children.is_empty() {
            let text = element.attribute("msgid").and_then(|id| messages.get(id));
            if let Some(text) = text {
                budget.charge(text.len(), &origin)?;
                element.text.clone_from(text);
            }
        }
        open.extend(element.children.iter_mut());
    }
    Ok(())
}

fn bundle(root: &Element) -> HashMap<String, String> {
    let language = language(root).unwrap_or("en-US");
    let strings = || root.children.iter().filter(|child| child.is("Strings") && !child.children.is_empty());
    let own = strings().find(|bundle| language_is(bundle, language));
    let Some(bundle) = own.or_else(|| strings().next()) else { return HashMap::new() };
    let messages = bundle.children.iter().filter(|child| child.name == "Msg");
    messages.filter_map(|msg| Some((msg.attribute("msgid")?.to_owned(), msg.text.clone()))).collect()
}

fn language(element: &Element) -> Option<&str> {
    let is_lang = |namespace: Option<&str>| namespace == Some(XML_NAMESPACE);
    let found = element.attributes.iter().find(|a| a.name == "lang" && is_lang(a.namespace.as_deref()));
    found.map(|a| a.value.as_str())
}

fn language_is(bundle: &Element, wanted: &str) -> bool {
    language(bundle).is_some_and(|own| own.eq_ignore_ascii_case(wanted))
}
