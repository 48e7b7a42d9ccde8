//! The pages, one file each. Drawn on the server, never hydrated.

pub mod account;
pub mod connection_form;
pub mod failed;
pub mod frame;
pub mod home;
pub mod key;
pub mod keys;
pub mod known;
pub mod link;
pub mod log;
pub mod new_key;
pub mod new_organization;
pub mod new_person;
pub mod not_found;
pub mod organization;
pub mod organization_credentials;
pub mod organizations;
pub mod people;
pub mod person;
pub mod projects;
pub mod request;
pub mod request_secret;
pub mod requests;
pub mod sign_in;
pub mod stale;
pub mod words;
