//! Finds `annostore.toml` beside the files of a run, and says where those are, seen from it.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::{env, fs, io};

use crate::diagnostic::settings::{SETTINGS_FILE, Settings};
use crate::model::{Error, ErrorKind, Result};
use crate::read::source::Input;

/// Where a file is that is checked.
pub struct CheckedPlace {
    given: String,
    /// The folder of the file, as it is named; that of the run for what lies in none.
    folder: Option<PathBuf>,
    /// None for standard input and what lies on a server.
    path: Option<PathBuf>,
}

impl CheckedPlace {
    /// That of a path, a URL, or `-`.
    pub fn of(file: &str) -> Self {
        let given = file.to_owned();
        if file == "-" || !matches!(Input::scheme_of(file), Ok(None)) {
            return Self { given, folder: env::current_dir().ok(), path: None };
        }
        let path = whole(Path::new(file));
        Self { given, folder: path.parent().map(Path::to_owned), path: Some(path) }
    }

    /// The path as seen from a folder, where it lies below it; of what lies in none, its name.
    pub fn seen_from(&self, folder: &Path) -> &Path {
        match &self.path {
            Some(path) => path.strip_prefix(folder).unwrap_or(path),
            None => Path::new(self.given.rsplit('/').next().unwrap_or_default()),
        }
    }

    /// Its name in a baseline: the path as seen from the folder of the baseline.
    pub fn key(&self, baseline: &Path) -> String {
        let baseline = whole(baseline);
        match &self.path {
            Some(_) => self.seen_from(folder_of(&baseline)).display().to_string(),
            None => self.given.clone(),
        }
    }
}

/// A path from the root on, in which `..` leads to the folder that is named before it. Links are
/// not followed: the settings of a project hold for data that it links to.
fn whole(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => drop(whole.pop()),
            part => whole.push(part),
        }
    }
    whole
}

/// The folder that a path is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether two paths are those of one file, which is there or is to be.
pub fn is_same(left: &Path, right: &Path) -> bool {
    let followed = |path: &Path| {
        let of_new = || Some(fs::canonicalize(folder_of(path)).ok()?.join(path.file_name()?));
        fs::canonicalize(path).ok().or_else(of_new)
    };
    left == right || followed(left).is_some_and(|it| Some(it) == followed(right))
}

/// A path as people are told of it: seen from the folder of the run, where it lies below it.
pub fn shown(path: &Path) -> String {
    let here = env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

/// The text of a file that a flag or a setting names.
pub fn text_of(path: &Path, what: &str) -> Result<String> {
    fs::read_to_string(path).map_err(|error| unreadable(what, path, error))
}

fn unreadable(what: &str, path: &Path, error: io::Error) -> Error {
    Error::new(ErrorKind::Unreadable, format!("cannot read {what}"))
        .with("file", shown(path))
        .with_source(error)
        .with_help("name a file that is there and can be read")
}

/// A file of settings.
pub struct FoundSettings {
    /// As people are told of it.
    pub name: String,
    /// Where it is.
    pub folder: PathBuf,
    /// What it says.
    pub settings: Settings,
}

impl FoundSettings {
    /// The settings in a folder itself.
    fn in_folder(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(SETTINGS_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if is_absent(error.kind()) => return Ok(None),
            Err(error) => {
                return Err(unreadable("the settings", &path, error)
                    .with_help("let it be read, or leave it out with --isolated"));
            }
        };
        let name = shown(&path);
        let settings = Settings::parse(&text).map_err(|it| it.with("file", &name))?;
        Ok(Some(Self { name, folder: folder.to_owned(), settings }))
    }
}

/// Whether nothing is there, or what should be the folder is none.
fn is_absent(error: io::ErrorKind) -> bool {
    matches!(error, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The settings of the folders that were looked into.
#[derive(Default)]
pub struct SettingsFiles(HashMap<PathBuf, Option<Arc<FoundSettings>>>);

impl SettingsFiles {
    /// Those that hold for a file: of its folder, else of the nearest folder above that has some.
    pub fn of(&mut self, place: &CheckedPlace) -> Result<Option<Arc<FoundSettings>>> {
        let Some(folder) = &place.folder else { return Ok(None) };
        if let Some(known) = self.0.get(folder) {
            return Ok(known.clone());
        }
        let found = folder.ancestors().find_map(|it| FoundSettings::in_folder(it).transpose());
        let found = found.transpose()?.map(Arc::new);
        self.0.insert(folder.clone(), found.clone());
        Ok(found)
    }
}
