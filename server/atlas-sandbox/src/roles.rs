//! The roles Atlas knows, and what each of them lets a key do.

/// The organization roles, as the description enumerates them.
pub(crate) const ORG_ROLES: [&str; 7] = [
    "ORG_OWNER",
    "ORG_MEMBER",
    "ORG_GROUP_CREATOR",
    "ORG_BILLING_ADMIN",
    "ORG_BILLING_READ_ONLY",
    "ORG_STREAM_PROCESSING_ADMIN",
    "ORG_READ_ONLY",
];

/// The project roles; the description types them as plain strings, the names are from Atlas's page of user roles.
pub(crate) const PROJECT_ROLES: [&str; 26] = [
    "GROUP_OWNER",
    "GROUP_ACCESS_MANAGER",
    "GROUP_CLUSTER_MANAGER",
    "GROUP_CLUSTER_CREATOR",
    "GROUP_REPLICA_SET_MANAGER",
    "GROUP_CLUSTER_LOG_VIEWER",
    "GROUP_CLUSTER_RESILIENCE_TESTER",
    "GROUP_DATABASE_ACCESS_ADMIN",
    "GROUP_DATA_ACCESS_ADMIN",
    "GROUP_DATA_ACCESS_READ_WRITE",
    "GROUP_DATA_ACCESS_READ_ONLY",
    "GROUP_NETWORK_ACCESS_MANAGER",
    "GROUP_BACKUP_MANAGER",
    "GROUP_BACKUP_CREATOR",
    "GROUP_BACKUP_RECOVERY_OPERATOR",
    "GROUP_BACKUP_EXPORT_OPERATOR",
    "GROUP_OBSERVABILITY_VIEWER",
    "GROUP_REAL_TIME_PERFORMANCE_OPERATOR",
    "GROUP_INDEX_MANAGER",
    "GROUP_SEARCH_INDEX_EDITOR",
    "GROUP_STREAM_PROCESSING_OWNER",
    "GROUP_TRIGGER_MANAGER",
    "GROUP_ALERTS_MANAGER",
    "GROUP_SUPPORT_ACCESS_MANAGER",
    "GROUP_MODEL_OWNER",
    "GROUP_READ_ONLY",
];

/// The known organization role of that name.
pub(crate) fn org_role(name: &str) -> Option<&'static str> {
    ORG_ROLES.into_iter().find(|known| *known == name)
}

/// The known project role of that name.
pub(crate) fn project_role(name: &str) -> Option<&'static str> {
    PROJECT_ROLES.into_iter().find(|known| *known == name)
}

/// The organization roles that see every project of the organization.
pub(crate) fn sees_all_projects(roles: &[&str]) -> bool {
    roles.iter().any(|role| matches!(*role, "ORG_OWNER" | "ORG_READ_ONLY" | "ORG_STREAM_PROCESSING_ADMIN"))
}
