//! Files read whole and written whole or not at all.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The largest document read, in bytes.
pub const LARGEST: u64 = 512 * 1024 * 1024;

/// Reads a text file, or standard input for `-`. The error says what is wrong with which file.
pub fn read_text(path: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let problem = |what: io::Error| format!("cannot read `{path}`: {}", plain(&what));
    if path == "-" {
        io::stdin().take(LARGEST + 1).read_to_end(&mut bytes).map_err(problem)?;
    } else {
        let file = fs::File::open(path).map_err(problem)?;
        if file.metadata().map_err(problem)?.is_dir() {
            return Err(format!("`{path}` is a folder; a file is wanted here"));
        }
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(problem)?;
    }
    text_of(path, bytes)
}

/// The text that a document's bytes are. The error says what is wrong with which file.
pub fn text_of(path: &str, bytes: Vec<u8>) -> Result<String, String> {
    if bytes.len() as u64 > LARGEST {
        return Err(format!("`{path}` is larger than {} MB", LARGEST / 1024 / 1024));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(format!("`{path}` is a workbook or zip file, and a text is wanted here; end its name with .xlsx where a workbook can be read"));
    }
    String::from_utf8(bytes).map_err(|problem| {
        format!("`{path}` is not UTF-8 text (first wrong byte at {})", problem.utf8_error().valid_up_to())
    })
}

/// Reads a file of at most so many bytes; one that is longer is cut one byte later, for the caller to refuse.
pub fn read_bytes(path: &str, most: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let problem = |what: io::Error| format!("cannot read `{path}`: {}", plain(&what));
    fs::File::open(path).map_err(problem)?.take(most + 1).read_to_end(&mut bytes).map_err(problem)?;
    Ok(bytes)
}

fn plain(problem: &io::Error) -> String {
    match problem.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_string(),
        io::ErrorKind::PermissionDenied => "permission denied".to_string(),
        _ => problem.to_string(),
    }
}

/// Writes a file whole or not at all: into a new file beside it, which then takes its name. When the name cannot
/// be taken over (the file is open in another program), a numbered name beside it is used. Gives the name used.
pub fn write_whole(path: &Path, contents: &[u8]) -> Result<PathBuf, String> {
    let mut whole = Whole::begin(path)?;
    whole.add(contents)?;
    whole.finish()
}

/// A file that is written piece by piece and has its name only when it is whole; dropped before, it never was.
pub struct Whole {
    path: PathBuf,
    /// What is written: where the path is a link, the file that it leads to.
    place: PathBuf,
    file: tempfile::NamedTempFile,
}

impl Whole {
    /// Begins a file beside the one that it is to become. The error says what is wrong with which file.
    pub fn begin(path: &Path) -> Result<Whole, String> {
        if path.is_dir() {
            return Err(format!("cannot write `{}`: it is a folder", path.display()));
        }
        let place = if path.is_symlink() { fs::canonicalize(path) } else { Ok(path.to_path_buf()) };
        let place = place
            .map_err(|_| format!("cannot write `{}`: it is a link that leads nowhere", path.display()))?;
        if is_special(&place) {
            return Err(format!("cannot write `{}`: it is no file that can be replaced", path.display()));
        }
        let folder = match place.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if !folder.is_dir() {
            return Err(format!(
                "cannot write `{}`: there is no folder `{}`",
                path.display(),
                folder.display()
            ));
        }
        let file = tempfile::Builder::new().prefix(".rota-").tempfile_in(folder);
        let file = file.map_err(|what| cannot_write(path, &what))?;
        Ok(Whole { path: path.to_path_buf(), place, file })
    }

    /// Adds a piece.
    pub fn add(&mut self, piece: &[u8]) -> Result<(), String> {
        self.file.write_all(piece).map_err(|what| cannot_write(&self.path, &what))
    }

    /// Gives it its name, or a numbered one where that cannot be taken over. Gives the name used.
    pub fn finish(self) -> Result<PathBuf, String> {
        let Whole { path, place, file } = self;
        let problem = |what: &io::Error| cannot_write(&path, what);
        file.as_file().sync_all().map_err(|what| problem(&what))?;
        set_usual_permissions(&place, file.as_file()).map_err(|what| problem(&what))?;
        let Err(failed) = file.persist(&place) else { return Ok(path) };
        let mut file = failed.file;
        for number in 2..100 {
            let numbered = numbered(&place, number);
            match file.persist_noclobber(&numbered) {
                Ok(_) => return Ok(numbered),
                Err(again) => file = again.file,
            }
        }
        Err(problem(&failed.error))
    }
}

/// Whether something is there that is neither a file nor a folder, such as a pipe or a device: reading it may wait for
/// ever, and no file takes its place.
pub fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}

fn cannot_write(path: &Path, what: &io::Error) -> String {
    format!("cannot write `{}`: {}", path.display(), plain(what))
}

