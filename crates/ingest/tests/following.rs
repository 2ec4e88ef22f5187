//! A log is followed through everything that happens to log files: nothing is lost, nothing comes twice.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bartizan_ingest::{FileReader, LineOptions, ReadBatch, ReadState, SourceConfig};
use bartizan_model::{Checkpoint, Clock, SourceKind, Timestamp};
use tempfile::TempDir;

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
struct StoppedClock(AtomicI64);

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A log in a directory of its own, and what was read and committed of it.
struct Scene {
    dir: TempDir,
    clock: Arc<StoppedClock>,
    reader: Option<FileReader>,
    stored: Option<Checkpoint>,
    seen: Vec<String>,
    failed: u64,
    losses: Vec<String>,
    follow: bool,
}

impl Scene {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("tempdir");
        let clock = Arc::new(StoppedClock::default());
        Self {
            dir,
            clock,
            reader: None,
            stored: None,
            seen: Vec::new(),
            failed: 0,
            losses: Vec::new(),
            follow: true,
        }
    }

    fn path(&self, suffix: &str) -> PathBuf {
        self.dir.path().join(format!("access.log{suffix}"))
    }

    fn append_raw(&self, suffix: &str, text: &str) {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.path(suffix))
            .expect("opens for appending");
        file.write_all(text.as_bytes()).expect("writes");
    }

    /// Appends one line per number, by which it is known later.
    fn append(&self, suffix: &str, numbers: std::ops::Range<u32>) {
        self.append_raw(suffix, &numbers.map(line).collect::<String>());
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("renames");
    }

    /// What logrotate does with `copytruncate`.
    fn copy_and_truncate(&self) {
        fs::copy(self.path(""), self.path(".1")).expect("copies");
        OpenOptions::new().write(true).open(self.path("")).expect("opens").set_len(0).expect("truncates");
    }

    /// What `gzip` and `zstd --rm` do, the time of writing kept.
    fn compress(&self, name: &str, ending: &str) {
        let (from, to) = (self.path(name), self.path(&format!("{name}{ending}")));
        let mut text = Vec::new();
        File::open(&from).and_then(|file| file.take(1 << 20).read_to_end(&mut text)).expect("reads");
        fs::write(&to, packed(&text, ending)).expect("writes");
        let modified = fs::metadata(&from).and_then(|metadata| metadata.modified()).expect("mtime");
        OpenOptions::new().write(true).open(&to).and_then(|file| file.set_modified(modified)).expect("mtime");
        fs::remove_file(&from).expect("removes");
    }

    /// Reads until nothing is left, committing each batch, in batches of this many lines.
    fn read(&mut self, max_lines: usize) -> ReadState {
        let mut reader = self.reader.take().unwrap_or_else(|| self.open());
        let state = loop {
            let batch = reader.read_batch(max_lines).expect("reads");
            assert_eq!(batch.from, self.stored, "a batch starts at what is committed");
            assert_eq!(batch.lines, batch.requests.len() as u64 + batch.failed);
            assert!(batch.lines == 0 || batch.has_moved(), "lines move the checkpoint");
            let (has_moved, state) = (batch.has_moved(), batch.state.clone());
            self.losses.extend(batch.loss.clone());
            if has_moved {
                self.commit(batch);
            }
            if state != ReadState::More {
                break state;
            }
        };
        self.reader = Some(reader);
        state
    }

    /// Reads and commits a single batch.
    fn read_once(&mut self, max_lines: usize) {
        let mut reader = self.open();
        let batch = reader.read_batch(max_lines).expect("reads");
        self.commit(batch);
        self.reader = Some(reader);
    }

    fn commit(&mut self, batch: ReadBatch) {
        let targets = batch.requests.iter().map(|request| String::from_utf8_lossy(&request.target));
        self.seen.extend(targets.map(Cow::into_owned));
        self.failed += batch.failed;
        self.stored = Some(batch.to);
    }

    /// Reads with the pause that follows a rotation passed.
    fn read_after_pause(&mut self) {
        self.read(100);
        self.clock.0.fetch_add(3_000_000, Ordering::SeqCst);
        self.read(100);
    }

    fn open(&self) -> FileReader {
        let config = SourceConfig {
            name: "test".to_owned(),
            path: self.path(""),
            kind: SourceKind::File,
            follow: self.follow,
            lines: LineOptions::default(),
        };
        FileReader::open(&config, self.stored.clone(), self.clock.clone()).expect("opens")
    }

    fn restart(&mut self) {
        self.reader = None;
    }

    #[track_caller]
    fn assert_seen(&self, up_to: u32) {
        let want: Vec<String> = (0..up_to).map(|number| format!("/{number}")).collect();
        let at = self.seen.iter().zip(&want).take_while(|(seen, want)| seen == want).count();
        let from = |lines: &[String]| lines.iter().skip(at).take(3).cloned().collect::<Vec<_>>();
        assert_eq!((self.seen.len(), from(&self.seen)), (want.len(), from(&want)), "from line {at} on");
    }
}

