//! What of a descriptor counts in the configuration that is chosen, and the values of its properties.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use cimi_ovf::model::{Content, Property, VirtualSystem};
use cimi_ovf::properties::{Properties, check_value};
use cimi_ovf::{Deployment, Descriptor, ErrorKind, ReadOptions};
use common::{envelope, item_with, machine};

const OPTIONS: &str = r#"<DeploymentOptionSection><Info>Sizes</Info>
  <Configuration ovf:id="small"><Label>S</Label><Description>s</Description></Configuration>
  <Configuration ovf:id="normal" ovf:default="true"><Label>N</Label><Description>n</Description></Configuration>
  <Configuration ovf:id="big"><Label>B</Label><Description>b</Description></Configuration>
</DeploymentOptionSection>"#;

fn read(text: &str) -> Descriptor {
    Descriptor::read(text.as_bytes(), &ReadOptions::default()).unwrap().value
}

fn system(descriptor: &Descriptor) -> &VirtualSystem {
    match descriptor.envelope.content.as_ref() {
        Some(Content::System(system)) => system,
        _ => panic!("a system"),
    }
}

/// Identifier and quantity of each item with those of its bounds, in a configuration.
fn quantities(descriptor: &Descriptor, option: Option<&str>) -> Vec<(String, i64, Option<i64>, Option<i64>)> {
    let deployment = Deployment::choose(&descriptor.envelope, option).unwrap();
    let chosen = deployment.hardware(&system(descriptor).virtual_hardware_sections[0]);
    let quantity = |item: &cimi_ovf::model::Item| item.virtual_quantity.unwrap();
    let row = |chosen: &cimi_ovf::ChosenItem<'_>| {
        let id = chosen.item.instance_id.clone().unwrap();
        (id, quantity(chosen.item), chosen.min.map(quantity), chosen.max.map(quantity))
    };
    chosen.iter().map(row).collect()
}

fn cpu(attributes: &str, id: &str, quantity: &str) -> String {
    item_with(attributes, id, 3, &[("VirtualQuantity", quantity)])
}

#[test]
fn the_default_counts_where_none_is_named() {
    let descriptor = read(&envelope(OPTIONS));
    let id = |option| Deployment::choose(&descriptor.envelope, option).unwrap().id().map(str::to_owned);
    assert_eq!(id(None).as_deref(), Some("normal"));
    assert_eq!(id(Some("big")).as_deref(), Some("big"));
    let first = read(&envelope(&OPTIONS.replace("ovf:default=\"true\"", "")));
    assert_eq!(Deployment::choose(&first.envelope, None).unwrap().id(), Some("small"));
    let none = read(&envelope(""));
    assert_eq!(Deployment::choose(&none.envelope, None).unwrap().id(), None);
}

#[test]
fn an_unknown_configuration_is_refused_by_name() {
    let descriptor = read(&envelope(OPTIONS));
    let error = Deployment::choose(&descriptor.envelope, Some("hu\nge")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Value);
    assert_eq!(error.reason(), "there is no configuration 'hu\\nge'; the descriptor has 'small', 'normal', 'big'");
    let none = read(&envelope(""));
    let error = Deployment::choose(&none.envelope, Some("a")).unwrap_err();
    assert_eq!(error.reason(), "there is no configuration 'a'; the descriptor has none");
}

#[test]
fn items_for_a_configuration_replace_the_general_one() {
    let items = [
        cpu("", "1", "2"),
        cpu("ovf:configuration='small'", "1", "1"),
        cpu("ovf:configuration='big huge'", "1", "8"),
        cpu("ovf:configuration='big'", "2", "3"),
        cpu("ovf:configuration=' '", "3", "4"),
    ];
    let descriptor = read(&envelope(&(OPTIONS.to_owned() + &machine(&items.concat()))));
    let row = |id: &str, quantity| (id.to_owned(), quantity, None, None);
    assert_eq!(quantities(&descriptor, None), [row("1", 2), row("3", 4)]);
    assert_eq!(quantities(&descriptor, Some("small")), [row("1", 1), row("3", 4)]);
    assert_eq!(quantities(&descriptor, Some("big")), [row("1", 8), row("2", 3), row("3", 4)]);
}

