//! Every request this crate can build, with every kind of value that makes a difference on the wire.

use atlas::{
    AccessListAddress, AssociatedInvoiceFilter, AtlasRequest, ClientId, CostGroup, CostQuestion, DelegationChanges,
    EventFilter, GroupChanges, GroupEventFilter, GroupRolesGrant, GroupUserFilter, InvoiceFilter, InvoiceOrder,
    LineItemFilter, LineItemOrder, LineItemSearch, Migration, Name, NewAtlasUser, NewCredential, NewGroup, NewOrgUser,
    NewOrganization, NewServiceAccount, NewTag, OldGroupRoles, OrgInvitation, OrgSettingsChanges, OrgUserChanges,
    RateLimitFilter, RateLimitScope, ServiceAccountChanges, SessionTimeoutChanges, TeamGrant, UserFilter, UserGrant,
};
use jiff::civil::date;

const ADDRESSES: [&str; 8] = [
    "192.0.2.7",
    "192.0.2.7/32",
    "198.51.100.0/24",
    "0.0.0.0/0",
    "2001:db8::1",
    "2001:db8::1/128",
    "2001:db8::/32",
    "::/0",
];

const NONE: Option<&[&str]> = None;

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(first: char) -> T {
    format!("{first}f1b2c3d4e5f60718293a4b5").parse().unwrap()
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn account() -> ClientId {
    "mdb_sa_id_5f1b2c3d4e5f60718293a4b5".parse().unwrap()
}

fn entries() -> [AccessListAddress; 8] {
    ADDRESSES.map(|text| text.parse().unwrap())
}

/// All of them; lists once more with a page.
pub(crate) fn every_request() -> Vec<AtlasRequest> {
    let mut requests = [root(), organizations(), keys(), service_accounts(), projects()].concat();
    requests.extend([users(), old_users(), teams(), events(), invoices()].concat());
    let pages: Vec<_> = requests.iter().map(|request| request.page(2, 500)).collect();
    requests.extend(pages);
    requests
}

fn root() -> Vec<AtlasRequest> {
    let scopes = [
        RateLimitScope::Org(id('a')),
        RateLimitScope::Group(id('b')),
        RateLimitScope::User("abcdefgh".to_owned()),
        RateLimitScope::Address("192.0.2.7".parse().unwrap()),
    ];
    let some = RateLimitFilter {
        names: vec!["Programmatic API Keys".to_owned(), "Teams".to_owned()],
        endpoint_paths: vec!["/api/atlas/v2/orgs/{orgId}".to_owned()],
        ..RateLimitFilter::all(RateLimitScope::Org(id('a')))
    };
    let mut requests =
        vec![AtlasRequest::system_status(), AtlasRequest::list_event_types(), AtlasRequest::list_rate_limits(&some)];
    for scope in scopes {
        requests.push(AtlasRequest::get_rate_limit(&name("rateLimitsInspection_group"), &scope));
        requests.push(AtlasRequest::list_rate_limits(&RateLimitFilter::all(scope)));
    }
    requests
}

fn organizations() -> Vec<AtlasRequest> {
    let org = id('a');
    let with = |credential| NewOrganization {
        org_owner_id: Some(id('c')),
        credential: Some(credential),
        federation_settings_id: Some("5f1b2c3d4e5f60718293a4b5".to_owned()),
        skip_default_alerts_settings: Some(true),
        ..NewOrganization::named("Payments")
    };
    let key = NewCredential::ApiKey { desc: "first".to_owned(), roles: vec!["ORG_OWNER".to_owned()] };
    let all_settings = OrgSettingsChanges {
        api_access_list_required: Some(true),
        multi_factor_auth_required: Some(false),
        restrict_employee_access: Some(true),
        gen_ai_features_enabled: Some(false),
        max_service_account_secret_validity_in_hours: Some(8760),
        operations_contact: Some(Some("operations@example.org".to_owned())),
        security_contact: Some("security@example.org".to_owned()),
        streams_cross_group_enabled: Some(true),
        custom_session_timeouts: Some(SessionTimeoutChanges {
            absolute_session_timeout_in_seconds: Some(Some(3600)),
            idle_session_timeout_in_seconds: Some(Some(300)),
        }),
    };
    let no_contact = OrgSettingsChanges { operations_contact: Some(None), ..OrgSettingsChanges::default() };
    let all_limits = DelegationChanges {
        delegated_mcp_access: Some(Some("READ_ONLY".to_owned())),
        delegated_partner_access: Some(Some("DISALLOWED".to_owned())),
        idle_refresh_token_lifetime: Some(Some(3600)),
        maximum_refresh_token_lifetime: Some(Some(86_400)),
    };
    let usual = DelegationChanges {
        idle_refresh_token_lifetime: Some(None),
        maximum_refresh_token_lifetime: Some(None),
        ..DelegationChanges::default()
    };
    vec![
        AtlasRequest::list_orgs(),
        AtlasRequest::list_orgs_named("pay & more"),
        AtlasRequest::create_org(&NewOrganization::named("Payments")),
        AtlasRequest::create_org(&with(key)),
        AtlasRequest::create_org(&with(NewCredential::ServiceAccount(new_account("ORG_OWNER")))),
        AtlasRequest::get_org(&org),
        AtlasRequest::update_org(&org, "Payments-EU", None),
        AtlasRequest::update_org(&org, "Payments-EU", Some(false)),
        AtlasRequest::delete_org(&org),
        AtlasRequest::get_org_settings(&org),
        AtlasRequest::update_org_settings(&org, &all_settings),
        AtlasRequest::update_org_settings(&org, &no_contact),
        AtlasRequest::get_org_delegation_settings(&org),
        AtlasRequest::update_org_delegation_settings(&org, &all_limits),
        AtlasRequest::update_org_delegation_settings(&org, &usual),
        AtlasRequest::list_org_groups(&org),
        AtlasRequest::list_org_groups_named(&org, "pay"),
    ]
}

fn keys() -> Vec<AtlasRequest> {
    let (org, group, key) = (id('a'), id('b'), id('d'));
    let mut requests = vec![
        AtlasRequest::list_org_api_keys(&org),
        AtlasRequest::create_org_api_key(&org, "ci-deploy \"ü\"\n", &["ORG_MEMBER", "ORG_OWNER"]),
        AtlasRequest::get_org_api_key(&org, &key),
        AtlasRequest::update_org_api_key(&org, &key, Some("ci-release"), NONE),
        AtlasRequest::update_org_api_key(&org, &key, None, Some(&["ORG_READ_ONLY"])),
        AtlasRequest::update_org_api_key(&org, &key, Some("both"), Some(&["ORG_READ_ONLY"])),
        AtlasRequest::delete_org_api_key(&org, &key),
        AtlasRequest::list_access_list(&org, &key),
        AtlasRequest::create_access_list_entries(&org, &key, &entries()),
        AtlasRequest::list_group_api_keys(&group),
        AtlasRequest::create_group_api_key(&group, "ci-deploy", &["GROUP_READ_ONLY"]),
        AtlasRequest::add_group_api_key(&group, &key, &["GROUP_READ_ONLY"]),
        AtlasRequest::update_group_api_key_roles(&group, &key, &["GROUP_OWNER", "GROUP_ROLE_OF_TOMORROW"]),
        AtlasRequest::remove_group_api_key(&group, &key),
    ];
    for entry in entries() {
        requests.push(AtlasRequest::get_org_api_key_access_list_entry(&org, &key, entry));
        requests.push(AtlasRequest::delete_access_list_entry(&org, &key, entry));
    }
    requests
}

fn new_account(role: &str) -> NewServiceAccount {
    NewServiceAccount {
        name: "ci deploy".to_owned(),
        description: "Deploys, mostly.".to_owned(),
        roles: vec![role.to_owned()],
        secret_expires_after_hours: 720,
    }
}

fn service_accounts() -> Vec<AtlasRequest> {
    let (org, group, account, secret) = (id('a'), id('b'), account(), id('e'));
    let all = |role: &str| ServiceAccountChanges {
        name: Some("ci".to_owned()),
        description: Some("Deploys.".to_owned()),
        roles: Some(vec![role.to_owned()]),
    };
    let name_only = ServiceAccountChanges { name: Some("ci".to_owned()), ..ServiceAccountChanges::default() };
    let mut requests = vec![
        AtlasRequest::list_org_service_accounts(&org),
        AtlasRequest::list_org_service_accounts_of_all_kinds(&org),
        AtlasRequest::create_org_service_account(&org, &new_account("ORG_MEMBER")),
        AtlasRequest::get_org_service_account(&org, &account),
        AtlasRequest::update_org_service_account(&org, &account, &all("ORG_OWNER")),
        AtlasRequest::update_org_service_account(&org, &account, &name_only),
        AtlasRequest::delete_org_service_account(&org, &account),
        AtlasRequest::create_org_service_account_secret(&org, &account, 8),
        AtlasRequest::delete_org_service_account_secret(&org, &account, &secret),
        AtlasRequest::list_org_service_account_access_list(&org, &account),
        AtlasRequest::create_org_service_account_access_list(&org, &account, &entries()),
        AtlasRequest::get_org_service_account_groups(&org, &account),
        AtlasRequest::list_group_service_accounts(&group),
        AtlasRequest::list_group_service_accounts_of_all_kinds(&group),
        AtlasRequest::create_group_service_account(&group, &new_account("GROUP_OWNER")),
        AtlasRequest::get_group_service_account(&group, &account),
        AtlasRequest::update_group_service_account(&group, &account, &all("GROUP_READ_ONLY")),
        AtlasRequest::delete_group_service_account(&group, &account),
        AtlasRequest::invite_group_service_account(&group, &account, &["GROUP_READ_ONLY"]),
        AtlasRequest::create_group_service_account_secret(&group, &account, 8),
        AtlasRequest::delete_group_service_account_secret(&group, &account, &secret),
        AtlasRequest::list_group_service_account_access_list(&group, &account),
        AtlasRequest::create_group_service_account_access_list(&group, &account, &entries()),
    ];
    for entry in entries() {
        requests.push(AtlasRequest::delete_org_service_account_access_list_entry(&org, &account, entry));
        requests.push(AtlasRequest::delete_group_service_account_access_list_entry(&group, &account, entry));
    }
    requests
}

fn projects() -> Vec<AtlasRequest> {
    let group = id('b');
    let tags = vec![NewTag { key: "team".to_owned(), value: "payments".to_owned() }];
    let plain = NewGroup {
        name: "Payments".to_owned(),
        org_id: id('a'),
        tags: Vec::new(),
        with_default_alerts_settings: None,
        owner: None,
    };
    let full = NewGroup {
        tags: tags.clone(),
        with_default_alerts_settings: Some(false),
        owner: Some(id('c')),
        ..plain.clone()
    };
    let renamed = GroupChanges { name: Some("Payments-EU".to_owned()), ..GroupChanges::default() };
    let tagged = GroupChanges { tags: Some(tags), with_default_alerts_settings: Some(true), ..GroupChanges::default() };
    let untagged = GroupChanges { tags: Some(Vec::new()), ..GroupChanges::default() };
    let limit = name("atlas.project.deployment.clusters");
    let with_key = Some(("abcdefgh".to_owned(), "11111111-2222-3333-4444-5eccae755eca".into()));
    vec![
        AtlasRequest::list_groups(),
        AtlasRequest::get_group(&group),
        AtlasRequest::get_group_by_name(&name("Payments EU")),
        AtlasRequest::create_group(&plain),
        AtlasRequest::create_group(&full),
        AtlasRequest::update_group(&group, &renamed),
        AtlasRequest::update_group(&group, &tagged),
        AtlasRequest::update_group(&group, &untagged),
        AtlasRequest::delete_group(&group),
        AtlasRequest::migrate_group(&group, &Migration { destination: id('a'), key: None }),
        AtlasRequest::migrate_group(&group, &Migration { destination: id('a'), key: with_key }),
        AtlasRequest::list_group_limits(&group),
        AtlasRequest::get_group_limit(&group, &limit),
        AtlasRequest::set_group_limit(&group, &limit, 12),
        AtlasRequest::delete_group_limit(&group, &limit),
    ]
}

fn grant() -> UserGrant {
    let in_group = GroupRolesGrant { group_id: id('b'), group_roles: vec!["GROUP_READ_ONLY".to_owned()] };
    UserGrant { org_roles: vec!["ORG_MEMBER".to_owned()], group_role_assignments: vec![in_group] }
}

fn users() -> Vec<AtlasRequest> {
    let (org, group, user) = (id('a'), id('b'), id('c'));
    let named = UserFilter { username: Some("kim+a@example.org".to_owned()), ..UserFilter::default() };
    let invited = NewOrgUser { username: "kim@example.org".to_owned(), roles: grant(), team_ids: vec![id('f')] };
    let roles = OrgUserChanges { roles: Some(grant()), team_ids: None };
    let teams = OrgUserChanges { roles: None, team_ids: Some(Vec::new()) };
    let flat = GroupUserFilter { users: UserFilter::everybody(), flatten_teams: true, include_org_users: true };
    vec![
        AtlasRequest::list_org_users(&org, &UserFilter::default()),
        AtlasRequest::list_org_users(&org, &UserFilter::everybody()),
        AtlasRequest::list_org_users(&org, &named),
        AtlasRequest::create_org_user(&org, &invited),
        AtlasRequest::get_org_user(&org, &user),
        AtlasRequest::update_org_user(&org, &user, &roles),
        AtlasRequest::update_org_user(&org, &user, &teams),
        AtlasRequest::remove_org_user(&org, &user),
        AtlasRequest::add_org_user_role(&org, &user, "ORG_OWNER"),
        AtlasRequest::remove_org_user_role(&org, &user, "ORG_OWNER"),
        AtlasRequest::list_group_users(&group, &GroupUserFilter::default()),
        AtlasRequest::list_group_users(&group, &flat),
        AtlasRequest::add_group_users(&group, "kim@example.org", &["GROUP_READ_ONLY"]),
        AtlasRequest::get_group_user(&group, &user),
        AtlasRequest::remove_group_user(&group, &user),
        AtlasRequest::add_group_user_role(&group, &user, "GROUP_OWNER"),
        AtlasRequest::remove_group_user_role(&group, &user, "GROUP_OWNER"),
    ]
}

fn old_users() -> Vec<AtlasRequest> {
    let (org, group, user, invitation) = (id('a'), id('b'), id('c'), id('d'));
    let roles = OrgInvitation { roles: vec!["ORG_MEMBER".to_owned()], ..OrgInvitation::default() };
    let whole = OrgInvitation {
        username: Some("kim@example.org".to_owned()),
        group_role_assignments: vec![OldGroupRoles { group_id: id('b'), roles: vec!["GROUP_OWNER".to_owned()] }],
        team_ids: vec![id('f')],
        ..roles.clone()
    };
    let new = NewAtlasUser {
        username: "kim@example.org".to_owned(),
        password: "11111111-2222-3333-4444-5eccae755eca".into(),
        first_name: "Kim".to_owned(),
        last_name: "Example".to_owned(),
        country: "DE".to_owned(),
        mobile_number: "2125550198".to_owned(),
        org_roles: vec![(id('a'), "ORG_MEMBER".to_owned())],
        group_roles: vec![(id('b'), "GROUP_OWNER".to_owned())],
    };
    vec![
        AtlasRequest::list_org_invites(&org),
        AtlasRequest::create_org_invite(&org, &whole),
        AtlasRequest::update_org_invites(&org, &whole),
        AtlasRequest::get_org_invite(&org, &invitation),
        AtlasRequest::update_org_invite_by_id(&org, &invitation, &roles),
        AtlasRequest::delete_org_invite(&org, &invitation),
        AtlasRequest::list_group_invites(&group),
        AtlasRequest::create_group_invite(&group, "kim@example.org", &["GROUP_OWNER"]),
        AtlasRequest::update_group_invites(&group, "kim@example.org", &["GROUP_OWNER"]),
        AtlasRequest::get_group_invite(&group, &invitation),
        AtlasRequest::update_group_invite_by_id(&group, &invitation, &["GROUP_OWNER"]),
        AtlasRequest::delete_group_invite(&group, &invitation),
        AtlasRequest::add_group_access_user(&group, "kim@example.org", &["GROUP_OWNER"]),
        AtlasRequest::update_org_user_roles(&org, &user, &["ORG_OWNER"]),
        AtlasRequest::update_group_user_roles(&group, &user, &["GROUP_OWNER"]),
        AtlasRequest::create_user(&new),
        AtlasRequest::get_user(&user),
        AtlasRequest::get_user_by_name(&name("kim@example.org")),
    ]
}

fn teams() -> Vec<AtlasRequest> {
    let (org, group, user, team) = (id('a'), id('b'), id('c'), id('f'));
    let grant = TeamGrant { team_id: id('f'), role_names: vec!["GROUP_OWNER".to_owned()] };
    vec![
        AtlasRequest::list_org_teams(&org),
        AtlasRequest::create_org_team(&org, "Operations", &["kim@example.org"]),
        AtlasRequest::get_org_team(&org, &team),
        AtlasRequest::get_org_team_by_name(&org, &name("Operations / EU")),
        AtlasRequest::rename_org_team(&org, &team, "Operations EU"),
        AtlasRequest::delete_org_team(&org, &team),
        AtlasRequest::list_org_team_users(&org, &team, &UserFilter::everybody()),
        AtlasRequest::add_org_team_user(&org, &team, &user),
        AtlasRequest::remove_org_team_user(&org, &team, &user),
        AtlasRequest::add_org_team_users(&org, &team, std::slice::from_ref(&user)),
        AtlasRequest::remove_org_team_user_from_team(&org, &team, &user),
        AtlasRequest::list_group_teams(&group),
        AtlasRequest::add_group_teams(&group, &[grant]),
        AtlasRequest::get_group_team(&group, &team),
        AtlasRequest::update_group_team(&group, &team, &["GROUP_READ_ONLY"]),
        AtlasRequest::remove_group_team(&group, &team),
    ]
}

fn events() -> Vec<AtlasRequest> {
    let (org, group, event) = (id('a'), id('b'), id('d'));
    let some = EventFilter {
        event_types: vec!["API_KEY_CREATED".to_owned(), "API_KEY_DELETED".to_owned()],
        min_date: Some("2026-08-10T09:00:00Z".parse().unwrap()),
        max_date: Some("2026-08-11T09:00:00Z".parse().unwrap()),
        include_raw: true,
    };
    let in_group = GroupEventFilter {
        events: some.clone(),
        excluded_event_types: vec!["GROUP_CREATED".to_owned()],
        cluster_names: vec!["Cluster0".to_owned(), "Cluster1".to_owned()],
    };
    vec![
        AtlasRequest::list_org_events(&org, &EventFilter::default()),
        AtlasRequest::list_org_events(&org, &some),
        AtlasRequest::get_org_event(&org, &event),
        AtlasRequest::get_org_event_with_raw(&org, &event),
        AtlasRequest::list_group_events(&group, &GroupEventFilter::default()),
        AtlasRequest::list_group_events(&group, &in_group),
        AtlasRequest::get_group_event(&group, &event),
        AtlasRequest::get_group_event_with_raw(&group, &event),
    ]
}

fn invoices() -> Vec<AtlasRequest> {
    let (org, invoice, report) = (id('a'), id('c'), id('e'));
    let some = InvoiceFilter {
        view_linked_invoices: Some(false),
        statuses: vec!["PAID".to_owned(), "PENDING".to_owned()],
        from: Some(date(2026, 1, 1)),
        to: Some(date(2026, 12, 31)),
        order: Some(InvoiceOrder::Start),
        ascending: true,
    };
    let by_end = InvoiceFilter { order: Some(InvoiceOrder::End), ..InvoiceFilter::default() };
    let search = LineItemSearch {
        filters: LineItemFilter {
            group_ids: vec![id('b')],
            cluster_ids: vec!["6f1b2c3d4e5f60718293a4b5".to_owned()],
            sku_services: vec!["Clusters".to_owned()],
            bill_start_date: Some(date(2026, 1, 1)),
            bill_end_date: Some(date(2026, 1, 31)),
            usage_start_date: Some(date(2026, 1, 1)),
            usage_end_date: Some(date(2026, 1, 31)),
            include_zero_cent_line_items: Some(true),
        },
        sort_field: Some(LineItemOrder::TotalPriceCents),
        sort_order: Some("DESCENDING".to_owned()),
    };
    let month = AssociatedInvoiceFilter { month: Some(6), year: Some(2026), include_linked_orgs: true };
    let question = CostQuestion {
        start_date: date(2026, 1, 1),
        end_date: date(2026, 2, 1),
        group_by: Some(CostGroup::Organizations),
        organizations: vec![id('a')],
        projects: vec![id('b')],
        clusters: vec!["6f1b2c3d4e5f60718293a4b5".to_owned()],
        services: vec!["Clusters".to_owned()],
        include_partial_matches: Some(true),
    };
    let token = "4ABBE973862346D40F3AE859D4BE96E0F895764EB14EAB039E7B82F9D638C05C".parse().unwrap();
    vec![
        AtlasRequest::list_org_invoices(&org, &InvoiceFilter::default()),
        AtlasRequest::list_org_invoices(&org, &some),
        AtlasRequest::list_org_invoices(&org, &by_end),
        AtlasRequest::list_org_invoice_pending(&org),
        AtlasRequest::get_org_invoice(&org, &invoice),
        AtlasRequest::get_org_invoice(&org, &invoice).as_csv(),
        AtlasRequest::get_org_invoice_csv(&org, &invoice),
        AtlasRequest::search_org_invoice_line_items(&org, &invoice, &LineItemSearch::default()),
        AtlasRequest::search_org_invoice_line_items(&org, &invoice, &search),
        AtlasRequest::get_org_associated_invoices(&org, &AssociatedInvoiceFilter::default()),
        AtlasRequest::get_org_associated_invoices(&org, &month),
        AtlasRequest::create_org_invoice_report(&org, &invoice, None),
        AtlasRequest::create_org_invoice_report(&org, &invoice, Some("1.3")),
        AtlasRequest::list_org_invoice_reports(&org, &invoice),
        AtlasRequest::get_org_invoice_report(&org, &invoice, &report),
        AtlasRequest::create_org_billing_cost_explorer_usage_process(&org, &question),
        AtlasRequest::get_org_billing_cost_explorer_usage(&org, &token),
        AtlasRequest::get_org_billing_cost_explorer_usage(&org, &token).as_csv(),
        AtlasRequest::list_skus(),
        AtlasRequest::get_sku(&name("NDS_AWS_INSTANCE_M10")),
    ]
}