fn line(number: u32) -> String {
    format!(
        "192.0.2.1 - - [04/Mar/2026:05:{:02}:{:02} +0000] \"GET /{number} HTTP/1.1\" 200 5 \"-\" \"x\"\n",
        number / 60,
        number % 60
    )
}

fn packed(text: &[u8], ending: &str) -> Vec<u8> {
    if ending == ".zst" {
        return ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest);
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).and_then(|()| encoder.finish()).expect("packs")
}

#[test]
fn lines_are_read_once_in_batches_of_any_size() {
    for max_lines in [1, 3, 1_000] {
        let mut scene = Scene::new();
        scene.append("", 0..20);
        assert_eq!(scene.read(max_lines), ReadState::CaughtUp);
        scene.append("", 20..25);
        scene.read(max_lines);
        scene.assert_seen(25);
    }
}

#[test]
fn a_restart_at_any_line_repeats_and_loses_nothing() {
    for stop in 0..=10 {
        let mut scene = Scene::new();
        scene.append("", 0..10);
        if stop > 0 {
            scene.read_once(stop);
            // Read but never committed: as if the process was killed here.
            scene.reader.take().map(|mut reader| reader.read_batch(2));
        }
        scene.append("", 10..12);
        scene.read(100);
        scene.assert_seen(12);
    }
}

#[test]
fn a_line_counts_when_its_end_is_written() {
    let mut scene = Scene::new();
    scene.append("", 0..1);
    let whole = line(1);
    let (first, second) = whole.split_at(40);
    scene.append_raw("", first);
    scene.read(10);
    scene.assert_seen(1);
    scene.append_raw("", second);
    scene.read(10);
    scene.assert_seen(2);
}

#[test]
fn without_following_the_end_of_the_file_ends_its_last_line() {
    let mut scene = Scene::new();
    scene.follow = false;
    scene.append_raw("", &format!("{}{}", line(0), line(1).trim_end()));
    assert_eq!(scene.read(10), ReadState::CaughtUp);
    scene.assert_seen(2);
    scene.restart();
    scene.read(10);
    scene.assert_seen(2);
}

#[test]
fn a_renamed_log_is_finished_before_the_new_one_begins() {
    let mut scene = Scene::new();
    scene.append("", 0..5);
    scene.read(100);
    scene.append("", 5..7);
    scene.rename("", ".1");
    scene.append("", 9..12);
    scene.read(100);
    // A worker that has not reopened its log yet.
    scene.append(".1", 7..8);
    scene.read(100);
    scene.append_raw(".1", line(8).trim_end());
    scene.read_after_pause();
    scene.assert_seen(12);
}

#[test]
fn several_rotations_while_stopped_are_caught_up_in_order() {
    for last_was_read in [false, true] {
        let mut scene = Scene::new();
        scene.append("", 0..5);
        scene.read_once(if last_was_read { 100 } else { 2 });
        scene.restart();
        scene.append("", 5..8);
        scene.rename("", ".3");
        scene.append(".2", 8..10);
        scene.append(".1", 10..13);
        scene.append("", 13..15);
        scene.append_raw(".4.xz", "not to be read");
        scene.append_raw(".error", &line(99));
        for (suffix, second) in [(".3", 1), (".2", 2), (".1", 3), ("", 4)] {
            let time = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000 + second);
            File::options()
                .append(true)
                .open(scene.path(suffix))
                .and_then(|f| f.set_modified(time))
                .expect("mtime");
        }
        scene.read_after_pause();
        scene.assert_seen(15);
    }
}

#[test]
fn a_restart_after_a_rename_finishes_the_renamed_file() {
    let mut scene = Scene::new();
    scene.append("", 0..5);
    scene.read(100);
    scene.restart();
    scene.append("", 5..7);
    scene.rename("", "-20260304");
    scene.append("", 7..9);
    scene.read_after_pause();
    scene.assert_seen(9);
}

