//! Reading an OVA: a tar archive, member by member, as a stream.

use std::collections::HashSet;
use std::fmt;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use cimi_model::{ErrorKind, Result};

use super::contents::Gunzip;
use super::finding::{Finding, Notes, Rule, from_io, refused};
use super::header::{self, Attributes, BLOCK, Block, Kind, Parsed};
use super::input::{fill, not_an_archive, other_format, read_whole};
use super::limits::PackageLimits;
use super::names;

/// Bytes of a GNU or pax header that are read at most.
const LARGEST_EXTENSION: u64 = 64 << 10;

/// Headers that may stand before that of a member.
const MOST_EXTENSIONS: usize = 4;

/// Bytes that are looked at behind the end of the archive.
const TRAILER: u64 = 64 << 10;

/// A package as one tar archive, read from its beginning to its end.
///
/// Every name has passed [`check_name`](super::check_name) and occurs once. Links, devices, pipes and sparse files are
/// refused. What is tolerated (headers of GNU and pax, folders, gzip around the whole archive, a missing end) is a
/// [`Finding`].
///
/// ```
/// use std::io::Read;
/// use cimi_ovf::package::{Ova, PackageLimits};
///
/// # fn main() -> cimi_ovf::Result<()> {
/// # let archive = vec![0; 1024];
/// let mut ova = Ova::new(archive.as_slice(), false, &PackageLimits::default())?;
/// while let Some(mut member) = ova.next()? {
///     println!("{}: {} bytes", member.name(), member.size());
///     std::io::copy(&mut member, &mut std::io::sink()).ok();
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Ova<R> {
    input: Input<R>,
    limits: PackageLimits,
    notes: Notes,
    names: Names,
    /// The block that was read to see what the input is.
    first: Option<Block>,
    offset: u64,
    name: String,
    size: u64,
    /// Bytes of the current member that are left.
    left: u64,
    /// Bytes after it that fill its last block.
    padding: u64,
    total: u64,
    ended: bool,
}

/// A member of an archive: a [`Read`] that ends where the member does.
///
/// What is not read of it is skipped.
#[derive(Debug)]
pub struct Member<'o, R> {
    ova: &'o mut Ova<R>,
}

type SeekBy<R> = fn(&mut R, u64) -> io::Result<()>;

enum Input<R> {
    Plain(R, Option<SeekBy<R>>),
    Gzip(Box<Gunzip<io::Chain<Cursor<Vec<u8>>, R>>>),
}

impl<R> fmt::Debug for Input<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::Gzip(_)) { "Gzip" } else { "Plain" })
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(reader, _) => reader.read(buffer),
            Self::Gzip(reader) => reader.read(buffer),
        }
    }
}

/// The names so far, each once as it is and once as a careless file system has it.
#[derive(Debug, Default)]
struct Names {
    exact: HashSet<String>,
    folded: HashSet<String>,
    bytes: usize,
    members: usize,
    form_noted: bool,
}

impl<R: Read> Ova<R> {
    /// Begins to read an archive; `strict` refuses what would be a finding.
    ///
    /// # Errors
    /// When the input is no tar archive, or fails.
    pub fn new(reader: R, strict: bool, limits: &PackageLimits) -> Result<Self> {
        Self::open(reader, None, strict, limits)
    }

    fn open(mut reader: R, seek: Option<SeekBy<R>>, strict: bool, limits: &PackageLimits) -> Result<Self> {
        let mut notes = Notes::new(strict, limits.findings);
        let mut first = [0; BLOCK];
        let filled = fill(&mut reader, &mut first).map_err(|error| from_io("", error))?;
        let (input, first) = match first {
            [0x1F, 0x8B, ..] => {
                notes.deviation(Rule::Archive, "", "the whole archive is compressed with gzip")?;
                let start = Cursor::new(first.get(..filled).unwrap_or_default().to_vec());
                (Input::Gzip(Box::new(Gunzip::new(start.chain(reader), limits.ratio))), None)
            }
            _ if filled == BLOCK => (Input::Plain(reader, seek), Some(first)),
            _ => return Err(not_an_archive(first.get(..filled).unwrap_or_default())),
        };
        Ok(Self {
            input,
            limits: *limits,
            notes,
            names: Names::default(),
            first,
            offset: 0,
            name: String::new(),
            size: 0,
            left: 0,
            padding: 0,
            total: 0,
            ended: false,
        })
    }

