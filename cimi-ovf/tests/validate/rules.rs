//! A descriptor without problems, and one breach of each rule.

use cimi_ovf::validate::Severity::{Error, Info};
use cimi_ovf::validate::{Problem, Rule, Validation};
use cimi_ovf::{Descriptor, ReadOptions, Version};

use crate::breaches::BREACHES;
use crate::problems;

const BASE: &str = include_str!("base.ovf");

const SHOP: &str = "/Envelope/VirtualSystemCollection['shop']";

#[test]
fn the_base_has_no_problems() {
    let found = problems(BASE, &Validation::strict());
    let beside: Vec<_> = found.iter().filter(|problem| problem.rule != Rule::UnknownSection).collect();
    assert!(beside.is_empty(), "{beside:#?}");
    // That there is a section of a vendor is worth knowing.
    assert_eq!(found.iter().map(|problem| problem.severity).collect::<Vec<_>>(), [Info]);
}

#[test]
fn each_breach_is_found() {
    for (from, to, path, rule, severity) in BREACHES {
        assert_eq!(BASE.matches(from).count(), 1, "{from}");
        let text = BASE.replace(from, to);
        let path = path.replace("SHOP", SHOP).replace("WEB", &format!("{SHOP}/VirtualSystem['web']"));
        let found = problems(&text, &Validation::default());
        let is_it = |problem: &&Problem| problem.rule == *rule && problem.severity == *severity;
        let problem = found.iter().find(|problem| is_it(problem) && (problem.path == path || path.is_empty()));
        let Some(problem) = problem else { panic!("{from} → {to}: {path} {rule}: {found:#?}") };
        let location = problem.location.unwrap();
        let lines = text.split('\n').count() as u64;
        assert!(location.line >= 1 && location.line <= lines, "{problem}");
        assert!(!problem.text.contains('\n'), "{problem}");
        // Nothing is worse than what was broken.
        let worst = found.iter().map(|problem| problem.severity).max().unwrap();
        assert!(worst <= (*severity).max(Info) || *severity == Error, "{from} → {to}: {found:#?}");
    }
}

#[test]
fn strict_makes_errors_of_deviations() {
    let text = BASE.replace("ovf:/disk/delta", "/disk/delta").replace("ovf:chunkSize=", "chunkSize=");
    let lenient = problems(&text, &Validation::default());
    assert!(lenient.iter().all(|problem| problem.severity != Error), "{lenient:#?}");
    let strict = problems(&text, &Validation::strict());
    assert_eq!(strict.iter().filter(|problem| problem.severity == Error).count(), 2, "{strict:#?}");
}

#[test]
fn values_of_properties_are_not_told() {
    let text = BASE
        .replace("ovf:value=\"0.5\"", "ovf:value=\"hunter2\"")
        .replace("ovf:value=\"live\"", "ovf:value=\"hunter2\"");
    let found = problems(&text, &Validation::default());
    assert_eq!(found.iter().filter(|problem| problem.severity == Error).count(), 2);
    assert!(!format!("{found:?}").contains("hunter2"));
}

#[test]
fn places_are_those_of_elements() {
    let text = BASE.replace("<rasd:Connection>front", "<rasd:Connection>side");
    let found = problems(&text, &Validation::default());
    let problem = found.iter().find(|problem| problem.rule == Rule::Reference).unwrap();
    let (line, column) =
        text.lines().enumerate().find_map(|(at, line)| Some((at, line.find("<rasd:Connection>side")?))).unwrap();
    let location = problem.location.unwrap();
    assert_eq!((location.line, location.column), (line as u64 + 1, column as u64 + 1));
}

/// A descriptor is held against the rules as it would be written, not as it was read.
#[test]
fn changes_count() {
    let mut descriptor = Descriptor::read(BASE.as_bytes(), &ReadOptions::default()).unwrap().value;
    let validation = Validation::default();
    assert!(validation.accepts(&descriptor));
    descriptor.envelope.disk_sections[0].disks[1].parent_ref = Some("gone".into());
    let found = validation.problems(&descriptor);
    assert!(!validation.accepts(&descriptor));
    assert!(found.iter().any(|problem| problem.rule == Rule::Reference && problem.path.ends_with("Disk['delta']")));
    descriptor.envelope.disk_sections[0].disks.truncate(1);
    let found = validation.problems(&descriptor);
    assert!(found.iter().any(|problem| problem.path.ends_with("Item['4']/HostResource")), "{found:#?}");

    let empty = Descriptor::new(Version::V1);
    let found = validation.problems(&empty);
    assert_eq!(
        found.iter().map(|problem| (problem.path.as_str(), problem.rule)).collect::<Vec<_>>(),
        [("/Envelope", Rule::Required)]
    );
}

/// What is too much is counted, and does not hide how bad it is.
#[test]
fn many_problems_are_counted() {
    let disk =
        |at: usize| format!("<Disk ovf:diskId=\"d{at}\" ovf:capacity=\"x\" ovf:fileRef=\"none\" ovf:format=\"f\"/>");
    let disks: String = (0..20_000).map(disk).collect();
    let text = BASE.replace("<Info>Disks</Info>", &format!("<Info>Disks</Info>{disks}"));
    let validation = Validation { most: 10, ..Validation::default() };
    let found = problems(&text, &validation);
    assert_eq!(found.len(), 11);
    let last = found.last().unwrap();
    assert_eq!((last.rule, last.severity), (Rule::Limit, Error));
    assert!(last.text.starts_with("59990 more"), "{last}");
}

/// A property may have the value of one of the same name in another section.
#[test]
fn a_name_of_its_own_means_another_property() {
    let section = |class: &str, value: &str| {
        format!(
            "<ProductSection ovf:class=\"{class}\"><Info>I</Info>\
             <Property ovf:key=\"port\" ovf:type=\"string\" ovf:value=\"{value}\"/></ProductSection>"
        )
    };
    let place = "<OperatingSystemSection ovf:id=\"94\"><Info>Linux</Info></OperatingSystemSection>\n      <VirtualHardwareSection>";
    for (first, second, circles) in
        [("${port}", "80", 0), ("80", "${port}", 0), ("${port}", "${port}", 2), ("${a.port}", "80", 1)]
    {
        let sections = section("a", first) + &section("b", second);
        let text = BASE.replacen(place, &format!("{sections}{place}"), 1);
        assert_ne!(text, BASE);
        let found = problems(&text, &Validation::default());
        let count = found.iter().filter(|problem| problem.rule == Rule::Cycle).count();
        assert_eq!(count, circles, "{first} {second}: {found:#?}");
    }
}
