//! What the files of a package are, compared to what its descriptor and manifest say of them.

use std::collections::{HashMap, HashSet};

use cimi_model::{ErrorKind, Result};

use super::digest::Algorithm;
use super::finding::{Notes, Rule, refused};
use super::limits::PackageLimits;
use super::manifest::{Entry, LineNote, Manifest};
use super::names::{self, Role};
use super::references::{Reference, Target};
use super::report::{FileReport, FileState, SignatureReport, Verification};
use super::verifier::{Held, Seen, VerifyOptions};

/// The files of a package while they are compared to what descriptor and manifest say of them.
pub(super) struct Verdict<'p> {
    folder: &'p str,
    reports: Vec<FileReport>,
    roles: Vec<Role>,
    places: HashMap<String, usize>,
    folded: HashMap<String, Option<usize>>,
    referenced: HashSet<usize>,
    /// The same in the order of the references.
    sequence: Vec<usize>,
    pub(super) notes: Notes,
}

impl<'p> Verdict<'p> {
    /// `folder` is that of the descriptor, which all names are relative to.
    pub(super) fn new(folder: &'p str, files: Vec<Seen>, notes: Notes) -> Self {
        let roles = files.iter().map(|seen| seen.role).collect();
        let reports = files.into_iter().map(|seen| FileReport {
            name: seen.name,
            size: Some(seen.size),
            state: FileState::NotCovered,
            algorithms: Vec::new(),
            digests: seen.digests,
        });
        let mut verdict = Self {
            folder,
            reports: reports.collect(),
            roles,
            places: HashMap::new(),
            folded: HashMap::new(),
            referenced: HashSet::new(),
            sequence: Vec::new(),
            notes,
        };
        verdict.index();
        verdict
    }

    fn index(&mut self) {
        for (place, report) in self.reports.iter().enumerate() {
            self.places.insert(report.name.clone(), place);
            // Two names that look alike stand for neither.
            self.folded.entry(names::folded(&report.name)).and_modify(|found| *found = None).or_insert(Some(place));
        }
    }

    /// The file of that name, and whether it is spelled so.
    fn find(&self, name: &str) -> Option<(usize, bool)> {
        let name = format!("{}{}", self.folder, name.strip_prefix("./").unwrap_or(name));
        let exact = self.places.get(&name).or_else(|| self.places.get(&*names::decoded(&name)));
        match exact {
            Some(place) => Some((*place, true)),
            None => self.folded.get(&names::folded(&name)).copied().flatten().map(|place| (place, false)),
        }
    }

    pub(super) fn check_references(
        &mut self,
        references: &[Reference],
        descriptor: &str,
        options: &VerifyOptions<'_>,
    ) -> Result<()> {
        let mut parts = 0;
        for reference in references {
            for problem in &reference.problems {
                self.notes.deviation(Rule::Size, &reference.href, problem.clone())?;
            }
            match reference.target() {
                Target::Member(name) if self.find(name).is_some_and(|(place, _)| self.is_held(place)) => {
                    self.check_own(name, descriptor)?;
                }
                Target::Member(_) => self.check_parts(reference, &mut parts, &options.limits)?,
                Target::Remote(uri) => self.check_remote(reference, uri)?,
                Target::Outside(href) => {
                    self.notes.error(Rule::Name, href, "the reference leads out of the package");
                }
            }
        }
        Ok(())
    }

    /// Whether the file is descriptor, manifest or certificate.
    fn is_held(&self, place: usize) -> bool {
        self.roles.get(place).is_some_and(|role| *role != Role::File)
    }

    /// Some producers list manifest and certificate, which then cannot be right about each other.
    fn check_own(&mut self, name: &str, descriptor: &str) -> Result<()> {
        if self.find(name).is_some_and(|(place, _)| self.reports.get(place).is_some_and(|own| own.name == descriptor)) {
            self.notes.error(Rule::Reference, name, "the descriptor lists itself as a file");
            return Ok(());
        }
        self.notes.deviation(Rule::Reference, name, "the descriptor lists the manifest or certificate as a file")
    }

    /// Checks that all parts of a file are there, with the sizes that they should have.
    fn check_parts(&mut self, reference: &Reference, count: &mut usize, limits: &PackageLimits) -> Result<()> {
        let parts = match reference.parts(limits) {
            Ok(parts) => parts,
            Err(error) => {
                self.notes.error(Rule::Size, &reference.href, error.reason());
                return Ok(());
            }
        };
        if let (Some(_), Target::Member(name)) = (reference.chunk_size, reference.target())
            && let Some((place, _)) = self.find(name)
        {
            self.referenced.insert(place);
            return self.notes.deviation(Rule::Size, name, "the file is in one piece and should be in chunks");
        }
        let open = parts.is_open();
        for (place, part) in parts.enumerate() {
            *count += 1;
            if *count > limits.members {
                let reason = format!("the files have more than {} parts", limits.members);
                return Err(refused(ErrorKind::Limit, &part, reason));
            }
            if !self.check_part(reference, place as u64, &part, open)? && open {
                break;
            }
        }
        Ok(())
    }

