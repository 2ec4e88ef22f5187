//! What is packed is there: every path that an image or a package takes from the repository, and the unit is sound.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the repository").to_owned()
}

fn read(path: &str) -> String {
    let path = root().join(path);
    let bytes = std::fs::metadata(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).len();
    assert!(bytes < 1 << 20, "{} is longer than any of ours", path.display());
    #[expect(clippy::disallowed_methods, reason = "its length was just looked at, and the file is ours")]
    std::fs::read_to_string(&path).expect("UTF-8")
}

#[test]
fn every_path_that_the_image_copies_exists_and_none_is_kept_from_it() {
    let ignored = read(".dockerignore");
    let ignored: Vec<&str> = ignored.lines().collect();
    let mut seen = 0;
    for line in
        read("Dockerfile").lines().filter(|line| line.starts_with("COPY ") && !line.contains("--from"))
    {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        let (_, sources) = words.split_last().expect("COPY has a target");
        for source in sources {
            seen += 1;
            let source = source.trim_end_matches('/');
            assert!(root().join(source).exists(), "the Dockerfile copies {source}, which is not there");
            assert!(!ignored.contains(&source), ".dockerignore keeps {source} from the image");
        }
    }
    assert!(seen > 5, "only {seen} paths were found");
}

#[test]
fn the_image_runs_as_nobody_in_particular_and_says_whether_it_is_healthy() {
    let dockerfile = read("Dockerfile");
    let last = dockerfile.rsplit("\nFROM ").next().expect("a stage");
    assert!(last.contains("\nUSER 65532:65532\n"), "{last}");
    assert!(last.contains("HEALTHCHECK") && last.contains("\"/usr/bin/bartizan\", \"health\""), "{last}");
    let version = env!("CARGO_PKG_VERSION");
    assert!(read("docker-compose.yml").contains(&format!("image: bartizan:{version}\n")));
}

#[test]
fn every_file_that_compose_mounts_exists() {
    let compose = read("docker-compose.yml");
    let mounted: Vec<&str> = compose
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- ./"))
        .filter_map(|mount| mount.split(':').next())
        .collect();
    assert!(mounted.len() >= 2, "{mounted:?}");
    for path in mounted {
        assert!(root().join(path).is_file(), "docker-compose.yml mounts {path}, which is not there");
    }
}

#[test]
fn the_unit_is_one_that_systemd_takes_and_gives_the_service_little() {
    let unit = root().join("packaging/systemd/bartizan.service");
    let output =
        match Command::new("systemd-analyze").args(["security", "--offline=true"]).arg(&unit).output() {
            Ok(output) => output,
            // A machine without systemd has nothing to verify it with; what it must say is looked at all the same.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let text = read("packaging/systemd/bartizan.service");
                for line in
                    ["User=bartizan", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="]
                {
                    assert!(text.lines().any(|one| one == line), "{line} is missing");
                }
                return;
            }
            Err(error) => panic!("systemd-analyze: {error}"),
        };
    let said = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned();
    for complaint in ["Unknown", "Failed to parse", "Invalid", "ignoring"] {
        assert!(!said.contains(complaint), "{said}");
    }
    let level =
        said.split("Overall exposure level for").nth(1).and_then(|rest| rest.split_whitespace().nth(1));
    let level: f64 =
        level.and_then(|level| level.parse().ok()).unwrap_or_else(|| panic!("no level in {said}"));
    assert!(level <= 2.0, "the unit leaves the service more than it needs: {level}");
}
