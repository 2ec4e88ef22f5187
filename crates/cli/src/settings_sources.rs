//! Whether log sources make sense: each by itself, and all together.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use bartizan_ingest::{SyslogAddress, resolved};

use crate::settings::Source;

/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

/// What can be said without a look at the disk. Errors begin with the setting, as in `sources.1.syslog`.
pub(crate) fn check(sources: &[Source]) -> anyhow::Result<()> {
    let mut addresses: Vec<SyslogAddress> = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        source.lines().with_context(|| format!("sources.{at}"))?;
        let before = sources.get(..at).unwrap_or_default();
        if source.name.is_some() && before.iter().any(|known| known.name == source.name) {
            bail!("sources.{at}.name: this name is given twice; the name is what the position is kept under");
        }
        match (&source.path, &source.syslog) {
            (Some(path), None) => {
                if before.iter().any(|known| known.path.as_ref() == Some(path)) {
                    bail!("sources.{at}.path: {} is given twice; its lines would count twice", shown(path));
                }
            }
            (None, Some(text)) => {
                let address: SyslogAddress =
                    text.parse().with_context(|| format!("sources.{at}.syslog cannot be used"))?;
                if address.port() == Some(0) {
                    bail!("sources.{at}.syslog: {text} has no port; write one from 1 to 65535");
                }
                if let Some(known) = addresses.iter().find(|known| known.clashes_with(&address)) {
                    bail!("sources.{at}.syslog: {text} is taken already by the source at {known}");
                }
                addresses.push(address);
            }
            (Some(_), Some(_)) => {
                bail!("sources.{at}.syslog: a log source has either path or syslog, not both")
            }
            (None, None) => bail!("sources.{at}: a log source needs either path or syslog"),
        }
    }
    Ok(())
}

/// What a look at the disk shows. A file that is not there may come; a folder is a mistake, and so is one file by two
/// names.
pub(crate) fn check_files(sources: &[Source]) -> anyhow::Result<()> {
    let mut known: Vec<PathBuf> = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let Some(path) = source.path.as_ref().filter(|path| path.as_os_str() != STANDARD_INPUT) else {
            continue;
        };
        if path.is_dir() {
            let (folder, pattern) = (shown(path), path.join("*.log"));
            bail!(
                "sources.{at}.path: {folder} is a directory; name the log file itself, or all files in it: {}",
                pattern.display()
            );
        }
        let resolved =
            resolved(path).with_context(|| format!("sources.{at}.path: {} is no path", path.display()))?;
        if known.contains(&resolved) {
            bail!("sources.{at}.path: {} is given twice; its lines would count twice", shown(path));
        }
        known.push(resolved);
    }
    Ok(())
}

fn shown(path: &Path) -> String {
    if path.as_os_str() == STANDARD_INPUT { "standard input".to_owned() } else { path.display().to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(yaml: &str) -> Vec<Source> {
        use figment::providers::{Format as _, Yaml};
        figment::Figment::from(Yaml::string(yaml)).extract_inner("sources").expect("sources")
    }

    #[test]
    fn senseless_sources_are_refused_with_their_setting() {
        for (yaml, starts) in [
            ("{name: shop}", "sources.0: a log source needs"),
            ("{path: /a, syslog: 'udp://127.0.0.1:5514'}", "sources.0.syslog: a log source has either"),
            ("{path: /a}, {path: /a, name: again}", "sources.1.path: /a is given twice"),
            ("{path: '/a/*.log'}, {path: /b}, {path: '/a/*.log', name: c}", "sources.2.path: /a/*.log"),
            ("{path: '-'}, {path: '-', name: again}", "sources.1.path: standard input is given twice"),
            ("{path: /a, name: shop}, {path: /b, name: shop}", "sources.1.name:"),
            (
                "{syslog: 'udp://127.0.0.1:99999'}",
                "sources.0.syslog cannot be used: udp://127.0.0.1:99999 is no",
            ),
            ("{syslog: 'udp://127.0.0.1'}", "sources.0.syslog cannot be used"),
            ("{syslog: 'tcp://127.0.0.1:0'}", "sources.0.syslog: tcp://127.0.0.1:0 has no port"),
            ("{syslog: 'udp://127.0.0.1:514'}, {syslog: 'udp://127.0.0.1:514'}", "sources.1.syslog:"),
            ("{syslog: 'udp://0.0.0.0:514'}, {syslog: 'udp://127.0.0.1:514'}", "sources.1.syslog:"),
            ("{syslog: 'unix:///a.sock'}, {syslog: 'unix-stream:///a.sock'}", "sources.1.syslog:"),
            ("{path: /a, format: squid}", "sources.0: format: "),
            ("{path: /a}, {path: /b, time_zone: Nowhere}", "sources.1: time_zone: "),
        ] {
            let error = check(&sources(&format!("sources: [{yaml}]"))).expect_err(yaml);
            assert!(format!("{error:#}").starts_with(starts), "{yaml}: {error:#}");
        }
        for yaml in [
            "{path: /a}, {path: /b}, {path: '-'}",
            "{syslog: 'udp://127.0.0.1:514'}, {syslog: 'tcp://127.0.0.1:514'}, {syslog: 'udp://127.0.0.2:514'}",
        ] {
            check(&sources(&format!("sources: [{yaml}]"))).expect(yaml);
        }
    }

    #[test]
    fn folders_and_files_with_two_names_are_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().display();
        std::fs::create_dir(folder.path().join("sub")).expect("made");
        let refused = |yaml: String| format!("{:#}", check_files(&sources(&yaml)).expect_err("refused"));
        let error = refused(format!("sources: [{{path: '{path}/a.log'}}, {{path: '{path}'}}]"));
        assert!(error.starts_with("sources.1.path:") && error.contains("is a directory"), "{error}");
        let error = refused(format!("sources: [{{path: '{path}/a.log'}}, {{path: '{path}/sub/../a.log'}}]"));
        assert!(error.starts_with("sources.1.path:") && error.contains("twice"), "{error}");
        check_files(&sources(&format!("sources: [{{path: '{path}/a.log'}}, {{path: '{path}/b.log'}}]")))
            .expect("files that may come");
    }
}
