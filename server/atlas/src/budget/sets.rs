//! Which operations share a bucket, and how large it is. Source: Atlas's page of rate limits (admin-api notes, section
//! 5), which is "not part of the contract".

use crate::{API_ROOT, Operation};

/// Whose bucket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Organization,
    Project,
    User,
}

impl Scope {
    /// Whether it is what Atlas calls `scope` in its own list.
    pub(super) fn is_called(self, scope: &str) -> bool {
        match self {
            Self::Organization => matches!(scope, "ORGANIZATION" | "ORG"),
            Self::Project => matches!(scope, "GROUP" | "PROJECT"),
            Self::User => scope == "USER",
        }
    }
}

macro_rules! sets {
    ($($name:ident = $scope:ident, $capacity:literal, $refill:literal;)*) => {
        /// A set of operations that share a bucket.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) enum Set {
            $($name,)*
        }

        impl Set {
            /// Its scope, how many requests may come at once, and how many more every minute.
            pub(super) const fn published(self) -> (Scope, u32, u32) {
                match self {
                    $(Self::$name => (Scope::$scope, $capacity, $refill),)*
                }
            }
        }
    };
}

sets! {
    Root = User, 300, 100;
    RateLimits = User, 300, 100;
    EventTypes = User, 300, 100;
    Skus = User, 300, 100;
    OldUsers = User, 2500, 2000;
    OrgsOfCaller = User, 300, 100;
    ProjectsOfCaller = User, 1200, 500;
    Organizations = Organization, 500, 250;
    OrgSettings = Organization, 10, 5;
    OrgKeys = Organization, 500, 250;
    OrgAccounts = Organization, 500, 250;
    OrgUsers = Organization, 500, 250;
    OrgTeams = Organization, 1200, 500;
    OrgEvents = Organization, 500, 250;
    Invoices = Organization, 500, 100;
    Projects = Project, 1200, 500;
    ProjectKeys = Project, 1200, 500;
    ProjectAccounts = Project, 1200, 500;
    ProjectUsers = Project, 1200, 500;
    ProjectTeams = Project, 1200, 500;
    ProjectEvents = Project, 300, 100;
}

impl Set {
    pub(super) const fn scope(self) -> Scope {
        self.published().0
    }

    /// The set of an operation, by its path.
    pub(super) fn of(operation: Operation) -> Self {
        let path = operation.template().strip_prefix(API_ROOT).unwrap_or_default();
        let mut segments = path.split('/').skip(1);
        let (first, second, third) = (segments.next(), segments.next(), segments.next());
        match (first.unwrap_or_default(), second, third.unwrap_or_default()) {
            ("", ..) => Self::Root,
            ("rateLimits", ..) => Self::RateLimits,
            ("eventTypes", ..) => Self::EventTypes,
            ("skus", ..) => Self::Skus,
            ("users", ..) => Self::OldUsers,
            ("orgs", None, _) => Self::OrgsOfCaller,
            ("orgs", _, "settings") => Self::OrgSettings,
            ("orgs", _, "apiKeys") => Self::OrgKeys,
            ("orgs", _, "serviceAccounts") => Self::OrgAccounts,
            ("orgs", _, "users" | "invites") => Self::OrgUsers,
            ("orgs", _, "teams") => Self::OrgTeams,
            ("orgs", _, "events") => Self::OrgEvents,
            ("orgs", _, "invoices" | "associatedInvoices" | "billing") => Self::Invoices,
            ("orgs", ..) => Self::Organizations,
            (_, None | Some("byName"), _) => Self::ProjectsOfCaller,
            (_, _, "apiKeys") => Self::ProjectKeys,
            (_, _, "serviceAccounts") => Self::ProjectAccounts,
            (_, _, "users" | "invites" | "access") => Self::ProjectUsers,
            (_, _, "teams") => Self::ProjectTeams,
            (_, _, "events") => Self::ProjectEvents,
            _ => Self::Projects,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_has_a_bucket_its_path_can_name() {
        for operation in Operation::ALL {
            let needed = match Set::of(*operation).scope() {
                Scope::Organization => "{orgId}",
                Scope::Project => "{groupId}",
                Scope::User => continue,
            };
            assert!(operation.template().contains(needed), "{}", operation.id());
        }
    }

    #[test]
    fn operations_that_look_alike_have_different_buckets() {
        for (operation, set) in [
            (Operation::GetSystemStatus, Set::Root),
            (Operation::ListOrgs, Set::OrgsOfCaller),
            (Operation::GetOrg, Set::Organizations),
            (Operation::GetOrgGroups, Set::Organizations),
            (Operation::GetOrgSettings, Set::OrgSettings),
            (Operation::GetOrgDelegationSettings, Set::Organizations),
            (Operation::ListOrgApiKeyAccessListEntries, Set::OrgKeys),
            (Operation::CreateGroup, Set::ProjectsOfCaller),
            (Operation::GetGroupByName, Set::ProjectsOfCaller),
            (Operation::MigrateGroup, Set::Projects),
            (Operation::ListGroupLimits, Set::Projects),
            (Operation::AddGroupAccessUser, Set::ProjectUsers),
            (Operation::GetOrgBillingCostExplorerUsage, Set::Invoices),
            (Operation::GetUserByName, Set::OldUsers),
        ] {
            assert_eq!(Set::of(operation), set, "{}", operation.id());
        }
    }
}
