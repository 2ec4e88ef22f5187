//! Logs as they lie on the disk, compressed or not, as one stream of bytes.
//!
//! What a file is, its first bytes say, not its name. Nothing is unpacked ahead: memory is the window of the
//! compression, whatever the size of the file, and a stream that unpacks to far more than it holds costs time only.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Largest window that a zstd frame may ask for. RFC 8878, section 3.1.1.1.2 recommends at least 8 MiB; what rotates
/// logs stays at or below that, and `zstd --ultra -20` is at 32 MiB.
const MAX_WINDOW_BYTES: u64 = 32 * 1024 * 1024;

/// Compressed bytes that are read at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// A compression that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952, one or several members.
    Gzip,
    /// RFC 8878, one or several frames.
    Zstd,
}

impl Compression {
    /// The compression of a file that begins so, by its magic number; `None` for anything else.
    pub fn of(beginning: &[u8]) -> Option<Self> {
        if beginning.starts_with(b"\x1f\x8b") {
            Some(Self::Gzip)
        } else if beginning.starts_with(b"\x28\xb5\x2f\xfd") {
            Some(Self::Zstd)
        } else {
            None
        }
    }

    /// The compression that a name announces by its ending.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Gzip, Self::Zstd].into_iter().find(|compression| name.ends_with(compression.ending()))
    }

    /// The usual ending of names, with its dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

/// The bytes of a log file, unpacked where they are compressed.
///
/// ```
/// use std::io::{Read, Write};
/// use bartizan_ingest::LogStream;
///
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("access.log");
/// std::fs::File::create(&path).unwrap().write_all(b"a line\n").unwrap();
/// let mut text = String::new();
/// LogStream::open(&path).unwrap().take(1024).read_to_string(&mut text).unwrap();
/// assert_eq!(text, "a line\n");
/// ```
#[derive(Debug)]
pub struct LogStream {
    bytes: Bytes,
}

#[derive(Debug)]
enum Bytes {
    Plain(FromStart),
    Gzip(Box<MultiGzDecoder<BufReader<FromStart>>>),
    Zstd(Box<ZstdFrames<BufReader<FromStart>>>),
}

impl LogStream {
    /// Opens a file and finds out what it is.
    ///
    /// # Errors
    /// What the system says; what is wrong with compressed bytes shows when they are read.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::new(File::open(path)?)
    }

    /// The bytes of an open file from its start, wherever its cursor stands.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn new(file: File) -> io::Result<Self> {
        let beginning = crate::beginning::read_beginning(&file, 4)?;
        Ok(Self::unpacking(file, Compression::of(&beginning)))
    }

    /// The bytes of a file that is known to be compressed so.
    pub(crate) fn unpacking(file: File, compression: Option<Compression>) -> Self {
        let raw = FromStart { file, offset: 0 };
        let buffered = |raw| BufReader::with_capacity(CHUNK_BYTES, raw);
        let bytes = match compression {
            None => Bytes::Plain(raw),
            Some(Compression::Gzip) => Bytes::Gzip(Box::new(MultiGzDecoder::new(buffered(raw)))),
            Some(Compression::Zstd) => Bytes::Zstd(Box::new(ZstdFrames::new(buffered(raw)))),
        };
        Self { bytes }
    }

    /// How the file is compressed.
    pub fn compression(&self) -> Option<Compression> {
        match self.bytes {
            Bytes::Plain(_) => None,
            Bytes::Gzip(_) => Some(Compression::Gzip),
            Bytes::Zstd(_) => Some(Compression::Zstd),
        }
    }

    /// Bytes of the file itself that were read so far, for progress: compare them with its length.
    pub fn raw_offset(&self) -> u64 {
        match &self.bytes {
            Bytes::Plain(raw) => raw.offset,
            Bytes::Gzip(decoder) => decoder.get_ref().get_ref().offset,
            Bytes::Zstd(frames) => frames.source.get_ref().offset,
        }
    }
}

impl Read for LogStream {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        match &mut self.bytes {
            Bytes::Plain(raw) => raw.read(space),
            Bytes::Gzip(decoder) => decoder.read(space),
            Bytes::Zstd(frames) => frames.read(space),
        }
    }
}

