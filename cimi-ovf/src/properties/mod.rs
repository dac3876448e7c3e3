//! The properties of a descriptor: their keys, the values that they are deployed with, and `${}` in other values.

mod collect;
mod qualifiers;
mod resolve;
mod value;

use std::borrow::Cow;
use std::collections::HashMap;

use cimi_model::xml::chars::first_illegal_char;
use cimi_model::{Error, ErrorKind, Result, printable};

use crate::model::{Category, Content, ProductSection, Property, VirtualSystem};
use crate::{Deployment, Descriptor};

pub(crate) use collect::LONGEST_NAMES;
pub use resolve::Resolver;
pub use value::check_value;

/// The properties of a descriptor in a configuration (DSP0243 9.5.1), with the values that a user chooses.
///
/// Each machine has its own properties and those of the collections around it.
///
/// ```
/// use cimi_ovf::properties::Properties;
/// use cimi_ovf::{Deployment, Descriptor, ReadOptions};
///
/// let text = r#"<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
///     xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"><References/>
///   <VirtualSystem ovf:id="web"><Info>A server</Info>
///     <ProductSection ovf:class="com.example.web" ovf:instance="1"><Info>Settings</Info>
///       <Property ovf:key="port" ovf:type="uint16" ovf:userConfigurable="true" ovf:value="80"/>
///       <Property ovf:key="url" ovf:type="string" ovf:value="http://localhost:${port}/"/>
///     </ProductSection>
///   </VirtualSystem>
/// </Envelope>"#;
/// let descriptor = Descriptor::read(text.as_bytes(), &ReadOptions::default())?.value;
/// let deployment = Deployment::choose(&descriptor.envelope, None)?;
/// let mut properties = Properties::new(&descriptor, deployment)?;
/// let web = properties.machine("web")?;
/// assert!(properties.set(web, "port", "http").is_err());
/// properties.set(web, "com.example.web.port.1", "8080")?;
/// let url = &properties.visible(web)[1];
/// assert_eq!(url.key(), "com.example.web.url.1");
/// assert_eq!(&*properties.resolver().value(url)?, "http://localhost:8080/");
/// # Ok::<(), cimi_ovf::Error>(())
/// ```
#[derive(Debug)]
pub struct Properties<'d> {
    descriptor: &'d Descriptor,
    deployment: Deployment<'d>,
    /// The envelope, then all systems and collections in document order.
    scopes: Vec<Scope<'d>>,
    /// Where each name is a property, sorted: `key`, with the class before it, the instance after it, or both.
    names: HashMap<String, Vec<Hit>>,
}

/// A system or collection of a descriptor, or the envelope around them, as [`Properties`] knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner(usize);

/// A property with the value that it is deployed with.
#[derive(Clone)]
pub struct ChosenProperty<'d> {
    property: &'d Property,
    section: &'d ProductSection,
    category: Option<&'d Category>,
    owner: Owner,
    index: usize,
    key: String,
    value: Option<Cow<'d, str>>,
}

#[derive(Debug)]
struct Scope<'d> {
    id: &'d str,
    /// The scope around this one; that of the envelope is itself.
    parent: usize,
    content: Option<&'d Content>,
    properties: Vec<ChosenProperty<'d>>,
}

/// A property that a name may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    scope: usize,
    /// Whether the name is not the whole key.
    is_short: bool,
    index: usize,
}

/// What a name means.
enum Found {
    Property(Hit),
    Several,
    Nothing,
}

