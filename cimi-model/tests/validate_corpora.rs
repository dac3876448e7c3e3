//! Real documents, told apart: what the official schema accepts has no error, and deviations are named at their path.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

mod support;

use std::collections::HashMap;

use cimi_model::meta::Role;
use cimi_model::validate::{Problem, Severity, Validation};
use cimi_model::{Document, Generic, Parsed, ReadOptions, Registry};
use support::corpus;

/// Requests that do not say so in the type of their document.
const REQUESTS: &[&str] = &["cimi-other/237_", "cimi-other/267_"];

/// Documents of the other corpus that the official schema accepts.
const ACCEPTED: &[&str] = &["237_", "241_", "244_", "247_", "251_", "254_", "258_", "265_", "267_", "269_"];

/// What each document is held against: requests were sent to a provider, and `$select` leaves attributes out.
struct Corpus {
    /// The request that each answer belongs to.
    requests: HashMap<String, String>,
    /// What the official schema says about each XML document.
    verdicts: HashMap<String, (bool, String)>,
}

impl Corpus {
    fn load(test: &str) -> Option<Self> {
        let folder = corpus::folder(test)?.join("corpus/cimi-deltacloud");
        let lines = |file: &str| -> Vec<Vec<String>> {
            let content = std::fs::read_to_string(folder.join(file)).expect("an index");
            content.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
        };
        let answered = lines("INDEX.tsv").into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
        let verdicts = lines("xsd.tsv").into_iter().map(|row| (row[0].clone(), (row[2] == "valid", row[3].clone())));
        Some(Self { requests: answered, verdicts: verdicts.collect() })
    }

    fn problems(&self, name: &str, parsed: &Parsed<Document>) -> Vec<Problem> {
        let file = name.rsplit('/').next().unwrap();
        let sent_for = self.requests.get(file).map_or("", String::as_str);
        let selected: Option<Vec<&str>> = sent_for
            .split(['?', '&'])
            .find_map(|part| part.strip_prefix("$select=").or_else(|| part.strip_prefix("%24select=")))
            .map(|names| names.split([',', ' ']).collect());
        let sent = name.contains(".request.")
            || REQUESTS.iter().any(|beginning| name.starts_with(beginning))
            || parsed.value.record().record_type().role == Role::Create;
        let validation = if sent { Validation::create() } else { Validation::read() };
        Validation { selected: selected.as_deref(), ..validation }.parsed(parsed)
    }
}

fn typed(test: &str) -> Vec<(String, Parsed<Document>)> {
    let (registry, options) = (Registry::standard(), ReadOptions::default());
    corpus::documents(test)
        .into_iter()
        .filter_map(|(name, bytes)| Some((name, Document::read(&bytes, &registry, &options).ok()?)))
        .filter(|(_, parsed)| parsed.value.as_ref::<Generic>().is_none())
        .collect()
}

#[test]
fn what_the_official_schema_accepts_has_no_error() {
    let test = "what_the_official_schema_accepts_has_no_error";
    let Some(corpus) = Corpus::load(test) else { return };
    let (mut accepted, mut named, mut silent) = (0, 0, Vec::new());
    for (name, parsed) in typed(test) {
        let problems = corpus.problems(&name, &parsed);
        let file = name.rsplit('/').next().unwrap();
        let valid = match corpus.verdicts.get(file) {
            Some((valid, _)) => *valid,
            None if file.rsplit('.').next() == Some("xml") => {
                ACCEPTED.iter().any(|beginning| file.starts_with(beginning))
            }
            None => continue,
        };
        let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
        if valid {
            accepted += 1;
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        } else if problems
            .iter()
            .any(|problem| !problem.text.contains("always includes") || problem.severity == Severity::Error)
        {
            named += 1;
        } else {
            let root = || std::fs::read_to_string(corpus::folder(test).unwrap().join("corpus").join(&name)).unwrap();
            let why = corpus.verdicts.get(file).map_or_else(
                || if root().contains("resourceURI=") { "'resourceURI'" } else { "order" }.to_owned(),
                |(_, why)| why.clone(),
            );
            silent.push((name, why));
        }
    }
    println!("{accepted} accepted, {named} with deviations that are named, {} without", silent.len());
    assert!(accepted > 35 && named > 90, "{accepted} {named}");
    // The text of the standard allows more than the schema, and takes precedence (5.9): `resourceURI` on any root
    // (4.1.4), no format of a disk (5.5.15), elements in any order.
    for (name, why) in &silent {
        let foreseen = why.contains("'resourceURI'") || why.contains("( format )") || why == "order";
        assert!(foreseen, "{name}: {why}");
    }
}