#[test]
fn a_copied_and_truncated_log_is_finished_in_its_copy() {
    for restarted in [false, true] {
        let mut scene = Scene::new();
        scene.append("", 0..5);
        scene.read(100);
        scene.append("", 5..8);
        scene.copy_and_truncate();
        scene.append("", 8..9);
        if restarted {
            scene.restart();
        }
        scene.read(100);
        scene.append("", 9..20);
        scene.read(100);
        scene.assert_seen(20);
    }
}

#[test]
fn a_log_that_grew_past_its_old_size_after_truncation_is_read_from_its_start() {
    let mut scene = Scene::new();
    scene.append("", 0..2);
    scene.read(100);
    OpenOptions::new().write(true).open(scene.path("")).expect("opens").set_len(0).expect("truncates");
    scene.append("", 2..40);
    scene.read(100);
    scene.assert_seen(40);
}

#[test]
fn a_deleted_log_is_waited_for() {
    let mut scene = Scene::new();
    scene.append("", 0..3);
    scene.read(100);
    fs::remove_file(scene.path("")).expect("removes");
    assert!(matches!(scene.read(100), ReadState::Waiting { reason } if reason.contains("is gone")));
    scene.append("", 3..6);
    scene.read_after_pause();
    scene.assert_seen(6);
}

#[test]
fn a_log_that_is_gone_at_a_restart_is_waited_for() {
    let mut scene = Scene::new();
    scene.append("", 0..3);
    scene.read(100);
    scene.restart();
    fs::remove_file(scene.path("")).expect("removes");
    assert!(matches!(scene.read(100), ReadState::Waiting { reason } if reason.contains("does not exist")));
    scene.append("", 3..6);
    scene.read(100);
    scene.assert_seen(6);
}

#[test]
fn a_replaced_log_is_read_from_its_start() {
    let mut scene = Scene::new();
    scene.append("", 0..3);
    scene.read(100);
    scene.append(".new", 3..6);
    scene.rename(".new", "");
    scene.read_after_pause();
    scene.assert_seen(6);
}

#[test]
fn a_log_that_moved_to_another_disk_goes_on_where_it_was() {
    let mut scene = Scene::new();
    scene.append("", 0..3);
    scene.read(100);
    scene.restart();
    fs::copy(scene.path(""), scene.path(".new")).expect("copies");
    scene.rename(".new", "");
    scene.append("", 3..5);
    scene.read(100);
    scene.assert_seen(5);
}

/// What logrotate does with `olddir` while nobody reads: the rest of the moved file was lost without a word.
#[test]
fn a_log_that_was_moved_into_a_folder_while_stopped_is_finished() {
    for moved_to in ["old/access.log.1", "zeta/access.log-20260304.gz", "archive/access.log"] {
        let mut scene = Scene::new();
        scene.append("", 0..10);
        scene.read_once(4);
        scene.restart();
        let target = scene.dir.path().join(moved_to);
        fs::create_dir(target.parent().expect("a folder")).expect("made");
        if moved_to.contains(".gz") {
            scene.compress("", ".gz");
            scene.rename(".gz", "");
        }
        fs::rename(scene.path(""), &target).expect("moves");
        scene.append("", 10..15);
        // Another log of that name, which is none of ours.
        fs::create_dir(scene.dir.path().join("aaa")).expect("made");
        fs::write(scene.dir.path().join("aaa/access.log.1"), line(99)).expect("written");
        scene.read_after_pause();
        scene.assert_seen(15);
        assert_eq!(scene.losses, Vec::<String>::new(), "{moved_to}");
    }
}

#[test]
fn several_rotations_into_a_folder_are_caught_up_in_order() {
    let mut scene = Scene::new();
    scene.append("", 0..10);
    scene.read_once(4);
    scene.restart();
    let old = scene.dir.path().join("old");
    fs::create_dir(&old).expect("made");
    fs::rename(scene.path(""), old.join("access.log.2")).expect("moves");
    scene.append("", 10..20);
    fs::rename(scene.path(""), old.join("access.log.1")).expect("moves");
    scene.append("", 20..25);
    scene.read_after_pause();
    scene.read_after_pause();
    scene.assert_seen(25);
}

#[test]
fn a_log_that_is_nowhere_to_be_found_is_told_once() {
    let mut scene = Scene::new();
    scene.append("", 0..10);
    scene.read_once(4);
    let read_to = line(0).len() * 4;
    scene.restart();
    let elsewhere = tempfile::tempdir().expect("tempdir");
    fs::copy(scene.path(""), elsewhere.path().join("access.log.1")).expect("copies");
    fs::remove_file(scene.path("")).expect("removes");
    scene.seen = (0..10).map(|number| format!("/{number}")).collect();
    assert!(matches!(scene.read(100), ReadState::Waiting { .. }));
    assert_eq!(scene.losses, Vec::<String>::new(), "it may come back");
    scene.append("", 10..15);
    scene.read(100);
    scene.read(100);
    scene.assert_seen(15);
    let [loss] = scene.losses.as_slice() else { panic!("{:?}", scene.losses) };
    for part in [format!("up to byte {read_to} "), format!("tail -c +{} ", read_to + 1), "olddir".to_owned()]
    {
        assert!(loss.contains(&part), "{part}: {loss}");
    }
}

