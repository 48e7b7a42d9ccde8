//! The search of an invoice's lines: a `GET` with a body, which some proxies drop; then everything is meant.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::{
    billing::{Item, SERVICES},
    clock,
    errors::ApiError,
    id::Id,
    limits::Set,
    operations::Operation,
    routes::{
        Answer, Call,
        body::{self, Fields},
        invoices::{self, day},
        permission::Need,
    },
    version::Release,
};

/// The operations of this area.
pub(crate) static OPERATIONS: &[Operation] = &[Operation::get(
    "searchOrgInvoiceLineItems",
    "/orgs/{orgId}/invoices/{invoiceId}/lineItems:search",
    Need::OrgBillingViewer,
    Set::Invoices,
    search,
)
.query(&["envelope", "itemsPerPage", "pageNum"])
.with_body()
.releases(&[Release::new("2024-08-05")])];

/// `searchOrgInvoiceLineItems`.
fn search(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let fields = if call.body.is_empty() {
        Fields::of(json!({}), &[])?
    } else {
        call.fields(&["filters", "sortField", "sortOrder"])?
    };
    let filters = Filters::read(&fields)?;
    let by = body::word(&fields, "sortField", &["USAGE_DATES", "BILL_DATES", "TOTAL_PRICE_CENTS"])?;
    let is_descending = body::word(&fields, "sortOrder", &["ASCENDING", "DESCENDING"])? == Some("DESCENDING");
    let (_, invoice) = invoices::named(call)?;
    let mut found: Vec<&Item> = invoice.items.iter().filter(|item| filters.include(item)).collect();
    match by {
        Some("TOTAL_PRICE_CENTS") => found.sort_by_key(|item| item.cents),
        Some("BILL_DATES") => found.sort_by_key(|item| item.end),
        _ => found.sort_by_key(|item| item.start),
    }
    if is_descending {
        found.reverse();
    }
    let results = found[call.query.window(found.len())].iter().map(|item| written(item)).collect();
    Ok(Answer::list(call.query.listed(results, found.len(), &call.here)))
}

/// Which lines are asked for.
#[derive(Default)]
struct Filters {
    billed: (Option<Date>, Option<Date>),
    used: (Option<Date>, Option<Date>),
    clusters: Vec<Id>,
    projects: Vec<Id>,
    services: Vec<String>,
    with_zero: bool,
}

impl Filters {
    fn read(fields: &Fields) -> Result<Self, ApiError> {
        let Some(value) = fields.get("filters").filter(|value| !value.is_null()) else {
            return Ok(Self::default());
        };
        let known = [
            "billEndDate",
            "billStartDate",
            "clusterIds",
            "groupIds",
            "includeZeroCentLineItems",
            "skuServices",
            "usageEndDate",
            "usageStartDate",
        ];
        let fields = Fields::of(value.clone(), &known)?;
        let filters = Self {
            billed: (date(&fields, "billStartDate")?, date(&fields, "billEndDate")?),
            used: (date(&fields, "usageStartDate")?, date(&fields, "usageEndDate")?),
            clusters: ids(&fields, "clusterIds")?,
            projects: ids(&fields, "groupIds")?,
            services: services(&fields, "skuServices")?,
            with_zero: fields.flag("includeZeroCentLineItems")?.unwrap_or(false),
        };
        for (from, to) in [filters.billed, filters.used] {
            if from.zip(to).is_some_and(|(from, to)| from > to) {
                return Err(ApiError::bad_request("INVALID_DATE_RANGE", "The end must not be before the start."));
            }
        }
        Ok(filters)
    }

    fn include(&self, item: &Item) -> bool {
        let within = |(from, to): (Option<Date>, Option<Date>), first: Date, last: Date| {
            from.is_none_or(|from| last >= from) && to.is_none_or(|to| first <= to)
        };
        let place = item.place.as_ref();
        (self.with_zero || item.cents != 0)
            && within(self.used, day(item.start), day(item.end))
            && within(self.billed, day(item.end), day(item.end))
            && (self.clusters.is_empty() || place.is_some_and(|place| self.clusters.contains(&place.cluster_id)))
            && (self.projects.is_empty() || place.is_some_and(|place| self.projects.contains(&place.project)))
            && (self.services.is_empty() || self.services.iter().any(|service| service == item.sku.service))
    }
}

fn date(fields: &Fields, name: &'static str) -> Result<Option<Date>, ApiError> {
    let Some(value) = fields.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    invoices::as_date(value.as_str().unwrap_or_default(), name).map(Some)
}

/// The texts of a list, if the field is there.
pub(super) fn texts<'a>(fields: &'a Fields, name: &'static str) -> Result<Vec<&'a str>, ApiError> {
    let Some(value) = fields.get(name).filter(|value| !value.is_null()) else {
        return Ok(Vec::new());
    };
    let items = value.as_array().ok_or_else(|| body::invalid(name))?;
    items.iter().map(|item| item.as_str().ok_or_else(|| body::invalid(name))).collect()
}

/// Identifiers of a list.
pub(super) fn ids(fields: &Fields, name: &'static str) -> Result<Vec<Id>, ApiError> {
    texts(fields, name)?.into_iter().map(|text| Id::parse(text).ok_or_else(|| body::invalid(name))).collect()
}

/// Services of a list.
pub(super) fn services(fields: &Fields, name: &'static str) -> Result<Vec<String>, ApiError> {
    let check = |text: &str| match SERVICES.contains(&text) {
        true => Ok(text.to_owned()),
        false => Err(body::unknown_word(name, text)),
    };
    texts(fields, name)?.into_iter().map(check).collect()
}

fn written(item: &Item) -> Value {
    let mut value = json!({
        "billDate": clock::written(item.end),
        "usageDate": clock::written(item.start),
        "cloudProvider": item.sku.provider,
        "description": item.sku.description,
        "quantity": item.quantity,
        "unitPriceDollars": item.sku.dollars,
        "totalPriceCents": item.cents,
    });
    if let Some(place) = &item.place {
        value["groupId"] = place.project.to_string().into();
        value["clusterName"] = place.cluster.as_str().into();
    }
    value
}