/// Writes a file whole where there is none of its name; one that is there is left as it is, and that is an error.
pub fn write_new(path: &Path, contents: &[u8]) -> Result<(), String> {
    let problem = |what: &io::Error| match what.kind() {
        io::ErrorKind::AlreadyExists => format!("`{}` is there already and is left as it is", path.display()),
        _ => format!("cannot write `{}`: {}", path.display(), plain(what)),
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file =
        tempfile::Builder::new().prefix(".rota-").tempfile_in(folder).map_err(|what| problem(&what))?;
    file.write_all(contents).and_then(|()| file.as_file().sync_all()).map_err(|what| problem(&what))?;
    set_usual_permissions(path, file.as_file()).map_err(|what| problem(&what))?;
    file.persist_noclobber(path).map(|_| ()).map_err(|failed| problem(&failed.error))
}

/// Gives a file a second name beside it, `roster (edited).xlsx` for `roster.xlsx`, so that it stays when the first is
/// written over; the next free number where that name is taken. Gives the name used.
pub fn keep_as(path: &Path, word: &str) -> Result<PathBuf, String> {
    keep_under(path, &|number| match number {
        1 => beside(path, word),
        _ => beside(path, &format!("{word} {number}")),
    })
}

/// Gives a file a second name, the first of `name(1)`, `name(2)` and so on that is not taken. Gives the name used.
pub fn keep_under(path: &Path, name: &dyn Fn(u32) -> PathBuf) -> Result<PathBuf, String> {
    let problem = |what: &io::Error| format!("cannot keep `{}`: {}", path.display(), plain(what));
    // Of a link, the file that it leads to.
    let path = &fs::canonicalize(path).map_err(|what| problem(&what))?;
    for number in 1..1000 {
        let kept = name(number);
        // Never over a file that is there; where there are no links, as a copy.
        let made = fs::hard_link(path, &kept).or_else(|what| match what.kind() {
            io::ErrorKind::AlreadyExists => Err(what),
            _ => copy_new(path, &kept),
        });
        match made {
            Ok(()) => return Ok(kept),
            Err(what) if what.kind() == io::ErrorKind::AlreadyExists => {}
            Err(what) => return Err(problem(&what)),
        }
    }
    Err(format!("cannot keep `{}`: too many names beside it are taken", path.display()))
}

fn copy_new(from: &Path, to: &Path) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(to)?;
    let written = fs::read(from).and_then(|bytes| file.write_all(&bytes)).and_then(|()| file.sync_all());
    written.inspect_err(|_| {
        let _ = fs::remove_file(to);
    })
}

/// Takes a file's name away: it is there under another from now on. Gives that name.
pub fn set_aside(path: &Path, word: &str) -> Result<PathBuf, String> {
    let kept = keep_as(path, word)?;
    remove(path)?;
    Ok(kept)
}

/// Removes a file.
pub fn remove(path: &Path) -> Result<(), String> {
    fs::remove_file(path).map_err(|what| format!("cannot remove `{}`: {}", path.display(), plain(&what)))
}

/// `roster (2).json` for `roster.json`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    beside(path, &number.to_string())
}

/// `roster (edited).json` for `roster.json`.
fn beside(path: &Path, word: &str) -> PathBuf {
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let ending = path.extension().map_or_else(String::new, |ending| format!(".{}", ending.to_string_lossy()));
    path.with_file_name(format!("{stem} ({word}){ending}"))
}

/// Temporary files are private; the finished one gets the permissions of the file it replaces, or the usual ones.
#[cfg(unix)]
fn set_usual_permissions(path: &Path, file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_or(0o644, |old| old.permissions().mode());
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_usual_permissions(_: &Path, _: &fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("roster.json");
        write_whole(&path, b"one").expect("writes");
        write_whole(&path, b"two").expect("writes again");
        assert_eq!(fs::read(&path).expect("reads"), b"two");
        assert_eq!(fs::read_dir(folder.path()).expect("lists").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("of june.json"), folder.path().join("roster.json"));
        fs::write(&file, "one").expect("writes");
        std::os::unix::fs::symlink(&file, &link).expect("links");
        assert_eq!(write_whole(&link, b"two"), Ok(link.clone()));
        assert!(link.is_symlink());
        assert_eq!(fs::read(&file).expect("reads"), b"two");

        let kept = keep_as(&link, "before").expect("keeps");
        write_whole(&link, b"three").expect("writes");
        assert_eq!(kept, folder.path().join("roster (before).json"));
        assert_eq!(fs::read(&kept).expect("reads"), b"two");
        fs::remove_file(&file).expect("removed");
        assert!(write_whole(&link, b"four").is_err_and(|what| what.contains("leads nowhere")));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_replaced() {
        assert!(is_special(Path::new("/dev/null")) && !is_special(Path::new("/nowhere")));
        assert!(write_whole(Path::new("/dev/null"), b"x").is_err());
    }

    #[test]
    fn a_folder_is_not_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(write_whole(folder.path(), b"x").is_err());
        assert!(write_whole(&folder.path().join("none/roster.json"), b"x").is_err());
    }

    #[test]
    fn what_is_kept_has_a_name_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("roster.json");
        for (contents, name) in [
            ("one", "roster (edited).json"),
            ("two", "roster (edited 2).json"),
            ("three", "roster (edited 3).json"),
        ] {
            write_whole(&path, contents.as_bytes()).expect("writes");
            let kept = keep_as(&path, "edited").expect("keeps");
            assert_eq!(kept, folder.path().join(name));
            write_whole(&path, b"new").expect("writes over it");
            assert_eq!(fs::read_to_string(&kept).expect("reads"), contents);
        }
        let aside = set_aside(&path, "of 12 June 2020").expect("sets aside");
        assert!(!path.exists());
        assert_eq!(fs::read(&aside).expect("reads"), b"new");
        assert!(set_aside(&path, "x").is_err(), "it is gone");
    }

    #[test]
    fn numbered_names() {
        assert_eq!(numbered(Path::new("a/roster.json"), 2), Path::new("a/roster (2).json"));
    }
}
