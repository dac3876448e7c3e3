//! The verdicts on the corpora agree with what their index knows; where they do not, the reason is here, file by file.
//!
//! Runs where `CIMI_TEST_DATA` names a directory with the corpora. The index calls a descriptor valid when nothing bad is
//! known of it, and malformed also when another program refused it for reasons outside of the descriptor.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cimi_ovf::validate::{Problem, Rule, Severity, Validation};
use cimi_ovf::{Descriptor, ReadOptions};

/// Files that the index calls valid, and the standard does not: what is wrong, and with which files.
const NOT_VALID: &[(Rule, &str, &[&str])] = &[
    (
        Rule::Duplicate,
        "two items of one section have the same InstanceID",
        &[
            "StratusLab_claudia/src__main__config__glitesiteovf.xml",
            "StratusLab_claudia/ovf__glitesiteovf-1.8.11.xml",
            "StratusLab_claudia/ovf__glitesiteovf-1.8.17.xml",
            "StratusLab_claudia/ovf__glitesiteovf-1.8.5.xml",
            "StratusLab_claudia/ovf__glitesiteovf-1.8.6.xml",
        ],
    ),
    (
        Rule::Reference,
        "an item has a parent that its section does not have",
        &["StratusLab_claudia/src__test__resources__sap.xml", "vmware_govmomi/ext__missing_nvdimm_controller.ovf"],
    ),
    (
        Rule::Reference,
        "a connection to a network that is not listed",
        &["vmware_govmomi/ext__smallxp-vapp__smallxp-vapp.ovf"],
    ),
    (
        Rule::Required,
        "a disk has no capacity, which the schema demands",
        &[
            "ganeti_ganeti/test__data__ovfdata__ganeti.ovf",
            "ganeti_ganeti/test__data__ovfdata__gzip_disk.ovf",
            "ganeti_ganeti/test__data__ovfdata__virtualbox.ovf",
        ],
    ),
    (
        Rule::Value,
        "the dialect of oVirt: the operating system has the identifier of the machine in place of a number",
        &[
            "libguestfs_virt-v2v/tests__test-o-vdsm-options.ovf.expected",
            "oVirt_ovirt-engine/src__test__resources__vmOvfData.xml",
            "oVirt_ovirt-engine/src__test__resources__vmOvfData2.xml",
        ],
    ),
    (
        Rule::UnknownSection,
        "something of VMware that says that whoever does not know it must refuse the descriptor",
        &[
            "vmware_govmomi/ext__ImportOvf2014__complete_vs_11.ovf",
            "vmware_govmomi/ext__ImportOvf2014__complete_vsc.ovf",
            "vmware_govmomi/ext__ImportOvf2014__complete_vsc_11.ovf",
            "vmware_govmomi/ext__vbs__extra-config-complete-required.ovf",
            "vmware_govmomi/ext__vbs__extra-config-only-whitelist-required.ovf",
        ],
    ),
    (
        Rule::Placement,
        "a section of systems stands in the envelope, which ovftool refuses elsewhere too",
        &["vmware_govmomi/ext__OVFFeatureSupportTestdata__VMware_Studio_ovf__VM_OVF09.ovf"],
    ),
    (
        Rule::Name,
        "a file is on a share of Windows, by a path with backslashes",
        &[
            "vmware_govmomi/ovftool__Envelope__Pos__other_schema.ovf",
            "vmware_govmomi/ovftool__Envelope_1_0__Pos__other_schema.ovf",
        ],
    ),
    (
        Rule::Capacity,
        "a template, with placeholders where numbers belong",
        &[
            "vmware_open-vmdk/templates__template-hw10.ovf",
            "vmware_open-vmdk/templates__template-hw11.ovf",
            "vmware_open-vmdk/templates__template-hw13.ovf",
            "vmware_open-vmdk/templates__template-hw14.ovf",
            "vmware_open-vmdk/templates__template-hw15.ovf",
            "vmware_open-vmdk/templates__template-hw17.ovf",
        ],
    ),
];

