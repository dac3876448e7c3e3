//! What is beyond the tables: extensions, paths, absence, secrets, records of other types.

use cimi_model::filter::{Filter, FilterOptions, ProblemKind};
use cimi_model::reflect::Described;
use cimi_model::{Collection, Credential, Disk, Machine, MachineState, ReadOptions, Ref, System, Volume, json, xml};

use crate::EXTENDED;
use crate::rack::*;

#[test]
fn extensions() {
    check(
        &rack(),
        &FilterOptions::default(),
        &[
            ("row=3", true),
            ("row>3", false),
            ("row='3'", false),
            // By name, whatever the namespace.
            ("zone='z1'", true),
            ("zone='z2'", true),
            ("zone='z3'", false),
            ("one='z1'", false),
            ("ns:name='n'", true),
            ("name='n'", false),
            // XML has no types for them.
            ("text=17", true),
            ("text>=17", true),
            ("text>17", false),
            ("text='17'", true),
            ("flag=true", true),
            ("flag!=true", false),
            ("since=2026-03-01", true),
            ("since<2026-03-01T00:00:01Z", true),
            ("since=2026", false),
            ("precise=15", true),
            ("precise<16", true),
            ("precise<99999999999999999999999999999999999999999999", false),
            ("list=1", true),
            ("list='two'", true),
            ("list='three'", false),
            ("target='x/1'", true),
            ("element='12'", true),
            ("element>11", true),
            ("nothing=''", false),
            ("nothing!=''", false),
        ],
    );
    // The same, read from either format.
    let machine = r#"<Machine xmlns="http://schemas.dmtf.org/cimi/2" xmlns:v="urn:v"><v:level>5</v:level></Machine>"#;
    let from_xml = xml::from_slice::<Machine>(machine.as_bytes(), &ReadOptions::default()).unwrap().value;
    let from_json = json::from_slice::<Machine>(br#"{"level":5}"#, &ReadOptions::default()).unwrap().value;
    for machine in [&from_xml, &from_json] {
        check(machine, &FilterOptions::default(), &[("level=5", true), ("level>5", false)]);
    }
}

#[test]
fn what_could_not_be_read_is_compared_as_it_came() {
    let text = br#"{"cpu":"four","memory":12}"#;
    let machine = json::from_slice::<Machine>(text, &ReadOptions::default()).unwrap().value;
    check(
        &machine,
        &FilterOptions::default(),
        &[("cpu='four'", true), ("cpu=4", false), ("cpu!=4", false), ("memory=12", true)],
    );
}

#[test]
fn null_and_prefixes() {
    check(
        &rack(),
        &EXTENDED,
        &[
            ("site!=null", true),
            ("site=null", false),
            ("null=description", true),
            ("unknown=null", true),
            ("unknown!=null", false),
            ("nothing=null", true),
            ("row!=null", true),
            ("tags!=null", true),
            ("doors!=null", true),
            ("controller!=null", true),
            ("switch!=null", true),
            ("measures!=null", true),
            ("places/label!=null", true),
            ("places/none=null", true),
            ("controller/name!=null", true),
            ("site^='Os'", true),
            ("site^=''", true),
            ("site^='slo'", false),
            ("description^=''", true),
            ("description^='x'", false),
            ("height^='4'", false),
            ("tags^='co'", true),
            ("controller^='machines/'", true),
            ("property['owner']^='o'", true),
            ("created^='2026-03-01T08'", true),
            ("text^='1'", true),
        ],
    );
    check(
        &Rack { site: Some(String::new()), ..Rack::default() },
        &EXTENDED,
        &[("site=null", true), ("tags=null", true), ("measures=null", true), ("controller=null", true)],
    );
}

#[test]
fn paths() {
    check(
        &rack(),
        &EXTENDED,
        &[
            ("switch/unit=40", true),
            ("switch/unit>40", false),
            ("switch/label='switch'", true),
            // An absent string is an empty one there too, in a structure that is there.
            ("controller/description!='x'", true),
            ("controller/description=''", true),
            ("controller/state=''", true),
            ("controller/created!=2026-03-01", false),
            ("nowhere/label=''", false),
            ("places/unit=2", true),
            ("places/unit>2", false),
            ("places/label='db' and places/unit=2", true),
            ("controller/href='machines/1'", true),
            ("controller/cpu>=2", true),
            ("controller/name='c'", true),
            ("controller/name/x='c'", false),
            ("machines/href='machines/2'", true),
            ("machines/name='c'", false),
            ("machines/href/x='machines/2'", false),
            ("measures/power>800", true),
            ("measures/room='b12'", true),
            ("properties/owner='ops'", true),
            ("more/depth=80", true),
            ("more/depth/x=80", false),
            ("more/x=80", false),
            ("target/href='x/1'", true),
            ("zone/x='z1'", false),
            ("site/x='Oslo'", false),
            ("unknown/x='Oslo'", false),
        ],
    );
    // Into expanded collections.
    let disk = |capacity| Disk { capacity: Some(capacity), ..Disk::default() };
    let disks = Collection { items: vec![disk(1), disk(5)], ..Collection::default() };
    let machine = Machine { disks: Some(Ref::by_value(disks)), ..Machine::default() };
    check(&machine, &EXTENDED, &[("disks/disks/capacity>4", true), ("disks/disks/capacity>5", false)]);
}

#[test]
fn paths_into_collections_need_not_name_the_members() {
    let disk = |capacity| Disk { capacity: Some(capacity), ..Disk::default() };
    let disks = Collection { items: vec![disk(1), disk(5)], ..Collection::default() };
    let machine = Machine { disks: Some(Ref::by_value(disks)), ..Machine::default() };
    check(&machine, &EXTENDED, &[("disks/capacity>4", true), ("disks/capacity>5", false), ("disks/count=null", true)]);
}

#[test]
fn secrets_cannot_be_found_out() {
    let mut credential = Credential { name: Some("n".into()), ..Credential::default() };
    credential.extensions.insert("token", "abc");
    check(
        &credential,
        &EXTENDED,
        &[
            ("name='n'", true),
            ("token='abc'", false),
            ("token!='x'", false),
            ("token!=null", false),
            ("token=null", false),
        ],
    );
    check(
        &rack(),
        &EXTENDED,
        &[
            ("key='0000'", false),
            ("key!='1'", false),
            ("key^='0'", false),
            ("key=null", false),
            ("key!=null", false),
            ("switch/key='k'", false),
            ("places/key!='x'", false),
        ],
    );
    let found = Filter::parse("key='0000' or switch/key='k' or name='n'", &EXTENDED).unwrap().problems(Rack::TYPE);
    assert!(found.iter().all(|problem| problem.kind == ProblemKind::Secret && !problem.text.contains("0000")));
    assert_eq!(found.len(), 2);
    assert_eq!("token='x'".parse::<Filter>().unwrap().problems(Credential::TYPE)[0].kind, ProblemKind::Secret);
}

#[test]
fn resources_of_unknown_types() {
    let text =
        r#"{"resourceURI":"http://example.com/Thing","name":"n","cpu":4,"properties":{"owner":"joe"},"a":{"b":[1,2]}}"#;
    let document =
        cimi_model::Document::read(text.as_bytes(), &cimi_model::Registry::standard(), &ReadOptions::default());
    let document = document.unwrap().value;
    check(
        document.record(),
        &EXTENDED,
        &[
            ("name='n' and cpu>3", true),
            ("property['owner']='joe'", true),
            ("property['owner']!='joe'", false),
            ("a/b=2", true),
            ("description=''", false),
            ("description=null", true),
        ],
    );
}

#[test]
fn mixed_records() {
    let filter: Filter = "name='x' and state='STARTED'".parse().unwrap();
    let compiled = filter.for_type(Machine::TYPE);
    let machine = Machine { name: Some("x".into()), state: Some(MachineState::Started), ..Machine::default() };
    assert!(compiled.matches(&machine));
    let system: System = System { name: Some("x".into()), ..System::default() };
    assert!(!compiled.matches(&system));
    let volume = Volume { name: Some("x".into()), state: Some("STARTED".into()), ..Volume::default() };
    assert!(compiled.matches(&volume));
    // Collections are records too.
    let collection = Collection::<Machine> { count: Some(3), ..Collection::default() };
    check(&collection, &FilterOptions::default(), &[("count>2", true), ("name=''", false)]);
}
