//! The sandbox over HTTP. Every answer these tests provoke is checked against Atlas's published interface, and so is
//! every request the sandbox accepts.
//!
//! The modules say `cfg(test)` though all of this is: only there clippy lets helpers unwrap.

#[cfg(test)]
mod access_lists;
#[cfg(test)]
mod cost_explorer;
#[cfg(test)]
mod digest;
#[cfg(test)]
mod events;
#[cfg(test)]
mod fault_words;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod history;
#[cfg(test)]
mod invoices;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod old_users;
#[cfg(test)]
mod org_keys;
#[cfg(test)]
mod orgs;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod population;
#[cfg(test)]
mod project_accounts;
#[cfg(test)]
mod project_changes;
#[cfg(test)]
mod projects;
#[cfg(test)]
mod rate_limits;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod saving;
#[cfg(test)]
mod service_accounts;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod teams;
#[cfg(test)]
mod users;
#[cfg(test)]
mod versions;

#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;
