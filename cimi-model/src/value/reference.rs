//! ref (5.5.6).

use std::fmt;

use super::Uri;
use crate::meta::{Kind, Type};
use crate::reflect::{Described, Item, Record, Reference, Shape, Single, Slot, View};

/// A reference to a resource of type `T` (DSP0263 5.5.6).
///
/// It holds the target's URI, the target's attributes, or both: attributes beside an `href` are the expanded target
/// in a response (4.1.6.4) and overrides in a template (4.2.1.1); attributes alone give the target by value. An
/// override that erases an attribute of the target is a `null` in the target's extensions.
#[derive(Clone)]
pub struct Ref<T> {
    /// The target's URI.
    pub href: Option<Uri>,
    /// The target's attributes.
    pub value: Option<Box<T>>,
}

impl<T> Ref<T> {
    /// A reference by URI.
    pub fn to(href: impl Into<Uri>) -> Self {
        Self { href: Some(href.into()), value: None }
    }

    /// A target by value.
    pub fn by_value(value: T) -> Self {
        Self { href: None, value: Some(Box::new(value)) }
    }
}

impl<T> Default for Ref<T> {
    fn default() -> Self {
        Self { href: None, value: None }
    }
}

impl<T: Default + PartialEq> PartialEq for Ref<T> {
    /// A target of which nothing is said is the same as none: no format tells them apart.
    fn eq(&self, other: &Self) -> bool {
        let said = |reference: &'_ Self| reference.value.as_deref().is_some_and(|value| *value != T::default());
        self.href == other.href
            && match (said(self), said(other)) {
                (true, true) => self.value == other.value,
                (a, b) => a == b,
            }
    }
}

impl<T: fmt::Debug> fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Ref");
        if let Some(href) = &self.href {
            out.field("href", href);
        }
        if let Some(value) = &self.value {
            out.field("value", value);
        }
        out.finish()
    }
}

impl<T: Described> Shape for Ref<T> {
    const KIND: Kind = Kind::Ref(T::described);
}

impl<T: Described> Single for Ref<T> {
    fn view(&self) -> View<'_> {
        View::Ref(self)
    }
    fn slot(option: &mut Option<Self>) -> Slot<'_> {
        Slot::Ref(option.get_or_insert_default())
    }
}

impl<T: Described> Item for Ref<T> {
    fn view(&self) -> View<'_> {
        View::Ref(self)
    }
    fn slot(&mut self) -> Slot<'_> {
        Slot::Ref(self)
    }
}

impl<T: Described> Reference for Ref<T> {
    fn href(&self) -> Option<&Uri> {
        self.href.as_ref()
    }
    fn href_mut(&mut self) -> &mut Option<Uri> {
        &mut self.href
    }
    fn record(&self) -> Option<&dyn Record> {
        self.value.as_deref().map(|value| value as &dyn Record)
    }
    fn record_mut(&mut self) -> &mut dyn Record {
        self.value.get_or_insert_default().as_mut()
    }
    fn set_record(&mut self, record: Box<dyn Record>) -> Result<(), Box<dyn Record>> {
        if !record.as_any().is::<T>() {
            return Err(record);
        }
        // Asked for on the line before.
        self.value = record.into_any().downcast().ok();
        Ok(())
    }
    fn target(&self) -> &'static Type {
        T::described()
    }
}
