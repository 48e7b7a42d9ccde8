//! Atlas's own roles: the organization's and the project's, each with a line of explanation.
//!
//! Names and meanings after the Administration API's enumerations and MongoDB's page "Atlas User Roles". Role names that are not in
//! these lists are shown as they are: Atlas adds roles.

/// How much damage a role can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Reads or writes within narrow limits.
    Ordinary,
    /// Changes money matters or who has access.
    Sensitive,
    /// May do everything in its scope.
    Owner,
}

/// A role that Atlas knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtlasRole {
    /// The name the API uses.
    pub name: &'static str,
    /// The name shown beside it.
    pub label: &'static str,
    /// What it allows, in a line.
    pub explanation: &'static str,
    /// How much damage it can do.
    pub weight: Weight,
}

const fn role(name: &'static str, label: &'static str, weight: Weight, explanation: &'static str) -> AtlasRole {
    AtlasRole { name, label, explanation, weight }
}

/// Roles within an organization, the least powerful first.
pub const ORG_ROLES: [AtlasRole; 7] = [
    role(
        "ORG_MEMBER",
        "Organization Member",
        Weight::Ordinary,
        "Sees settings and users, and only the projects it is added to. The usual choice for a key that works in projects.",
    ),
    role(
        "ORG_READ_ONLY",
        "Organization Read Only",
        Weight::Ordinary,
        "Sees settings, users and every project. Cannot read other keys’ access lists.",
    ),
    role(
        "ORG_BILLING_READ_ONLY",
        "Organization Billing Viewer",
        Weight::Ordinary,
        "Sees invoices, and what a member sees.",
    ),
    role(
        "ORG_BILLING_ADMIN",
        "Organization Billing Admin",
        Weight::Sensitive,
        "Manages billing, and sees what a member sees.",
    ),
    role(
        "ORG_GROUP_CREATOR",
        "Organization Project Creator",
        Weight::Sensitive,
        "Creates projects, and sees what a member sees.",
    ),
    role(
        "ORG_STREAM_PROCESSING_ADMIN",
        "Organization Stream Processing Admin",
        Weight::Sensitive,
        "Manages stream processing in every project, and sees what Read Only sees.",
    ),
    role(
        "ORG_OWNER",
        "Organization Owner",
        Weight::Owner,
        "May do everything in the organization, and is owner of every project in it.",
    ),
];

/// Roles within a project, the least powerful first.
pub const PROJECT_ROLES: [AtlasRole; 26] = [
    role(
        "GROUP_READ_ONLY",
        "Project Read Only",
        Weight::Ordinary,
        "Sees the project. Part of every other project role.",
    ),
    role("GROUP_OBSERVABILITY_VIEWER", "Project Observability Viewer", Weight::Ordinary, "Sees performance views."),
    role(
        "GROUP_CLUSTER_LOG_VIEWER",
        "Project Cluster Log Viewer",
        Weight::Ordinary,
        "Sees and downloads cluster logs.",
    ),
    role(
        "GROUP_DATA_ACCESS_READ_ONLY",
        "Project Data Access Read Only",
        Weight::Ordinary,
        "Reads data in the Data Explorer.",
    ),
    role(
        "GROUP_DATA_ACCESS_READ_WRITE",
        "Project Data Access Read/Write",
        Weight::Sensitive,
        "Reads and writes data in the Data Explorer.",
    ),
    role(
        "GROUP_DATA_ACCESS_ADMIN",
        "Project Data Access Admin",
        Weight::Sensitive,
        "Reads and writes data, and changes indexes and collections, in the Data Explorer.",
    ),
    role(
        "GROUP_SEARCH_INDEX_EDITOR",
        "Project Search Index Editor",
        Weight::Ordinary,
        "Creates, changes and deletes search indexes.",
    ),
    role("GROUP_INDEX_MANAGER", "Project Index Manager", Weight::Ordinary, "Creates and deletes database indexes."),
    role("GROUP_ALERTS_MANAGER", "Project Alerts Manager", Weight::Ordinary, "Manages the project’s alerts."),
    role(
        "GROUP_REAL_TIME_PERFORMANCE_OPERATOR",
        "Project Real Time Performance Operator",
        Weight::Ordinary,
        "Sees running operations and ends them.",
    ),
    role("GROUP_BACKUP_CREATOR", "Project Backup Creator", Weight::Ordinary, "Takes backup snapshots."),
    role(
        "GROUP_BACKUP_EXPORT_OPERATOR",
        "Project Backup Export Operator",
        Weight::Sensitive,
        "Exports backup snapshots.",
    ),
    role("GROUP_BACKUP_RECOVERY_OPERATOR", "Project Backup Recovery Operator", Weight::Sensitive, "Restores backups."),
    role(
        "GROUP_BACKUP_MANAGER",
        "Project Backup Manager",
        Weight::Sensitive,
        "Manages backups, their schedules and restores.",
    ),
    role("GROUP_TRIGGER_MANAGER", "Project Trigger Manager", Weight::Ordinary, "Manages triggers."),
    role(
        "GROUP_STREAM_PROCESSING_OWNER",
        "Project Stream Processing Owner",
        Weight::Sensitive,
        "Manages stream processing and reads and writes the data it uses.",
    ),
    role(
        "GROUP_CLUSTER_RESILIENCE_TESTER",
        "Project Cluster Resilience Tester",
        Weight::Sensitive,
        "Starts outages and fail-overs for tests.",
    ),
    role(
        "GROUP_REPLICA_SET_MANAGER",
        "Project Replica Set Manager",
        Weight::Sensitive,
        "Changes tier and topology of clusters.",
    ),
    role("GROUP_CLUSTER_CREATOR", "Project Cluster Creator", Weight::Sensitive, "Creates clusters."),
    role("GROUP_CLUSTER_MANAGER", "Project Cluster Manager", Weight::Sensitive, "Edits, pauses and resumes clusters."),
    role(
        "GROUP_SUPPORT_ACCESS_MANAGER",
        "Project Support Access Manager",
        Weight::Sensitive,
        "Decides what MongoDB’s support may see.",
    ),
    role("GROUP_MODEL_OWNER", "Project Model Owner", Weight::Sensitive, "Manages keys for AI models."),
    role(
        "GROUP_NETWORK_ACCESS_MANAGER",
        "Project Network Access Manager",
        Weight::Sensitive,
        "Manages who may reach the clusters from where.",
    ),
    role(
        "GROUP_DATABASE_ACCESS_ADMIN",
        "Project Database Access Admin",
        Weight::Sensitive,
        "Manages database users and their roles.",
    ),
    role(
        "GROUP_ACCESS_MANAGER",
        "Project Access Manager",
        Weight::Sensitive,
        "Manages users, teams and keys of the project.",
    ),
    role("GROUP_OWNER", "Project Owner", Weight::Owner, "May do everything in the project."),
];