    /// The next file of the archive; `None` after the last one.
    ///
    /// # Errors
    /// When the archive is damaged or ends early, a name is refused or occurs twice, a member is no file, or a limit
    /// is exceeded. After an error there is no next member.
    #[allow(clippy::should_implement_trait, reason = "a member borrows the archive")]
    pub fn next(&mut self) -> Result<Option<Member<'_, R>>> {
        let found = self.advance();
        if !matches!(found, Ok(true)) {
            self.ended = true;
            self.left = 0;
        }
        Ok(found?.then_some(Member { ova: self }))
    }

    /// Whether the whole archive is compressed, so that nothing of it can be passed over.
    pub(crate) fn is_compressed(&self) -> bool {
        matches!(self.input, Input::Gzip(_))
    }

    /// What was tolerated so far.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        self.notes.findings()
    }

    pub(crate) fn into_notes(self) -> Notes {
        self.notes
    }

    fn advance(&mut self) -> Result<bool> {
        while !self.ended {
            self.skip_rest()?;
            let Some((parsed, extensions)) = self.headers()? else { return Ok(false) };
            if self.begin(&parsed, extensions)? == Kind::File {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The next header of a member, and what the headers before it say of it.
    fn headers(&mut self) -> Result<Option<(Parsed, Extensions)>> {
        let mut found = Extensions::default();
        for count in 0..=MOST_EXTENSIONS {
            let Some(block) = self.block()? else {
                return match count {
                    0 => Ok(None),
                    _ => Err(refused(ErrorKind::Syntax, "", "the archive ends after a header of GNU or pax")),
                };
            };
            let start = self.offset - BLOCK as u64;
            let parsed = header::parse(&block, start)?;
            match parsed.kind {
                Kind::File | Kind::Folder => {
                    if !parsed.ustar && count == 0 {
                        self.note_form("GNU or of an older tar")?;
                    }
                    return Ok(Some((parsed, found)));
                }
                Kind::LongName => {
                    self.note_form("GNU")?;
                    let name = self.extension(&parsed, self.limits.name as u64 + 1)?;
                    found.long_name = Some(name.split(|b| *b == 0).next().unwrap_or_default().to_vec());
                }
                Kind::LongLink => {
                    self.extension(&parsed, LARGEST_EXTENSION)?;
                }
                Kind::Pax => {
                    self.note_form("pax")?;
                    let records = self.extension(&parsed, LARGEST_EXTENSION)?;
                    found.pax = header::attributes(&records, start)?;
                }
                Kind::PaxGlobal => {
                    self.note_form("pax")?;
                    let records = self.extension(&parsed, LARGEST_EXTENSION)?;
                    let global = header::attributes(&records, start)?;
                    if global.path.is_some() || global.size.is_some() {
                        let reason = "a pax header gives one name or size to all members";
                        return Err(refused(ErrorKind::Unsupported, "", reason));
                    }
                }
            }
        }
        Err(refused(ErrorKind::Limit, "", "too many headers of GNU and pax stand before one member"))
    }

    /// Checks name and size, and makes the member the current one.
    fn begin(&mut self, parsed: &Parsed, extensions: Extensions) -> Result<Kind> {
        let size = size(parsed, extensions.pax.size)?;
        let name = extensions.name(&parsed.name)?;
        let name = self.check_name(&name, parsed.kind)?;
        if parsed.kind == Kind::Folder {
            self.notes.deviation(Rule::Archive, &name, "the archive has a folder as a member")?;
        }
        self.total = self.total.saturating_add(size);
        if self.total > self.limits.total {
            let reason = format!("the members are larger than {} bytes together", self.limits.total);
            return Err(refused(ErrorKind::Limit, &name, reason));
        }
        self.name = name;
        self.size = size;
        self.left = size;
        self.padding = size.next_multiple_of(BLOCK as u64) - size;
        Ok(parsed.kind)
    }

    fn check_name(&mut self, name: &str, kind: Kind) -> Result<String> {
        self.names.members += 1;
        if self.names.members > self.limits.members {
            let reason = format!("the archive has more than {} members", self.limits.members);
            return Err(refused(ErrorKind::Limit, "", reason));
        }
        let bare = name.strip_prefix("./").unwrap_or(name);
        let bare = if kind == Kind::Folder { bare.trim_end_matches('/') } else { bare };
        if kind == Kind::Folder && (bare.is_empty() || name == ".") {
            return Ok(".".to_owned());
        }
        super::check_name(bare)?;
        if kind == Kind::File && bare.len() != name.len() {
            self.notes.deviation(Rule::Name, bare, "the name begins with './'")?;
        }
        self.names.bytes += bare.len();
        if bare.len() > self.limits.name || self.names.bytes > self.limits.names {
            return Err(refused(ErrorKind::Limit, bare, "the names are too long"));
        }
        if !self.names.exact.insert(bare.to_owned()) {
            return Err(refused(ErrorKind::Duplicate, bare, "the archive has two members of this name"));
        }
        if !self.names.folded.insert(names::folded(bare)) {
            let text = "another member has the same name in other letters: some systems keep only one of them";
            self.notes.warning(Rule::Name, bare, text);
        }
        Ok(bare.to_owned())
    }

    /// Notes once that the archive is not plain USTAR.
    fn note_form(&mut self, form: &str) -> Result<()> {
        if std::mem::replace(&mut self.names.form_noted, true) {
            return Ok(());
        }
        self.notes.deviation(Rule::Archive, "", format!("the archive has headers of {form}, not only of USTAR"))
    }

    /// The content of a header that is not that of a member.
    fn extension(&mut self, parsed: &Parsed, most: u64) -> Result<Vec<u8>> {
        if parsed.size > most {
            let reason = format!("a header of GNU or pax has {} bytes, more than {most}", parsed.size);
            return Err(refused(ErrorKind::Limit, "", reason));
        }
        self.left = parsed.size;
        self.padding = parsed.size.next_multiple_of(BLOCK as u64) - parsed.size;
        let mut content = vec![0; usize::try_from(parsed.size).unwrap_or_default()];
        self.fill_member(&mut content)?;
        self.skip_rest()?;
        Ok(content)
    }

    /// The next block that is a header; `None` at the end of the archive.
    fn block(&mut self) -> Result<Option<Block>> {
        let mut block = [0; BLOCK];
        let filled = match self.first.take() {
            Some(first) => {
                block = first;
                BLOCK
            }
            None => fill(&mut self.input, &mut block).map_err(|error| from_io("", error))?,
        };
        self.offset = self.offset.saturating_add(filled as u64);
        match filled {
            0 => self.notes.deviation(Rule::Archive, "", "the archive has no end marker").map(|()| None),
            BLOCK if block.iter().all(|byte| *byte == 0) => self.check_trailer().map(|()| None),
            BLOCK if self.offset == BLOCK as u64 && other_format(&block).is_some() => Err(not_an_archive(&block)),
            BLOCK => Ok(Some(block)),
            _ => {
                Err(refused(ErrorKind::Syntax, "", format!("the archive ends inside a header at byte {}", self.offset)))
            }
        }
    }

    /// Looks at what follows the first of the two empty blocks at the end.
    fn check_trailer(&mut self) -> Result<()> {
        let mut trailer = Vec::new();
        (&mut self.input).take(TRAILER).read_to_end(&mut trailer).map_err(|error| from_io("", error))?;
        if trailer.len() < BLOCK {
            self.notes.deviation(Rule::Archive, "", "the archive ends in one empty block, not in two")?;
        }
        if trailer.iter().any(|byte| *byte != 0) {
            self.notes.deviation(
                Rule::Archive,
                "",
                "there is more behind the end of the archive, which is not read",
            )?;
        }
        Ok(())
    }

    /// Passes over what is left of the current member, and the padding after it.
    fn skip_rest(&mut self) -> Result<()> {
        let mut left = std::mem::take(&mut self.left).saturating_add(std::mem::take(&mut self.padding));
        self.offset = self.offset.saturating_add(left);
        if let Input::Plain(reader, Some(seek)) = &mut self.input {
            // The last byte is read, for seeking does not notice the end.
            if left > BLOCK as u64 {
                seek(reader, left - 1).map_err(|error| from_io(&self.name, error))?;
                left = 1;
            }
        }
        let skipped = io::copy(&mut (&mut self.input).take(left), &mut io::sink());
        match skipped.map_err(|error| from_io(&self.name, error))? {
            skipped if skipped == left => Ok(()),
            _ => Err(self.truncated()),
        }
    }

    fn fill_member(&mut self, buffer: &mut [u8]) -> Result<()> {
        let filled = fill(&mut self.input, buffer).map_err(|error| from_io(&self.name, error))?;
        self.consume(filled);
        if filled < buffer.len() { Err(self.truncated()) } else { Ok(()) }
    }

    fn consume(&mut self, read: usize) {
        self.left = self.left.saturating_sub(read as u64);
        self.offset = self.offset.saturating_add(read as u64);
    }

    fn truncated(&self) -> cimi_model::Error {
        let reason = format!("the archive ends inside this member, which should have {} bytes", self.size);
        refused(ErrorKind::Syntax, &self.name, reason)
    }
}

impl<R: Read + Seek> Ova<R> {
    /// Like [`new`](Self::new), for an input in which members that are not read are passed over without reading them.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn seekable(reader: R, strict: bool, limits: &PackageLimits) -> Result<Self> {
        let seek: SeekBy<R> = |reader, bytes| {
            let bytes = i64::try_from(bytes).map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
            reader.seek(SeekFrom::Current(bytes)).map(|_| ())
        };
        Self::open(reader, Some(seek), strict, limits)
    }
}

impl<R: Read> Member<'_, R> {
    /// The name, which is safe to use for a file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.ova.name
    }

    /// The size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.ova.size
    }

    /// All bytes of the member.
    ///
    /// # Errors
    /// When there are more than `limit`, or the archive ends or fails.
    pub fn read_whole(&mut self, limit: usize) -> Result<Vec<u8>> {
        let name = self.name().to_owned();
        read_whole(&name, self, limit)
    }
}

