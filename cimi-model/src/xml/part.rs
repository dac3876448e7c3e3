//! A record that is an element of a larger document.

use super::pull::{Start, XmlReader};
use super::read::Reader;
use crate::Result;
use crate::context::{Context, Parsed, ReadOptions, Target};
use crate::reflect::{Described, Record};

/// Reads an element that was just started as if it were the root of a document of its own. The reader comes back behind the
/// element; `input` is what it reads, for the places of deviations.
///
/// # Errors
/// As [`from_slice`](super::from_slice).
///
/// ```
/// use cimi_model::xml::{self, pull::{Token, XmlReader}};
/// use cimi_model::{Limits, Machine, ReadOptions};
///
/// let text = br#"<m:list xmlns:m="http://schemas.dmtf.org/cimi/2"><m:Machine><m:cpu>2</m:cpu></m:Machine></m:list>"#;
/// let mut reader = XmlReader::from_slice(text, Limits::default())?;
/// while !matches!(reader.next()?, Token::Start(start) if start.local() == "list") {}
/// let Token::Start(start) = reader.next()? else { return Err("no element".into()) };
/// let (parsed, mut reader) = xml::read_element::<Machine>(reader, &start, text, &ReadOptions::strict())?;
/// assert_eq!(parsed.value.cpu, Some(2));
/// assert!(matches!(reader.next()?, Token::End) && matches!(reader.next()?, Token::Eof));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_element<'i, T: Described>(
    xml: XmlReader<'i>,
    start: &Start<'_>,
    input: &[u8],
    options: &ReadOptions,
) -> Result<(Parsed<T>, XmlReader<'i>)> {
    let mut value = T::default();
    let (parsed, xml) = read_into(xml, start, &mut value, input, options)?;
    Ok((parsed.map(|()| value), xml))
}

fn read_into<'i>(
    xml: XmlReader<'i>,
    start: &Start<'_>,
    record: &mut dyn Record,
    input: &[u8],
    options: &ReadOptions,
) -> Result<(Parsed<()>, XmlReader<'i>)> {
    let mut reader = Reader::new(xml, Context::new(options));
    match reader.root(start, record).and_then(|()| reader.element(start, Target::Record(record))) {
        Ok(()) => Ok((reader.context.finish((), input), reader.xml)),
        Err(error) => Err(reader.complete(error)),
    }
}
