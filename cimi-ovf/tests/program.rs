//! The commands `env` and `inspect` of the program `appliance`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};
use std::process::Command;

use cimi_ovf::ReadOptions;
use cimi_ovf::environment::EnvironmentDocument;
use cimi_ovf::package::{self, PackOptions};

const DESCRIPTOR: &str = r#"<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
  xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
  xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData">
  <References/>
  <DiskSection><Info>Disks</Info>
    <Disk ovf:diskId="d1" ovf:capacity="${gb}" ovf:capacityAllocationUnits="byte * 2^30"/></DiskSection>
  <NetworkSection><Info>Networks</Info><Network ovf:name="front"><Description>Outside</Description></Network>
  </NetworkSection>
  <DeploymentOptionSection><Info>Sizes</Info>
    <Configuration ovf:id="small"><Label>Small</Label><Description>For tests</Description></Configuration>
    <Configuration ovf:id="big"><Label>Big</Label><Description>For work</Description></Configuration>
  </DeploymentOptionSection>
  <VirtualSystem ovf:id="web"><Info>A server</Info><Name>Web server</Name>
    <ProductSection ovf:class="app"><Info>Settings</Info>
      <Property ovf:key="motd" ovf:type="string" ovf:userConfigurable="true" ovf:value="hello"><Label>Greeting</Label></Property>
      <Property ovf:key="pw" ovf:type="string" ovf:password="true" ovf:userConfigurable="true" ovf:value="hunter2"/>
      <Property ovf:key="gb" ovf:type="uint32" ovf:value="10"/>
      <Property ovf:key="port" ovf:type="uint16" ovf:userConfigurable="true" ovf:value="80"/>
    </ProductSection>
    <VirtualHardwareSection><Info>Hardware</Info>
      <Item><rasd:ElementName>cpu</rasd:ElementName><rasd:InstanceID>1</rasd:InstanceID>
        <rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>2</rasd:VirtualQuantity></Item>
      <Item ovf:bound="max"><rasd:ElementName>cpu</rasd:ElementName><rasd:InstanceID>1</rasd:InstanceID>
        <rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>16</rasd:VirtualQuantity></Item>
      <Item ovf:configuration="big"><rasd:ElementName>cpu</rasd:ElementName><rasd:InstanceID>1</rasd:InstanceID>
        <rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>8</rasd:VirtualQuantity></Item>
      <Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:ElementName>memory</rasd:ElementName>
        <rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType>
        <rasd:VirtualQuantity>1536</rasd:VirtualQuantity></Item>
      <Item><rasd:Connection>front</rasd:Connection><rasd:ElementName>nic</rasd:ElementName>
        <rasd:InstanceID>3</rasd:InstanceID><rasd:ResourceType>10</rasd:ResourceType></Item>
      <Item><rasd:ElementName>disk</rasd:ElementName><rasd:HostResource>ovf:/disk/d1</rasd:HostResource>
        <rasd:InstanceID>4</rasd:InstanceID><rasd:ResourceType>17</rasd:ResourceType></Item>
    </VirtualHardwareSection>
  </VirtualSystem>
</Envelope>"#;

struct Run {
    status: i32,
    out: String,
    err: String,
}

