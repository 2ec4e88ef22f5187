//! Finding a file again after log rotation, and the files that were rotated after it.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use bartizan_model::Checkpoint;

use crate::fingerprint::{Identity, Likeness};
use crate::siblings::{Family, KnownFile, archives};

/// Where a file stands that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Opened where the server writes; it may have been renamed since.
    Live,
    /// Found renamed; the server may still write to it for a moment.
    Renamed,
    /// A copy, compressed or not: nobody writes to it.
    Copied,
}

/// Files to read one after the other.
pub(crate) type Sequence = VecDeque<(KnownFile, Place)>;

/// Finds the file that a checkpoint refers to, at its place, or renamed, copied or compressed beside it or in a folder
/// there, and the files that come after it. The first of the sequence is the one to go on with at the checkpoint's
/// offset.
pub(crate) fn find(path: &Path, checkpoint: &Checkpoint) -> Option<Sequence> {
    // Other logs of that name may lie in such a folder; only one that holds the very file is this log's.
    let in_archive = |archive: PathBuf| find_among(Family::open_archive(path, &archive), checkpoint);
    find_among(Family::open(path), checkpoint).or_else(|| archives(path).into_iter().find_map(in_archive))
}

fn find_among(family: Family, checkpoint: &Checkpoint) -> Option<Sequence> {
    let Family { live, rotated } = family;
    let likeness = |known: &KnownFile| {
        let is_shorter = known.metadata.len() < checkpoint.offset && known.file.compression().is_none();
        if is_shorter { Likeness::Other } else { known.identity.likeness(&checkpoint.fingerprint) }
    };
    let position = |wanted: Likeness| rotated.iter().position(|known| likeness(known) == wanted);
    let (renamed, copied) = (position(Likeness::Same), position(Likeness::Copy));
    let at = match (live.as_ref().map_or(Likeness::Other, likeness), renamed, copied) {
        (Likeness::Same, ..) | (Likeness::Copy, None, _) => {
            return live.map(|known| VecDeque::from([(known, Place::Live)]));
        }
        (_, Some(at), _) | (Likeness::Other, None, Some(at)) => at,
        (Likeness::Other, None, None) => return None,
    };
    let mut rest = rotated.into_iter().skip(at);
    let known = rest.next()?;
    let is_closed = likeness(&known) == Likeness::Copy || known.file.compression().is_some();
    let place = if is_closed { Place::Copied } else { Place::Renamed };
    let mut sequence = after_current(rest, live, &known.identity);
    sequence.push_front((known, place));
    Some(sequence)
}

/// What comes after a file that was read to its end: those that were rotated later, oldest first, then the live one.
///
/// The file is still open, so that its number on the disk cannot have been given to another.
pub(crate) fn after(path: &Path, finished: &KnownFile) -> Sequence {
    let place =
        |family: &Family| family.rotated.iter().position(|known| known.identity.is_same(&finished.identity));
    let beside = Family::open(path);
    let in_archive = || {
        let mut families = archives(path).into_iter().map(|archive| Family::open_archive(path, &archive));
        families.find(|family| place(family).is_some())
    };
    let archive = if place(&beside).is_none() { in_archive() } else { None };
    let family = archive.unwrap_or(beside);
    let here = place(&family);
    let Family { live, rotated } = family;
    let written = finished.file.raw().metadata().and_then(|metadata| metadata.modified()).ok();
    let rest = rotated.into_iter().enumerate().filter(|(at, known)| match here {
        Some(here) => *at > here,
        // It was deleted: what was written to after it is newer.
        None => known.metadata.modified().ok() > written,
    });
    after_current(rest.map(|(_, known)| known), live, &finished.identity)
}

/// Leaves out what begins like the current file or the live one: a copy would be read twice.
fn after_current(
    rest: impl Iterator<Item = KnownFile>,
    live: Option<KnownFile>,
    current: &Identity,
) -> Sequence {
    let is_copy = |known: &KnownFile| {
        let is_live = live.as_ref().is_some_and(|live| known.identity.begins_like(&live.identity));
        is_live || known.identity.begins_like(current)
    };
    let mut sequence: Sequence = rest
        .filter(|known| !is_copy(known))
        .map(|known| {
            let place = if known.file.compression().is_some() { Place::Copied } else { Place::Renamed };
            (known, place)
        })
        .collect();
    sequence.extend(live.map(|known| (known, Place::Live)));
    sequence
}
