//! Writing many events to a stream, one at a time.

use std::io::Write;

use cimi_model::{Error, ErrorKind, Format, Result, WriteOptions, json, xml};

use crate::types::NAMESPACE;
use crate::validate::says_something;
use crate::{AnyLog, Event};

/// Writes events to a stream, in memory one at a time.
///
/// Each event is written as [`Event::to_string`] writes it; in XML without the namespace that the log declares, and
/// indented, if at all, as what it stands in. What [`Records`](crate::Records) reads of it are the same events.
///
/// An event goes to the stream in one piece, after all of it has been put into words. Once the stream has failed, the writer
/// writes no more, since nobody knows how far it got. Unless the stream is a buffer, put a
/// [`BufWriter`](std::io::BufWriter) around it.
///
/// ```
/// use cimi_cadf::{Event, Log, Records, Writer};
/// use cimi_model::Format;
///
/// let mut array = Writer::array(Vec::new(), Default::default());
/// array.write(&Event { id: Some("e1".into()), ..Default::default() })?;
/// array.write(&Event { id: Some("e2".into()), ..Default::default() })?;
/// let array = array.finish()?;
/// assert_eq!(array, b"[\n{\"id\":\"e1\"},\n{\"id\":\"e2\"}\n]\n");
///
/// let log = Log { id: Some("l1".into()), ..Default::default() };
/// let mut writer = Writer::log(Vec::new(), log, Format::Xml, Default::default())?;
/// for record in Records::new(&array[..], Default::default()) {
///     writer.write(&record.event?.value)?;
/// }
/// let text = String::from_utf8(writer.finish()?)?;
/// assert_eq!(text, "<log xmlns=\"http://schemas.dmtf.org/cloud/audit/1.0/\" id=\"l1\"><events>\n\
///     <event id=\"e1\"/>\n<event id=\"e2\"/>\n</events></log>\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "what has been begun has to be finished"]
pub struct Writer<W: Write> {
    out: W,
    format: Format,
    options: WriteOptions,
    around: Around,
    /// How many levels an event is indented.
    depth: usize,
    has_events: bool,
    has_failed: bool,
}

/// What stands around the events.
#[derive(Debug, Default)]
struct Around {
    /// Before the first.
    head: String,
    between: &'static str,
    /// After each of them.
    after: &'static str,
    /// After the last.
    tail: String,
    /// In place of all that, if there is none.
    empty: String,
}

impl<W: Write> Writer<W> {
    /// Writes JSON lines: an event in each line.
    pub fn lines(out: W) -> Self {
        let around = Around { after: "\n", ..Around::default() };
        Self::new(out, Format::Json, WriteOptions::default(), around, 0)
    }

    /// Writes a JSON array. Unless it is indented, each event is in a line of its own.
    pub fn array(out: W, options: WriteOptions) -> Self {
        let around = Around {
            head: "[\n".to_owned(),
            between: ",\n",
            after: "",
            tail: "\n]\n".to_owned(),
            empty: "[]\n".to_owned(),
        };
        Self::new(out, Format::Json, options, around, 1)
    }

    /// Writes a log or report: first what it says besides its events, then those that are in it already.
    ///
    /// In JSON, it states its type; in XML, its element does.
    ///
    /// # Errors
    /// When something else is kept in the place of its events, or the stream fails.
    pub fn log(out: W, log: impl Into<AnyLog>, format: Format, options: WriteOptions) -> Result<Self> {
        let mut log = log.into();
        let events = std::mem::take(log.events_mut());
        let extensions = log.extensions_mut();
        if extensions.get("events").is_some_and(says_something) {
            let path = format!("/{}/events", log.record().record_type().name);
            return Err(Error::new(ErrorKind::Write, "something else stands in the place of the events").at_path(path));
        }
        extensions.remove("events");
        let around = match format {
            Format::Xml => xml_around(&log, options)?,
            _ => json_around(log, options)?,
        };
        let mut writer = Self::new(out, format, options, around, 2);
        for event in &events {
            writer.write(event)?;
        }
        Ok(writer)
    }

