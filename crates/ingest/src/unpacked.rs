//! Logs as they lie on the disk, compressed or not, as one stream of bytes.
//!
//! Nothing is unpacked ahead: memory is the window of the compression, whatever the size of the file, and a stream that
//! unpacks to far more than it holds costs time only.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use crate::compression::Compression;
use crate::zstd::ZstdFrames;

/// Compressed bytes that are read at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// The bytes of a source, unpacked where they are compressed.
///
/// ```
/// use std::io::Read;
/// use bartizan_ingest::{Compression, Unpacked};
///
/// let packed = b"a line\n";
/// let mut text = String::new();
/// Unpacked::new(packed.as_slice(), Compression::of(packed)).take(1024).read_to_string(&mut text).unwrap();
/// assert_eq!(text, "a line\n");
/// ```
#[derive(Debug)]
pub struct Unpacked<R> {
    bytes: Bytes<R>,
}

#[derive(Debug)]
enum Bytes<R> {
    Plain(R),
    Gzip(Box<MultiGzDecoder<BufReader<R>>>),
    Zstd(Box<ZstdFrames<BufReader<R>>>),
}

impl<R: Read> Unpacked<R> {
    /// Of a source that is compressed so and stands at its beginning. What is wrong with its bytes shows when they are
    /// read.
    pub fn new(source: R, compression: Option<Compression>) -> Self {
        let bytes = match compression {
            None => Bytes::Plain(source),
            Some(Compression::Gzip) => Bytes::Gzip(Box::new(gzip_members(buffered(source)))),
            Some(Compression::Zstd) => Bytes::Zstd(Box::new(ZstdFrames::new(buffered(source)))),
        };
        Self { bytes }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        match &mut self.bytes {
            Bytes::Plain(source) => source.read(space),
            Bytes::Gzip(members) => members.read(space),
            Bytes::Zstd(frames) => frames.read(space),
        }
    }
}

fn buffered<R: Read>(source: R) -> BufReader<R> {
    BufReader::with_capacity(CHUNK_BYTES, source)
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever reads from it has a cap: `unpack`, or a piece at a time"
)]
fn gzip_members<R: io::BufRead>(source: R) -> MultiGzDecoder<R> {
    MultiGzDecoder::new(source)
}

/// Unpacks bytes that are held in memory, up to `cap` bytes of text.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`] when there is more, [`io::ErrorKind::InvalidData`] when they are damaged or cut off.
pub fn unpack(bytes: &[u8], compression: Compression, cap: usize) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    let mut text = Vec::new();
    let unpacked = Unpacked::new(bytes, Some(compression)).take(limit).read_to_end(&mut text);
    unpacked.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    if text.len() > cap {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(text)
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
        let mut text = Vec::new();
        Unpacked::new(bytes, Compression::of(bytes)).take(64 << 20).read_to_end(&mut text)?;
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

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(mut bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), kind in 0..3_u8) {
            let magic: &[u8] = [b"".as_slice(), b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd"][usize::from(kind)];
            bytes.splice(0..0, magic.iter().copied());
            let _ = unpacked(&bytes);
        }
    }
}
