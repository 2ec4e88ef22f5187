//! Files as a stream of blocks of whole lines, small enough that many of them fit into memory.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::vec;

use bartizan_ingest::{LineOptions, LineParser, MAX_LINE_BYTES};
use bartizan_model::Timestamp;

use super::compression::unpacked;
use super::discover::{InputFile, explained};
use crate::{Progress, parse, plain};

/// Bytes of one block: some hundred lines, so that handing it over costs nothing beside judging it, and little enough
/// that its requests stay in the processor's cache and hundreds of blocks in flight do not count.
const BLOCK_BYTES: usize = 64 * 1024;

/// Bytes read at once.
const READ_BYTES: usize = 64 * 1024;

/// Bytes kept of a line that is too long, to be shown.
const KEPT_OF_LONG_BYTES: usize = 512;

/// What one thread judges at a time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Place in the order of everything that is read.
    pub(crate) sequence: u64,
    /// Which file, counted from 0.
    pub(crate) file: usize,
    /// What stands in for the time in lines without one.
    pub(crate) read_at: Timestamp,
    /// What its lines are read by.
    pub(crate) parser: LineParser,
    pub(crate) content: Content,
}

/// What a block holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Whole lines.
    Lines(Vec<u8>),
    /// The beginning of one line that is longer than any log line; the rest was not kept.
    TooLong(Vec<u8>),
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileRecord {
    pub(crate) shown: String,
    /// Its size on disk, as far as it was read.
    pub(crate) bytes: u64,
    /// Why it was not read, or not to its end.
    pub(crate) problem: Option<String>,
    /// Whether anything of it was read.
    pub(crate) was_read: bool,
}

/// Hands out the blocks of all files, one file after the other.
pub(crate) struct Blocks<'a> {
    waiting: vec::IntoIter<InputFile>,
    current: Option<OpenFile>,
    records: Vec<FileRecord>,
    sequence: u64,
    lines: &'a LineOptions,
    progress: &'a Progress,
}

struct OpenFile {
    reader: Box<dyn Read + Send>,
    read_at: Timestamp,
    /// As it stands after what was handed out.
    parser: LineParser,
    /// Bytes taken from the disk, and how many of them the progress knows.
    taken: Arc<AtomicU64>,
    told: u64,
    /// Read and not yet handed out.
    rest: Vec<u8>,
    /// In the middle of a line whose beginning was handed out as too long.
    is_skipping: bool,
    is_begun: bool,
    is_at_end: bool,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(files: Vec<InputFile>, lines: &'a LineOptions, progress: &'a Progress) -> Self {
        Self { waiting: files.into_iter(), current: None, records: Vec::new(), sequence: 0, lines, progress }
    }

    /// What became of the files that were opened.
    pub(crate) fn into_records(self) -> Vec<FileRecord> {
        self.records
    }

    /// The next block; `None` after the last one of the last file.
    pub(crate) fn next(&mut self) -> Option<Block> {
        loop {
            let Some(open) = &mut self.current else {
                self.open_next()?;
                continue;
            };
            let content = open.next_content(self.lines);
            let taken = open.taken.load(Ordering::Relaxed);
            self.progress.read(taken.saturating_sub(open.told));
            open.told = taken;
            let read_at = open.read_at;
            let record = self.records.last_mut()?;
            record.bytes = taken;
            match content {
                Ok(Some(content)) => {
                    record.was_read = true;
                    let sequence = self.sequence;
                    self.sequence += 1;
                    let parser = open.parser.clone();
                    if let Content::Lines(lines) = &content {
                        parse::pass(&mut open.parser, lines);
                    }
                    return Some(Block { sequence, file: self.records.len() - 1, read_at, parser, content });
                }
                Ok(None) => {
                    record.was_read |= record.problem.is_none();
                    self.close();
                }
                Err(problem) => {
                    record.problem.get_or_insert(problem);
                }
            }
        }
    }

    fn close(&mut self) {
        self.current = None;
        self.progress.file_done();
    }

