//! The browser's files: what they are called, and where the server finds them.
//!
//! # The contract with the server
//!
//! `cargo xtask` writes the browser's files into one folder of the checkout, whatever `CARGO_TARGET_DIR` says:
//!
//! | build | folder | the server |
//! | --- | --- | --- |
//! | dev | `target/site` | reads from disk (rust-embed without `debug-embed`) |
//! | release | `target/site-release` | carries the files inside the binary |
//!
//! In that folder:
//!
//! - `manifest.json`, one flat object from *logical name* to *file name*, both relative and with `/`. Logical names never
//!   change; file names are the same in a dev build and carry a hash of the content in a release build:
//!
//!   ```json
//!   {
//!     "favicon.svg": "favicon.svg",
//!     "fonts/inter.woff2": "fonts/inter-0f3a….woff2",
//!     "main.css": "main-77c1….css",
//!     "pkg/frontend.js": "pkg/frontend-5be2….js",
//!     "pkg/frontend_bg.wasm": "pkg/frontend-5be2…_bg.wasm"
//!   }
//!   ```
//! - the files themselves, and in a release build beside each one that gains by it `FILE.br` (brotli 11) and `FILE.gz`.
//!
//! The server serves the file `NAME` at `/NAME` and nothing else: not `manifest.json`, and not `.br` and `.gz` under their own
//! names. Where logical and file name differ, the content can never change under that address, so the answer is
//! `Cache-Control: public, max-age=31536000, immutable`; where they are the same it is `no-cache` with an `ETag`.
//!
//! Leptos makes the addresses of the script and the wasm from one word, `LeptosOptions::output_name`:
//! `/pkg/{output_name}.js` and `/pkg/{output_name}_bg.wasm`. Hence the shared stem, and
//! `output_name` is the file name of `pkg/frontend.js` without `pkg/` and `.js`. Leptos's own `hash_files` stays off: it
//! would look for a file beside the executable. A folder or manifest that is missing means "nothing built yet":
//! the server answers pages all the same, with the logical names.
//!
//! Files come from `style/main.css` (see [`crate::css`] for what happens to it) and from `style/public/`, whose content is
//! served from the root: `style/public/fonts/inter.woff2` is `/fonts/inter.woff2`. Files directly in `style/public/`
//! keep their names in a release build as well, since browsers ask for them by name (`/favicon.svg`).

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use crate::{css, workspace::root};

/// The script that starts the islands.
pub(crate) const SCRIPT: &str = "pkg/frontend.js";
/// The islands, compiled.
pub(crate) const WASM: &str = "pkg/frontend_bg.wasm";
/// The style sheet.
pub(crate) const STYLES: &str = "main.css";

/// For whom the files are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Quick to make, names as they are.
    Dev,
    /// Small, named by content, compressed.
    Release,
}

impl Kind {
    /// Where the files of this kind go.
    pub(crate) fn folder(self) -> PathBuf {
        root().join(match self {
            Self::Dev => "target/site",
            Self::Release => "target/site-release",
        })
    }

    fn bindgen_folder(self) -> PathBuf {
        root().join(match self {
            Self::Dev => "target/bindgen",
            Self::Release => "target/bindgen-release",
        })
    }
}

/// Makes the site of `kind` from the compiled browser part and the folder `style`. Files that are right already are not
/// touched, so that cargo does not see a change where there is none.
///
/// # Errors
///
/// When a file cannot be read or written, when wasm-bindgen refuses the file, or when the style sheet refers to a file that is not there.
pub(crate) fn assemble(kind: Kind, compiled: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut sources = read_folder(&bindgen(kind, compiled)?, "pkg/")?;
    let style = root().join("style");
    sources.append(&mut read_folder(&style.join("public"), "")?);
    sources.remove("pkg/stamp");
    let sheet = style.join(STYLES);
    if sheet.is_file() {
        sources.insert(STYLES.to_owned(), css::read(&sheet)?.into_bytes());
    }
    let named = match kind {
        Kind::Dev => name_plainly(sources)?,
        Kind::Release => name_by_content(sources)?,
    };
    write(kind, &named)?;
    Ok(named.into_iter().map(|(logical, file)| (logical, file.name)).collect())
}

