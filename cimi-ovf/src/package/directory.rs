//! A folder of the file system as a source and sink.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use cimi_model::{ErrorKind, Result};

use super::finding::{from_io, refused};
use super::names::Role;
use super::source::{Opened, Sink, Source};

/// A folder of the file system. Nothing outside of it is opened: links that lead out are refused, and so is what is no
/// regular file. Files are never overwritten.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    /// Folders that were made in it, to be removed again with the last file.
    made: Vec<PathBuf>,
}

impl Directory {
    /// A folder that exists.
    ///
    /// # Errors
    /// When it does not.
    pub fn new(path: impl AsRef<Path>) -> Result<Self> {
        let root = fs::canonicalize(&path).map_err(|error| from_io(&path.as_ref().to_string_lossy(), error))?;
        if root.is_dir() {
            return Ok(Self { root, made: Vec::new() });
        }
        Err(refused(ErrorKind::Io, &path.as_ref().to_string_lossy(), "this is not a folder"))
    }

    /// A folder, which is made if it does not exist. Its parent must exist. If it stays empty, it is removed again when
    /// the value is dropped.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let made = match fs::create_dir(&path) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(error) => return Err(from_io(&path.as_ref().to_string_lossy(), error)),
        };
        let mut directory = Self::new(path)?;
        if made {
            directory.made.push(directory.root.clone());
        }
        Ok(directory)
    }

    /// The names of the descriptors in the folder itself, in order.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn descriptors(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.root).map_err(|error| from_io("", error))? {
            let name = entry.map_err(|error| from_io("", error))?.file_name();
            if let Some(name) = name.to_str().filter(|name| Role::of(name).0 == Role::Descriptor) {
                found.push(name.to_owned());
            }
        }
        found.sort();
        Ok(found)
    }

    /// Removes the folders that were made and are empty, the innermost first.
    fn remove_empty(&mut self) {
        let made = std::mem::take(&mut self.made);
        let mut left: Vec<PathBuf> = made.into_iter().rev().filter(|folder| fs::remove_dir(folder).is_err()).collect();
        left.reverse();
        self.made = left;
    }

    /// Makes the folders that a name goes through.
    fn make_folders(&mut self, name: &str) -> Result<PathBuf> {
        let mut path = self.root.clone();
        let Some((folders, file)) = name.rsplit_once('/') else { return Ok(path.join(name)) };
        for folder in folders.split('/') {
            path.push(folder);
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() => {}
                Ok(_) => return Err(refused(ErrorKind::Io, name, "a part of the name is there and is no folder")),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    fs::create_dir(&path).map_err(|error| from_io(name, error))?;
                    self.made.push(path.clone());
                }
                Err(error) => return Err(from_io(name, error)),
            }
        }
        Ok(path.join(file))
    }
}

impl Drop for Directory {
    /// Folders that were made and got no file are removed.
    fn drop(&mut self) {
        self.remove_empty();
    }
}

impl Source for Directory {
    fn open(&self, name: &str) -> Result<Option<Opened<'_>>> {
        super::check_name(name)?;
        let path = match fs::canonicalize(self.root.join(name)) {
            Ok(path) => path,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(from_io(name, error)),
        };
        if !path.starts_with(&self.root) {
            return Err(refused(ErrorKind::Value, name, "a link leads out of the folder"));
        }
        // Looked at before it is opened: opening a pipe would wait.
        let found = fs::metadata(&path).map_err(|error| from_io(name, error))?;
        if !found.is_file() {
            return Err(refused(ErrorKind::Value, name, "this is not a file"));
        }
        let file = File::open(&path).map_err(|error| from_io(name, error))?;
        Ok(Some(Opened::new(found.len(), file)))
    }
}

impl Sink for Directory {
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + '_>> {
        super::check_name(name)?;
        let path = self.make_folders(name)?;
        let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| from_io(name, error))?;
        Ok(Box::new(file))
    }

    fn remove(&mut self, name: &str) {
        if super::check_name(name).is_err() {
            return;
        }
        // What cannot be removed stays; the error that led here is the one to report.
        let _ = fs::remove_file(self.root.join(name));
        self.remove_empty();
    }
}