#[test]
fn bounds_belong_to_the_item_with_the_same_id() {
    let items = [
        cpu("", "1", "4"),
        cpu("ovf:bound='min'", "1", "2"),
        cpu("ovf:bound='max'", "1", "8"),
        cpu("ovf:bound='max' ovf:configuration='big'", "1", "16"),
        cpu("ovf:bound='normal' ovf:configuration='big'", "1", "6"),
        cpu("ovf:bound='max'", "2", "9"),
        cpu("ovf:bound='min'", "2", "7"),
    ];
    let descriptor = read(&envelope(&(OPTIONS.to_owned() + &machine(&items.concat()))));
    let row = |id: &str, quantity, min, max| (id.to_owned(), quantity, Some(min), Some(max));
    assert_eq!(quantities(&descriptor, None), [row("1", 4, 2, 8), row("2", 7, 7, 9)]);
    assert_eq!(quantities(&descriptor, Some("big")), [row("1", 6, 2, 16), row("2", 7, 7, 9)]);
}

#[test]
fn equal_ids_without_configuration_lose_nothing() {
    let items = [cpu("", "1", "2"), cpu("", "1", "3")].concat();
    let descriptor = read(&envelope(&machine(&items)));
    assert_eq!(quantities(&descriptor, None).len(), 2);
}

#[test]
fn instance_counts_follow_the_configuration() {
    let content = r#"<VirtualSystemCollection ovf:id="all"><Info>All</Info>
      <ovf2:ScaleOutSection xmlns:ovf2="http://schemas.dmtf.org/ovf/envelope/2" ovf2:id="web"><ovf2:Info>n</ovf2:Info>
        <ovf2:InstanceCount ovf2:default="2"/>
        <ovf2:InstanceCount ovf2:default="9" ovf2:maximum="12" ovf2:configuration="big"/>
      </ovf2:ScaleOutSection></VirtualSystemCollection>"#;
    let descriptor = read(&envelope(&(OPTIONS.to_owned() + content)));
    let Some(Content::Collection(collection)) = &descriptor.envelope.content else { panic!("a collection") };
    let count = |option| {
        let deployment = Deployment::choose(&descriptor.envelope, option).unwrap();
        deployment.instance_count(&collection.scale_out_sections[0]).unwrap().default
    };
    assert_eq!((count(None), count(Some("big"))), (Some(2), Some(9)));
}

/// A machine `vm` with these properties in a collection with those.
fn nested(own: &str, around: &str) -> Descriptor {
    read(&envelope(&format!(
        r#"{OPTIONS}<VirtualSystemCollection ovf:id="all"><Info>All</Info>
        <ProductSection><Info>Around</Info>{around}</ProductSection>
        <VirtualSystem ovf:id="vm"><Info>A machine</Info>{own}</VirtualSystem>
        <VirtualSystem ovf:id="other"><Info>Another</Info></VirtualSystem></VirtualSystemCollection>"#
    )))
}

fn section(attributes: &str, properties: &str) -> String {
    format!("<ProductSection {attributes}><Info>Settings</Info>{properties}</ProductSection>")
}

fn property(key: &str, more: &str) -> String {
    format!(r#"<Property ovf:key="{key}" ovf:type="string" {more}/>"#)
}

/// The values that the machine `vm` has, by whole key.
fn values(descriptor: &Descriptor) -> Result<Vec<(String, String)>, cimi_ovf::Error> {
    let deployment = Deployment::choose(&descriptor.envelope, None).unwrap();
    let properties = Properties::new(descriptor, deployment).unwrap();
    let mut resolver = properties.resolver();
    let visible = properties.visible(properties.machine("vm").unwrap());
    let pair = |property: &cimi_ovf::properties::ChosenProperty<'_>| {
        Ok((property.key().to_owned(), resolver.value(property)?.to_string()))
    };
    visible.into_iter().map(pair).collect()
}

/// The result of choosing a value for the machine `vm`.
fn set(descriptor: &Descriptor, key: &str, value: &str) -> Result<(), String> {
    let deployment = Deployment::choose(&descriptor.envelope, None).unwrap();
    let mut properties = Properties::new(descriptor, deployment).unwrap();
    let vm = properties.machine("vm").unwrap();
    properties.set(vm, key, value).map_err(|error| error.to_string())
}

