//! Requests about invoices and costs.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    body::as_body,
    query::{Query, given},
    requests,
};
use crate::{CostToken, GroupId, InvoiceId, Name, OrgId, ReportId};

/// Which invoices to list, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceFilter {
    /// Whether those of linked organizations come with them; Atlas assumes so.
    pub view_linked_invoices: Option<bool>,
    /// Only of these states: `PENDING`, `CLOSED`, `PAID` and others; all when empty.
    pub statuses: Vec<String>,
    /// Not from before.
    pub from: Option<Date>,
    /// Not from after.
    pub to: Option<Date>,
    /// By what they are sorted; Atlas takes the end.
    pub order: Option<InvoiceOrder>,
    /// Whether the oldest comes first.
    pub ascending: bool,
}

/// By what invoices are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceOrder {
    /// Their beginning.
    Start,
    /// Their end.
    End,
}

impl InvoiceFilter {
    fn query(&self) -> Query {
        let order = self.order.map(|order| match order {
            InvoiceOrder::Start => "START_DATE",
            InvoiceOrder::End => "END_DATE",
        });
        [
            given("viewLinkedInvoices", self.view_linked_invoices),
            given("statusNames", &self.statuses),
            given("fromDate", self.from),
            given("toDate", self.to),
            given("sortBy", order),
            given("orderBy", self.ascending.then_some("asc")),
        ]
        .concat()
    }
}

/// The invoices of which month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssociatedInvoiceFilter {
    /// The month, from 1 to 12; Atlas takes the current one.
    pub month: Option<u32>,
    /// The year.
    pub year: Option<u32>,
    /// Whether those of linked organizations are listed.
    pub include_linked_orgs: bool,
}

impl AssociatedInvoiceFilter {
    fn query(&self) -> Query {
        [
            given("month", self.month),
            given("year", self.year),
            given("includeLinkedOrgs", self.include_linked_orgs.then_some(true)),
        ]
        .concat()
    }
}

/// A search for line items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineItemSearch {
    /// Which.
    pub filters: LineItemFilter,
    /// By what they are sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_field: Option<LineItemOrder>,
    /// `ASCENDING` or `DESCENDING`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<String>,
}

/// Which line items. Empty lists and absent dates let everything pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineItemFilter {
    /// Of these projects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_ids: Vec<GroupId>,
    /// Of these clusters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cluster_ids: Vec<String>,
    /// For these services: `Clusters`, `Backup`, `Data Transfer` and others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sku_services: Vec<String>,
    /// Billed from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_start_date: Option<Date>,
    /// Billed until.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_end_date: Option<Date>,
    /// Used from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_start_date: Option<Date>,
    /// Used until.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_end_date: Option<Date>,
    /// With those that cost nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_zero_cent_line_items: Option<bool>,
}

/// By what line items are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LineItemOrder {
    /// When used.
    UsageDates,
    /// When billed.
    BillDates,
    /// What they cost.
    TotalPriceCents,
}

/// A question about costs. Empty lists let everything pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CostQuestion {
    /// From the first of this month.
    pub start_date: Date,
    /// Until the first of this month, exclusively.
    pub end_date: Date,
    /// One row for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_by: Option<CostGroup>,
    /// Of these organizations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organizations: Vec<OrgId>,
    /// Of these projects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<GroupId>,
    /// Of these clusters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clusters: Vec<String>,
    /// For these services.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// With what fits only in part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_partial_matches: Option<bool>,
}

/// What the rows of costs stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CostGroup {
    /// An organization each.
    Organizations,
    /// A project each.
    Projects,
    /// A cluster each.
    Clusters,
    /// A service each.
    Services,
}

fn report(format_version: Option<&str>) -> Value {
    let mut body = json!({ "reportType": "FOCUS", "reportFormat": "CSV" });
    if let Some(version) = format_version {
        body["formatSpecVersion"] = json!(version);
    }
    body
}

requests! {
    /// `listOrgInvoices`: the invoices of an organization, without their line items.
    list_org_invoices(org: &OrgId; filter: &InvoiceFilter) = ListOrgInvoices [filter.query()];
    /// `listOrgInvoicePending`: the invoices of the current month, which still grow.
    list_org_invoice_pending(org: &OrgId) = ListOrgInvoicePending;
    /// `getOrgInvoice`: one invoice with its line items.
    get_org_invoice(org: &OrgId, invoice: &InvoiceId) = GetOrgInvoice;
    /// `getOrgInvoiceCsv`: the line items of an invoice as CSV.
    get_org_invoice_csv(org: &OrgId, invoice: &InvoiceId) = GetOrgInvoiceCsv;
    /// `searchOrgInvoiceLineItems`: line items of an invoice that fit a description.
    search_org_invoice_line_items(org: &OrgId, invoice: &InvoiceId; search: &LineItemSearch) = SearchOrgInvoiceLineItems
        { as_body(search) };
    /// `getOrgAssociatedInvoices`: the invoices of a month, those of linked organizations included when asked for.
    get_org_associated_invoices(org: &OrgId; of: &AssociatedInvoiceFilter) = GetOrgAssociatedInvoices [of.query()];
    /// `createOrgInvoiceReport`: asks for a report on an invoice in the FOCUS format.
    create_org_invoice_report(org: &OrgId, invoice: &InvoiceId; format_version: Option<&str>) = CreateOrgInvoiceReport
        { report(format_version) };
    /// `listOrgInvoiceReports`: the reports on an invoice that have not expired, newest first.
    list_org_invoice_reports(org: &OrgId, invoice: &InvoiceId) = ListOrgInvoiceReports;
    /// `getOrgInvoiceReport`: one report on an invoice, with its address once it is done.
    get_org_invoice_report(org: &OrgId, invoice: &InvoiceId, report: &ReportId) = GetOrgInvoiceReport;
    /// `createOrgBillingCostExplorerUsageProcess`: asks for costs by organization, project, cluster or service.
    create_org_billing_cost_explorer_usage_process(
        org: &OrgId; question: &CostQuestion
    ) = CreateOrgBillingCostExplorerUsageProcess
        { as_body(question) };
    /// `getOrgBillingCostExplorerUsage`: the costs asked for, once Atlas has worked them out.
    get_org_billing_cost_explorer_usage(org: &OrgId, token: &CostToken) = GetOrgBillingCostExplorerUsage;
    /// `listSkus`: what can stand on an invoice.
    list_skus() = ListSkus;
    /// `getSku`: one thing that can stand on an invoice.
    get_sku(sku: &Name) = GetSku;
}