/// What each file of the site of `kind` costs on the wire, by logical name: its brotli form where there is one. Texts (a
/// font's licence) are left out, as no page loads them.
///
/// # Errors
///
/// When the site has not been made or cannot be read.
pub(crate) fn sizes(kind: Kind) -> anyhow::Result<Vec<(String, usize)>> {
    let folder = kind.folder();
    let manifest = fs::read(folder.join("manifest.json")).context("the site has not been made")?;
    let manifest: BTreeMap<String, String> =
        serde_json::from_slice(&manifest).context("the site's manifest is damaged")?;
    let size = |(logical, name): (String, String)| {
        let packed = fs::metadata(folder.join(format!("{name}.br")));
        let bytes =
            packed.or_else(|_| fs::metadata(folder.join(&name))).with_context(|| format!("cannot read {name}"))?.len();
        Ok((logical, usize::try_from(bytes)?))
    };
    manifest.into_iter().filter(|(logical, _)| !logical.ends_with(".txt")).map(size).collect()
}

/// A file as the browser will get it.
struct File {
    name: String,
    content: Vec<u8>,
}

fn name_plainly(sources: BTreeMap<String, Vec<u8>>) -> anyhow::Result<BTreeMap<String, File>> {
    if let Some(sheet) = sources.get(STYLES) {
        let known = |address: &str| sources.contains_key(address).then(|| address.to_owned());
        css::point_to(&String::from_utf8_lossy(sheet), known)?;
    }
    Ok(sources.into_iter().map(|(logical, content)| (logical.clone(), File { name: logical, content })).collect())
}

fn name_by_content(mut sources: BTreeMap<String, Vec<u8>>) -> anyhow::Result<BTreeMap<String, File>> {
    let mut named = BTreeMap::new();

    // Script and wasm share a stem, so they share a hash: over both, and over the snippets that the script imports.
    let browser_part: Vec<&[u8]> =
        sources.iter().filter(|(name, _)| name.starts_with("pkg/")).map(|(_, content)| content.as_slice()).collect();
    let stem = format!("frontend-{}", hash(&browser_part));
    let sheet = sources.remove(STYLES);
    for (logical, content) in sources {
        let name = match logical.as_str() {
            SCRIPT => format!("pkg/{stem}.js"),
            WASM => format!("pkg/{stem}_bg.wasm"),
            other if other.contains('/') && !other.starts_with("pkg/") && !other.ends_with(".txt") => {
                with_hash(other, &content)
            }
            other => other.to_owned(),
        };
        named.insert(logical, File { name, content });
    }
    if let Some(sheet) = sheet {
        let text = css::point_to(&css::squeeze(&String::from_utf8_lossy(&sheet)), |address| {
            named.get(address).map(|file: &File| file.name.clone())
        })?;
        let content = text.into_bytes();
        named.insert(STYLES.to_owned(), File { name: with_hash(STYLES, &content), content });
    }
    Ok(named)
}

fn write(kind: Kind, named: &BTreeMap<String, File>) -> anyhow::Result<()> {
    let folder = kind.folder();
    let mut wanted = BTreeSet::new();
    for file in named.values() {
        let target = folder.join(&file.name);
        let changed = write_if_changed(&target, &file.content)?;
        wanted.insert(target.clone());
        if kind == Kind::Release && gains_by_compression(&file.name) {
            for (ending, compress) in [("br", brotli as fn(&[u8]) -> anyhow::Result<Vec<u8>>), ("gz", gzip)] {
                let beside = folder.join(format!("{}.{ending}", file.name));
                if changed || !beside.is_file() {
                    write_if_changed(&beside, &compress(&file.content)?)?;
                }
                wanted.insert(beside);
            }
        }
    }
    let manifest: BTreeMap<&String, &String> = named.iter().map(|(logical, file)| (logical, &file.name)).collect();
    let manifest_file = folder.join("manifest.json");
    write_if_changed(&manifest_file, serde_json::to_string_pretty(&manifest)?.as_bytes())?;
    wanted.insert(manifest_file);
    for name in read_names(&folder)? {
        let file = folder.join(name);
        if !wanted.contains(&file) {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}

/// Runs wasm-bindgen unless `compiled` is what it ran on last time. Returns the folder with its output.
fn bindgen(kind: Kind, compiled: &Path) -> anyhow::Result<PathBuf> {
    let wasm = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let folder = kind.bindgen_folder();
    let stamp = folder.join("stamp");
    let lock = fs::read(root().join("Cargo.lock")).context("cannot read Cargo.lock")?; // it pins wasm-bindgen's version
    let fingerprint = hash(&[&wasm, &lock]);
    if fs::read_to_string(&stamp).is_ok_and(|last| last == fingerprint) {
        return Ok(folder);
    }
    if folder.is_dir() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let release = kind == Kind::Release;
    wasm_bindgen_cli_support::Bindgen::new()
        .input_bytes("frontend", wasm)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true) // Leptos names the wasm file when it starts the script, so the script need not
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(&folder)
        .context("wasm-bindgen refuses the browser part")?;
    fs::write(&stamp, fingerprint).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(folder)
}

/// All files below `folder`, by name relative to it, with `/`, behind `prefix`.
fn read_folder(folder: &Path, prefix: &str) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for name in read_names(folder)? {
        let path = folder.join(&name);
        files.insert(
            format!("{prefix}{name}"),
            fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?,
        );
    }
    Ok(files)
}

