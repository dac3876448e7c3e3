//! What a reference refers to, in its place (4.1.6.4).

use crate::error::Path;
use crate::reflect::{Record, Reference};
use crate::{Dialect, Error, ErrorKind, Limits, ReadOptions, Result, json};

impl dyn Reference + '_ {
    /// Puts the attributes of the resource that is referred to beside the `href`, in place of those that may be there
    /// (DSP0263 4.1.6.4).
    ///
    /// The resource is of the type of the reference, of another that may stand in its place, or, where the reference
    /// does not say of what type its target is, of any: then attributes that the target has no place for become
    /// extensions, named as `dialect` names them.
    ///
    /// ```
    /// use cimi_model::reflect::Reference;
    /// use cimi_model::{AnyResource, Dialect, Machine, Ref};
    ///
    /// let mut parent = Ref::<AnyResource>::to("machines/1");
    /// let machine = Machine { name: Some("db".into()), cpu: Some(2), ..Default::default() };
    /// let reference: &mut dyn Reference = &mut parent;
    /// reference.expand(Box::new(machine), Dialect::V2)?;
    /// let target = parent.value.unwrap_or_default();
    /// assert_eq!((target.name.as_deref(), target.extensions.get("cpu")), (Some("db"), Some(&2.into())));
    /// # Ok::<(), cimi_model::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of kind [`Type`](ErrorKind::Type) when the resource is of a type that cannot stand there; the reference is as it
    /// was.
    pub fn expand(&mut self, resource: Box<dyn Record>, dialect: Dialect) -> Result<()> {
        match self.set_record(resource) {
            Ok(()) => Ok(()),
            Err(other) => self.expand_with_other(&*other, dialect),
        }
    }

    fn expand_with_other(&mut self, resource: &dyn Record, dialect: Dialect) -> Result<()> {
        let (target, own) = (self.target(), resource.record_type());
        if !target.is_open() && !target.is_variant_uri(&own.uri(dialect)) {
            let reason = format!("a {} cannot stand in place of a {}", own.name, target.name);
            return Err(Error::new(ErrorKind::Type, reason));
        }
        let mut record = self.record_mut().boxed_clone();
        json::reset(&mut *record);
        let text = json::to_string(resource, dialect.into())?;
        let limits = Limits { size: usize::MAX, elements: usize::MAX, ..Limits::default() };
        json::read_part(&text, &mut *record, &ReadOptions { limits, strict: false }, &Path::default(), false)?;
        record.extensions_mut().came_as_elements(|key| own.attribute(key).is_some());
        // It was made by the reference itself, and so it is of its type.
        self.set_record(record).or(Ok(()))
    }
}
