//! Lets a clone without a built dashboard compile: the page that stands in says how to build the real one.

use std::path::Path;
use std::{fs, io};

const PLACEHOLDER: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Bartizan</title>\n\
    <p>The dashboard was not built into this binary. Run <code>cargo xtask run</code>, which builds it first.\n\
    The API is at <a href=\"/api/v1/system/info\">/api/v1</a>.\n</html>\n";

fn main() -> io::Result<()> {
    let folder = Path::new("../../web/dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", folder.display());
    let page = folder.join("index.html");
    if std::env::var_os("CARGO_FEATURE_DASHBOARD").is_some() && !page.exists() {
        fs::create_dir_all(folder)?;
        fs::write(page, PLACEHOLDER)?;
    }
    Ok(())
}