    /// A remote file is there if the source had it.
    fn check_remote(&mut self, reference: &Reference, uri: &str) -> Result<()> {
        if let Some(found) = self.places.get(uri).copied() {
            self.referenced.insert(found);
            return self.check_size(found, reference.size, uri);
        }
        self.notes.warning(Rule::Reference, uri, "the file is not in the package, and was not read");
        self.absent(uri, FileState::Remote);
        Ok(())
    }

    fn check_size(&mut self, place: usize, expected: Option<u64>, name: &str) -> Result<()> {
        let size = self.reports.get(place).and_then(|report| report.size);
        if let (Some(size), Some(expected)) = (size, expected)
            && size != expected
        {
            let text = format!("the file has {size} bytes, and {expected} in the descriptor");
            self.notes.deviation(Rule::Size, name, text)?;
        }
        Ok(())
    }

    /// Whether the part is there; if it must be and is not, that is an error.
    fn check_part(&mut self, reference: &Reference, place: u64, part: &str, open: bool) -> Result<bool> {
        let Some((found, exact)) = self.find(part) else {
            if !open || place == 0 {
                self.notes.error(Rule::Reference, part, "the descriptor refers to this file, and it is not there");
                self.absent(&format!("{}{part}", self.folder), FileState::Missing);
            }
            return Ok(false);
        };
        if self.referenced.insert(found) {
            self.sequence.push(found);
        }
        if !exact {
            self.notes.deviation(Rule::Name, part, "the file has the name in other letters")?;
        }
        self.check_size(found, reference.part_size(place), part)?;
        Ok(true)
    }

    fn absent(&mut self, name: &str, state: FileState) {
        let (algorithms, digests) = (Vec::new(), Vec::new());
        self.places.entry(name.to_owned()).or_insert(self.reports.len());
        self.roles.push(Role::File);
        self.reports.push(FileReport { name: name.to_owned(), size: None, state, algorithms, digests });
    }

    /// The descriptor first; manifest and certificate after it or at the end; then the files.
    pub(super) fn check_order(&mut self, descriptor: &str) -> Result<()> {
        let place = |wanted: Role| self.roles.iter().position(|role| *role == wanted);
        let (ovf, mf, cert) = (place(Role::Descriptor), place(Role::Manifest), place(Role::Certificate));
        if ovf != Some(0) {
            self.notes.deviation(Rule::Order, descriptor, "the descriptor is not the first member")?;
        }
        let no_file = |roles: Option<&[Role]>| roles.is_some_and(|roles| roles.iter().all(|role| *role != Role::File));
        let apart = |place: usize| no_file(self.roles.get(..place)) || no_file(self.roles.get(place..));
        if let Some(place) = mf.filter(|place| ovf == Some(0) && !apart(*place)) {
            let name = self.reports.get(place).map(|report| report.name.clone()).unwrap_or_default();
            self.notes.deviation(
                Rule::Order,
                &name,
                "the manifest is neither next to the descriptor nor at the end",
            )?;
        }
        let early = self.sequence.windows(2).find_map(|pair| match pair {
            [first, second] if second < first => self.reports.get(*second),
            _ => None,
        });
        if let Some(name) = early.map(|report| report.name.clone()) {
            self.notes.deviation(Rule::Order, &name, "the files are not in the order of the references")?;
        }
        if let (Some(cert), Some(mf)) = (cert, mf)
            && cert != mf + 1
        {
            let name = self.reports.get(cert).map(|report| report.name.clone()).unwrap_or_default();
            self.notes.deviation(Rule::Order, &name, "the certificate does not follow the manifest")?;
        }
        Ok(())
    }

    pub(super) fn check_unreferenced(&mut self) {
        for (place, report) in self.reports.iter().enumerate() {
            if self.roles.get(place) == Some(&Role::File) && report.size.is_some() && !self.referenced.contains(&place)
            {
                self.notes.warning(Rule::Reference, &report.name, "the descriptor does not refer to this file");
            }
        }
    }

