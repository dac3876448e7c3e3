//! The tokens of XML, compared with what another library makes of the same text.

use std::io::BufReader;

use cimi_model::xml::pull::{Token, XmlReader};
use cimi_model::{Limits, Result};

/// One step through a document: an element with its attributes, the text up to the next tag, or an end tag.
#[derive(Debug, PartialEq)]
enum Step {
    Start { namespace: String, local: String, attributes: Vec<(String, String, String)> },
    Text(String),
    End,
}

/// Reads tokens from a slice and from a stream, which must agree. What they accept, roxmltree must read alike.
///
/// # Panics
/// When they differ.
pub fn xml_pull(input: &[u8]) {
    let limits = Limits { size: 1 << 20, ..Limits::default() };
    let slice = XmlReader::from_slice(input, limits).and_then(|mut reader| steps(&mut reader));
    let stream = steps(&mut XmlReader::from_reader(BufReader::with_capacity(7, input), limits));
    match (slice, stream) {
        (Ok(slice), Ok(stream)) => {
            assert_eq!(slice, stream, "the slice and the stream differ");
            compare(input, &slice);
        }
        (Err(slice), Err(stream)) => {
            let texts = (slice.to_string(), stream.to_string());
            assert_eq!(slice.kind(), stream.kind(), "{texts:?}");
        }
        (slice, stream) => panic!("the slice and the stream differ: {slice:?}\n{stream:?}"),
    }
}

fn steps(reader: &mut XmlReader<'_>) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    loop {
        match reader.next()? {
            Token::Start(start) => {
                let namespace = reader.namespace(&start)?.into_owned();
                let mut attributes = Vec::new();
                reader.attributes(&start, |attribute| {
                    let namespace = attribute.namespace.unwrap_or_default().into_owned();
                    attributes.push((namespace, attribute.local.into_owned(), attribute.value.into_owned()));
                    Ok(())
                })?;
                steps.push(Step::Start { namespace, local: start.local().to_owned(), attributes });
            }
            Token::Text(text) => push_text(&mut steps, &text),
            Token::End => steps.push(Step::End),
            Token::Eof => return Ok(steps),
        }
    }
}

fn push_text(steps: &mut Vec<Step>, text: &str) {
    match steps.last_mut() {
        Some(Step::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => steps.push(Step::Text(text.to_owned())),
    }
}

fn compare(input: &[u8], ours: &[Step]) {
    let text = std::str::from_utf8(input).expect("only UTF-8 is accepted");
    // roxmltree does not normalize a carriage return right before a reference; so this is done before, as XML has it.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let document = match roxmltree::Document::parse(&text) {
        Ok(document) => document,
        // Legal, although nobody should: the prefix needs no declaration.
        Err(roxmltree::Error::UnknownNamespace(prefix, _)) if prefix == "xml" => return,
        Err(error) => panic!("accepted, but refused by another library: {error}"),
    };
    let mut theirs = Vec::new();
    walk(document.root_element(), &mut theirs);
    assert_eq!(ours, theirs, "another library reads it otherwise");
}

fn walk(node: roxmltree::Node<'_, '_>, steps: &mut Vec<Step>) {
    if node.is_text() {
        return push_text(steps, node.text().unwrap_or_default());
    }
    if !node.is_element() {
        return;
    }
    let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let attributes = node.attributes().map(|a| (owned(a.namespace()), a.name().to_owned(), a.value().to_owned()));
    let (namespace, local) = (owned(node.tag_name().namespace()), node.tag_name().name().to_owned());
    steps.push(Step::Start { namespace, local, attributes: attributes.collect() });
    node.children().for_each(|child| walk(child, steps));
    steps.push(Step::End);
}
