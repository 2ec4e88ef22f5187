//! Starting other programs from the repository root, with their output passed on as it comes.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// Longest part of an output line that is looked at; a summary line of a test runner is far shorter.
const MAX_LINE_BYTES: usize = 4096;

/// Cap of a file that is read whole: reports of test runners are a few megabytes at most.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// The root of the repository: the parent of this crate.
pub(crate) fn root() -> PathBuf {
    let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    crate_folder.parent().map_or_else(|| crate_folder.clone(), Path::to_path_buf)
}

/// The folder that cargo builds into.
pub(crate) fn target() -> PathBuf {
    let chosen = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    root().join(chosen)
}

/// The cargo that started us, so that a toolchain chosen with `+name` holds for everything.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A program that will run in the repository root.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Runs a command to its end; its output goes where ours goes.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let text = shown(command);
    let status = command.status().with_context(|| format!("failed to start `{text}`"))?;
    if !status.success() {
        bail!("`{text}` failed ({status})");
    }
    Ok(())
}

/// Runs a command, passes its standard output on, and hands each line of it to `look`. Returns whether it succeeded.
pub(crate) fn watch(command: &mut Command, mut look: impl FnMut(&str)) -> anyhow::Result<bool> {
    let text = shown(command);
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("failed to start `{text}`"))?;
    let mut output = child.stdout.take().context("the child has no standard output")?;
    let mut lines = LineSplitter::default();
    let mut buffer = vec![0; 16 << 10];
    loop {
        let read = output.read(&mut buffer).with_context(|| format!("failed to read from `{text}`"))?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        let mut stdout = std::io::stdout().lock();
        stdout
            .write_all(bytes)
            .and_then(|()| stdout.flush())
            .context("failed to write to standard output")?;
        drop(stdout);
        lines.push(bytes, &mut look);
    }
    lines.finish(&mut look);
    let status = child.wait().with_context(|| format!("failed to wait for `{text}`"))?;
    Ok(status.success())
}

/// The standard output of a command that answers a question, `None` when it cannot be started or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Reads a text file, up to a cap.
pub(crate) fn read(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES).read_to_string(&mut text))
        .with_context(|| format!("failed to read {}", path.display()))?;
    Ok(text)
}

/// Where a program would be found on the search path.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

/// Cuts a stream of chunks into lines; what a line has beyond the cap is dropped.
#[derive(Default)]
struct LineSplitter {
    line: Vec<u8>,
}

impl LineSplitter {
    fn push(&mut self, bytes: &[u8], look: &mut impl FnMut(&str)) {
        for &byte in bytes {
            if byte == b'\n' {
                self.finish(look);
            } else if self.line.len() < MAX_LINE_BYTES {
                self.line.push(byte);
            }
        }
    }

    fn finish(&mut self, look: &mut impl FnMut(&str)) {
        if !self.line.is_empty() {
            look(String::from_utf8_lossy(&self.line).trim_end());
        }
        self.line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_the_chunks_fall() {
        let text = "one\r\ntwo\n\nthree";
        for size in 1..=text.len() {
            let mut seen = Vec::new();
            let mut splitter = LineSplitter::default();
            let mut look = |line: &str| seen.push(line.to_owned());
            for chunk in text.as_bytes().chunks(size) {
                splitter.push(chunk, &mut look);
            }
            splitter.finish(&mut look);
            assert_eq!(seen, ["one", "two", "three"], "chunks of {size}");
        }
    }

    #[test]
    fn an_endless_line_is_cut() {
        let mut longest = 0;
        let mut splitter = LineSplitter::default();
        let mut look = |line: &str| longest = line.len();
        splitter.push(&vec![b'x'; 3 * MAX_LINE_BYTES], &mut look);
        splitter.finish(&mut look);
        assert_eq!(longest, MAX_LINE_BYTES);
    }

    #[test]
    fn a_failing_command_is_named_in_the_error() {
        let error = run(command("false").arg("--now")).expect_err("false fails");
        assert!(error.to_string().contains("`false --now` failed"), "{error}");
        let error = run(&mut command("no-such-program-here")).expect_err("there is none");
        assert!(error.to_string().contains("no-such-program-here"), "{error}");
    }

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("Cargo.lock").is_file());
    }
}