#[test]
fn a_backup_copy_beside_the_log_is_not_read_again() {
    let mut scene = Scene::new();
    scene.append("", 0..3);
    scene.read(100);
    scene.rename("", ".1");
    fs::copy(scene.path(".1"), scene.path(".2026-backup")).expect("copies");
    scene.append("", 3..5);
    scene.read_after_pause();
    scene.assert_seen(5);
}

#[test]
fn an_empty_log_is_followed_from_its_first_line() {
    let mut scene = Scene::new();
    scene.append_raw("", "");
    assert_eq!(scene.read(10), ReadState::CaughtUp);
    assert_eq!(scene.stored.as_ref().map(|point| (point.offset, point.format.clone())), Some((0, None)));
    scene.append("", 0..3);
    scene.read(10);
    scene.assert_seen(3);
    assert_eq!(scene.stored.as_ref().and_then(|point| point.format.as_deref()), Some("combined"));
}

#[test]
fn lines_that_do_not_parse_are_counted_sampled_and_passed() {
    let scene = Scene::new();
    scene.append_raw(
        "",
        &format!("{}\r\n\n{}{}", line(0).trim_end(), "junk \u{1b}[31m\n".repeat(15), line(1)),
    );
    let batch = scene.open().read_batch(100).expect("reads");
    assert_eq!((batch.lines, batch.failed, batch.requests.len(), batch.samples.len()), (17, 15, 2, 10));
    assert_eq!(batch.samples[0].line, "junk \\x1b[31m");
    assert_eq!(batch.last_line_at, Some(batch.requests[1].time));
}

#[test]
fn a_line_over_the_cap_fails_and_the_next_one_is_read() {
    let mut scene = Scene::new();
    scene.append("", 0..1);
    scene.append_raw("", &format!("{}\n", "x".repeat(20 * 1024 * 1024)));
    scene.append("", 1..2);
    scene.read(100);
    scene.assert_seen(2);
}

#[test]
fn a_line_of_a_gigabyte_fails_and_the_next_one_is_read() {
    let mut scene = Scene::new();
    scene.append("", 0..1);
    let file = OpenOptions::new().append(true).open(scene.path("")).expect("opens");
    let written = file.metadata().expect("its length").len();
    // A hole, which takes no room on the disk and is read as zero bytes.
    file.set_len(written + (1 << 30)).expect("grows");
    scene.append_raw("", "\n");
    scene.append("", 1..2);
    scene.read(100);
    scene.assert_seen(2);
    assert_eq!(scene.failed, 1);
}

#[test]
fn a_log_that_was_rotated_and_compressed_while_stopped_is_finished() {
    for ending in [".gz", ".zst"] {
        for read_before in [1, 2, 5] {
            let mut scene = Scene::new();
            scene.append("", 0..5);
            scene.read_once(read_before);
            scene.restart();
            scene.append("", 5..8);
            scene.rename("", ".1");
            scene.compress(".1", ending);
            scene.append("", 8..10);
            scene.read_after_pause();
            scene.assert_seen(10);
        }
    }
}

#[test]
fn several_compressed_rotations_while_stopped_are_caught_up_in_order() {
    let mut scene = Scene::new();
    scene.append("", 0..5);
    scene.read_once(3);
    scene.restart();
    scene.rename("", ".3");
    scene.append(".2", 5..8);
    scene.append(".1", 8..70);
    scene.append("", 70..75);
    scene.compress(".3", ".gz");
    scene.compress(".2", ".zst");
    scene.read_after_pause();
    scene.assert_seen(75);
}