    /// Opens the next file, if there is one.
    fn open_next(&mut self) -> Option<()> {
        let file = self.waiting.next()?;
        let taken = Arc::new(AtomicU64::new(0));
        let opened = match &file.path {
            Some(path) => File::open(path)
                .and_then(|file| unpacked(Counted { source: file, taken: Arc::clone(&taken) })),
            None => unpacked(Counted { source: io::stdin(), taken: Arc::clone(&taken) }),
        };
        let (reader, problem) = match opened {
            Ok(reader) => (Some(reader), None),
            Err(error) => (None, Some(reason(&error))),
        };
        self.records.push(FileRecord { shown: file.shown, bytes: 0, problem, was_read: false });
        match reader {
            None => {
                self.progress.read(file.size);
                self.progress.file_done();
            }
            Some(reader) => {
                self.current = Some(OpenFile {
                    reader,
                    read_at: file.read_at,
                    parser: LineParser::new(self.lines),
                    taken,
                    told: 0,
                    rest: Vec::new(),
                    is_skipping: false,
                    is_begun: false,
                    is_at_end: false,
                });
            }
        }
        Some(())
    }
}

impl OpenFile {
    /// The next whole lines; `None` at the end. After an error the lines that were read before it are handed out, and
    /// then comes the end.
    ///
    /// # Errors
    /// A sentence on why the file cannot be read on, or is not to be read at all.
    fn next_content(&mut self, lines: &LineOptions) -> Result<Option<Content>, String> {
        if let Err(error) = self.fill() {
            self.is_at_end = true;
            // A line that the damage cut off is not a line.
            self.rest.truncate(memchr::memrchr(b'\n', &self.rest).map_or(0, |at| at + 1));
            return Err(reason(&error));
        }
        if !self.is_begun && !self.rest.is_empty() {
            self.is_begun = true;
            let Some(parser) = parse::parser(&self.rest, lines) else {
                let problem = refusal(&self.rest, lines);
                self.is_at_end = true;
                self.rest.clear();
                return Err(problem);
            };
            self.parser = parser;
        }
        Ok(self.cut())
    }

    /// Reads until there is a block to cut off, or the file ends.
    fn fill(&mut self) -> io::Result<()> {
        loop {
            if self.is_skipping {
                self.skip();
            }
            let is_enough = self.rest.len() >= BLOCK_BYTES
                && (self.rest.len() > MAX_LINE_BYTES || memchr::memrchr(b'\n', &self.rest).is_some());
            if self.is_at_end || is_enough {
                return Ok(());
            }
            self.read_some()?;
        }
    }

    fn read_some(&mut self) -> io::Result<()> {
        let filled = self.rest.len();
        self.rest.resize(filled + READ_BYTES, 0);
        let space = self.rest.get_mut(filled..).unwrap_or_default();
        let read = loop {
            match self.reader.read(space) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.rest.truncate(filled + *read.as_ref().unwrap_or(&0));
        self.is_at_end = read? == 0;
        Ok(())
    }

    /// Drops what was read of a line that is too long.
    fn skip(&mut self) {
        match memchr::memchr(b'\n', &self.rest) {
            Some(end) => {
                self.rest.drain(..=end);
                self.is_skipping = false;
            }
            None => self.rest.clear(),
        }
    }

    /// Takes whole lines off what was read.
    fn cut(&mut self) -> Option<Content> {
        if self.is_at_end {
            return (!self.rest.is_empty()).then(|| Content::Lines(std::mem::take(&mut self.rest)));
        }
        if let Some(end) = memchr::memrchr(b'\n', &self.rest) {
            let mut rest = Vec::with_capacity(BLOCK_BYTES + READ_BYTES);
            rest.extend_from_slice(self.rest.get(end + 1..).unwrap_or_default());
            self.rest.truncate(end + 1);
            return Some(Content::Lines(std::mem::replace(&mut self.rest, rest)));
        }
        let mut long = std::mem::take(&mut self.rest);
        long.truncate(KEPT_OF_LONG_BYTES);
        long.shrink_to_fit();
        self.is_skipping = true;
        Some(Content::TooLong(long))
    }
}

/// Why a file that begins like this is not to be read.
fn refusal(beginning: &[u8], lines: &LineOptions) -> String {
    if beginning.contains(&0) {
        return "looks like binary data, not an access log".to_owned();
    }
    let first = beginning.split(|byte| *byte == b'\n').find(|line| !parse::is_blank(line));
    let shown: String = plain::bytes(first.unwrap_or_default().trim_ascii()).chars().take(80).collect();
    let format = match &lines.format {
        Some(_) => "the given log format",
        None => "a known log format",
    };
    format!("no line at its beginning is in {format}; the first is: {shown}")
}

/// What went wrong, for people.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::Unsupported => error.to_string(),
        io::ErrorKind::InvalidInput
        | io::ErrorKind::InvalidData
        | io::ErrorKind::UnexpectedEof
        | io::ErrorKind::Other => plain::text(&format!("is damaged: {error}")),
        _ => explained(error),
    }
}

