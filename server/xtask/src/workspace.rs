//! Where things are, and how other programs are called from here.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};

/// The target that the browser part is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The top folder of the checkout.
pub(crate) fn root() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).map_or_else(|| here.clone(), Path::to_path_buf)
}

/// A command that runs in the top folder, with nothing on standard input and without what `cargo run` told *us*:
/// `CARGO_PKG_*` and the like would reach build scripts further down, which then find themselves changed.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "CARGO_BIN_NAME" {
            command.env_remove(&name);
        }
    }
    command
}

/// `cargo SUBCOMMAND --locked`, the same cargo that started us.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut command = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args([subcommand, "--locked"]);
    command
}

/// The first of `names` that is a program on the `PATH`.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

/// What a command prints, trimmed.
///
/// # Errors
///
/// When it cannot be started or exits with a failure.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let answer = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {name}"))?;
    if !answer.status.success() {
        bail!("{name} failed ({})", answer.status);
    }
    Ok(String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}

/// Makes sure that the compiler can compile for the browser; rustup brings what is missing.
///
/// # Errors
///
/// When the target is missing and there is no rustup, or rustup fails.
pub(crate) fn ensure_wasm_target() -> anyhow::Result<()> {
    let folder = output(command("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(&folder).is_dir() {
        return Ok(());
    }
    println!("Adding the compiler's part for the browser ({WASM})…");
    let added = command("rustup").args(["target", "add", WASM]).status();
    if !added.is_ok_and(|status| status.success()) {
        bail!("the compiler cannot compile for the browser yet; run `rustup target add {WASM}`");
    }
    Ok(())
}
