//! Query parameters every operation shares, and the shape of lists: a page, its links, the count.

use std::ops::Range;

use serde_json::{Value, json};

use crate::{errors::ApiError, percent};

/// Query parameters of operations that answer one object or nothing.
pub(crate) const OBJECT: &[&str] = &["envelope", "pretty"];
/// Query parameters of lists.
pub(crate) const LIST: &[&str] = &["envelope", "pretty", "includeCount", "itemsPerPage", "pageNum"];
/// Query parameters of lists that can be searched by name.
pub(crate) const NAMED_LIST: &[&str] = &["envelope", "pretty", "includeCount", "itemsPerPage", "pageNum", "name"];
/// Query parameters of lists that always count.
pub(crate) const COUNTED_LIST: &[&str] = &["envelope", "pretty", "itemsPerPage", "pageNum"];

/// The query of a request, checked.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) envelope: bool,
    pub(crate) pretty: bool,
    /// Nothing where the operation has no such parameter: then it always counts.
    include_count: Option<bool>,
    page: usize,
    size: usize,
    /// Parameters that are not shared ones, decoded, in the order sent.
    values: Vec<(&'static str, String)>,
    /// Pieces that are not about paging, as sent: links repeat them.
    others: Vec<String>,
}

impl Query {
    /// Reads the raw query of an operation that takes the parameters which `takes` knows.
    ///
    /// # Errors
    ///
    /// 400 `INVALID_QUERY_PARAMETER` for unknown names and values out of range.
    pub(crate) fn read(raw: &str, takes: impl Fn(&str) -> Option<&'static str>) -> Result<Self, ApiError> {
        let mut query = Self {
            envelope: false,
            pretty: false,
            include_count: takes("includeCount").map(|_| true),
            page: 1,
            size: 100,
            values: Vec::new(),
            others: Vec::new(),
        };
        for piece in raw.split('&').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let (name, value) = (percent::query(name), percent::query(value));
            let name = takes(&name).ok_or_else(|| refusal(&name))?;
            match name {
                "pageNum" => query.page = number(&value, usize::MAX / 1000).ok_or_else(|| refusal(name))?,
                "itemsPerPage" => query.size = number(&value, 500).ok_or_else(|| refusal(name))?,
                "includeCount" => query.include_count = Some(flag(&value).ok_or_else(|| refusal(name))?),
                "envelope" => query.envelope = flag(&value).ok_or_else(|| refusal(name))?,
                "pretty" => query.pretty = flag(&value).ok_or_else(|| refusal(name))?,
                _ => query.values.push((name, value)),
            }
            if !matches!(name, "pageNum" | "itemsPerPage" | "includeCount") {
                query.others.push(piece.to_owned());
            }
        }
        Ok(query)
    }

    /// The value of a parameter; of a repeated one the first.
    pub(crate) fn value(&self, name: &'static str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a parameter that may be repeated.
    pub(crate) fn all(&self, name: &'static str) -> impl Iterator<Item = &str> {
        self.values.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter as another type.
    ///
    /// # Errors
    ///
    /// 400 `INVALID_QUERY_PARAMETER` when it cannot be read as one.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, name: &'static str) -> Result<Option<T>, ApiError> {
        self.value(name).map(|text| text.parse().map_err(|_| refusal(name))).transpose()
    }

    /// Whether something of this name is asked for: a prefix, whatever the case.
    pub(crate) fn matches(&self, name: &str) -> bool {
        self.value("name").is_none_or(|prefix| name.to_lowercase().starts_with(&prefix.to_lowercase()))
    }

    /// Which of `total` items the page holds; past the end, none.
    pub(crate) fn window(&self, total: usize) -> Range<usize> {
        let start = ((self.page - 1) * self.size).min(total);
        start..(start + self.size).min(total)
    }

    /// The list around the items of [`Query::window`], at the absolute `address` without query.
    pub(crate) fn listed(&self, results: Vec<Value>, total: usize, address: &str) -> Value {
        let mut links = vec![self.link("self", self.page, address)];
        if self.page > 1 {
            links.push(self.link("previous", self.page - 1, address));
        }
        if self.window(total).end < total && self.window(total).start < total {
            links.push(self.link("next", self.page + 1, address));
        }
        let mut list = json!({ "links": links, "results": results });
        if self.include_count.unwrap_or(true) {
            list["totalCount"] = total.into();
        }
        list
    }

    fn link(&self, rel: &str, page: usize, address: &str) -> Value {
        let mut query: String = self.others.iter().flat_map(|piece| [piece.as_str(), "&"]).collect();
        if let Some(include_count) = self.include_count {
            query.push_str(&format!("includeCount={include_count}&"));
        }
        query.push_str(&format!("pageNum={page}&itemsPerPage={}", self.size));
        json!({ "rel": rel, "href": format!("{address}?{query}") })
    }
}

/// 400 for a part of the path that names nothing it could.
pub(crate) fn refusal_of_path(name: &str, text: &str) -> ApiError {
    let detail = format!("Invalid path parameter {name} specified: {text}.");
    ApiError::bad_request("INVALID_PATH_PARAMETER", detail).with(name)
}

/// 400 for a parameter that does not exist or cannot be read.
pub(crate) fn refusal(name: &str) -> ApiError {
    ApiError::bad_request("INVALID_QUERY_PARAMETER", format!("Invalid query parameter {name} specified.")).with(name)
}

fn number(text: &str, most: usize) -> Option<usize> {
    text.parse().ok().filter(|number| (1..=most).contains(number))
}

fn flag(text: &str) -> Option<bool> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &'static [&'static str]) -> impl Fn(&str) -> Option<&'static str> {
        |name| names.iter().find(|known| **known == name).copied()
    }

    fn rels(list: &Value) -> Vec<&str> {
        list["links"].as_array().unwrap().iter().map(|link| link["rel"].as_str().unwrap()).collect()
    }

    #[test]
    fn links_say_where_the_page_stands() {
        let at = |raw: &str, total| {
            let query = Query::read(raw, of(NAMED_LIST)).unwrap();
            (query.window(total), query.listed(Vec::new(), total, "http://host/x"))
        };
        let (window, list) = at("itemsPerPage=2", 3);
        assert_eq!((window, rels(&list)), (0..2, vec!["self", "next"]));
        let (window, list) = at("itemsPerPage=2&pageNum=2&name=a%26b&includeCount=false", 3);
        assert_eq!((window, rels(&list)), (2..3, vec!["self", "previous"]));
        assert_eq!(list["links"][0]["href"], "http://host/x?name=a%26b&includeCount=false&pageNum=2&itemsPerPage=2");
        assert!(list.get("totalCount").is_none());
        let (window, list) = at("pageNum=9", 3);
        assert_eq!((window, rels(&list)), (3..3, vec!["self", "previous"]));
        let (window, list) = at("", 0);
        assert_eq!((window, rels(&list)), (0..0, vec!["self"]));
    }

    #[test]
    fn values_out_of_range_and_unknown_names_are_refused() {
        for raw in
            ["pageNum=0", "pageNum=x", "itemsPerPage=501", "itemsPerPage=0", "includeCount=yes", "nme=x", "pretty"]
        {
            assert_eq!(Query::read(raw, of(NAMED_LIST)).unwrap_err().code, "INVALID_QUERY_PARAMETER", "{raw}");
        }
        assert!(Query::read("name=x", of(LIST)).is_err());
    }
}
