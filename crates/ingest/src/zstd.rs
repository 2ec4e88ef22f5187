//! Zstandard as files hold it (RFC 8878): frame after frame, with frames between them that are to be skipped.

use std::fmt;
use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Largest window that a zstd frame may ask for. RFC 8878, section 3.1.1.1.2 recommends at least 8 MiB; what rotates
/// logs stays at or below that, and `zstd --ultra -20` is at 32 MiB.
const MAX_WINDOW_BYTES: u64 = 32 * 1024 * 1024;

/// Frame after frame of a zstd file; the library's own stream ends with the first.
pub(crate) struct ZstdFrames<R> {
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
    pub(crate) fn new(source: R) -> Self {
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
                Err(FrameDecoderError::WindowSizeTooBig { requested, max }) => {
                    return Err(io::Error::new(
                        io::ErrorKind::Unsupported,
                        format!(
                            "needs a window of {} MiB to unpack, more than {} MiB; unpack it first: zstdcat \
                             --long=31 FILE",
                            requested >> 20,
                            max >> 20,
                        ),
                    ));
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
    use proptest::prelude::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    fn read_all(packed: &[u8]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        ZstdFrames::new(packed).take(1 << 24).read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn frames_follow_each_other_and_skippable_ones_are_skipped() {
        let [one, two] =
            [b"one\n", b"two\n"].map(|text| compress_to_vec(text.as_slice(), CompressionLevel::Fastest));
        let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
        let packed = [skipped.as_slice(), &one, &skipped, &two].concat();
        assert_eq!(read_all(&packed).expect("sound"), b"one\ntwo\n");
        assert!(read_all(&packed[..packed.len() - 3]).is_err());
    }

    #[test]
    fn a_frame_that_asks_for_too_much_memory_is_refused() {
        // Window descriptor 0x90: exponent 18, so 2^28 bytes (RFC 8878, section 3.1.1.1.2).
        let error = read_all(&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x90, 0, 0, 0]).expect_err("too large");
        assert!(error.to_string().contains("256 MiB"), "{error}");
    }

    proptest! {
        #[test]
        fn damaged_frames_end_in_an_error_or_in_bytes(at in 0..60_usize, byte in any::<u8>()) {
            let mut packed =
                compress_to_vec([b"GET /index.html ".repeat(40)].concat().as_slice(), CompressionLevel::Fastest);
            if let Some(hit) = packed.get_mut(at) {
                *hit = byte;
            }
            let _ = read_all(&packed);
        }
    }
}
