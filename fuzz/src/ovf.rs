//! Descriptors and environments: there and back, edited, validated, deployed, mapped.

use cimi_model::{Dialect, Format, ReadOptions as Reading, SystemTemplate, WriteOptions, json, xml};
use cimi_ovf::environment::{EnvironmentDocument, EnvironmentOptions};
use cimi_ovf::package::{PackageLimits, references};
use cimi_ovf::properties::Properties;
use cimi_ovf::validate::Validation;
use cimi_ovf::{
    Deployment, Descriptor, ExportOptions, ImportOptions, Limits, ReadOptions, Version, export, export_onto, import,
};

use crate::documents::{GENEROUS, text, well_formed};

/// What an output is read with: it may be larger than the input by declarations and escapes.
fn generous() -> ReadOptions {
    let mut options = ReadOptions::default();
    options.limits = Limits { size: 1 << 30, elements: 1 << 30, ..options.limits };
    options.undeclared_prefixes = true;
    options
}

/// Reads a descriptor, writes it back, edits it, validates it, and deploys it.
///
/// # Panics
/// When it does not come back byte for byte, or an edit is lost.
pub fn ovf(input: &[u8]) {
    let mut options = ReadOptions::default();
    let strict = Descriptor::read(input, &ReadOptions::strict());
    options.undeclared_prefixes = true;
    let lenient = Descriptor::read(input, &options);
    let _ = references(input, &PackageLimits::default());
    let parsed = match (strict, lenient) {
        (Ok(strict), Ok(lenient)) => {
            assert_eq!(strict.value.envelope, lenient.value.envelope, "strict reading reads something else");
            lenient
        }
        (Ok(_), Err(error)) => panic!("strict reading accepts what lenient reading refuses: {error}"),
        (Err(_), Ok(lenient)) => lenient,
        (Err(_), Err(error)) => return assert!(!error.to_string().contains('\n'), "{error}"),
    };
    assert_eq!(parsed.value.tree().to_vec(), input, "the tree does not come back");
    assert_eq!(parsed.value.to_vec().ok().as_deref(), Some(input), "the descriptor does not come back");
    for validation in [Validation::default(), Validation::strict()] {
        for problem in validation.parsed(&parsed) {
            assert!(problem.path.starts_with('/') && !problem.to_string().contains('\n'), "{problem}");
        }
    }
    edit(&parsed.value);
    deploy(&parsed.value);
}

/// Changes what there is to be changed, and reads the result.
fn edit(descriptor: &Descriptor) {
    let mut edited = descriptor.clone();
    let envelope = &mut edited.envelope;
    for file in envelope.references.iter_mut().flat_map(|references| &mut references.files) {
        file.href = Some("a<&\"'>\n\u{e9}.vmdk".to_owned());
        file.size = Some(7);
    }
    for section in &mut envelope.disk_sections {
        section.disks.retain(|disk| disk.file_ref.is_some());
        section.info = Some("Disks & more ]]>".into());
    }
    for section in &mut envelope.network_sections {
        section.networks.reverse();
        section.networks.extend(section.networks.first().cloned());
    }
    envelope.strings.clear();
    let Ok(bytes) = edited.to_vec() else { return };
    let again = Descriptor::read(&bytes, &generous());
    let again = again.unwrap_or_else(|error| panic!("what was edited cannot be read: {error}\n{}", shown(&bytes)));
    assert_eq!(again.value.envelope, edited.envelope, "an edit is lost\n{}", shown(&bytes));
}

