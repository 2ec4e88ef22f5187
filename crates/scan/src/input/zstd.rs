//! Zstandard as files hold it: frame after frame, with frames between them that are to be skipped.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Largest window that a frame may ask for, in bytes. Files of `zstd` up to level 19 need 8 MiB, which is also the
/// most that RFC 8878 asks of every decoder; level 20 needs four times that. Beyond it one frame could take the
/// memory that the whole scan is promised to stay in.
const MAX_WINDOW_BYTES: u64 = 32 * 1024 * 1024;

/// All frames of a source, one after the other.
pub(super) struct ZstdFrames<R> {
    source: R,
    decoder: FrameDecoder,
    /// Whether a frame was begun and not ended.
    is_within: bool,
}

impl<R: BufRead> ZstdFrames<R> {
    pub(super) fn new(source: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW_BYTES);
        Self { source, decoder, is_within: false }
    }

    /// Goes to the next frame; `false` at the end of the source.
    fn begin(&mut self) -> io::Result<bool> {
        if self.source.fill_buf()?.is_empty() {
            return Ok(false);
        }
        match self.decoder.reset(&mut self.source) {
            Ok(()) => self.is_within = true,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length, ..
            })) => {
                io::copy(&mut self.source.by_ref().take(u64::from(length)), &mut io::sink())?;
            }
            Err(FrameDecoderError::WindowSizeTooBig { requested, max }) => {
                return Err(io::Error::other(format!(
                    "needs a window of {} MiB to unpack, more than {} MiB; hand it over unpacked: zstdcat --long=31 \
                     FILE | bartizan scan -",
                    requested >> 20,
                    max >> 20,
                )));
            }
            Err(error) => return Err(io::Error::other(error)),
        }
        Ok(true)
    }

    /// Ends a frame whose bytes were all handed out.
    fn end(&mut self) -> io::Result<()> {
        self.is_within = false;
        match (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum()) {
            (Some(written), Some(computed)) if written != computed => {
                Err(io::Error::other("the checksum does not fit the content"))
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
            if !self.is_within {
                if !self.begin()? {
                    return Ok(0);
                }
            } else if self.decoder.can_collect() > 0 {
                return self.decoder.read(space);
            } else if self.decoder.is_finished() {
                self.end()?;
            } else {
                self.decoder
                    .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(io::Error::other)?;
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
