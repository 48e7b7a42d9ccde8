//! Words from which the population is made.

/// What keys are for; `{}` stands for a service.
pub(super) const PURPOSES: &[&str] = &[
    "Terraform {}",
    "CI deploy {}",
    "GitHub Actions {}",
    "Backup export {}",
    "Grafana metrics {}",
    "Nightly report {}",
    "On-call scripts {}",
    "Data pipeline {}",
    "{} migration, temporary",
    "{} integration tests",
    "Cost dashboard {}",
    "Index advisor {}",
    "Kubernetes operator {}",
    "Alert routing {}",
    "{} (old, ask before deleting)",
    "Support access {}",
];

/// What service accounts are called and for; `{}` stands for a service.
pub(super) const ACCOUNTS: [(&str, &str); 8] = [
    ("terraform-{}", "Infrastructure of {}, planned and applied by Terraform"),
    ("ci-{}", "Deployments of {} from the build server"),
    ("{} metrics", "Reads measurements of {} for the dashboards"),
    ("{} backup", "Exports snapshots of {} every night"),
    ("kubernetes-{}", "Operator that keeps the clusters of {} as described"),
    ("{} costs", "Monthly cost report of {}"),
    ("{} on call", "Scripts for whoever is on call for {}"),
    ("{} tests", "Creates and removes test projects of {}"),
];
/// How many of them there are.
pub(super) const ACCOUNTS_COUNT: u64 = 8;

/// Services the keys serve.
pub(super) const SERVICES: &[&str] = &[
    "checkout",
    "ledger",
    "orders",
    "payouts",
    "refunds",
    "catalogue",
    "search",
    "stock",
    "loyalty",
    "pricing",
    "returns",
    "invoicing",
    "fraud",
    "reporting",
    "customs",
    "fleet",
    "routing",
    "warehouse",
    "tracking",
    "identity",
];

/// Environments that projects are named after.
pub(super) const ENVIRONMENTS: &[&str] = &["production", "staging", "test", "development", "sandbox"];

/// Ranges of offices and of what builds and runs things (documentation and private addresses only).
pub(super) const RANGES: &[&str] = &[
    "192.0.2.0/24",
    "192.0.2.128/25",
    "198.51.100.0/24",
    "198.51.100.64/26",
    "203.0.113.0/24",
    "203.0.113.16/28",
    "203.0.113.42/32",
    "198.51.100.7/32",
    "192.0.2.15/32",
    "192.0.2.16/32",
    "10.20.0.0/16",
    "172.16.8.0/21",
    "2001:db8:40::/48",
    "2001:db8:17::25/128",
    "2001:db8:4:2::/64",
];
