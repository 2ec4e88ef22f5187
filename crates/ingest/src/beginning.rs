//! The first bytes of a file, by which its content and its format are known.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// The first `cap` bytes of the file, or all when it is shorter; where the file is read otherwise does not change.
pub(crate) fn read_beginning(file: &File, cap: usize) -> io::Result<Vec<u8>> {
    let mut beginning = vec![0; cap];
    let mut filled = 0;
    while let Some(space) = beginning.get_mut(filled..).filter(|space| !space.is_empty()) {
        match file.read_at(space, u64::try_from(filled).unwrap_or_default()) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    beginning.truncate(filled);
    Ok(beginning)
}