impl<R: Read> Read for Member<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ova = &mut *self.ova;
        let most = usize::try_from(ova.left).unwrap_or(usize::MAX).min(buffer.len());
        let Some(buffer) = buffer.get_mut(..most).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        match ova.input.read(buffer)? {
            0 => Err(io::Error::other(ova.truncated())),
            read => {
                ova.consume(read);
                Ok(read)
            }
        }
    }
}

/// What the headers before that of a member say of it.
#[derive(Debug, Default)]
struct Extensions {
    long_name: Option<Vec<u8>>,
    pax: Attributes,
}

impl Extensions {
    fn name(self, header: &[u8]) -> Result<String> {
        let bytes = match (self.pax.path, self.long_name) {
            (Some(path), Some(name)) if path.as_bytes() != name => {
                return Err(refused(ErrorKind::Syntax, &path, "headers of GNU and pax give different names"));
            }
            (Some(path), _) => path.into_bytes(),
            (None, Some(name)) => name,
            (None, None) => header.to_vec(),
        };
        String::from_utf8(bytes).map_err(|error| {
            let shown = String::from_utf8_lossy(error.as_bytes()).into_owned();
            refused(ErrorKind::Value, &shown, "the name is not UTF-8")
        })
    }
}

/// The size of a member. That of a pax header counts where the header cannot say it.
fn size(parsed: &Parsed, pax: Option<u64>) -> Result<u64> {
    const LARGEST_OCTAL: u64 = 0o777_7777_7777;
    match pax {
        Some(size) if size != parsed.size && size <= LARGEST_OCTAL => {
            let reason = format!("the headers give two sizes, {} and {size} bytes", parsed.size);
            Err(refused(ErrorKind::Syntax, &String::from_utf8_lossy(&parsed.name), reason))
        }
        Some(size) => Ok(size),
        None => Ok(parsed.size),
    }
}