impl<'d> Properties<'d> {
    /// The descriptor.
    #[must_use]
    pub fn descriptor(&self) -> &'d Descriptor {
        self.descriptor
    }

    /// The configuration.
    #[must_use]
    pub fn deployment(&self) -> Deployment<'d> {
        self.deployment
    }

    /// The envelope, for what belongs to no machine, such as the capacity of a disk.
    #[must_use]
    pub fn package(&self) -> Owner {
        Owner(0)
    }

    /// All systems and collections in the order of the document.
    pub fn owners(&self) -> impl Iterator<Item = (Owner, &'d Content)> + '_ {
        self.scopes.iter().enumerate().filter_map(|(at, scope)| Some((Owner(at), scope.content?)))
    }

    /// The collection around a system or collection; the envelope around the outermost one.
    #[must_use]
    pub fn around(&self, owner: Owner) -> Option<Owner> {
        let parent = self.scopes.get(owner.0)?.parent;
        (owner.0 != 0).then_some(Owner(parent))
    }

    /// The system or collection; `None` for the envelope.
    #[must_use]
    pub fn content(&self, owner: Owner) -> Option<&'d Content> {
        self.scopes.get(owner.0)?.content
    }

    /// The machine, if it is one.
    #[must_use]
    pub fn system(&self, owner: Owner) -> Option<&'d VirtualSystem> {
        match self.content(owner)? {
            Content::System(system) => Some(system),
            Content::Collection(_) => None,
        }
    }

    /// The machine with this identifier. Identifiers are unique among siblings only: where several machines have this
    /// one, the identifiers of the collections around it go before it: `tier/web`.
    ///
    /// # Errors
    /// When there is no such machine, or several.
    pub fn machine(&self, id: &str) -> Result<Owner> {
        let is_machine = |owner: &Owner| self.system(*owner).is_some();
        let all = || (0..self.scopes.len()).map(Owner).filter(is_machine);
        let mut found: Vec<Owner> = all().filter(|owner| self.id(*owner) == id).collect();
        if found.is_empty() {
            found = all().filter(|owner| self.has_path(*owner, id)).collect();
        }
        match found.as_slice() {
            [machine] => Ok(*machine),
            [] => Err(self.no_machine(id)),
            [first, ..] => {
                let reason =
                    format!("there are several machines '{}'; give a path: '{}'", printable(id), self.path(*first));
                Err(Error::new(ErrorKind::Value, reason))
            }
        }
    }

    fn no_machine(&self, id: &str) -> Error {
        /// Longer lists are of no use.
        const SHOWN: usize = 20;
        let all = (0..self.scopes.len()).map(Owner).filter(|owner| self.system(*owner).is_some());
        let known: Vec<String> = all.take(SHOWN).map(|owner| format!("'{}'", printable(self.id(owner)))).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Error::new(ErrorKind::Value, format!("there is no machine '{}'; the descriptor has {known}", printable(id)))
    }

    fn id(&self, owner: Owner) -> &'d str {
        self.scopes.get(owner.0).map_or("", |scope| scope.id)
    }

    /// Whether a path is that of a system or collection, or the end of it.
    fn has_path(&self, owner: Owner, path: &str) -> bool {
        let mut rest = path;
        for at in self.chain(owner).filter(|at| at.0 != 0) {
            match rest.strip_suffix(self.id(at)) {
                Some("") => return true,
                Some(before) if before.ends_with('/') => rest = before.trim_end_matches('/'),
                _ => return false,
            }
        }
        false
    }

    /// The identifiers from the outermost to this, for people.
    fn path(&self, owner: Owner) -> String {
        let mut ids: Vec<String> = self.chain(owner).filter(|at| at.0 != 0).map(|at| printable(self.id(at))).collect();
        ids.reverse();
        ids.join("/")
    }

    /// A scope and those around it, up to the envelope.
    fn chain(&self, owner: Owner) -> impl Iterator<Item = Owner> + '_ {
        std::iter::successors(Some(owner), |at| self.around(*at))
    }

    /// The properties of a system or collection itself.
    #[must_use]
    pub fn own(&self, owner: Owner) -> &[ChosenProperty<'d>] {
        self.scopes.get(owner.0).map_or(&[], |scope| scope.properties.as_slice())
    }

    /// The properties that a system or collection has: its own, then those of the collections around it. One hides
    /// others with the same key that come later.
    #[must_use]
    pub fn visible(&self, owner: Owner) -> Vec<&ChosenProperty<'d>> {
        let mut keys = std::collections::HashSet::new();
        let all = self.chain(owner).flat_map(|at| self.own(at));
        all.filter(|property| keys.insert(property.key.as_str())).collect()
    }

    /// Chooses the value of a property by its key as a machine or collection sees it: `[CLASS.]KEY[.INSTANCE]`, where
    /// class and instance are needed only to tell properties apart. What is not found there may be a property of another
    /// machine, if there is only one of this name.
    ///
    /// # Errors
    /// When there is no such property, or several; when it is not `userConfigurable`; when the value does not fit its type
    /// or qualifiers. The error names the property, and never the value.
    pub fn set(&mut self, owner: Owner, key: &str, value: &str) -> Result<()> {
        let hit = match self.find(owner, key, None) {
            Found::Nothing => self.find_anywhere(key),
            found => found,
        };
        let shown = printable(key);
        let hit = match hit {
            Found::Property(hit) => hit,
            Found::Several => {
                let reason = format!("there are several properties '{shown}': the class or instance tells them apart");
                return Err(Error::new(ErrorKind::Value, reason));
            }
            Found::Nothing => return Err(Error::new(ErrorKind::Value, format!("there is no property '{shown}'"))),
        };
        let chosen = self.scopes.get(hit.scope).and_then(|scope| scope.properties.get(hit.index));
        chosen.map_or(Ok(()), |chosen| self.check(chosen, value))?;
        let chosen = self.scopes.get_mut(hit.scope).and_then(|scope| scope.properties.get_mut(hit.index));
        if let Some(chosen) = chosen {
            chosen.value = Some(Cow::Owned(value.to_owned()));
        }
        Ok(())
    }

    fn check(&self, chosen: &ChosenProperty<'_>, value: &str) -> Result<()> {
        if chosen.property.user_configurable != Some(true) {
            return Err(self.error(chosen, ErrorKind::Value, "its value is fixed: it is not userConfigurable"));
        }
        if let Some(c) = first_illegal_char(value) {
            let reason = format!("the value has the character U+{:04X}, which XML does not", u32::from(c));
            return Err(self.error(chosen, ErrorKind::Value, &reason));
        }
        check_value(chosen.property, value).map_err(|reason| self.error(chosen, ErrorKind::Value, &reason))
    }

    /// An error about a property.
    fn error(&self, chosen: &ChosenProperty<'_>, kind: ErrorKind, reason: &str) -> Error {
        let reason = format!("the property '{}': {reason}", printable(&chosen.key));
        match self.descriptor.element(chosen.property.node) {
            Some(element) => element.error(kind, reason),
            None => Error::new(kind, reason),
        }
    }

    /// What a name means in a scope, or in those around it; never the property `except` itself.
    fn find(&self, owner: Owner, name: &str, except: Option<(Owner, usize)>) -> Found {
        let Some(hits) = self.names.get(name) else { return Found::Nothing };
        for at in self.chain(owner) {
            let first = hits.partition_point(|hit| hit.scope < at.0);
            let rest = hits.get(first..).unwrap_or_default();
            let here = rest.get(..rest.partition_point(|hit| hit.scope == at.0)).unwrap_or_default();
            let here = match here {
                [hit, others @ ..] if Some((Owner(hit.scope), hit.index)) == except => others,
                all => all,
            };
            match here {
                [] => {}
                [hit, ..] if !hit.is_short => return Found::Property(*hit),
                [hit] => return Found::Property(*hit),
                _ => return Found::Several,
            }
        }
        Found::Nothing
    }

    /// What a name means if only one property of the whole descriptor has it.
    fn find_anywhere(&self, name: &str) -> Found {
        let hits = self.names.get(name).map_or(&[][..], Vec::as_slice);
        match hits {
            [] => Found::Nothing,
            [hit] => Found::Property(*hit),
            several => {
                let mut exact = several.iter().filter(|hit| !hit.is_short);
                match (exact.next(), exact.next()) {
                    (Some(hit), None) => Found::Property(*hit),
                    _ => Found::Several,
                }
            }
        }
    }

    /// Resolves `${}` in values.
    #[must_use]
    pub fn resolver(&self) -> Resolver<'_, 'd> {
        Resolver::new(self)
    }
}

