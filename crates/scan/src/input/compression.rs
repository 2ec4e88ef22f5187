//! What a file is packed with, by its first bytes, and how it is unpacked while it is read.

use std::io::{self, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::zstd::ZstdFrames;

/// First bytes of a file that are looked at: the longest magic number has six.
const MAGIC_BYTES: u64 = 6;

/// Bytes of a packed file that are read at once.
const BUFFER_BYTES: usize = 128 * 1024;

/// Unpacks what is packed, and hands through what is not.
///
/// # Errors
/// When the beginning cannot be read, and when the file is packed in a way that is known by name only.
pub(super) fn unpacked<R: Read + Send + 'static>(mut raw: R) -> io::Result<Box<dyn Read + Send>> {
    let mut magic = Vec::new();
    raw.by_ref().take(MAGIC_BYTES).read_to_end(&mut magic)?;
    let packing = Packing::of(&magic);
    let whole = Cursor::new(magic).chain(raw);
    let buffered = |whole: Chain<Cursor<Vec<u8>>, R>| BufReader::with_capacity(BUFFER_BYTES, whole);
    match packing {
        Packing::None => Ok(Box::new(whole)),
        Packing::Gzip => Ok(Box::new(MultiGzDecoder::new(buffered(whole)))),
        Packing::Zstd => Ok(Box::new(ZstdFrames::new(buffered(whole)))),
        Packing::Unknown(name, tool) => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!("is packed with {name}; hand it over unpacked: {tool} FILE | bartizan scan -"),
        )),
    }
}

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
    Zstd,
    /// Known by name only, with the command that unpacks it.
    Unknown(&'static str, &'static str),
}

impl Packing {
    /// By the magic number: RFC 1952, RFC 8878 (a skippable frame may come first), and the formats of bzip2, xz and
    /// zip.
    fn of(beginning: &[u8]) -> Self {
        match beginning {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            [b'B', b'Z', b'h', ..] => Self::Unknown("bzip2", "bzcat"),
            [0xfd, b'7', b'z', b'X', b'Z', 0] => Self::Unknown("xz", "xzcat"),
            [b'P', b'K', 3, 4, ..] => Self::Unknown("zip", "unzip -p"),
            _ => Self::None,
        }
    }
}