    const fn new(out: W, format: Format, options: WriteOptions, around: Around, depth: usize) -> Self {
        Self { out, format, options, around, depth, has_events: false, has_failed: false }
    }

    /// Writes an event.
    ///
    /// # Errors
    /// When the stream fails, or has failed before.
    pub fn write(&mut self, event: &Event) -> Result<()> {
        let text = match self.format {
            Format::Xml => self.xml(event)?,
            _ => self.json(event)?,
        };
        let Around { head, between, after, .. } = &self.around;
        let before = if self.has_events { between } else { head.as_str() };
        let piece = [before, &text, after].concat();
        self.put(&piece)?;
        self.has_events = true;
        Ok(())
    }

    /// Writes an event that was read in this format, as [converted](Event::converted) to that of the stream.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn convert(&mut self, event: &Event, from: Format) -> Result<()> {
        self.write(&event.converted(from, self.format))
    }

    /// Ends the array or log, and gives back the stream, flushed.
    ///
    /// # Errors
    /// When the stream fails, or has failed before.
    pub fn finish(mut self) -> Result<W> {
        let tail = if self.has_events { &mut self.around.tail } else { &mut self.around.empty };
        let tail = std::mem::take(tail);
        self.put(&tail)?;
        self.out.flush().map_err(failed)?;
        Ok(self.out)
    }

    fn put(&mut self, text: &str) -> Result<()> {
        if self.has_failed {
            return Err(Error::new(ErrorKind::Io, "the stream has failed before"));
        }
        self.out.write_all(text.as_bytes()).map_err(|error| {
            self.has_failed = true;
            failed(error)
        })
    }

    fn json(&self, event: &Event) -> Result<String> {
        let text = json::to_string(event, self.options)?;
        if !self.options.pretty {
            return Ok(text);
        }
        // Within strings, line ends are escaped.
        let margin = "  ".repeat(self.depth);
        Ok(text.lines().map(|line| format!("{margin}{line}")).collect::<Vec<_>>().join("\n"))
    }

    fn xml(&self, event: &Event) -> Result<String> {
        let text = xml::to_part(event, self.options, NAMESPACE, self.depth)?;
        Ok(if self.options.pretty { text } else { format!("\n{text}") })
    }
}

fn failed(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, "the events cannot be written").caused_by(error)
}

fn json_around(mut log: AnyLog, options: WriteOptions) -> Result<Around> {
    log.state_types();
    let text = json::to_string(log.record(), options)?;
    let members = text.strip_suffix('}').unwrap_or_default().trim_end();
    let comma = if members.len() > 1 { "," } else { "" };
    let (key, line, end) =
        if options.pretty { ("\n  \"events\": [", "\n  ]", "\n}\n") } else { ("\"events\":[", "\n]", "}\n") };
    Ok(Around {
        head: format!("{members}{comma}{key}\n"),
        between: ",\n",
        after: "",
        tail: format!("{line}{end}"),
        empty: format!("{members}{comma}{key}]{end}"),
    })
}

fn xml_around(log: &AnyLog, options: WriteOptions) -> Result<Around> {
    let name = log.record().record_type().name;
    let text = xml::to_string(log.record(), options)?;
    let text = text.trim_end_matches('\n');
    let end = format!("</{name}>");
    let inner = match text.strip_suffix(end.as_str()) {
        Some(inner) if options.pretty => inner.trim_end_matches('\n').to_owned(),
        Some(inner) => inner.to_owned(),
        None => format!("{}>", text.trim_end_matches("/>")),
    };
    let margin = if options.pretty { "\n  " } else { "" };
    let (line, close) = if options.pretty { ("\n  ", "\n") } else { ("\n", "") };
    Ok(Around {
        head: format!("{inner}{margin}<events>"),
        between: "",
        after: "",
        tail: format!("{line}</events>{close}{end}\n"),
        empty: format!("{inner}{margin}<events/>{close}{end}\n"),
    })
}
