//! The table of operations: method, path and pinned version of each, from Atlas's description. The version is the newest
//! stable one the description gives for the operation.

use super::operation::operations;

operations! {
    // The caller and its limits.
    /// Who the credential is.
    GetSystemStatus = "getSystemStatus", Get "", 2023-1-1;
    /// How fast one organization, project, credential or address may ask, per set of operations.
    ListRateLimits = "listRateLimits", Get "/rateLimits", 2025-3-12;
    /// How fast one of them may ask of one set of operations.
    GetRateLimit = "getRateLimit", Get "/rateLimits/{endpointSetId}", 2025-3-12;
    /// The kinds of event there are, with a description of each.
    ListEventTypes = "listEventTypes", Get "/eventTypes", 2023-1-1;

    // Organizations.
    /// The organizations the credential sees.
    ListOrgs = "listOrgs", Get "/orgs", 2023-1-1;
    /// A new organization, linked to the caller's paying one. The answer holds the secret of its first
    /// credential, once.
    CreateOrg = "createOrg", Post "/orgs", 2023-1-1;
    /// One organization.
    GetOrg = "getOrg", Get "/orgs/{orgId}", 2023-1-1;
    /// Another name or other defaults of an organization. Atlas wants the name even when it stays.
    UpdateOrg = "updateOrg", Patch "/orgs/{orgId}", 2023-1-1;
    /// Deletes an organization that has no projects any more.
    DeleteOrg = "deleteOrg", Delete "/orgs/{orgId}", 2023-1-1;
    /// The settings of an organization. Atlas allows very few of these: ten, then five a minute.
    GetOrgSettings = "getOrgSettings", Get "/orgs/{orgId}/settings", 2023-1-1;
    /// Other settings of an organization; what is not named stays.
    UpdateOrgSettings = "updateOrgSettings", Patch "/orgs/{orgId}/settings", 2023-1-1;
    /// What applications may do in people's names.
    GetOrgDelegationSettings = "getOrgDelegationSettings", Get "/orgs/{orgId}/delegationSettings", 2025-3-12;
    /// Other limits for what applications may do in people's names.
    UpdateOrgDelegationSettings = "updateOrgDelegationSettings", Patch "/orgs/{orgId}/delegationSettings", 2025-3-12;
    /// The projects of an organization.
    GetOrgGroups = "getOrgGroups", Get "/orgs/{orgId}/groups", 2023-1-1;

    // API keys.
    /// The API keys of an organization, those made in projects included.
    ListOrgApiKeys = "listOrgApiKeys", Get "/orgs/{orgId}/apiKeys", 2023-1-1;
    /// A new API key with organization roles. The answer holds its private key, once.
    CreateOrgApiKey = "createOrgApiKey", Post "/orgs/{orgId}/apiKeys", 2023-1-1;
    /// One API key.
    GetOrgApiKey = "getOrgApiKey", Get "/orgs/{orgId}/apiKeys/{apiUserId}", 2023-1-1;
    /// Another description or other organization roles of an API key; given roles replace the old ones.
    UpdateOrgApiKey = "updateOrgApiKey", Patch "/orgs/{orgId}/apiKeys/{apiUserId}", 2023-1-1;
    /// Deletes an API key everywhere, projects included.
    DeleteOrgApiKey = "deleteOrgApiKey", Delete "/orgs/{orgId}/apiKeys/{apiUserId}", 2023-1-1;
    /// The addresses an API key may call from.
    ListOrgApiKeyAccessListEntries = "listOrgApiKeyAccessListEntries",
        Get "/orgs/{orgId}/apiKeys/{apiUserId}/accessList", 2023-1-1;
    /// More addresses for an API key; those on the list stay.
    CreateOrgApiKeyAccessListEntry = "createOrgApiKeyAccessListEntry",
        Post "/orgs/{orgId}/apiKeys/{apiUserId}/accessList", 2023-1-1;
    /// One address an API key may call from.
    GetOrgApiKeyAccessListEntry = "getOrgApiKeyAccessListEntry",
        Get "/orgs/{orgId}/apiKeys/{apiUserId}/accessList/{ipAddress}", 2023-1-1;
    /// One address less for an API key.
    DeleteOrgApiKeyAccessListEntry = "deleteOrgApiKeyAccessListEntry",
        Delete "/orgs/{orgId}/apiKeys/{apiUserId}/accessList/{ipAddress}", 2023-1-1;
    /// The API keys assigned to a project, each with all its roles.
    ListGroupApiKeys = "listGroupApiKeys", Get "/groups/{groupId}/apiKeys", 2023-1-1;
    /// A new API key with project roles, which also becomes a member of the organization. The answer holds its
    /// private key, once.
    CreateGroupApiKey = "createGroupApiKey", Post "/groups/{groupId}/apiKeys", 2023-1-1;
    /// Assigns a key of the organization to a project.
    AddGroupApiKey = "addGroupApiKey", Post "/groups/{groupId}/apiKeys/{apiUserId}", 2023-1-1;
    /// Replaces the roles of an API key in a project.
    UpdateGroupApiKeyRoles = "updateGroupApiKeyRoles", Patch "/groups/{groupId}/apiKeys/{apiUserId}", 2023-1-1;
    /// Takes an API key out of a project; it stays in the organization.
    RemoveGroupApiKey = "removeGroupApiKey", Delete "/groups/{groupId}/apiKeys/{apiUserId}", 2023-1-1;

    // Service accounts.
    /// The service accounts of an organization, without those Atlas made for itself.
    ListOrgServiceAccounts = "listOrgServiceAccounts", Get "/orgs/{orgId}/serviceAccounts", 2024-8-5;
    /// A new service account with organization roles. The answer holds its first secret, once.
    CreateOrgServiceAccount = "createOrgServiceAccount", Post "/orgs/{orgId}/serviceAccounts", 2024-8-5;
    /// One service account.
    GetOrgServiceAccount = "getOrgServiceAccount", Get "/orgs/{orgId}/serviceAccounts/{clientId}", 2024-8-5;
    /// Another name, description or other organization roles of a service account; its secrets stay.
    UpdateOrgServiceAccount = "updateOrgServiceAccount", Patch "/orgs/{orgId}/serviceAccounts/{clientId}", 2024-8-5;
    /// Deletes a service account everywhere, projects included.
    DeleteOrgServiceAccount = "deleteOrgServiceAccount", Delete "/orgs/{orgId}/serviceAccounts/{clientId}", 2024-8-5;
    /// One more secret for a service account, which may have two. The answer holds it, once.
    CreateOrgServiceAccountSecret = "createOrgServiceAccountSecret",
        Post "/orgs/{orgId}/serviceAccounts/{clientId}/secrets", 2024-8-5;
    /// Deletes a secret of a service account.
    DeleteOrgServiceAccountSecret = "deleteOrgServiceAccountSecret",
        Delete "/orgs/{orgId}/serviceAccounts/{clientId}/secrets/{secretId}", 2024-8-5;
    /// The addresses a service account may call from.
    ListOrgServiceAccountAccessList = "listOrgServiceAccountAccessList",
        Get "/orgs/{orgId}/serviceAccounts/{clientId}/accessList", 2024-8-5;
    /// More addresses for a service account; those on the list stay.
    CreateOrgServiceAccountAccessList = "createOrgServiceAccountAccessList",
        Post "/orgs/{orgId}/serviceAccounts/{clientId}/accessList", 2024-8-5;
    /// One address less for a service account.
    DeleteOrgServiceAccountAccessListEntry = "deleteOrgServiceAccountAccessListEntry",
        Delete "/orgs/{orgId}/serviceAccounts/{clientId}/accessList/{ipAddress}", 2024-8-5;
    /// The projects a service account is assigned to.
    GetOrgServiceAccountGroups = "getOrgServiceAccountGroups",
        Get "/orgs/{orgId}/serviceAccounts/{clientId}/groups", 2024-8-5;
    /// The service accounts assigned to a project, with their roles there.
    ListGroupServiceAccounts = "listGroupServiceAccounts", Get "/groups/{groupId}/serviceAccounts", 2024-8-5;
    /// A new service account with project roles, which also becomes a member of the organization. The answer
    /// holds its first secret, once.
    CreateGroupServiceAccount = "createGroupServiceAccount", Post "/groups/{groupId}/serviceAccounts", 2024-8-5;
    /// One service account of a project.
    GetGroupServiceAccount = "getGroupServiceAccount", Get "/groups/{groupId}/serviceAccounts/{clientId}", 2024-8-5;
    /// Another name, description or other project roles of a service account.
    UpdateGroupServiceAccount = "updateGroupServiceAccount",
        Patch "/groups/{groupId}/serviceAccounts/{clientId}", 2024-8-5;
    /// Takes a service account out of a project; its secrets stay valid elsewhere.
    DeleteGroupServiceAccount = "deleteGroupServiceAccount",
        Delete "/groups/{groupId}/serviceAccounts/{clientId}", 2024-8-5;
    /// Assigns a service account of the organization to a project.
    InviteGroupServiceAccount = "inviteGroupServiceAccount",
        Post "/groups/{groupId}/serviceAccounts/{clientId}:invite", 2024-8-5;
    /// One more secret for a service account of a project. The answer holds it, once.
    CreateGroupServiceAccountSecret = "createGroupServiceAccountSecret",
        Post "/groups/{groupId}/serviceAccounts/{clientId}/secrets", 2024-8-5;
    /// Deletes a secret of a service account of a project.
    DeleteGroupServiceAccountSecret = "deleteGroupServiceAccountSecret",
        Delete "/groups/{groupId}/serviceAccounts/{clientId}/secrets/{secretId}", 2024-8-5;
    /// The addresses a service account of a project may call from.
    ListGroupServiceAccountAccessList = "listGroupServiceAccountAccessList",
        Get "/groups/{groupId}/serviceAccounts/{clientId}/accessList", 2024-8-5;
    /// More addresses for a service account of a project.
    CreateGroupServiceAccountAccessList = "createGroupServiceAccountAccessList",
        Post "/groups/{groupId}/serviceAccounts/{clientId}/accessList", 2024-8-5;
    /// One address less for a service account of a project.
    DeleteGroupServiceAccountAccessListEntry = "deleteGroupServiceAccountAccessListEntry",
        Delete "/groups/{groupId}/serviceAccounts/{clientId}/accessList/{ipAddress}", 2024-8-5;

    // Projects.
    /// The projects the credential sees.
    ListGroups = "listGroups", Get "/groups", 2023-1-1;
    /// One project.
    GetGroup = "getGroup", Get "/groups/{groupId}", 2023-1-1;
    /// The project of that name.
    GetGroupByName = "getGroupByName", Get "/groups/byName/{groupName}", 2023-1-1;
    /// A new project.
    CreateGroup = "createGroup", Post "/groups", 2023-1-1;
    /// Another name or other tags of a project; given tags replace the old ones.
    UpdateGroup = "updateGroup", Patch "/groups/{groupId}", 2023-1-1;
    /// Deletes a project that has no clusters any more.
    DeleteGroup = "deleteGroup", Delete "/groups/{groupId}", 2023-1-1;
    /// Moves a project to another organization.
    MigrateGroup = "migrateGroup", Post "/groups/{groupId}:migrate", 2024-5-30;
    /// The limits of a project.
    ListGroupLimits = "listGroupLimits", Get "/groups/{groupId}/limits", 2023-1-1;
    /// One limit of a project.
    GetGroupLimit = "getGroupLimit", Get "/groups/{groupId}/limits/{limitName}", 2023-1-1;
    /// Another value for a limit of a project.
    SetGroupLimit = "setGroupLimit", Patch "/groups/{groupId}/limits/{limitName}", 2023-1-1;
    /// Gives a limit of a project its default value again.
    DeleteGroupLimit = "deleteGroupLimit", Delete "/groups/{groupId}/limits/{limitName}", 2023-1-1;

    // People.
    /// The people of an organization, invited ones included.
    ListOrgUsers = "listOrgUsers", Get "/orgs/{orgId}/users", 2025-2-19;
    /// Invites somebody to an organization.
    CreateOrgUser = "createOrgUser", Post "/orgs/{orgId}/users", 2025-2-19;
    /// One person of an organization.
    GetOrgUser = "getOrgUser", Get "/orgs/{orgId}/users/{userId}", 2025-2-19;
    /// Other roles or teams of a person; what is given replaces what was.
    UpdateOrgUser = "updateOrgUser", Patch "/orgs/{orgId}/users/{userId}", 2025-2-19;
    /// Takes a person out of an organization, or withdraws the invitation.
    RemoveOrgUser = "removeOrgUser", Delete "/orgs/{orgId}/users/{userId}", 2025-2-19;
    /// One more organization role for a person.
    AddOrgUserRole = "addOrgUserRole", Post "/orgs/{orgId}/users/{userId}:addRole", 2025-2-19;
    /// One organization role less for a person, who keeps at least one.
    RemoveOrgUserRole = "removeOrgUserRole", Post "/orgs/{orgId}/users/{userId}:removeRole", 2025-2-19;
    /// The people of a project, invited ones included.
    ListGroupUsers = "listGroupUsers", Get "/groups/{groupId}/users", 2025-2-19;
    /// Adds a person to a project, and invites them to the organization if need be.
    AddGroupUsers = "addGroupUsers", Post "/groups/{groupId}/users", 2025-2-19;
    /// One person of a project.
    GetGroupUser = "getGroupUser", Get "/groups/{groupId}/users/{userId}", 2025-2-19;
    /// Takes a person out of a project, or withdraws the invitation.
    RemoveGroupUser = "removeGroupUser", Delete "/groups/{groupId}/users/{userId}", 2025-2-19;
    /// One more project role for a person.
    AddGroupUserRole = "addGroupUserRole", Post "/groups/{groupId}/users/{userId}:addRole", 2025-2-19;
    /// One project role less for a person, who keeps at least one.
    RemoveGroupUserRole = "removeGroupUserRole", Post "/groups/{groupId}/users/{userId}:removeRole", 2025-2-19;

    // People, in the way that ends on 2027-07-01.
    /// The pending invitations of the old kind to an organization.
    ListOrgInvites = "listOrgInvites", Get "/orgs/{orgId}/invites", 2023-1-1, deprecated;
    /// Invites somebody to an organization in the old way.
    CreateOrgInvite = "createOrgInvite", Post "/orgs/{orgId}/invites", 2023-1-1, deprecated;
    /// Changes the invitation of the person named.
    UpdateOrgInvites = "updateOrgInvites", Patch "/orgs/{orgId}/invites", 2023-1-1, deprecated;
    /// One invitation to an organization.
    GetOrgInvite = "getOrgInvite", Get "/orgs/{orgId}/invites/{invitationId}", 2023-1-1, deprecated;
    /// Changes one invitation to an organization.
    UpdateOrgInviteById = "updateOrgInviteById", Patch "/orgs/{orgId}/invites/{invitationId}", 2023-1-1, deprecated;
    /// Withdraws an invitation to an organization.
    DeleteOrgInvite = "deleteOrgInvite", Delete "/orgs/{orgId}/invites/{invitationId}", 2023-1-1, deprecated;
    /// The pending invitations of the old kind to a project.
    ListGroupInvites = "listGroupInvites", Get "/groups/{groupId}/invites", 2023-1-1, deprecated;
    /// Invites somebody to a project in the old way.
    CreateGroupInvite = "createGroupInvite", Post "/groups/{groupId}/invites", 2023-1-1, deprecated;
    /// Changes the invitation of the person named.
    UpdateGroupInvites = "updateGroupInvites", Patch "/groups/{groupId}/invites", 2023-1-1, deprecated;
    /// One invitation to a project.
    GetGroupInvite = "getGroupInvite", Get "/groups/{groupId}/invites/{invitationId}", 2023-1-1, deprecated;
    /// Changes one invitation to a project.
    UpdateGroupInviteById = "updateGroupInviteById",
        Patch "/groups/{groupId}/invites/{invitationId}", 2023-1-1, deprecated;
    /// Withdraws an invitation to a project.
    DeleteGroupInvite = "deleteGroupInvite", Delete "/groups/{groupId}/invites/{invitationId}", 2023-1-1, deprecated;
    /// Adds a person of the organization to a project, or invites them to it. Nothing comes back for somebody
    /// who was there already.
    AddGroupAccessUser = "addGroupAccessUser", Post "/groups/{groupId}/access", 2023-2-1, deprecated;
    /// Replaces the organization roles of a person.
    UpdateOrgUserRoles = "updateOrgUserRoles", Put "/orgs/{orgId}/users/{userId}/roles", 2023-1-1, deprecated;
    /// Replaces the project roles of a person.
    UpdateGroupUserRoles = "updateGroupUserRoles", Put "/groups/{groupId}/users/{userId}/roles", 2023-1-1, deprecated;
    /// A new person with a password of somebody else's choice.
    CreateUser = "createUser", Post "/users", 2023-1-1, deprecated;
    /// One person.
    GetUser = "getUser", Get "/users/{userId}", 2023-1-1, deprecated;
    /// The person of that name.
    GetUserByName = "getUserByName", Get "/users/byName/{userName}", 2023-1-1, deprecated;

    // Teams.
    /// The teams of an organization.
    ListOrgTeams = "listOrgTeams", Get "/orgs/{orgId}/teams", 2023-1-1;
    /// A new team of at least one active person.
    CreateOrgTeam = "createOrgTeam", Post "/orgs/{orgId}/teams", 2023-1-1;
    /// One team.
    GetOrgTeam = "getOrgTeam", Get "/orgs/{orgId}/teams/{teamId}", 2023-1-1;
    /// The team of that name.
    GetOrgTeamByName = "getOrgTeamByName", Get "/orgs/{orgId}/teams/byName/{teamName}", 2023-1-1;
    /// Another name for a team.
    RenameOrgTeam = "renameOrgTeam", Patch "/orgs/{orgId}/teams/{teamId}", 2023-1-1;
    /// Deletes a team that is assigned to no project.
    DeleteOrgTeam = "deleteOrgTeam", Delete "/orgs/{orgId}/teams/{teamId}", 2023-1-1;
    /// The people of a team, invited ones included.
    ListOrgTeamUsers = "listOrgTeamUsers", Get "/orgs/{orgId}/teams/{teamId}/users", 2025-2-19;
    /// One more person in a team.
    AddOrgTeamUser = "addOrgTeamUser", Post "/orgs/{orgId}/teams/{teamId}:addUser", 2025-2-19;
    /// One person less in a team.
    RemoveOrgTeamUser = "removeOrgTeamUser", Post "/orgs/{orgId}/teams/{teamId}:removeUser", 2025-2-19;
    /// More people in a team, in the old way.
    AddOrgTeamUsers = "addOrgTeamUsers", Post "/orgs/{orgId}/teams/{teamId}/users", 2023-1-1, deprecated;
    /// One person less in a team, in the old way.
    RemoveOrgTeamUserFromTeam = "removeOrgTeamUserFromTeam",
        Delete "/orgs/{orgId}/teams/{teamId}/users/{userId}", 2023-1-1, deprecated;
    /// The teams assigned to a project, with their roles there and without their names.
    ListGroupTeams = "listGroupTeams", Get "/groups/{groupId}/teams", 2023-1-1;
    /// Assigns teams to a project.
    AddGroupTeams = "addGroupTeams", Post "/groups/{groupId}/teams", 2023-1-1;
    /// One team assigned to a project.
    GetGroupTeam = "getGroupTeam", Get "/groups/{groupId}/teams/{teamId}", 2023-1-1;
    /// Replaces the roles of a team in a project.
    UpdateGroupTeam = "updateGroupTeam", Patch "/groups/{groupId}/teams/{teamId}", 2023-1-1;
    /// Takes a team out of a project.
    RemoveGroupTeam = "removeGroupTeam", Delete "/groups/{groupId}/teams/{teamId}", 2023-1-1;

    // Events.
    /// What happened in an organization, newest first.
    ListOrgEvents = "listOrgEvents", Get "/orgs/{orgId}/events", 2023-1-1;
    /// One event of an organization.
    GetOrgEvent = "getOrgEvent", Get "/orgs/{orgId}/events/{eventId}", 2023-1-1;
    /// What happened in a project, newest first.
    ListGroupEvents = "listGroupEvents", Get "/groups/{groupId}/events", 2023-1-1;
    /// One event of a project.
    GetGroupEvent = "getGroupEvent", Get "/groups/{groupId}/events/{eventId}", 2023-1-1;

    // Invoices and costs.
    /// The invoices of an organization, without their line items.
    ListOrgInvoices = "listOrgInvoices", Get "/orgs/{orgId}/invoices", 2023-1-1;
    /// The invoices of the current month, which still grow.
    ListOrgInvoicePending = "listOrgInvoicePending", Get "/orgs/{orgId}/invoices/pending", 2023-1-1;
    /// One invoice with its line items.
    GetOrgInvoice = "getOrgInvoice", Get "/orgs/{orgId}/invoices/{invoiceId}", 2023-1-1;
    /// The line items of an invoice as CSV.
    GetOrgInvoiceCsv = "getOrgInvoiceCsv", Get "/orgs/{orgId}/invoices/{invoiceId}/csv", 2023-1-1;
    /// Line items of an invoice that fit a description.
    SearchOrgInvoiceLineItems = "searchOrgInvoiceLineItems",
        Get "/orgs/{orgId}/invoices/{invoiceId}/lineItems:search", 2024-8-5;
    /// The invoices of a month, those of linked organizations included when asked for.
    GetOrgAssociatedInvoices = "getOrgAssociatedInvoices", Get "/orgs/{orgId}/associatedInvoices", 2025-3-12;
    /// Asks for a report on an invoice in the FOCUS format.
    CreateOrgInvoiceReport = "createOrgInvoiceReport", Post "/orgs/{orgId}/invoices/{invoiceId}/reports", 2025-3-12;
    /// The reports on an invoice that have not expired, newest first.
    ListOrgInvoiceReports = "listOrgInvoiceReports", Get "/orgs/{orgId}/invoices/{invoiceId}/reports", 2025-3-12;
    /// One report on an invoice, with its address once it is done.
    GetOrgInvoiceReport = "getOrgInvoiceReport", Get "/orgs/{orgId}/invoices/{invoiceId}/reports/{reportId}", 2025-3-12;
    /// Asks for costs by organization, project, cluster or service.
    CreateOrgBillingCostExplorerUsageProcess = "createOrgBillingCostExplorerUsageProcess",
        Post "/orgs/{orgId}/billing/costExplorer/usage", 2023-1-1;
    /// The costs asked for, once Atlas has worked them out.
    GetOrgBillingCostExplorerUsage = "getOrgBillingCostExplorerUsage",
        Get "/orgs/{orgId}/billing/costExplorer/usage/{token}", 2023-1-1;
    /// What can stand on an invoice.
    ListSkus = "listSkus", Get "/skus", 2025-3-12;
    /// One thing that can stand on an invoice.
    GetSku = "getSku", Get "/skus/{skuId}", 2025-3-12;
}
