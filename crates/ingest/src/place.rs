//! The one name of a file.

use std::io;
use std::path::{Path, PathBuf};

/// The path without `..` and linked folders: it names the source, and the name is the key of the stored position, so
/// the same file must have one name from wherever we are started. The file itself may be a link and stays one.
///
/// # Errors
/// When the path is empty, or relative and there is no folder to begin at.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    Ok(match (path.parent().map(Path::canonicalize), path.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_name_from_wherever_it_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let plain = resolved(&folder.path().join("access.log")).expect("a path");
        std::fs::create_dir(folder.path().join("sub")).expect("made");
        let roundabout = folder.path().join("sub/../access.log");
        assert_eq!(resolved(&roundabout).expect("a path"), plain);
        let missing = Path::new("/nonexistent/../access.log");
        assert_eq!(resolved(missing).expect("a path"), missing);
    }
}
