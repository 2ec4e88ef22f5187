//! A log file that is read at any place: as it lies there, or unpacked on the way.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;

use crate::beginning::read_beginning;
use crate::compression::Compression;
use crate::unpacked::Unpacked;

/// Most unpacked bytes that one call passes over on its way to an offset, so that whoever reads can be stopped.
const MAX_SKIPPED_BYTES: u64 = 16 * 1024 * 1024;

/// Bytes that are passed over at once.
const SKIP_BYTES: usize = 16 * 1024;

/// What is at an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// That many bytes.
    Bytes(usize),
    /// Nothing: the file ends here, for now.
    End,
    /// Not known yet: ask again.
    Later,
}

/// An open file, compressed or not.
#[derive(Debug)]
pub(crate) struct LogFile {
    file: File,
    compression: Option<Compression>,
    unpacking: Option<Unpacking>,
}

#[derive(Debug)]
struct Unpacking {
    stream: Unpacked<FromStart>,
    offset: u64,
}

impl LogFile {
    /// A file that is what it is, even when it begins like a compressed one.
    pub(crate) fn plain(file: File) -> Self {
        Self { file, compression: None, unpacking: None }
    }

    /// A file whose bytes are compressed.
    pub(crate) fn compressed(file: File, compression: Compression) -> Self {
        Self { file, compression: Some(compression), unpacking: None }
    }

    /// The handle itself.
    pub(crate) fn raw(&self) -> &File {
        &self.file
    }

    /// How it is compressed.
    pub(crate) fn compression(&self) -> Option<Compression> {
        self.compression
    }

    /// The first `cap` bytes, or all when there are fewer. Of a damaged file: those that can be unpacked.
    pub(crate) fn beginning(&self, cap: usize) -> io::Result<Vec<u8>> {
        if self.compression.is_none() {
            return read_beginning(&self.file, cap);
        }
        let mut stream = self.unpacked()?;
        let mut beginning = vec![0; cap];
        let mut filled = 0;
        while let Some(space) = beginning.get_mut(filled..).filter(|space| !space.is_empty()) {
            match stream.read(space) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        beginning.truncate(filled);
        Ok(beginning)
    }

    /// Reads what stands at an offset of the unpacked text. Reading on from where the last call ended is quick; any
    /// other offset of a compressed file is reached from its start.
    pub(crate) fn read_at(&mut self, space: &mut [u8], offset: u64) -> io::Result<Piece> {
        if self.compression.is_none() {
            return self.file.read_at(space, offset).map(piece);
        }
        if self.unpacking.as_ref().is_none_or(|unpacking| unpacking.offset > offset) {
            let stream = self.unpacked()?;
            self.unpacking = Some(Unpacking { stream, offset: 0 });
        }
        let Some(unpacking) = &mut self.unpacking else {
            return Ok(Piece::Later);
        };
        let read = unpacking.read_at(space, offset);
        if read.is_err() {
            // A decoder that failed cannot go on: the next try begins anew.
            self.unpacking = None;
        }
        read
    }

    /// The unpacked bytes, read apart from everything else that is read of the file.
    fn unpacked(&self) -> io::Result<Unpacked<FromStart>> {
        Ok(Unpacked::new(FromStart { file: self.file.try_clone()?, offset: 0 }, self.compression))
    }
}

impl Unpacking {
    fn read_at(&mut self, space: &mut [u8], offset: u64) -> io::Result<Piece> {
        let mut passed = [0; SKIP_BYTES];
        let stop = self.offset.saturating_add(MAX_SKIPPED_BYTES);
        while self.offset < offset {
            if self.offset >= stop {
                return Ok(Piece::Later);
            }
            let left = usize::try_from(offset - self.offset).unwrap_or(SKIP_BYTES).min(SKIP_BYTES);
            match self.read(passed.get_mut(..left).unwrap_or_default())? {
                0 => return Ok(Piece::End),
                count => self.advance(count),
            }
        }
        let count = self.read(space)?;
        self.advance(count);
        Ok(piece(count))
    }

    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.stream.read(space) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }

    fn advance(&mut self, count: usize) {
        self.offset = self.offset.saturating_add(u64::try_from(count).unwrap_or_default());
    }
}

/// Reads a file with an offset of its own, so that others may read the same handle.
#[derive(Debug)]
struct FromStart {
    file: File,
    offset: u64,
}

impl Read for FromStart {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(space, self.offset)?;
        self.offset += u64::try_from(count).unwrap_or_default();
        Ok(count)
    }
}

fn piece(count: usize) -> Piece {
    if count == 0 { Piece::End } else { Piece::Bytes(count) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_compressed_file_is_read_at_any_place() {
        let text: Vec<u8> = (0..200_000).flat_map(|number: u32| number.to_le_bytes()).collect();
        let mut encoder = flate2::write::GzEncoder::new(
            tempfile::tempfile().expect("a temporary file"),
            flate2::Compression::fast(),
        );
        encoder.write_all(&text).expect("packs");
        let mut log = LogFile::compressed(encoder.finish().expect("packs"), Compression::Gzip);
        assert_eq!(log.beginning(1_000).expect("readable"), text[..1_000]);
        for offset in [0, 700_000, 300, 799_999] {
            let mut byte = [0];
            assert_eq!(log.read_at(&mut byte, offset).expect("readable"), Piece::Bytes(1));
            assert_eq!(byte[0], text[usize::try_from(offset).expect("small")]);
        }
        assert_eq!(log.read_at(&mut [0], 800_000).expect("readable"), Piece::End);
        assert_eq!(log.read_at(&mut [0], 900_000).expect("readable"), Piece::End);
    }
}