fn shown(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Each machine in each configuration, with its environment.
fn deploy(descriptor: &Descriptor) {
    let sections = &descriptor.envelope.deployment_option_sections;
    let ids = sections.iter().flat_map(|section| &section.configurations).take(4).map(|found| found.id.as_deref());
    for id in std::iter::once(None).chain(ids) {
        let Ok(deployment) = Deployment::choose(&descriptor.envelope, id) else { continue };
        let Ok(properties) = Properties::new(descriptor, deployment) else { continue };
        let machines = properties.owners().map(|(owner, _)| owner).filter(|owner| properties.system(*owner).is_some());
        for machine in machines.take(8) {
            let generated = EnvironmentDocument::generate(&properties, machine, &EnvironmentOptions::default());
            let Ok(generated) = generated else { continue };
            let Ok(text) = generated.value.to_text() else { continue };
            let again = EnvironmentDocument::read(text.as_bytes(), &generous()).expect("it was just written").value;
            assert_eq!(again.environment, generated.value.environment, "{text}");
        }
    }
}

/// Reads the environment of a machine, writes it back, and changes values.
///
/// # Panics
/// When it does not come back byte for byte, or a change is lost.
pub fn ovf_env(input: &[u8]) {
    let strict = EnvironmentDocument::read(input, &ReadOptions::strict());
    let Ok(parsed) = EnvironmentDocument::read(input, &ReadOptions::default()) else {
        return assert!(strict.is_err(), "strict reading accepts what lenient reading refuses");
    };
    let mut document = parsed.value;
    assert_eq!(document.to_vec().ok().as_deref(), Some(input), "the document does not come back");
    for section in &mut document.environment.property_sections {
        for (number, property) in section.properties.iter_mut().enumerate() {
            property.value = Some(format!("{number} \"a\" <b> & 'c'\n\t\r"));
        }
        section.properties.extend(section.properties.first().cloned());
    }
    let Ok(bytes) = document.to_vec() else { return };
    let again = EnvironmentDocument::read(&bytes, &generous());
    let again = again.unwrap_or_else(|error| panic!("what was changed cannot be read: {error}\n{}", shown(&bytes)));
    assert_eq!(again.value.environment, document.environment, "a change is lost\n{}", shown(&bytes));
}

/// Imports a descriptor, exports the template, anew and onto the descriptor.
///
/// # Panics
/// When the template does not survive both formats and the way back.
pub fn ovf_import(input: &[u8]) {
    let mut options = ImportOptions::default();
    options.report = true;
    let Ok(imported) = import(input, &options) else { return };
    let template = imported.template;
    for dialect in [Dialect::V1, Dialect::V2] {
        let written = [Format::Json, Format::Xml].map(|format| text(&template, format, WriteOptions::from(dialect)));
        let [from_json, from_xml] = [
            json::from_slice::<SystemTemplate>(written[0].as_bytes(), &GENEROUS),
            xml::from_slice::<SystemTemplate>(written[1].as_bytes(), &GENEROUS),
        ];
        assert_eq!(from_json.map(|read| read.value).as_ref().ok(), Some(&template), "{}", written[0]);
        assert_eq!(from_xml.map(|read| read.value).as_ref().ok(), Some(&template), "{}", written[1]);
        well_formed(&written[1], Format::Xml);
    }
    there_and_back(&template);
    let mut reading = ReadOptions::default();
    reading.limits = options.limits;
    let mut descriptor = Descriptor::read(input, &reading).expect("it was imported").value;
    if export_onto(&mut descriptor, &template, &all(Version::V1)).is_ok() {
        let _ = import(&descriptor.to_vec().expect("it was just made"), &options);
    }
}

/// Exports a template, and imports what came of it.
///
/// # Panics
/// When it is not the same.
pub fn ovf_export(input: &[u8]) {
    let Ok(parsed) = json::from_slice::<SystemTemplate>(input, &Reading::default()) else { return };
    there_and_back(&parsed.value);
}

fn all(version: Version) -> ExportOptions {
    let mut options = ExportOptions::default();
    (options.version, options.secrets) = (version, true);
    options
}

fn there_and_back(template: &SystemTemplate) {
    for version in [Version::V1, Version::V2] {
        let Ok(exported) = export(template, &all(version)) else { return };
        let bytes = exported.descriptor.to_vec().expect("it was just made");
        let mut options = ImportOptions::default();
        options.limits = generous().limits;
        let again = import(&bytes, &options);
        let again =
            again.unwrap_or_else(|error| panic!("what was exported cannot be imported: {error}\n{}", shown(&bytes)));
        assert_eq!(again.template, *template, "changed by {version:?}\n{}", shown(&bytes));
        let mut options = all(version);
        options.store = false;
        let exported = export(template, &options).expect("it was possible with more in it");
        let _ = import(&exported.descriptor.to_vec().expect("it was just made"), &ImportOptions::default());
    }
}
