//! The environment of a machine from its descriptor.

use cimi_model::{Parsed, Result};

use super::{Entity, Environment, EnvironmentDocument, EnvironmentProperty, PlatformSection, PropertySection};
use crate::model::Content;
use crate::properties::{ChosenProperty, Owner, Properties, Resolver};

/// What else there is in an environment that is generated.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EnvironmentOptions {
    /// The platform that the machine runs on.
    pub platform: Option<PlatformSection>,
}

impl EnvironmentDocument {
    /// The environment of a machine (DSP0243 11): its own properties, those of the collections around it, and for each
    /// sibling machine an [`Entity`] with the properties of that one.
    ///
    /// What `${}` names in values that there is no property for stays as it is, and is listed.
    ///
    /// ```
    /// use cimi_ovf::environment::{EnvironmentDocument, EnvironmentOptions};
    /// use cimi_ovf::properties::Properties;
    /// use cimi_ovf::{Deployment, Descriptor, ReadOptions};
    ///
    /// let text = r#"<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
    ///     xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"><References/>
    ///   <VirtualSystem ovf:id="web"><Info>A server</Info>
    ///     <ProductSection ovf:class="web"><Info>Settings</Info>
    ///       <Property ovf:key="motd" ovf:type="string" ovf:userConfigurable="true"/>
    ///     </ProductSection>
    ///   </VirtualSystem>
    /// </Envelope>"#;
    /// let descriptor = Descriptor::read(text.as_bytes(), &ReadOptions::default())?.value;
    /// let deployment = Deployment::choose(&descriptor.envelope, None)?;
    /// let mut properties = Properties::new(&descriptor, deployment)?;
    /// let web = properties.machine("web")?;
    /// properties.set(web, "web.motd", "a \"word\"\n")?;
    /// let document = EnvironmentDocument::generate(&properties, web, &EnvironmentOptions::default())?.value;
    /// let text = document.to_text()?;
    /// assert!(text.contains(r#"<Property ovfenv:key="web.motd" ovfenv:value="a &quot;word&quot;&#10;"/>"#), "{text}");
    /// # Ok::<(), cimi_ovf::Error>(())
    /// ```
    ///
    /// # Errors
    /// When values refer to one another in a circle, or become too deep or long; the error names the property.
    pub fn generate(properties: &Properties<'_>, machine: Owner, options: &EnvironmentOptions) -> Result<Parsed<Self>> {
        let mut resolver = properties.resolver();
        let mut document = Self::new();
        let mut environment = Environment {
            id: properties.system(machine).and_then(|system| system.id.clone()),
            platform_sections: options.platform.iter().cloned().collect(),
            ..Default::default()
        };
        environment.property_sections.extend(section(&mut resolver, properties.visible(machine))?);
        for sibling in siblings(properties, machine) {
            let id = properties.system(sibling).and_then(|system| system.id.clone());
            let own = section(&mut resolver, properties.own(sibling).iter().collect())?;
            let property_sections = own.into_iter().collect();
            environment.entities.push(Entity {
                id: Some(id.unwrap_or_default()),
                property_sections,
                ..Default::default()
            });
        }
        document.environment = environment;
        let mut parsed = Parsed::new(document);
        parsed.deviations = resolver.notes();
        Ok(parsed)
    }
}

fn section<'d>(
    resolver: &mut Resolver<'_, 'd>,
    properties: Vec<&ChosenProperty<'d>>,
) -> Result<Option<PropertySection>> {
    let mut section = PropertySection::default();
    for property in properties {
        let value = Some(resolver.value(property)?.to_string());
        let key = Some(property.key().to_owned());
        section.properties.push(EnvironmentProperty { key, value, ..Default::default() });
    }
    Ok((!section.properties.is_empty()).then_some(section))
}

/// The other machines of the collection around a machine.
fn siblings(properties: &Properties<'_>, machine: Owner) -> Vec<Owner> {
    let around = properties.around(machine);
    let is_sibling = |(owner, content): &(Owner, &Content)| {
        *owner != machine && matches!(content, Content::System(_)) && properties.around(*owner) == around
    };
    properties.owners().filter(is_sibling).map(|(owner, _)| owner).collect()
}
