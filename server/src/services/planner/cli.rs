//! The same job as commands of the Atlas CLI, for people who want to compare or to carry it out by hand. Never a secret.

use std::net::IpAddr;

use domain::{
    access_list::Entry,
    ids::{ApiKeyId, OrgId, ProjectId},
};
use ipnet::IpNet;

/// What stands for the id of the new key; the Atlas CLI's documentation writes placeholders in capitals.
const NEW_KEY_ID: &str = "NEW_KEY_ID";

pub(super) fn create_key(org: &OrgId, description: &str, roles: &[String]) -> String {
    format!(
        "atlas organizations apiKeys create --orgId {org} --desc {} --role {}",
        quoted(description),
        roles.join(",")
    )
}

/// `--ip` and `--cidr` cannot stand together, so a mixed list takes two commands.
pub(super) fn add_entries(org: &OrgId, entries: &[Entry]) -> String {
    let joined = |single: bool| {
        let text = |entry: &&Entry| if single { entry.range.addr().to_string() } else { entry.range.to_string() };
        entries
            .iter()
            .filter(|entry| entry.is_single() == single)
            .collect::<Vec<_>>()
            .iter()
            .map(text)
            .collect::<Vec<_>>()
            .join(",")
    };
    let command = |flag: &str, list: String| {
        format!("atlas organizations apiKeys accessLists create --apiKey {NEW_KEY_ID} --orgId {org} {flag} {list}")
    };
    [("--ip", joined(true)), ("--cidr", joined(false))]
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(flag, list)| command(flag, list))
        .collect::<Vec<_>>()
        .join("\n")
}

pub(super) fn add_address(org: &OrgId, key: &ApiKeyId, address: IpAddr) -> String {
    format!("atlas organizations apiKeys accessLists create --apiKey {key} --orgId {org} --ip {address}")
}

pub(super) fn delete_entry(org: &OrgId, key: &ApiKeyId, entry: &IpNet) -> String {
    format!("atlas organizations apiKeys accessLists delete {entry} --apiKey {key} --orgId {org}")
}

/// The CLI's `assign` sends PATCH where the plan sends POST; the effect on a new key is the same.
pub(super) fn assign(project: &ProjectId, roles: &[String]) -> String {
    format!("atlas projects apiKeys assign {NEW_KEY_ID} --projectId {project} --role {}", roles.join(","))
}

pub(super) fn delete_key(org: &OrgId) -> String {
    format!("atlas organizations apiKeys delete {NEW_KEY_ID} --orgId {org}")
}

/// `text` as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org() -> OrgId {
        "5f1a2b3c4d5e6f7081920a1b".parse().unwrap()
    }

    #[test]
    fn a_description_is_one_word_of_the_shell_whatever_it_holds() {
        let command = create_key(&org(), "it's $(rm -rf /)", &["ORG_MEMBER".into()]);
        assert!(command.contains(r"--desc 'it'\''s $(rm -rf /)' --role ORG_MEMBER"), "{command}");
    }

    #[test]
    fn addresses_and_ranges_take_a_command_each() {
        let entries = domain::access_list::read_lines("203.0.113.7\n198.51.100.0/24\n2001:db8::1").ranges();
        let commands = add_entries(&org(), &entries);
        let lines: Vec<&str> = commands.lines().collect();
        assert!(lines[0].ends_with("--ip 203.0.113.7,2001:db8::1"), "{commands}");
        assert!(lines[1].ends_with("--cidr 198.51.100.0/24"), "{commands}");
    }
}
