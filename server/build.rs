//! Tells Cargo what the program contains besides its code, so that a new file is noticed: the migrations and, in a
//! release build, the browser's files.
fn main() {
    println!("cargo:rerun-if-changed=../migrations");
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        // It names every other file by its content, so it changes when one of them does.
        println!("cargo:rerun-if-changed=../target/site-release/manifest.json");
    } else if let Err(error) = std::fs::create_dir_all("../target/site") {
        // A dev build finds out where this folder is when it is compiled, and would never find it if it came later.
        println!("cargo:warning=cannot create target/site, so the program will find no file for the browser: {error}");
    }
}
