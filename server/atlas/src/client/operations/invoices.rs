//! Invoices and costs.

use crate::{
    AssociatedInvoiceFilter, AssociatedInvoices, CostQuery, CostQuestion, CostToken, CostUsage, Invoice, InvoiceFilter,
    InvoiceId, InvoiceReport, LineItemSearch, Name, OrgId, ReportId, Sku, UsageLineItem,
};

calls! {
    /// The invoices of an organization, without their line items.
    list list_org_invoices(org: &OrgId, filter: &InvoiceFilter) -> Invoice;
    /// The invoices of the current month, which still grow.
    list list_org_invoice_pending(org: &OrgId) -> Invoice;
    /// One invoice with its line items.
    one get_org_invoice(org: &OrgId, invoice: &InvoiceId) -> Invoice;
    /// The line items of an invoice as CSV.
    text get_org_invoice_csv(org: &OrgId, invoice: &InvoiceId);
    /// Line items of an invoice that fit a description.
    list search_org_invoice_line_items(org: &OrgId, invoice: &InvoiceId, search: &LineItemSearch) -> UsageLineItem;
    /// The invoices of a month, those of linked organizations included when asked for.
    one get_org_associated_invoices(org: &OrgId, of: &AssociatedInvoiceFilter) -> AssociatedInvoices;
    /// Asks for a report on an invoice in the FOCUS format.
    one create_org_invoice_report(org: &OrgId, invoice: &InvoiceId, format_version: Option<&str>) -> InvoiceReport;
    /// The reports on an invoice that have not expired, newest first.
    list list_org_invoice_reports(org: &OrgId, invoice: &InvoiceId) -> InvoiceReport;
    /// One report on an invoice, with its address once it is done.
    one get_org_invoice_report(org: &OrgId, invoice: &InvoiceId, report: &ReportId) -> InvoiceReport;
    /// Asks for costs by organization, project, cluster or service.
    one create_org_billing_cost_explorer_usage_process(org: &OrgId, question: &CostQuestion) -> CostQuery;
    /// The costs asked for, once Atlas has worked them out.
    optional get_org_billing_cost_explorer_usage(org: &OrgId, token: &CostToken) -> CostUsage;
    /// What can stand on an invoice.
    list list_skus() -> Sku;
    /// One thing that can stand on an invoice.
    one get_sku(sku: &Name) -> Sku;
}