/// The organization role called `name`, if Atlas's list has it.
#[must_use]
pub fn org_role(name: &str) -> Option<&'static AtlasRole> {
    ORG_ROLES.iter().find(|role| role.name == name)
}

/// The project role called `name`, if Atlas's list has it.
#[must_use]
pub fn project_role(name: &str) -> Option<&'static AtlasRole> {
    PROJECT_ROLES.iter().find(|role| role.name == name)
}

/// How much damage the role called `name` can do; unknown roles count as sensitive, since nobody can say.
#[must_use]
pub fn weight(name: &str) -> Weight {
    org_role(name).or_else(|| project_role(name)).map_or(Weight::Sensitive, |role| role.weight)
}

/// A task with the smallest roles that allow it, for people who know the task and not the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// A short word for the task, used in addresses.
    pub id: &'static str,
    /// The task, as people say it.
    pub label: &'static str,
    /// The organization role to propose.
    pub org_role: &'static str,
    /// The project role to propose, if the task happens in projects.
    pub project_role: Option<&'static str>,
}

/// Common tasks, each with the smallest roles for it.
pub const TASKS: [Task; 7] = [
    Task {
        id: "monitor",
        label: "Watch clusters and metrics in some projects",
        org_role: "ORG_MEMBER",
        project_role: Some("GROUP_OBSERVABILITY_VIEWER"),
    },
    Task {
        id: "deploy",
        label: "Change clusters from a pipeline",
        org_role: "ORG_MEMBER",
        project_role: Some("GROUP_CLUSTER_MANAGER"),
    },
    Task {
        id: "backup",
        label: "Take and restore backups",
        org_role: "ORG_MEMBER",
        project_role: Some("GROUP_BACKUP_MANAGER"),
    },
    Task {
        id: "users",
        label: "Manage database users",
        org_role: "ORG_MEMBER",
        project_role: Some("GROUP_DATABASE_ACCESS_ADMIN"),
    },
    Task { id: "costs", label: "Read invoices and costs", org_role: "ORG_BILLING_READ_ONLY", project_role: None },
    Task {
        id: "inventory",
        label: "Read everything in the organization",
        org_role: "ORG_READ_ONLY",
        project_role: None,
    },
    Task { id: "provision", label: "Create projects", org_role: "ORG_GROUP_CREATOR", project_role: None },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_proposed_role_exists() {
        for task in TASKS {
            assert!(org_role(task.org_role).is_some(), "{}", task.id);
            assert!(task.project_role.is_none_or(|name| project_role(name).is_some()), "{}", task.id);
        }
    }

    #[test]
    fn role_names_are_unique_and_of_their_kind() {
        let mut names: Vec<_> = ORG_ROLES.iter().chain(&PROJECT_ROLES).map(|role| role.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(ORG_ROLES.iter().all(|role| role.name.starts_with("ORG_")));
        assert!(PROJECT_ROLES.iter().all(|role| role.name.starts_with("GROUP_")));
    }
}