/// Unpacks bytes that are held in memory, up to `cap` bytes of text.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`] when there is more, [`io::ErrorKind::InvalidData`] when they are damaged or cut off.
pub fn unpack(bytes: &[u8], compression: Compression, cap: usize) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    let mut text = Vec::new();
    let read = match compression {
        Compression::Gzip => MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut text),
        Compression::Zstd => ZstdFrames::new(bytes).take(limit).read_to_end(&mut text),
    };
    read.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    if text.len() > cap {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(text)
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

/// Frame after frame of a zstd file; the library's own stream ends with the first.
struct ZstdFrames<R> {
    source: R,
    decoder: FrameDecoder,
    is_within_frame: bool,
}

impl<R> fmt::Debug for ZstdFrames<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZstdFrames").field("is_within_frame", &self.is_within_frame).finish_non_exhaustive()
    }
}

impl<R: BufRead> ZstdFrames<R> {
    fn new(source: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW_BYTES);
        Self { source, decoder, is_within_frame: false }
    }

    /// Begins the next frame; `false` at the end of the file.
    fn next_frame(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => {
                    self.is_within_frame = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = (&mut self.source).take(u64::from(length));
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
        }
        Ok(false)
    }

    fn end_frame(&mut self) -> io::Result<()> {
        self.is_within_frame = false;
        match (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum()) {
            (Some(written), Some(calculated)) if written != calculated => {
                Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum of a frame does not match"))
            }
            _ => Ok(()),
        }
    }
}

impl<R: BufRead> Read for ZstdFrames<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        if space.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.is_within_frame && !self.next_frame()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                self.decoder
                    .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            }
            let count = self.decoder.read(space)?;
            if count > 0 {
                return Ok(count);
            }
            if self.decoder.is_finished() {
                self.end_frame()?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn text() -> Vec<u8> {
        (0..40_000).flat_map(|number| format!("line {number}\n").into_bytes()).collect()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("packs");
        encoder.finish().expect("packs")
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn unpacked(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut file = tempfile::tempfile()?;
        file.write_all(bytes)?;
        let mut text = Vec::new();
        LogStream::new(file)?.take(64 << 20).read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn each_kind_is_read_and_so_are_several_in_one_file() {
        let text = text();
        let (first, second) = text.split_at(text.len() / 3);
        let skippable = [b"\x50\x2a\x4d\x18\x03\0\0\0abc".as_slice(), &zstd(second)].concat();
        for packed in [
            text.clone(),
            gzip(&text),
            zstd(&text),
            [gzip(first), gzip(second)].concat(),
            [zstd(first), skippable].concat(),
        ] {
            assert_eq!(unpacked(&packed).expect("readable"), text);
        }
        assert_eq!(unpacked(b"").expect("readable"), b"");
    }

    #[test]
    fn what_is_cut_off_or_damaged_is_an_error_and_not_an_end() {
        let text = text();
        for packed in [gzip(&text), zstd(&text)] {
            for cut in [5, packed.len() / 2, packed.len() - 1] {
                assert!(unpacked(&packed[..cut]).is_err(), "cut after {cut} of {}", packed.len());
            }
            let mut damaged = packed.clone();
            let middle = damaged.len() / 2;
            damaged[middle] ^= 0x55;
            assert!(unpacked(&damaged).map_or(true, |read| read != text), "damage is not read as whole");
        }
    }

    #[test]
    fn bytes_in_memory_are_unpacked_up_to_a_cap() {
        let text = text();
        for (packed, compression) in [(gzip(&text), Compression::Gzip), (zstd(&text), Compression::Zstd)] {
            assert_eq!(unpack(&packed, compression, text.len()).expect("readable"), text);
            let kind = |bytes: &[u8], cap| unpack(bytes, compression, cap).expect_err("is refused").kind();
            assert_eq!(kind(&packed, text.len() - 1), io::ErrorKind::FileTooLarge);
            assert_eq!(kind(&packed[..packed.len() / 2], text.len()), io::ErrorKind::InvalidData);
            assert_eq!(kind(b"not packed at all", 100), io::ErrorKind::InvalidData);
        }
    }

    #[test]
    fn names_announce_what_they_hold() {
        assert_eq!(Compression::of_name("access.log.1.gz"), Some(Compression::Gzip));
        assert_eq!(Compression::of_name("access.log-20260304.zst"), Some(Compression::Zstd));
        assert_eq!(Compression::of_name("access.log"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(mut bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), kind in 0..3_u8) {
            let magic: &[u8] = [b"".as_slice(), b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd"][usize::from(kind)];
            bytes.splice(0..0, magic.iter().copied());
            let _ = unpacked(&bytes);
        }
    }
}
