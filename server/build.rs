//! Tells Cargo that the program contains the migrations, so that a new file is noticed.
fn main() {
    println!("cargo:rerun-if-changed=../migrations");
    println!("cargo:rerun-if-changed=build.rs");
}
