//! What of a descriptor counts in the configuration that is chosen.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use cimi_ovf::model::{Content, VirtualSystem};
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