impl<'d> ChosenProperty<'d> {
    /// The whole key, as the guest sees it: `[class.]key[.instance]`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The property.
    #[must_use]
    pub fn property(&self) -> &'d Property {
        self.property
    }

    /// The section that the property stands in.
    #[must_use]
    pub fn section(&self) -> &'d ProductSection {
        self.section
    }

    /// The heading that the property stands under.
    #[must_use]
    pub fn category(&self) -> Option<&'d Category> {
        self.category
    }

    /// Which system or collection it belongs to.
    #[must_use]
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// The value as it was chosen or, with `${}` in it, as the descriptor has it; [`Resolver::value`] gives the one that
    /// the guest sees.
    #[must_use]
    pub fn raw_value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Whether the value was chosen by the user.
    #[must_use]
    pub fn is_set(&self) -> bool {
        matches!(self.value, Some(Cow::Owned(_)))
    }

    /// Whether the value is a secret that must not be shown.
    #[must_use]
    pub fn is_password(&self) -> bool {
        let by_type = self.property.property_type.as_deref().is_some_and(|kind| kind.starts_with("password"));
        by_type || self.property.password == Some(true)
    }
}

impl std::fmt::Debug for ChosenProperty<'_> {
    /// The key; values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChosenProperty").field("key", &self.key).finish_non_exhaustive()
    }
}
