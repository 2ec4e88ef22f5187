//! Logs to measure with.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;

/// Lines as a busy shop has them: many clients, paths with and without queries, one attack in five hundred.
pub(super) fn write(path: &Path, lines: u64) -> io::Result<()> {
    let mut log = BufWriter::new(File::create(path)?);
    for line in 0..lines {
        let second = line / 100;
        let (hour, minute, second) = (second / 3600 % 24, second / 60 % 60, second % 60);
        write_line(&mut log, line, &format!("12/May/2025:{hour:02}:{minute:02}:{second:02} +0000"))?;
    }
    log.flush()
}

/// The line of that number, at a time in the format of the log.
pub(super) fn write_line(log: &mut impl Write, line: u64, time: &str) -> io::Result<()> {
    let client = line * 7919 % 5000;
    let target = match line % 500 {
        13 => format!("/products?id={line}%27%20or%201=1%20--"),
        rest if rest % 5 == 0 => format!("/search?q=green+chair+{}&page={}", line % 997, line % 9),
        rest if rest % 5 == 1 => format!("/assets/app-{:x}.js", line % 61),
        rest if rest % 5 == 2 => format!("/api/v2/items/{}?fields=name,price&lang=en", line % 4001),
        rest => format!("/products/{}/chair-{rest}", line % 1009),
    };
    writeln!(
        log,
        "198.51.{}.{} - - [{time}] \"GET {target} HTTP/1.1\" 200 {} \"https://shop.example.com/\" \
         \"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\"",
        client / 250,
        client % 250,
        200 + line % 9000,
    )
}

/// Writes a log again and again, until it has that size in bytes or a little more. Returns how often.
pub(super) fn repeat(log: &Path, bytes: u64, path: &Path) -> io::Result<u64> {
    let mut log = File::open(log)?;
    let length = log.metadata()?.len();
    if length == 0 {
        return Err(io::Error::other("there is nothing to repeat"));
    }
    let times = bytes.div_ceil(length);
    let mut copy = File::create(path)?;
    for _ in 0..times {
        log.rewind()?;
        io::copy(&mut Read::by_ref(&mut log).take(length), &mut copy)?;
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;

    #[test]
    fn a_log_is_repeated_as_a_whole_until_it_is_long_enough() {
        let folder = shell::target().join(format!("xtask-log-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder in target");
        let (log, long) = (folder.join("a.log"), folder.join("b.log"));
        write(&log, 10).expect("written");
        let text = shell::read(&log).expect("readable");
        assert_eq!(text.lines().count(), 10);
        let wanted = u64::try_from(text.len()).expect("short") * 5 / 2;
        assert_eq!(repeat(&log, wanted, &long).expect("written"), 3);
        assert_eq!(shell::read(&long).expect("readable"), text.repeat(3));
        std::fs::write(&log, "").expect("written");
        assert!(repeat(&log, 1, &long).is_err());
        std::fs::remove_dir_all(&folder).expect("our own folder");
    }
}
