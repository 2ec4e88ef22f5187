//! Where the settings of an installation are when nobody says: commands that examine or manage one must not take the
//! defaults for it, and make a user in a database that no server reads.

use std::path::{Path, PathBuf};

/// Where the package puts them; `packaging/systemd/bartizan.service` names the same file.
const PACKAGED: &str = "/etc/bartizan/bartizan.yaml";

/// The file that was named; else that of the package, where it is installed and nothing else is named in its place.
pub(crate) fn or_packaged(named: Option<&Path>, is_otherwise_named: bool) -> Option<PathBuf> {
    or_that(Path::new(PACKAGED), named, is_otherwise_named)
}

fn or_that(packaged: &Path, named: Option<&Path>, is_otherwise_named: bool) -> Option<PathBuf> {
    match named {
        Some(file) => Some(file.to_path_buf()),
        // One that is there and cannot be looked at is meant as well: the error then says who may.
        None if !is_otherwise_named && packaged.try_exists().unwrap_or(true) => Some(packaged.to_path_buf()),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_the_package_count_when_nothing_else_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("bartizan.yaml");
        assert_eq!(or_that(&file, None, false), None, "it is not installed");
        std::fs::write(&file, "").expect("written");
        assert_eq!(or_that(&file, None, false), Some(file.clone()));
        assert_eq!(or_that(&file, None, true), None);
        let other = Path::new("other.yaml");
        assert_eq!(or_that(&file, Some(other), false).as_deref(), Some(other));
    }

    #[test]
    fn the_service_reads_the_same_file() {
        let unit = include_str!("../../../packaging/systemd/bartizan.service");
        assert!(unit.contains(&format!("--config {PACKAGED}\n")), "{unit}");
    }
}
