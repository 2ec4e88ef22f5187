//! What a file is compressed with, by its first bytes, and the stream that unpacks it.

use std::io::{self, Cursor, Read};

use bartizan_ingest::{Compression, MAGIC_BYTES, Unpacked, UnreadCompression};

/// Unpacks what is compressed, and hands through what is not.
///
/// # Errors
/// When the beginning cannot be read, and when the file is compressed in a way that is known by name only.
pub(super) fn unpacked<R: Read + Send + 'static>(mut raw: R) -> io::Result<Box<dyn Read + Send>> {
    let mut magic = Vec::with_capacity(MAGIC_BYTES);
    raw.by_ref().take(u64::try_from(MAGIC_BYTES).unwrap_or_default()).read_to_end(&mut magic)?;
    if let Some(UnreadCompression { name, tool }) = UnreadCompression::of(&magic) {
        return Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!("is packed with {name}; hand it over unpacked: {tool} FILE | bartizan scan -"),
        ));
    }
    let compression = Compression::of(&magic);
    Ok(Box::new(Unpacked::new(Cursor::new(magic).chain(raw), compression)))
}
