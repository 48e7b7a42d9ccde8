//! Invoices and costs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::{Other, list, maybe, or_default, secret};
use crate::{CostToken, GroupId, InvoiceId, OrgId, ReportId};

/// An invoice. Lists leave line items, payments and refunds out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    /// Its id.
    pub id: InvoiceId,
    /// Whose it is.
    #[serde(default, deserialize_with = "maybe")]
    pub org_id: Option<OrgId>,
    /// `PENDING`, `CLOSED`, `PAID`, and states yet to come.
    #[serde(default, deserialize_with = "or_default")]
    pub status_name: String,
    /// From when.
    #[serde(default, deserialize_with = "maybe")]
    pub start_date: Option<Timestamp>,
    /// Until when.
    #[serde(default, deserialize_with = "maybe")]
    pub end_date: Option<Timestamp>,
    /// When it was made.
    #[serde(default, deserialize_with = "maybe")]
    pub created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "maybe")]
    pub updated: Option<Timestamp>,
    /// Before discounts, taxes and credits, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub subtotal_cents: Option<i64>,
    /// To be paid, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub amount_billed_cents: Option<i64>,
    /// Paid, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub amount_paid_cents: Option<i64>,
    /// Credits used, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub credits_cents: Option<i64>,
    /// Tax, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub sales_tax_cents: Option<i64>,
    /// Carried over; cents by its name, dollars by its description.
    #[serde(default, deserialize_with = "maybe")]
    pub starting_balance_cents: Option<i64>,
    /// Those of the organizations this one pays for. Empty as well when the caller may not see them.
    #[serde(default, deserialize_with = "list")]
    pub linked_invoices: Vec<Invoice>,
    /// What is on it.
    #[serde(default, deserialize_with = "list")]
    pub line_items: Vec<LineItem>,
    /// How it was paid.
    #[serde(default, deserialize_with = "list")]
    pub payments: Vec<Payment>,
    /// What was given back.
    #[serde(default, deserialize_with = "list")]
    pub refunds: Vec<Refund>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineItem {
    /// What was used.
    #[serde(default, deserialize_with = "or_default")]
    pub sku: String,
    /// In which project.
    #[serde(default, deserialize_with = "maybe")]
    pub group_id: Option<GroupId>,
    /// The project's name.
    #[serde(default, deserialize_with = "maybe")]
    pub group_name: Option<String>,
    /// In which cluster.
    #[serde(default, deserialize_with = "maybe")]
    pub cluster_name: Option<String>,
    /// At which provider.
    #[serde(default, deserialize_with = "maybe")]
    pub cloud_provider: Option<String>,
    /// How much.
    #[serde(default, deserialize_with = "maybe")]
    pub quantity: Option<f64>,
    /// Of what.
    #[serde(default, deserialize_with = "maybe")]
    pub unit: Option<String>,
    /// For how much each.
    #[serde(default, deserialize_with = "maybe")]
    pub unit_price_dollars: Option<f64>,
    /// For how much altogether, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub total_price_cents: Option<i64>,
    /// How much less, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub discount_cents: Option<i64>,
    /// How much less, in percent.
    #[serde(default, deserialize_with = "maybe")]
    pub percent_discount: Option<f64>,
    /// From when.
    #[serde(default, deserialize_with = "maybe")]
    pub start_date: Option<Timestamp>,
    /// Until when.
    #[serde(default, deserialize_with = "maybe")]
    pub end_date: Option<Timestamp>,
    /// When it was put on the invoice.
    #[serde(default, deserialize_with = "maybe")]
    pub created: Option<Timestamp>,
    /// Why.
    #[serde(default, deserialize_with = "maybe")]
    pub note: Option<String>,
    /// The cluster's tags.
    #[serde(default)]
    pub tags: Option<BTreeMap<String, Value>>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Its id.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// `PAID`, `FAILED`, and states yet to come.
    #[serde(default, deserialize_with = "or_default")]
    pub status_name: String,
    /// When it was made.
    #[serde(default, deserialize_with = "maybe")]
    pub created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "maybe")]
    pub updated: Option<Timestamp>,
    /// To be paid, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub amount_billed_cents: Option<i64>,
    /// Paid, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub amount_paid_cents: Option<i64>,
    /// Before tax, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub subtotal_cents: Option<i64>,
    /// Tax, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub sales_tax_cents: Option<i64>,
    /// The currency it was made in.
    #[serde(default, deserialize_with = "maybe")]
    pub currency: Option<String>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// Money given back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// Of which payment.
    #[serde(default, deserialize_with = "maybe")]
    pub payment_id: Option<String>,
    /// How much, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub amount_cents: Option<i64>,
    /// Why.
    #[serde(default, deserialize_with = "maybe")]
    pub reason: Option<String>,
    /// When.
    #[serde(default, deserialize_with = "maybe")]
    pub created: Option<Timestamp>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// A line that a search found.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UsageLineItem {
    /// What was used.
    #[serde(default, deserialize_with = "or_default")]
    pub description: String,
    /// In which project.
    #[serde(default, deserialize_with = "maybe")]
    pub group_id: Option<GroupId>,
    /// In which cluster.
    #[serde(default, deserialize_with = "maybe")]
    pub cluster_name: Option<String>,
    /// At which provider.
    #[serde(default, deserialize_with = "maybe")]
    pub cloud_provider: Option<String>,
    /// When it was used.
    #[serde(default, deserialize_with = "maybe")]
    pub usage_date: Option<Timestamp>,
    /// When it was billed.
    #[serde(default, deserialize_with = "maybe")]
    pub bill_date: Option<Timestamp>,
    /// How much.
    #[serde(default, deserialize_with = "maybe")]
    pub quantity: Option<f64>,
    /// For how much each.
    #[serde(default, deserialize_with = "maybe")]
    pub unit_price_dollars: Option<f64>,
    /// For how much altogether, in US cents.
    #[serde(default, deserialize_with = "maybe")]
    pub total_price_cents: Option<i64>,
    /// More about stream processing.
    #[serde(default, deserialize_with = "maybe")]
    pub additional_data: Option<Value>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// The invoices of a month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssociatedInvoices {
    /// One for each organization.
    #[serde(default, deserialize_with = "list")]
    pub associated_invoices: Vec<AssociatedInvoice>,
    /// The month, in two digits.
    #[serde(default, deserialize_with = "or_default")]
    pub month: String,
    /// The year.
    #[serde(default, deserialize_with = "or_default")]
    pub year: String,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// An invoice of a month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssociatedInvoice {
    /// Its id.
    #[serde(default, deserialize_with = "maybe")]
    pub invoice_id: Option<InvoiceId>,
    /// Whose it is.
    #[serde(default, deserialize_with = "maybe")]
    pub org_id: Option<OrgId>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// A report on an invoice.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceReport {
    /// Its id.
    pub report_id: ReportId,
    /// On which invoice.
    #[serde(default, deserialize_with = "maybe")]
    pub invoice_id: Option<InvoiceId>,
    /// `PENDING`, `RUNNING`, `SUCCEEDED`, `FAILED`, and states yet to come.
    #[serde(default, deserialize_with = "or_default")]
    pub state: String,
    /// `FOCUS`.
    #[serde(default, deserialize_with = "or_default")]
    pub report_type: String,
    /// `CSV`.
    #[serde(default, deserialize_with = "or_default")]
    pub report_format: String,
    /// The version of the format.
    #[serde(default, deserialize_with = "maybe")]
    pub format_spec_version: Option<String>,
    /// Why it failed.
    #[serde(default, deserialize_with = "maybe")]
    pub failure_reason: Option<String>,
    /// Until when it is kept.
    #[serde(default, deserialize_with = "maybe")]
    pub expires_at: Option<Timestamp>,
    /// Where it is. Whoever knows the address may read it, so it is hidden like a secret.
    #[serde(default, deserialize_with = "secret")]
    pub download_url: Option<SecretString>,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// A question about costs that Atlas works on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CostQuery {
    /// What to ask for the answer with.
    pub token: CostToken,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}

/// Costs by organization, project, cluster or service. Atlas does not describe the shape.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct CostUsage(pub Value);

/// Something that can stand on an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sku {
    /// Its id, as in `sku` of a line item.
    #[serde(default, deserialize_with = "or_default")]
    pub id: String,
    /// What it is.
    #[serde(default, deserialize_with = "or_default")]
    pub description: String,
    /// What Atlas answers besides.
    #[serde(flatten)]
    pub other: Other,
}