/// Files that the index calls malformed, and that have no error: why.
const NOT_MALFORMED: &[(&str, &[&str])] = &[
    (
        "the fault is in the image, certificate or manifest, or in how the program was called; the descriptor has none",
        &[
            "ganeti_ganeti/test__data__ovfdata__corrupted_resources.ovf",
            "vmware_govmomi/ext__2011OVFs__sunVHW-DiskTypes__sunVHW-DiskTypes-invalid.ovf",
            "vmware_govmomi/ext__ovf_negative_test__ovf_with_invalid_vmdk__xp-multinic.ovf",
            "vmware_govmomi/ext__standard_ovas__incorrect-disk__incorrect-disk.ovf",
            "vmware_govmomi/ovftool__DigitalCertificates__Neg__valid_certificate.ovf",
            "vmware_govmomi/ovftool__DiskSection__Neg__invalid_createType_disk.ovf",
            "vmware_govmomi/ovftool__DiskSection__Neg__invalid_delta_reference_disk.ovf",
            "vmware_govmomi/ovftool__DiskSection__Neg__not_in_order_disks.ovf",
            "vmware_govmomi/ovftool__DiskSection_1_0__Neg__invalid_createType_disk.ovf",
            "vmware_govmomi/ovftool__DiskSection_1_0__Neg__invalid_delta_reference_disk.ovf",
            "vmware_govmomi/ovftool__DiskSection_1_0__Neg__not_in_order_disks.ovf",
            "vmware_govmomi/ovftool__Envelope__Neg__gzip_compression.ovf",
            "vmware_govmomi/ovftool__HttpLocators__Neg__bare_minimal_http.ovf",
            "vmware_govmomi/ovftool__HttpLocators__Neg__valid_no_disk.ovf",
            "vmware_govmomi/ovftool__HttpLocators__Neg__valid_no_disk_in_server.ovf",
            "vmware_govmomi/ovftool__HttpLocators_1_0__Neg__valid_no_disk_in_server.ovf",
            "vmware_govmomi/ovftool__Options__Neg__nvm001.ovf",
        ],
    ),
    (
        "the hardware or guest is one that VMware does not support, which is no matter of the standard",
        &[
            "vmware_govmomi/ext__nvdimm_incorrect_controller.ovf",
            "vmware_govmomi/ext__standard_ovas__unsupportedHardwareVersion__unsupportedHardwareVersion.ovf",
            "vmware_govmomi/ext__vbs__vbs-unsupported-hw-version.ovf",
            "vmware_govmomi/ext__vbs__vbs-unsupported-os-type.ovf",
            "vmware_govmomi/fx__unsupported-resourcetype.ovf",
        ],
    ),
    (
        "at most a warning: ovftool refuses what the standard allows",
        &[
            "vmware_govmomi/ovftool__DiskSection__Neg__dup_filerefs.ovf",
            "vmware_govmomi/ovftool__DiskSection_1_0__Neg__dup_filerefs.ovf",
            "vmware_govmomi/ovftool__DiskSection__Neg__no_format.ovf",
            "vmware_govmomi/ovftool__DiskSection_1_0__Neg__no_format.ovf",
            "vmware_govmomi/ovftool__Envelope__Neg__fileelements_samefile.ovf",
            "vmware_govmomi/ovftool__Envelope_1_0__Neg__fileelements_samefile.ovf",
            "vmware_govmomi/ovftool__Envelope__Neg__invalid_version.ovf",
            "vmware_govmomi/ovftool__VirtualHardware_1_0__Neg__no_vh.ovf",
        ],
    ),
    (
        "a warning: products write it, some of them in files that the index calls valid",
        &[
            "vmware_govmomi/ovftool__Envelope__Neg__identity_compression.ovf",
            "vmware_govmomi/ovftool__Envelope__Neg__invalid_ref_size_neg.ovf",
            "vmware_govmomi/ovftool__Envelope_1_0__Neg__invalid_ref_size_neg.ovf",
            "vmware_govmomi/ovftool__Envelope_1_0__Neg__bare_minimal.ovf",
            "vmware_govmomi/ovftool__Envelope_1_0__Neg__content_withnoinfo.ovf",
            "vmware_govmomi/ovftool__Envelope_1_0__Neg__invalid_zero_capacity.ovf",
            "vmware_govmomi/ovftool__Envelope_1_0__Neg__section_withnoinfo.ovf",
        ],
    ),
    (
        "OVF 0.9, of which there is no schema that could demand it",
        &[
            "vmware_govmomi/ovftool__Envelope__Neg__content_withnoinfo.ovf",
            "vmware_govmomi/ovftool__Envelope__Neg__invalid_zero_capacity.ovf",
            "vmware_govmomi/ovftool__Envelope__Neg__section_compatibility_rec.ovf",
            "vmware_govmomi/ovftool__Envelope__Neg__section_withnoinfo.ovf",
        ],
    ),
];