#[test]
fn keys_have_class_and_instance() {
    let own = section(r#"ovf:class="org.x" ovf:instance="2""#, &property("a", ""))
        + &section(r#"ovf:class="c""#, &property("b", ""))
        + &section(r#"ovf:instance="i""#, &property("d", ""))
        + &section(r#"ovf:class="" ovf:instance="""#, &property("e", ""));
    let keys: Vec<String> = values(&nested(&own, "")).unwrap().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["org.x.a.2", "c.b", "d.i", "e"]);
}

#[test]
fn choices_find_their_property() {
    let open = r#"ovf:userConfigurable="true" ovf:value="old""#;
    let own = section(r#"ovf:class="one" ovf:instance="1""#, &(property("ip", open) + &property("x", open)))
        + &section(r#"ovf:class="two" ovf:instance="1""#, &property("ip", open));
    let descriptor = nested(&own, &(property("x", open) + &property("outer", open)));
    for key in ["one.ip.1", "one.ip", "two.ip", "x", "one.x", "x.1", "outer"] {
        assert_eq!(set(&descriptor, key, "new"), Ok(()), "{key}");
    }
    let error = set(&descriptor, "ip.1", "new").unwrap_err();
    assert!(error.contains("there are several properties 'ip.1'"), "{error}");
    let error = set(&descriptor, "nothing", "new").unwrap_err();
    assert!(error.contains("there is no property 'nothing'"), "{error}");

    let deployment = Deployment::choose(&descriptor.envelope, None).unwrap();
    let mut properties = Properties::new(&descriptor, deployment).unwrap();
    let other = properties.machine("other").unwrap();
    properties.set(other, "one.ip.1", "far").unwrap();
    let vm = properties.machine("vm").unwrap();
    assert_eq!(properties.visible(vm)[0].raw_value(), Some("far"));
    assert!(properties.machine("all").is_err() && properties.machine("vm/").is_err());
}

#[test]
fn fixed_values_and_wrong_ones_are_refused_by_name() {
    let own = section(
        r#"ovf:class="c""#,
        &(property("fixed", r#"ovf:value="1""#)
            + r#"<Property ovf:key="port" ovf:type="uint16" ovf:userConfigurable="true"/>"#
            + r#"<Property ovf:key="pw" ovf:type="string" ovf:password="true" ovf:userConfigurable="true"
                 ovf:qualifiers="MinLen(8)"/>"#),
    );
    let descriptor = nested(&own, "");
    let error = set(&descriptor, "fixed", "2").unwrap_err();
    assert!(error.contains("the property 'c.fixed': its value is fixed"), "{error}");
    let error = set(&descriptor, "port", "65536").unwrap_err();
    assert!(error.contains("Property['port']: the property 'c.port': the value is not an integer from 0"), "{error}");
    let error = set(&descriptor, "pw", "hunter2").unwrap_err();
    assert!(error.contains("shorter than 8 characters") && !error.contains("hunter2"), "{error}");
    let error = set(&descriptor, "pw", "hunter2hunter2\u{1}").unwrap_err();
    assert!(error.contains("U+0001") && !error.contains("hunter2"), "{error}");
    assert_eq!(set(&descriptor, "pw", "hunter2hunter2"), Ok(()));
}

#[test]
fn types_and_qualifiers() {
    let fits = |kind: &str, qualifiers: &str, value: &str| {
        let text = |text: &str| Some(text.to_owned());
        let property = Property { property_type: text(kind), qualifiers: text(qualifiers), ..Default::default() };
        check_value(&property, value).is_ok()
    };
    for (kind, good, bad) in [
        ("uint8", "255", "256"),
        ("sint8", "-128", "-129"),
        ("uint64", "18446744073709551615", "18446744073709551616"),
        ("sint64", "-9223372036854775808", "9223372036854775808"),
        ("int", "5", "five"),
        ("uint16", "0", ""),
        ("boolean", "true", "yes"),
        ("Boolean", "False", "0"),
        ("real32", "1.5e3", "1e39"),
        ("real64", "-0.5", "nan"),
        ("ip", "fe80::1", "300.1.1.1"),
        ("ip:VM Network", "10.0.0.1", "host"),
        ("string[dhcp,static]", "dhcp", "none"),
        ("string(2..3)", "äö", "a"),
        ("int(1..9)", "9", "10"),
        ("xs:boolean", "true", "1"),
        ("int", "5000000000", "1.5"),
    ] {
        assert!(fits(kind, "", good), "{kind} {good}");
        assert!(!fits(kind, "", bad), "{kind} {bad}");
    }
    assert!(fits("something", "", "anything"));
    for (kind, qualifiers, good, bad) in [
        ("string", "MinLen(2)", "äö", "ä"),
        ("string", "MinLen(1) MaxLen(2)", "ab", "abc"),
        ("string", "MinLen(1),MaxLen(2)", "ab", ""),
        ("string", r#"ValueMap{"a","b c"}"#, "b c", "b"),
        ("string", r#"ValueMap { "a\"b" , "c,d" }"#, "a\"b", "c"),
        ("uint8", r#"ValueMap{"1","5..7"}"#, "6", "4"),
        ("uint16", "MinValue(10) MaxValue(20)", "20", "21"),
        ("string", "Unknown(1) MaxLen(1)", "a", "ab"),
    ] {
        assert!(fits(kind, qualifiers, good), "{kind} {qualifiers} {good}");
        assert!(!fits(kind, qualifiers, bad), "{kind} {qualifiers} {bad}");
    }
    for odd in ["MaxLen(", "ValueMap{\"", ")(", "MaxLen(x)", "ValueMap{}", ",,,", "MinLen"] {
        assert!(fits("string", odd, "value"), "{odd}");
    }
}

fn value_of(own: &str, around: &str, key: &str) -> Result<String, String> {
    let found = values(&nested(&section("", own), around)).map_err(|error| error.to_string())?;
    Ok(found.into_iter().find(|(known, _)| known == key).unwrap().1)
}

#[test]
fn references_are_resolved_where_they_stand() {
    let with = |value: &str| format!(r#"ovf:value="{value}""#);
    let own = property("a", &with("${b}-${b}")) + &property("b", &with("x${c}")) + &property("ip", &with("${ip}"));
    let around = property("c", &with("y")) + &property("ip", &with("10.0.0.1")) + &property("b", &with("hidden"));
    assert_eq!(value_of(&own, &around, "a").as_deref(), Ok("xy-xy"));
    assert_eq!(value_of(&own, &around, "ip").as_deref(), Ok("10.0.0.1"));
    // Where a name means two properties of a section, a property means the other one with its own name.
    let twins = section(r#"ovf:class="p""#, &property("k", &with("${k}")))
        + &section(r#"ovf:class="q""#, &property("k", &with("z")));
    assert_eq!(values(&nested(&twins, "")).unwrap()[0].1, "z");
    for literal in ["${nothing}", "${", "a${}b", "$a", "${a{b}", "${open", "$${", "cost: 5$"] {
        assert_eq!(value_of(&property("k", &with(literal)), "", "k").as_deref(), Ok(literal));
    }
    assert_eq!(value_of(&property("k", &with("${a${c}}")), &around, "k").as_deref(), Ok("${ay}"));
}

#[test]
fn circles_chains_and_growth_are_refused_by_name() {
    let with = |key: &str, value: &str| property(key, &format!(r#"ovf:value="{value}""#));
    let error = value_of(&(with("a", "${b}") + &with("b", "${a}")), "", "a").unwrap_err();
    assert!(error.contains("the property 'a': its value refers to itself in a circle"), "{error}");
    let error = value_of(&with("a", "${a}"), "", "a").unwrap_err();
    assert!(error.contains("the property 'a': its value refers to itself"), "{error}");

    let chain = |length: usize, link: &str| {
        let links = (1..length).map(|at| with(&format!("k{at}"), &link.replace('#', &format!("${{k{}}}", at + 1))));
        links.collect::<String>() + &with(&format!("k{length}"), "x")
    };
    assert_eq!(value_of(&chain(16, "#"), "", "k1").as_deref(), Ok("x"));
    let error = value_of(&chain(17, "#"), "", "k1").unwrap_err();
    assert!(error.contains("more than 16 properties"), "{error}");
    // From either end, the limit is the same.
    let forwards = chain(17, "#");
    let mut backwards: Vec<&str> = forwards.split_inclusive("/>").collect();
    backwards.reverse();
    assert!(value_of(&backwards.concat(), "", "k1").unwrap_err().contains("more than 16 properties"));
    let error = value_of(&chain(10, "#########"), "", "k1").unwrap_err();
    assert!(error.contains("its value becomes too long"), "{error}");
}

#[test]
fn passwords_are_in_no_note_and_no_debug_output() {
    let own = property("pw", r#"ovf:password="true" ovf:value="s3${cr3t}""#);
    let descriptor = nested(&section("", &own), "");
    let deployment = Deployment::choose(&descriptor.envelope, None).unwrap();
    let properties = Properties::new(&descriptor, deployment).unwrap();
    let mut resolver = properties.resolver();
    let visible = properties.visible(properties.machine("vm").unwrap());
    assert!(visible[0].is_password());
    assert_eq!(&*resolver.value(visible[0]).unwrap(), "s3${cr3t}");
    let notes = resolver.notes();
    assert!(notes[0].to_string().contains("the property 'pw'"), "{notes:?}");
    assert!(!format!("{notes:?} {properties:?} {resolver:?}").contains("cr3t"));
}
