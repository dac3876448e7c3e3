//! Descriptors that are made to take long.

use std::time::{Duration, Instant};

use cimi_ovf::validate::{Problem, Rule, Severity, Validation};

use crate::problems;

const BASE: &str = include_str!("base.ovf");

/// Without optimization, all of these together take a few seconds; what grows with the square would take minutes.
const LONG: Duration = Duration::from_secs(20);

/// The problems of the base with something put before a text of it.
#[track_caller]
fn with(place: &str, inserted: &str, validation: &Validation) -> Vec<Problem> {
    let start = Instant::now();
    let found = problems(&BASE.replacen(place, &format!("{inserted}{place}"), 1), validation);
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
    found
}

fn all() -> Validation {
    Validation { most: usize::MAX, ..Validation::default() }
}

fn count(found: &[Problem], rule: Rule) -> usize {
    found.iter().filter(|problem| problem.rule == rule && problem.severity == Severity::Error).count()
}

const MANY: usize = 50_000;

#[test]
fn a_circle_of_disks() {
    let disk =
        |at: usize| format!("<Disk ovf:diskId=\"d{at}\" ovf:capacity=\"1\" ovf:parentRef=\"d{}\"/>", (at + 1) % MANY);
    let disks: String = (0..MANY).map(disk).collect();
    assert_eq!(count(&with("<Disk ovf:diskId=\"root\"", &disks, &all()), Rule::Cycle), MANY);
}

#[test]
fn properties_that_double() {
    let property = |at: usize| {
        format!("<Property ovf:key=\"k{at}\" ovf:type=\"string\" ovf:value=\"${{k{0}}}${{k{0}}}\"/>", at + 1)
    };
    let properties: String = (0..MANY).map(property).collect();
    let found = with("<Property ovf:key=\"host\"", &properties, &all());
    // Some twenty doublings are not too many.
    assert!((MANY - 25..MANY).contains(&count(&found, Rule::Substitution)));
}

#[test]
fn one_element_with_many_references() {
    let references = "<rasd:HostResource>ovf:/disk/none</rasd:HostResource>".repeat(MANY);
    let found = with("<rasd:HostResource>ovf:/disk/delta", &references, &all());
    assert_eq!(count(&found, Rule::Reference), MANY);
    let lines: std::collections::BTreeSet<_> = found.iter().map(|problem| problem.location).collect();
    assert!(lines.len() >= MANY, "each is told where it stands");
}

#[test]
fn many_values_held_against_many() {
    let map: Vec<String> = (0..MANY).map(|at| format!("&quot;v{at}&quot;")).collect();
    let qualifiers = format!("ValueMap{{{}}}", map.join(","));
    let values = "<Value ovf:value=\"none\"/>".repeat(MANY);
    let property =
        format!("<Property ovf:key=\"k\" ovf:type=\"string\" ovf:qualifiers=\"{qualifiers}\">{values}</Property>");
    assert_eq!(count(&with("<Property ovf:key=\"host\"", &property, &all()), Rule::Qualifier), MANY);
}

#[test]
fn many_keys_far_inside() {
    const DEEP: usize = 50;
    let open = "<VirtualSystemCollection ovf:id=\"c\"><Info>Deep</Info>".repeat(DEEP);
    let value = "${host}".repeat(2 * MANY);
    let inner = format!(
        "<VirtualSystem ovf:id=\"i\"><Info>Inner</Info><ProductSection><Info>P</Info>\
         <Property ovf:key=\"p\" ovf:type=\"string\" ovf:value=\"{value}\"/></ProductSection></VirtualSystem>"
    );
    let nested = format!("{open}{inner}{}", "</VirtualSystemCollection>".repeat(DEEP));
    // 100,000 times `shop.example.com`.
    assert_eq!(count(&with("<VirtualSystem ovf:id=\"db\">", &nested, &all()), Rule::Substitution), 1);
}

/// A class is a part of the key of each property: of long ones, only so many are known by their whole key.
#[test]
fn long_classes() {
    let class = "c".repeat(100_000);
    let property = |at: usize| format!("<Property ovf:key=\"k{at}\" ovf:type=\"string\" ovf:value=\"\"/>");
    let properties: String = (0..1000).map(property).collect();
    let references = format!(
        "<ProductSection><Info>R</Info><Property ovf:key=\"r\" ovf:type=\"string\" \
         ovf:value=\"${{{class}.k0}}${{{class}.k999}}\"/></ProductSection>"
    );
    let section = format!("<ProductSection ovf:class=\"{class}\"><Info>P</Info>{properties}</ProductSection>");
    let found = with("<VirtualHardwareSection", &(section + &references), &all());
    let unknown = found.iter().filter(|problem| problem.rule == Rule::Substitution).count();
    assert_eq!(unknown, 1, "{found:?}");
}
