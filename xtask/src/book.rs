//! `cargo xtask book`: the pages of `docs/` as a site.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use crate::shell;

/// Where `book.toml` has it built.
const SITE: &str = "target/book";

/// Pages that show a file of the repository's root, by the name of that file.
const SHOWN: [(&str, &str); 4] = [
    ("ARCHITECTURE.md", "architecture.html"),
    ("CONTRIBUTING.md", "contributing.html"),
    ("CHANGELOG.md", "changes.html"),
    ("SECURITY.md", "security.html"),
];

/// Builds it into `target/book`, as `book.toml` says.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    if shell::find("mdbook").is_none() {
        bail!("mdbook is missing; install it with `cargo install mdbook --locked`");
    }
    println!("[1/2] build the book");
    shell::run(shell::command("mdbook").arg("build"))?;
    println!("[2/2] lead its links to pages of the book, or to copies of the repository's files");
    let root = shell::root();
    let site = root.join(SITE);
    let mut dead = Vec::new();
    for entry in fs::read_dir(&site).with_context(|| format!("cannot list {}", site.display()))? {
        let page = entry?.path();
        if page.extension().is_some_and(|extension| extension == "html") {
            mend(&root, &site, &page, &mut dead)?;
        }
    }
    if !dead.is_empty() {
        bail!("links that lead nowhere:\n  {}", dead.join("\n  "));
    }
    Ok(ExitCode::SUCCESS)
}

/// Rewrites the links of one page that lead out of the book; what leads nowhere is added to `dead`.
fn mend(root: &Path, site: &Path, page: &Path, dead: &mut Vec<String>) -> anyhow::Result<()> {
    let text = shell::read(page)?;
    let mut mended = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("href=\"") {
        let (before, after) = rest.split_at(at + "href=\"".len());
        let Some(end) = after.find('"') else { break };
        let (link, tail) = after.split_at(end);
        mended.push_str(before);
        let (target, fragment) = link.find('#').map_or((link, ""), |hash| link.split_at(hash));
        if target.is_empty() || target.contains(':') || site.join(target).exists() {
            mended.push_str(link);
        } else if let Some(file) = source_of(root, target) {
            mended.push_str(&place(root, site, &file)?);
            mended.push_str(fragment);
        } else {
            dead.push(format!("{}: {link}", page.display()));
        }
        rest = tail;
    }
    mended.push_str(rest);
    fs::write(page, mended).with_context(|| format!("cannot write {}", page.display()))
}

/// The file of the repository that a link names, seen from `docs` or, for pages that show a file of the root, from there.
fn source_of(root: &Path, link: &str) -> Option<PathBuf> {
    let name = link.strip_suffix(".html").map_or_else(|| link.to_owned(), |stem| format!("{stem}.md"));
    ["docs", ""].into_iter().find_map(|from| {
        let file = inside(&Path::new(from).join(&name))?;
        root.join(&file).is_file().then_some(file)
    })
}

/// A path without `..`; `None` where it leaves the repository.
fn inside(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => plain.push(name),
            Component::CurDir => {}
            Component::ParentDir if plain.pop() => {}
            _ => return None,
        }
    }
    Some(plain)
}

/// The address of a file within the book: its page where it has one, or a copy.
fn place(root: &Path, site: &Path, file: &Path) -> anyhow::Result<String> {
    let shown = SHOWN.iter().find(|(name, _)| Path::new(name) == file).map(|(_, page)| (*page).to_owned());
    if let Some(page) = shown {
        return Ok(page);
    }
    if let Ok(page) = file.strip_prefix("docs") {
        return Ok(page.with_extension("html").display().to_string());
    }
    let copy = Path::new("files").join(file);
    let target = site.join(&copy);
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(root.join(file), &target).with_context(|| format!("cannot copy {}", file.display()))?;
    Ok(copy.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_out_of_the_book_is_found_from_docs_and_from_the_root_and_never_outside() {
        let root = shell::root();
        let found = |link| source_of(&root, link).map(|file| file.display().to_string());
        assert_eq!(found("../models/wall-3/MODEL_CARD.html").as_deref(), Some("models/wall-3/MODEL_CARD.md"));
        assert_eq!(found("docs/access.html").as_deref(), Some("docs/access.md"));
        assert_eq!(found("ARCHITECTURE.html").as_deref(), Some("ARCHITECTURE.md"));
        assert_eq!(found("../../../etc/passwd"), None);
        assert_eq!(found("no-such-page.html"), None);
    }
}