/// Counts what is taken from the disk.
struct Counted<R> {
    source: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(space)?;
        self.taken.fetch_add(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: &str = "192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"x\"\n";

    /// The blocks of a text that stands in a file, and what became of it.
    fn blocks(bytes: &[u8]) -> (Vec<Content>, FileRecord) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        std::fs::write(&path, bytes).expect("written");
        let found = super::super::discover(&[path], Timestamp::default());
        let progress = Progress::default();
        let lines = LineOptions::default();
        let mut blocks = Blocks::new(found.files, &lines, &progress);
        let mut contents = Vec::new();
        while let Some(block) = blocks.next() {
            assert_eq!((block.sequence, block.file), (contents.len() as u64, 0));
            contents.push(block.content);
        }
        assert_eq!(progress.files_done(), 1);
        (contents, blocks.into_records().remove(0))
    }

    fn joined(contents: &[Content]) -> Vec<u8> {
        let lines = contents.iter().map(|content| match content {
            Content::Lines(lines) => lines.as_slice(),
            Content::TooLong(_) => b"",
        });
        lines.collect::<Vec<_>>().concat()
    }

    #[test]
    fn blocks_end_at_line_ends_and_lose_nothing() {
        let text = format!("{}last", LINE.repeat(10_000));
        let (contents, record) = blocks(text.as_bytes());
        assert!(contents.len() > 2);
        for content in contents.split_last().expect("blocks").1 {
            assert!(matches!(content, Content::Lines(lines) if lines.ends_with(b"\n")));
        }
        assert_eq!(joined(&contents), text.as_bytes());
        assert_eq!((record.problem, record.bytes), (None, text.len() as u64));
    }

    #[test]
    fn a_line_without_end_is_named_and_skipped() {
        let text = format!("{LINE}{}\n{LINE}", "x".repeat(3 * MAX_LINE_BYTES));
        let (contents, _) = blocks(text.as_bytes());
        assert_eq!(joined(&contents), LINE.repeat(2).as_bytes());
        let long = contents.iter().filter(|content| matches!(content, Content::TooLong(_))).count();
        assert_eq!(long, 1);
    }

    #[test]
    fn what_is_no_log_is_refused_with_a_reason() {
        let cases: [(&[u8], &str); 4] = [
            (b"\x00\x01\x02", "binary"),
            (b"2026/03/04 [error] 7#7: oops\n", "[error]"),
            (b"BZh91AY", "bzcat"),
            (b"\xfd7zXZ\0rest", "xzcat"),
        ];
        for (bytes, word) in cases {
            let (contents, record) = blocks(bytes);
            let problem = record.problem.expect("a reason");
            assert!(contents.is_empty() && !record.was_read && problem.contains(word), "{problem}");
        }
        assert_eq!(blocks(b"").1.problem, None);
    }

    #[test]
    fn members_of_gzip_follow_each_other_and_damage_loses_only_what_comes_after() {
        let member = |text: &str| {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            io::Write::write_all(&mut packer, text.as_bytes()).expect("memory");
            packer.finish().expect("memory")
        };
        let packed = [member(LINE), member(LINE)].concat();
        let (contents, record) = blocks(&packed);
        assert_eq!((joined(&contents), record.problem), (LINE.repeat(2).into_bytes(), None));
        let (contents, record) = blocks(&packed[..packed.len() - 9]);
        assert!(record.was_read && record.problem.is_some_and(|problem| problem.contains("damaged")));
        assert!(joined(&contents).starts_with(LINE.as_bytes()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn any_file_ends(bytes in prop::collection::vec(any::<u8>(), 0..300), is_log in any::<bool>(), magic in 0..3_usize) {
            let beginnings: [&[u8]; 3] = [b"", b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd"];
            let beginning = if is_log { LINE.as_bytes() } else { beginnings[magic] };
            let whole = [beginning, bytes.as_slice()].concat();
            let (contents, record) = blocks(&whole);
            if is_log {
                prop_assert_eq!(joined(&contents), whole);
            } else {
                prop_assert!(record.bytes <= whole.len() as u64);
            }
        }
    }
}