fn read_names(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut open = vec![(folder.to_path_buf(), String::new())];
    while let Some((path, prefix)) = open.pop() {
        if !path.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&path).with_context(|| format!("cannot list {}", path.display()))? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                open.push((entry.path(), format!("{name}/")));
            } else {
                names.push(name);
            }
        }
    }
    Ok(names)
}

fn write_if_changed(path: &Path, content: &[u8]) -> anyhow::Result<bool> {
    if fs::read(path).is_ok_and(|present| present == content) {
        return Ok(false);
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(true)
}

fn gains_by_compression(name: &str) -> bool {
    [".css", ".js", ".json", ".svg", ".txt", ".wasm"].iter().any(|ending| name.ends_with(ending))
}

/// As small as brotli makes it: quality 11, the largest window that every browser reads.
pub(crate) fn brotli(content: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: content.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut packed, &parameters)?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn hash(parts: &[&[u8]]) -> String {
    let mut sum = Sha256::new();
    for part in parts {
        sum.update(part.len().to_le_bytes());
        sum.update(part);
    }
    hex::encode(&sum.finalize()[..8])
}

fn with_hash(name: &str, content: &[u8]) -> String {
    let sum = hash(&[content]);
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}-{sum}.{ending}"),
        None => format!("{name}-{sum}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> BTreeMap<String, Vec<u8>> {
        let files: [(&str, &[u8]); 6] = [
            ("pkg/frontend.js", b"export {}"),
            ("pkg/frontend_bg.wasm", b"\0asm"),
            ("pkg/snippets/app-1/inline0.js", b"export {}"),
            ("fonts/inter.woff2", b"font"),
            ("favicon.svg", b"<svg/>"),
            ("main.css", b"@font-face { src: url(\"/fonts/inter.woff2\") format(\"woff2\") }"),
        ];
        files.into_iter().map(|(name, content)| (name.to_owned(), content.to_vec())).collect()
    }

    #[test]
    fn a_release_names_script_and_wasm_with_one_stem() {
        let named = name_by_content(sources()).unwrap();
        let stem = named[SCRIPT].name.strip_prefix("pkg/").and_then(|name| name.strip_suffix(".js")).unwrap();
        assert_eq!(named[WASM].name, format!("pkg/{stem}_bg.wasm"));
    }

    #[test]
    fn a_release_keeps_the_names_that_browsers_ask_for_and_hashes_the_rest() {
        let named = name_by_content(sources()).unwrap();
        assert_eq!(named["favicon.svg"].name, "favicon.svg");
        assert_eq!(named["pkg/snippets/app-1/inline0.js"].name, "pkg/snippets/app-1/inline0.js");
        let font = &named["fonts/inter.woff2"].name;
        assert_ne!(font, "fonts/inter.woff2");
        assert!(String::from_utf8_lossy(&named[STYLES].content).contains(&format!("/{font}")));
    }

    #[test]
    fn another_content_gets_another_name() {
        let before = name_by_content(sources()).unwrap();
        let mut changed = sources();
        changed.insert("fonts/inter.woff2".to_owned(), b"another".to_vec());
        let after = name_by_content(changed).unwrap();
        assert_ne!(before["fonts/inter.woff2"].name, after["fonts/inter.woff2"].name);
        assert_ne!(before[STYLES].name, after[STYLES].name, "the style sheet refers to the font");
        assert_eq!(before[SCRIPT].name, after[SCRIPT].name);
    }

    #[test]
    fn a_style_sheet_that_refers_to_nothing_is_refused_in_both_builds() {
        let mut broken = sources();
        broken.remove("fonts/inter.woff2");
        assert!(name_plainly(broken.clone()).is_err());
        assert!(name_by_content(broken).is_err());
    }
}