fn data() -> Option<PathBuf> {
    let root = std::env::var_os("CIMI_TEST_DATA");
    if root.is_none() {
        println!("skipped: CIMI_TEST_DATA is not set");
    }
    root.map(PathBuf::from)
}

fn problems(file: &Path) -> Vec<Problem> {
    match Descriptor::read(&std::fs::read(file).unwrap(), &ReadOptions::default()) {
        Ok(parsed) => Validation::default().parsed(&parsed),
        Err(error) => vec![Problem::from(&error)],
    }
}

fn errors(problems: &[Problem]) -> Vec<&Problem> {
    problems.iter().filter(|problem| problem.severity == Severity::Error).collect()
}

#[test]
fn verdicts_agree_with_the_index() {
    let Some(root) = data() else { return };
    let root = root.join("corpus/ovf");
    let index = std::fs::read_to_string(root.join("INDEX.tsv")).unwrap();
    let excused: BTreeSet<&str> = NOT_MALFORMED.iter().flat_map(|(_, files)| *files).copied().collect();
    let (mut accepted, mut refused) = (0, 0);
    for line in index.lines() {
        let [file, _, _, _, _, status, "descriptor", ..] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
        let found = problems(&root.join(file));
        for problem in &found {
            assert!(problem.path.starts_with('/') && !problem.to_string().contains('\n'), "{file}: {problem}");
        }
        let found = errors(&found);
        let expected = NOT_VALID.iter().find(|(_, _, files)| files.contains(&file));
        match (status, expected) {
            ("valid", None) => assert!(found.is_empty(), "{file}: {found:#?}"),
            ("valid", Some((rule, ..))) => {
                assert!(found.iter().any(|problem| problem.rule == *rule), "{file}: {found:#?}");
            }
            _ => assert_eq!(found.is_empty(), excused.contains(file), "{file}: {found:#?}"),
        }
        *if found.is_empty() { &mut accepted } else { &mut refused } += 1;
    }
    println!("{accepted} descriptors have no error, {refused} have some");
    assert!(accepted > 400 && refused > 80);
}

#[test]
fn samples_of_2_0_have_no_errors() {
    let Some(root) = data() else { return };
    for file in ["all_sections_2.0.ovf", "encryption_2.0.ovf"] {
        let found = problems(&root.join("corpus/ovf-synthetic/ovf2").join(file));
        assert!(errors(&found).is_empty(), "{file}: {found:#?}");
    }
}

#[test]
fn hostile_descriptors_end_in_an_error() {
    let Some(root) = data() else { return };
    // What is well-formed in an encoding of its own harms nobody.
    let harmless = ["bom_utf8.ovf", "utf16le_bom.ovf", "enc_lie_utf16.ovf"];
    for entry in std::fs::read_dir(root.join("corpus/ovf-synthetic/bad")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.extension().is_none_or(|end| end != "ovf") {
            continue;
        }
        let start = Instant::now();
        let found = problems(&path);
        assert!(start.elapsed() < Duration::from_secs(1), "{name}: {:?}", start.elapsed());
        assert_eq!(errors(&found).is_empty(), harmless.contains(&name), "{name}: {found:#?}");
    }
}
