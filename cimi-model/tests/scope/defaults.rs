//! What scopes fill in.

use cimi_model::scope::*;
use cimi_model::*;

use super::*;

#[test]
fn defaults_are_filled_in_the_attributes_own_unit() {
    let all = scopes(TWO);
    let mut wanted = MachineConfiguration { cpu_arch: Some("i5".into()), ..MachineConfiguration::default() };
    assert_eq!(defaults(&mut wanted, &all), Ok(vec!["cpuSpeed".to_owned()]));
    assert_eq!(wanted.cpu_speed, Some(2500));
    assert_eq!(wanted.memory, None);
    assert_eq!(defaults(&mut wanted, &all), Ok(Vec::new()));
    let mut none = configuration(1, 1, "MIPS");
    let before = none.clone();
    assert!(defaults(&mut none, &all).is_err());
    assert_eq!(none, before);

    let scope = [ValueScope::new()
        .with("memory", Scope::at_least(1).with_units("megabytes").with_default(1))
        .with("bootable", Scope::of_value(true))
        .with("type", Scope::of_value("http://schemas.dmtf.org/cimi/1/mapped"))
        .with("capacity", Scope::of_values([1, 2]).with_units("GB").with_default(2))
        .with("state", Scope::of_value("AVAILABLE"))
        .with("iops", Scope::of_value(5))
        .with("images", Scope::of_value("images/1"))
        .with("name", Scope::of_value("fixed"))
        .with("description", Scope::of_values(["a"]))];
    let mut volume = Volume { name: Some("fixed".into()), ..Volume::default() };
    volume.extensions.insert("bootable", Any::Null);
    let filled = defaults(&mut volume, &scope).unwrap();
    assert_eq!(filled, ["memory", "type", "capacity", "state", "iops", "images"]);
    assert_eq!(volume.capacity, Some(2_000_000));
    assert_eq!(volume.bootable, None);
    assert_eq!(volume.type_uri, Some("http://schemas.dmtf.org/cimi/2/mapped".into()));
    assert_eq!(volume.images, Some(Ref::to("images/1")));
    assert_eq!(volume.extensions.get("iops"), Some(&Any::from(5)));
    assert_eq!(check(&volume, &scope), Ok(()));

    // A fraction of the attribute's unit, or what it cannot hold, is not filled.
    let mut machine = MachineConfiguration::default();
    let scope = [ValueScope::new()
        .with("memory", Scope::of_value(1).with_units("megabytes"))
        .with("cpu", Scope::of_value("many"))
        .with("disks", Scope::of_value(1))];
    assert_eq!(defaults(&mut machine, &scope), Ok(Vec::new()));
    assert_eq!(machine, MachineConfiguration::default());
    let mut rack = Rack::default();
    let scope = [ValueScope::new().with("note", Scope::of_value(any("0.5")).with_units("MiB"))];
    assert_eq!(defaults(&mut rack, &scope), Ok(vec!["note".to_owned()]));
    assert_eq!(rack.note, Some(Any::Number(number("512"))));
}

#[test]
fn items_are_filled_too() {
    let disk = ValueScope::new().with("capacity", Scope::of_value(2).with_units("GB"));
    let scope = [ValueScope::new().with("disks", Scope::of_items(disk))];
    let mut wanted = MachineConfiguration { disks: vec![DiskConfiguration::default(); 2], ..Default::default() };
    wanted.disks[0].capacity = Some(2_000_000);
    assert_eq!(defaults(&mut wanted, &scope), Ok(vec!["disks[1]/capacity".to_owned()]));
    assert_eq!(wanted.disks[1].capacity, Some(2_000_000));
    assert_eq!(check_complete(&wanted, &scope), Ok(()));

    // Members of a collection by value; what is only referred to, or is not there, stays.
    let place = ValueScope::new().with("initialLocation", Scope::of_values(["/a", "/b"]).with_default("/b"));
    let scope = [ValueScope::new().with("volumes", Scope::of_items(place))];
    let members: Collection<LocatedVolume> = [LocatedVolume::default()].into_iter().collect();
    let mut machine = Machine { volumes: Some(Ref::by_value(members.clone())), ..Default::default() };
    assert_eq!(defaults(&mut machine, &scope), Ok(vec!["volumes/locatedVolumes[0]/initialLocation".to_owned()]));
    let volumes = machine.volumes.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!(volumes.items[0].initial_location.as_deref(), Some("/b"));
    for mut untouched in [Machine::default(), Machine { volumes: Some(Ref::to("v")), ..Default::default() }] {
        let before = untouched.clone();
        assert_eq!(defaults(&mut untouched, &scope), Ok(Vec::new()));
        assert_eq!(untouched, before);
    }
}