#[test]
fn a_log_is_followed_while_it_is_rotated_and_compressed() {
    let mut scene = Scene::new();
    let mut number = 0;
    for round in 0..6 {
        scene.append("", number..number + 4);
        number += 4;
        if round % 2 == 0 {
            scene.read(3);
        }
        if round % 3 == 0 {
            scene.restart();
        }
        for generation in (1..5).rev() {
            let (from, to) = (format!(".{generation}.gz"), format!(".{}.gz", generation + 1));
            if scene.path(&from).exists() {
                scene.rename(&from, &to);
            }
        }
        scene.append("", number..number + 3);
        number += 3;
        if round == 3 {
            scene.copy_and_truncate();
        } else {
            scene.rename("", ".1");
        }
        scene.compress(".1", ".gz");
        if round % 2 == 1 {
            scene.read_after_pause();
        }
    }
    scene.append("", number..number + 2);
    for _ in 0..8 {
        scene.read_after_pause();
    }
    scene.assert_seen(number + 2);
}

#[test]
fn a_log_that_was_empty_when_it_was_reached_is_found_again_compressed() {
    let mut scene = Scene::new();
    scene.append("", 0..5);
    scene.read(100);
    scene.rename("", ".1");
    scene.append_raw("", "");
    scene.read_after_pause();
    scene.append("", 5..8);
    scene.restart();
    scene.rename(".1", ".2");
    scene.rename("", ".1");
    scene.compress(".1", ".gz");
    scene.compress(".2", ".gz");
    scene.append("", 8..10);
    scene.read_after_pause();
    scene.assert_seen(10);
}

#[test]
fn a_compressed_log_that_is_not_written_yet_is_waited_for_and_one_that_breaks_off_is_left() {
    for is_completed in [true, false] {
        let mut scene = Scene::new();
        scene.append("", 0..5);
        scene.read_once(2);
        scene.restart();
        let text: String = (0..3_000).map(line).collect();
        let whole = packed(text.as_bytes(), ".gz");
        fs::write(scene.path(".1.gz"), &whole[..whole.len() / 2]).expect("writes");
        fs::remove_file(scene.path("")).expect("removes");
        scene.append("", 3_000..3_002);
        assert!(
            matches!(scene.read(100), ReadState::Waiting { reason } if reason.contains("cannot be unpacked"))
        );
        if is_completed {
            fs::write(scene.path(".1.gz"), &whole).expect("writes");
            scene.read_after_pause();
            scene.assert_seen(3_002);
        } else {
            let read = scene.seen.len();
            assert!(read > 1_000, "what can be unpacked is read: {read}");
            scene.clock.0.fetch_add(60_000_000, Ordering::SeqCst);
            scene.read(100);
            assert_eq!(scene.seen.last().map(String::as_str), Some("/3001"));
        }
    }
}

#[test]
fn a_log_replaced_by_a_directory_is_waited_for() {
    let mut scene = Scene::new();
    scene.append("", 0..3);
    scene.read(100);
    scene.rename("", ".1");
    fs::create_dir(scene.path("")).expect("made");
    scene.read_after_pause();
    assert!(matches!(scene.read(100), ReadState::Waiting { reason } if reason.contains("is no file")));
    scene.restart();
    assert!(matches!(scene.read(100), ReadState::Waiting { .. }));
    fs::remove_dir(scene.path("")).expect("removed");
    scene.append("", 3..5);
    scene.read_after_pause();
    scene.assert_seen(5);
}

#[test]
fn zero_bytes_before_a_line_are_passed() {
    let mut scene = Scene::new();
    scene.append_raw("", &format!("{}{}\0\n", "\0".repeat(5_000), line(0)));
    scene.append("", 1..2);
    scene.read(100);
    scene.assert_seen(2);
}

#[test]
fn a_clock_that_jumps_does_not_keep_a_rotation_open() {
    for jump in [-1_000_000_000_000, 1_000_000_000_000] {
        let mut scene = Scene::new();
        scene.append("", 0..3);
        scene.read(100);
        scene.rename("", ".1");
        scene.append("", 3..5);
        scene.read(100);
        scene.clock.0.fetch_add(jump, Ordering::SeqCst);
        scene.read(100);
        scene.assert_seen(5);
    }
}

#[test]
fn lines_that_were_written_and_copied_away_between_two_looks_are_read() {
    let mut scene = Scene::new();
    scene.append("", 0..5);
    scene.read(100);
    scene.rename("", ".1");
    scene.append_raw("", "");
    scene.read_after_pause();
    // The new file was seen empty; what follows happens between two looks.
    scene.append("", 5..8);
    scene.rename(".1", ".2");
    scene.copy_and_truncate();
    scene.compress(".1", ".gz");
    scene.append("", 8..9);
    scene.read_after_pause();
    scene.read_after_pause();
    scene.assert_seen(9);
    scene.copy_and_truncate();
    scene.read_after_pause();
    scene.append("", 9..10);
    scene.read(100);
    scene.assert_seen(10);
}
