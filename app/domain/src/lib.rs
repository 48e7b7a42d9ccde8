//! Meridian's rules as plain data.
//!
//! Everything here is a value or a function from values to values: no I/O, no clock, no HTTP, no SQL, no Leptos.
//! The same rule therefore greys out a button in the page and refuses the call in the service.

pub mod access_list;
pub mod approval;
pub mod atlas_roles;
pub mod create_key;
pub mod description;
pub mod field;
pub mod ids;
pub mod key_end;
pub mod known;
pub mod narrow;
pub mod people;
pub mod plan;
pub mod policy;
pub mod request;

pub use field::FieldError;
pub use known::Known;