/// A document, and the beginning of a problem that it has: path and message, rule.
const DEVIATIONS: &[(&str, &str, &str)] = &[
    ("cimi-deltacloud/012_GET_machines.json", "/MachineCollection/machines[0]/cpu:", "spelling"),
    ("cimi-deltacloud/022_GET_volumes.json", "/VolumeCollection/volumes[2]/bootable:", "spelling"),
    ("cimi-deltacloud/008_GET_systems.json", "/SystemCollection/systems[1]/created:", "value"),
    ("cimi-deltacloud/011_GET_system_templates.xml", "/SystemTemplateCollection/systemTemplates[0]/created:", "value"),
    (
        "cimi-deltacloud/007_GET_resource_metadata.xml",
        "/ResourceMetadataCollection/resourceMetadatas[0]/typeURI:",
        "spelling",
    ),
    ("cimi-deltacloud/028_GET_volume_images.json", "/VolumeImageCollection/volumeImages[0]/imageLocation:", "spelling"),
    ("cimi-deltacloud/001_GET_cloudEntryPoint.json", "/CloudEntryPoint/driver:", "unknown"),
    ("cimi-deltacloud/012_GET_machines.json", "/MachineCollection/machines[0]/realm:", "unknown"),
    ("cimi-other/044_", "/Job/href:", "unknown"),
    ("cimi-other/045_", "/Job/operations[0]/rel: 'relValue_1_0' is no operation", "operation"),
    ("cimi-other/046_", "/Job/affectedResources: the list does not include the target", "consistency"),
    ("cimi-other/036_", "/CloudEntryPoint/baseURI: the baseURI is an absolute URI", "uri"),
    ("cimi-other/038_", "/Credential/key: the value of this attribute of Credential is not an xs:hexBinary", "value"),
    ("cimi-other/028_", "/MachineImageCollection/count: the attribute is absent", "required"),
    ("cimi-other/281_", "/ResourceMetadata/capabilities[0]/uri:", "uri"),
    ("cimi-other/281_", "/ResourceMetadata/capabilities[1]/uri: the capability is one of Collection", "consistency"),
    ("cimi-other/281_", "/ResourceMetadata/typeURI:", "spelling"),
    ("cimi-other/048_", "/Machine/disks/disks[0]/name: the attribute does not exist in CIMI 1.x", "version"),
];

#[test]
fn deviations_are_named_at_their_path() {
    let test = "deviations_are_named_at_their_path";
    let Some(corpus) = Corpus::load(test) else { return };
    let documents = typed(test);
    for (document, beginning, rule) in DEVIATIONS {
        let (name, parsed) = documents.iter().find(|(name, _)| name.starts_with(document)).expect(document);
        let problems = corpus.problems(name, parsed);
        let found =
            problems.iter().any(|problem| problem.to_string().starts_with(beginning) && problem.rule.as_str() == *rule);
        assert!(found, "{name}: {beginning} ({rule})\n{problems:#?}");
    }
}

/// What a provider would make of requests that it receives.
#[test]
fn real_requests_are_taken_or_refused() {
    let test = "real_requests_are_taken_or_refused";
    let Some(corpus) = Corpus::load(test) else { return };
    let (mut taken, mut refused) = (0, 0);
    for (name, parsed) in typed(test).iter().filter(|(name, _)| name.contains(".request.")) {
        let errors: Vec<_> =
            corpus.problems(name, parsed).into_iter().filter(|p| p.severity == Severity::Error).collect();
        if errors.is_empty() {
            taken += 1;
        } else {
            refused += 1;
            println!("{name}");
            for problem in &errors {
                println!("  {problem}");
            }
        }
    }
    println!("{taken} taken, {refused} refused");
    assert!(taken > 10 && refused > 3, "{taken} {refused}");
}

/// Asking for the worst alone gives the same as leaving the rest out.
#[test]
fn what_is_not_asked_about_is_left_out() {
    let mut compared = 0;
    for (name, parsed) in typed("what_is_not_asked_about_is_left_out") {
        let record = parsed.value.record();
        for validation in
            [Validation::create(), Validation::read(), Validation::update(None), Validation::update(Some(record))]
        {
            let all = validation.problems(record);
            for least in [Severity::Warning, Severity::Error] {
                let found = Validation { least, ..validation.clone() }.problems(record);
                let expected: Vec<_> = all.iter().filter(|problem| problem.severity >= least).collect();
                // What is sent back as it was is no error, and then not looked at.
                if validation.current.is_some() && least == Severity::Error {
                    assert!(found.iter().all(|problem| expected.contains(&problem)), "{name}: {found:?}");
                } else {
                    assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{name}");
                }
                compared += expected.len();
            }
        }
    }
    println!("{compared} problems were compared");
}
