//! Texts in the language of a user, from bundles in a descriptor and in files of its package.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod common;

use cimi_ovf::model::{Content, Message, Strings};
use cimi_ovf::{Descriptor, Error, ErrorKind, Messages, ReadOptions};
use common::{envelope, machine};

const FILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Strings xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xml:lang="de-DE">
  <Msg ovf:msgid="info">Eine Maschine</Msg>
  <Msg ovf:msgid="other">Etwas</Msg>
</Strings>"#;

fn descriptor() -> Descriptor {
    let parts =
        "<References><File ovf:id='de' ovf:href='texts/de.xml'/><File ovf:id='fr' ovf:href='fr.xml'/></References>"
            .to_owned()
            + &machine("").replace("<Info>A machine", "<Info ovf:msgid='info'>A machine")
            + "<Strings xml:lang='en-US'><Msg ovf:msgid='info'>A virtual machine</Msg></Strings>\
           <Strings xml:lang='en-GB'><Msg ovf:msgid='info'>A virtual machine, please</Msg></Strings>\
           <Strings xml:lang='de-DE' ovf:fileRef='de'/><Strings xml:lang='fr' ovf:fileRef='fr'/>";
    Descriptor::read(envelope(&parts).as_bytes(), &ReadOptions::default()).unwrap().value
}

fn info(descriptor: &Descriptor) -> &Message {
    match &descriptor.envelope.content {
        Some(Content::System(system)) => system.info.as_ref().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_nearest_language_counts() {
    let descriptor = descriptor();
    for (language, expected) in [
        ("en-GB", "A virtual machine, please"),
        ("EN-us", "A virtual machine"),
        ("en", "A virtual machine"),
        ("en-AU", "A virtual machine"),
        ("de", "A machine"),
        ("", "A machine"),
    ] {
        let messages = Messages::new(&descriptor, language);
        assert_eq!(messages.text(info(&descriptor)), Some(expected), "{language}");
        assert_eq!(descriptor.message(info(&descriptor), language), Some(expected), "{language}");
    }
}

#[test]
fn bundles_in_files_are_asked_for_where_they_fit() {
    let descriptor = descriptor();
    for (language, asked, expected) in [
        ("de-AT", vec!["texts/de.xml"], "Eine Maschine"),
        ("fr-CA", vec!["fr.xml"], "A machine"),
        ("en-US", vec![], "A virtual machine"),
    ] {
        let mut hrefs = Vec::new();
        let messages = Messages::with_files(&descriptor, language, &mut |file| {
            let href = file.href.clone().unwrap();
            let content = (href == "texts/de.xml").then(|| FILE.as_bytes().to_vec());
            hrefs.push(href);
            Ok(content)
        });
        assert_eq!(messages.unwrap().text(info(&descriptor)), Some(expected), "{language}");
        assert_eq!(hrefs, asked, "{language}");
    }
}

#[test]
fn errors_of_files_are_told() {
    let descriptor = descriptor();
    let gone = Messages::with_files(&descriptor, "de", &mut |_| Err(Error::new(ErrorKind::Io, "gone")));
    assert_eq!(gone.unwrap_err().kind(), ErrorKind::Io);
    let other = Messages::with_files(&descriptor, "de", &mut |_| Ok(Some(b"<Envelope/>".to_vec())));
    assert_eq!(other.unwrap_err().kind(), ErrorKind::Type);
    let bomb = b"<!DOCTYPE Strings [<!ENTITY a 'b'>]><Strings>&a;</Strings>";
    assert_eq!(Strings::read(bomb, &ReadOptions::default()).unwrap_err().kind(), ErrorKind::Syntax);
}