fn run(arguments: &[&str]) -> Run {
    let mut program = std::env::current_exe().unwrap();
    program.pop();
    if program.ends_with("deps") {
        program.pop();
    }
    let program = program.join("examples").join(format!("appliance{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "build it first: cargo build -p cimi-ovf --examples");
    let output = Command::new(program).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn file(name: &str, content: &[u8]) -> String {
    let path: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn env_writes_the_environment_of_a_machine() {
    let file = file("program-env.ovf", DESCRIPTOR.as_bytes());
    let run = run(&["env", &file, "--machine", "web", "--set", "app.motd=a=\"b\"\n<c>", "--set", "port=8080"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let document = EnvironmentDocument::read(run.out.as_bytes(), &ReadOptions::strict()).unwrap().value;
    let environment = document.environment;
    assert_eq!(environment.id.as_deref(), Some("web"));
    assert_eq!(environment.value("app.motd"), Some("a=\"b\"\n<c>"));
    assert_eq!(environment.value("app.port"), Some("8080"));
    assert_eq!(environment.value("app.pw"), Some("hunter2"));
}

#[test]
fn what_env_refuses() {
    let file = file("program-refused.ovf", DESCRIPTOR.as_bytes());
    for (arguments, reason) in [
        (&["--machine", "db"][..], "error: /: there is no machine 'db'; the descriptor has 'web'"),
        (
            &["--machine", "web", "--option", "huge"],
            "there is no configuration 'huge'; the descriptor has 'small', 'big'",
        ),
        (&["--machine", "web", "--set", "port=x"], "Property['port']: the property 'app.port': the value is not an"),
        (&["--machine", "web", "--set", "gb=x"], "the property 'app.gb': its value is fixed"),
        (&["--machine", "web", "--set", "no=x"], "there is no property 'no'"),
    ] {
        let run = run(&[&["env", &file], arguments].concat());
        assert_eq!((run.status, run.out.as_str()), (1, ""), "{}", run.err);
        assert!(run.err.starts_with("error: ") && run.err.contains(reason), "{}", run.err);
    }
    for arguments in [&["env"][..], &["env", &file], &["env", &file, "--machine", "web", "--set", "s3cr3t"]] {
        let run = run(arguments);
        assert_eq!(run.status, 2, "{}", run.err);
        assert!(run.err.contains("usage:") && !run.err.contains("s3cr3t"), "{}", run.err);
    }
}

/// The words of the line that begins with this one.
fn words<'o>(out: &'o str, first: &str) -> Vec<&'o str> {
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    lines.into_iter().find(|words| words.first() == Some(&first)).unwrap_or_else(|| panic!("{first} in {out}"))
}

#[test]
fn inspect_shows_what_counts() {
    let path = file("program-inspect.ovf", DESCRIPTOR.as_bytes());
    let small = run(&["inspect", &path]);
    assert_eq!((small.status, small.err.as_str()), (0, ""));
    let out = &small.out;
    assert!(out.starts_with("OVF 1.x, configuration 'small'\n"), "{out}");
    assert_eq!(words(out, "small"), ["small", "yes", "Small", "For", "tests"]);
    assert_eq!(
        words(out, "web"),
        ["web", "Web", "server", "2", "(-16)", "1.5", "GiB", "d1", "(10", "GiB)", "front"],
        "{out}"
    );
    assert_eq!(words(out, "d1"), ["d1", "10", "GiB"]);
    assert_eq!(words(out, "front"), ["front", "Outside"]);
    assert!(out.contains("app.motd") && out.contains("Greeting") && out.contains("(password)"), "{out}");
    assert!(!out.contains("hunter2"), "{out}");
    let big = run(&["inspect", &path, "--option", "big"]);
    assert!(big.out.contains("  8 (-16)  "), "{}", big.out);
    assert_eq!(run(&["inspect", &path, "--option", "none"]).status, 1);
    assert_eq!(run(&["inspect"]).status, 2);
}

#[test]
fn both_read_archives() {
    let files = package::Files::from_iter([("web.ovf", DESCRIPTOR.as_bytes().to_vec())]);
    let mut ova = Vec::new();
    package::pack(&files, "web.ovf", &mut ova, &PackOptions::default(), &mut |_| {}).unwrap();
    let path = file("program.ova", &ova);
    assert_eq!(run(&["inspect", &path]).out, run(&["inspect", &file("program-same.ovf", DESCRIPTOR.as_bytes())]).out);
    assert_eq!(run(&["env", &path, "--machine", "web"]).status, 0);
    let empty = run(&["inspect", &file("empty.ova", &[0; 1024])]);
    assert_eq!(empty.status, 1);
    assert!(empty.err.starts_with("error: "), "{}", empty.err);
}