    pub(super) fn check_manifest(&mut self, manifest: &Manifest, held: &Held, descriptor: &str) -> Result<()> {
        if names::base(&held.name) != names::base(descriptor) {
            self.notes.deviation(Rule::Manifest, &held.name, "the manifest is not named like the descriptor")?;
        }
        for text in grouped(&manifest.deviations) {
            self.notes.deviation(Rule::Manifest, &held.name, text)?;
        }
        for problem in &manifest.problems {
            self.notes.error(Rule::Manifest, &held.name, problem.to_string());
        }
        if manifest.entries.is_empty() {
            self.notes.error(Rule::Manifest, &held.name, "the manifest has no entry");
        }
        if manifest.entries.iter().any(|entry| entry.digest.algorithm == Algorithm::Sha1) {
            self.notes.warning(Rule::Strength, &held.name, "SHA1 does not protect from deliberate changes");
        }
        let mut given = HashMap::new();
        for entry in &manifest.entries {
            match given.insert((entry.name.as_str(), entry.digest.algorithm), &entry.digest) {
                Some(first) if *first != entry.digest => {
                    self.notes.error(Rule::Manifest, &entry.name, "the manifest has two digests for this file");
                }
                Some(_) => self.notes.deviation(Rule::Manifest, &entry.name, "the manifest lists this file twice")?,
                None => {}
            }
            self.check_entry(entry, held)?;
        }
        self.check_coverage(held);
        Ok(())
    }

    /// The file that the manifest lists under this name; if there is none, that is an error.
    fn listed(&mut self, name: &str) -> Option<(usize, bool)> {
        let remote = matches!(Target::of(name), Target::Remote(_));
        if !remote && let Some(reason) = names::problem(name.strip_prefix("./").unwrap_or(name)) {
            self.notes.error(Rule::Name, name, format!("the name in the manifest is refused: {reason}"));
            return None;
        }
        let found = if remote { self.places.get(name).map(|place| (*place, true)) } else { self.find(name) };
        if found.is_none() {
            self.notes.error(Rule::Reference, name, "the manifest lists a file that is not there");
            let folder = if remote { "" } else { self.folder };
            self.absent(&format!("{folder}{name}"), FileState::Missing);
        }
        found
    }

    fn check_entry(&mut self, entry: &Entry, held: &Held) -> Result<()> {
        let Some((place, exact)) = self.listed(&entry.name) else { return Ok(()) };
        let Some(report) = self.reports.get_mut(place) else { return Ok(()) };
        if report.name == held.name {
            return self.notes.deviation(Rule::Manifest, &entry.name, "the manifest has an entry for itself");
        }
        if !exact {
            self.notes.deviation(Rule::Name, &entry.name, "the file has the name in other letters")?;
        }
        if !report.algorithms.contains(&entry.digest.algorithm) {
            report.algorithms.push(entry.digest.algorithm);
        }
        let computed = report.digests.iter().find(|digest| digest.algorithm == entry.digest.algorithm);
        match computed {
            Some(computed) if *computed == entry.digest => {
                if report.state == FileState::NotCovered {
                    report.state = FileState::Matches;
                }
            }
            Some(_) => {
                report.state = FileState::Differs;
                let text = format!("the file does not have the {} digest of the manifest", entry.digest.algorithm);
                self.notes.error(Rule::Digest, &entry.name, text);
            }
            None if report.size.is_none() => {}
            None => {
                let text = format!("the {} digest was not computed when the file passed", entry.digest.algorithm);
                self.notes.error(Rule::Digest, &entry.name, text);
            }
        }
        Ok(())
    }

    /// With a manifest, a file that it does not list could be anything.
    fn check_coverage(&mut self, held: &Held) {
        for (place, report) in self.reports.iter().enumerate() {
            let listed = matches!(self.roles.get(place), Some(Role::File | Role::Descriptor));
            if listed && report.state == FileState::NotCovered {
                let text = format!("the manifest '{}' does not cover this file", held.name);
                self.notes.error(Rule::Coverage, &report.name, text);
            }
        }
    }

    pub(super) fn into_verification(
        self,
        descriptor: String,
        manifest: Option<&Held>,
        signature: Option<SignatureReport>,
    ) -> Verification {
        let (findings, worst, dropped) = self.notes.into_parts();
        let listed = |role: &Role| matches!(role, Role::File | Role::Descriptor);
        let files = self.reports.into_iter().zip(&self.roles).filter(|(_, role)| listed(role));
        Verification {
            descriptor,
            manifest: manifest.map(|held| held.name.clone()),
            files: files.map(|(report, _)| report).collect(),
            signature,
            findings,
            dropped,
            worst,
        }
    }
}

/// Each text once, with its first line and how many others have it.
fn grouped(notes: &[LineNote]) -> Vec<String> {
    let mut groups: Vec<(&LineNote, usize)> = Vec::new();
    for note in notes {
        // The texts of deviations are few.
        match groups.iter_mut().find(|(first, _)| first.text == note.text) {
            Some((_, others)) => *others += 1,
            None => groups.push((note, 0)),
        }
    }
    let text = |(first, others): (&LineNote, usize)| match others {
        0 => first.to_string(),
        1 => format!("{first}; so does 1 other line"),
        _ => format!("{first}; so do {others} other lines"),
    };
    groups.into_iter().map(text).collect()
}
