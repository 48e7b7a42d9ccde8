//! What organizations are charged: an invoice a month, worked out from the clusters of their projects whenever somebody
//! asks, the same every time. Nothing of it is stored, so that twelve months of a hundred organizations cost nothing.

mod items;
mod skus;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use crate::{
    id::Id,
    random::Random,
    state::{Org, State},
};

pub(crate) use items::Item;
pub(crate) use skus::{SERVICES, SKUS};

/// How many finished months can be looked back on.
const MONTHS: i32 = 12;

/// A calendar month in UTC, the period of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Month(Date);

impl Month {
    /// The month of a moment.
    pub(crate) fn of(at: Timestamp) -> Self {
        Self(TimeZone::UTC.to_datetime(at).date().first_of_month())
    }

    /// The month of that number, if there is one.
    pub(crate) fn numbered(year: i16, month: i8) -> Option<Self> {
        Date::new(year, month, 1).ok().map(Self)
    }

    /// The month that begins with this day.
    pub(crate) fn beginning(day: Date) -> Option<Self> {
        (day.day() == 1).then_some(Self(day))
    }

    /// The month after `months` others; before, when negative.
    pub(crate) fn plus(self, months: i32) -> Self {
        Self(self.0.checked_add(months.months()).unwrap_or(self.0))
    }

    /// Its first moment.
    pub(crate) fn start(self) -> Timestamp {
        TimeZone::UTC.to_timestamp(self.0.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
    }

    /// The first moment of the next.
    pub(crate) fn end(self) -> Timestamp {
        self.plus(1).start()
    }

    /// Year and number.
    pub(crate) fn year_and_number(self) -> (i16, i8) {
        (self.0.year(), self.0.month())
    }

    /// How many months lie between it and the year 0.
    pub(crate) fn index(self) -> u64 {
        let months = i32::from(self.0.year()) * 12 + i32::from(self.0.month());
        u64::try_from(months).unwrap_or(0)
    }
}

impl Default for Month {
    fn default() -> Self {
        Self(date(2023, 1, 1))
    }
}

/// The invoice of an organization for a month.
pub(crate) struct Invoice {
    pub(crate) id: Id,
    pub(crate) org: Id,
    pub(crate) month: Month,
    pub(crate) status: &'static str,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) items: Vec<Item>,
    pub(crate) subtotal: i64,
    pub(crate) credits: i64,
    pub(crate) tax: i64,
    /// Paid by another organization.
    pub(crate) is_linked: bool,
    pub(crate) refund: Option<i64>,
}

impl Invoice {
    /// Cents.
    pub(crate) fn billed(&self) -> i64 {
        self.subtotal - self.credits + self.tax
    }

    /// Cents.
    pub(crate) fn paid(&self) -> i64 {
        if self.status == "PAID" { self.billed() } else { 0 }
    }

    /// The identifier of the payment.
    pub(crate) fn payment(&self) -> Id {
        payment_id(self.org, self.month)
    }
}

/// The identifier of an organization's invoice.
pub(crate) fn invoice_id(org: Id, month: Month) -> Id {
    Id::made_at(month.start(), &mut Random::seeded(org.seed() ^ month.index().wrapping_mul(0x9e37_79b9)))
}

/// The identifier of its payment, made on the second day after the month.
pub(crate) fn payment_id(org: Id, month: Month) -> Id {
    Id::made_at(paid_at(month), &mut Random::seeded(org.seed() ^ month.index().wrapping_mul(0x85eb_ca6b)))
}

/// When the invoice of a month is closed.
pub(crate) fn closed_at(month: Month) -> Timestamp {
    month.end() + 17.minutes()
}

/// When it is paid.
pub(crate) fn paid_at(month: Month) -> Timestamp {
    month.end() + 33.hours()
}

/// The months an organization has invoices for, the newest (not finished yet) first.
pub(crate) fn months(org: &Org, now: Timestamp) -> impl Iterator<Item = Month> {
    let first = Month::of(org.created);
    let current = Month::of(now);
    (0..=MONTHS).map(move |ago| current.plus(-ago)).take_while(move |month| *month >= first)
}

/// All invoices of an organization, the newest first.
pub(crate) fn invoices(state: &State, org: &Org, now: Timestamp) -> Vec<Invoice> {
    months(org, now).map(|month| invoice(state, org, month, now)).collect()
}

/// The invoice of that identifier.
pub(crate) fn find(state: &State, org: &Org, id: Id, now: Timestamp) -> Option<Invoice> {
    let month = months(org, now).find(|month| invoice_id(org.id, *month) == id)?;
    Some(invoice(state, org, month, now))
}

/// The invoices for the same month of the organizations that `org` paid for then.
pub(crate) fn linked(state: &State, org: &Org, month: Month, now: Timestamp) -> Vec<Invoice> {
    let linked = state.linked_to(org.id).into_iter();
    let then = linked.filter(|org| org.payer.is_some_and(|(_, since)| since < month.end()));
    then.filter(|org| Month::of(org.created) <= month).map(|org| invoice(state, org, month, now)).collect()
}

/// The invoice of an organization for a month.
pub(crate) fn invoice(state: &State, org: &Org, month: Month, now: Timestamp) -> Invoice {
    let items = items::of(state, org, month, now);
    let subtotal: i64 = items.iter().map(|item| item.cents).sum();
    let is_linked = org.payer.is_some_and(|(_, since)| since < month.end());
    let is_over = month.end() <= now;
    let status = match (is_over, subtotal) {
        (false, _) => "PENDING",
        (true, 0) => "FREE",
        (true, _) if now < paid_at(month) => "CLOSED",
        (true, _) => "PAID",
    };
    let credits = if org.is_paying && month.index().is_multiple_of(5) { subtotal / 20 } else { 0 };
    let tax = if is_linked { 0 } else { (subtotal - credits) * 8 / 100 };
    let refund = (status == "PAID" && !is_linked && month.index() % 6 == 1).then_some(subtotal / 50);
    let updated = match status {
        "PENDING" => now,
        "PAID" => paid_at(month),
        _ => closed_at(month),
    };
    Invoice {
        id: invoice_id(org.id, month),
        org: org.id,
        month,
        status,
        created: month.start().max(org.created),
        updated,
        items,
        subtotal,
        credits,
        tax,
        is_linked,
        refund: refund.filter(|cents| *cents > 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_over_the_year() {
        let month = Month::of("2026-12-31T23:59:59Z".parse().unwrap());
        assert_eq!(month.year_and_number(), (2026, 12));
        assert_eq!(month.plus(1).year_and_number(), (2027, 1));
        assert_eq!(month.end(), month.plus(1).start());
        assert_eq!(month.plus(-12), Month::numbered(2025, 12).unwrap());
        assert_eq!((Month::numbered(2026, 13), Month::beginning(date(2026, 1, 2))), (None, None));
    }
}
