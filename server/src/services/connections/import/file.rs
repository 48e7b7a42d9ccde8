//! A file to import, of either format, as rows.
//!
//! Nothing of the text comes back in an answer unless it was looked at: columns get mixed up, and then a private key stands
//! where a label should.

use app::{
    api::{
        connections::ConnectionForm,
        import::{MAX_BYTES, MAX_ROWS},
    },
    backend::Answer,
    error::ApiError,
};
use domain::ids::OrgId;

use super::{
    super::form::{self, Purpose},
    atlas_cli, table,
};

/// One row or profile.
pub(super) struct Row {
    /// Where it begins, from 1.
    pub(super) line: u32,
    /// The name of the profile.
    pub(super) profile: String,
    /// The reader's public key, if it looks like one.
    pub(super) public_key: String,
    /// What stands in it.
    pub(super) content: Content,
}

/// What stands in a row.
pub(super) enum Content {
    /// Credentials to test, and the organization they should belong to, if the file says so.
    Form { form: Box<ConnectionForm>, org: Option<OrgId> },
    /// What is wrong with it, as far as that can be seen without asking Atlas.
    Bad(Vec<String>),
    /// Why it is passed over.
    Skipped(String),
}

/// Reads a file. The Atlas CLI's begins with a section or a setting, a table with the names of its columns.
///
/// # Errors
///
/// When the file as a whole cannot be read. What is wrong with a single row stands in the row.
pub(super) fn read(text: &str) -> Answer<Vec<Row>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    if text.len() > MAX_BYTES as usize {
        return Err(unreadable(format!(
            "This is too large: at most {} KB. Split it into several files.",
            MAX_BYTES / 1024
        )));
    }
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let Some(first) = first else {
        return Err(unreadable("Paste a CSV table or the Atlas CLI’s config.toml here.".into()));
    };
    let is_cli = first.starts_with('[') || first.split_once('=').is_some_and(|(name, _)| is_setting(name.trim()));
    let rows = if is_cli { atlas_cli::read(&text)? } else { table::read(&text)? };
    match rows.len() {
        0 => Err(unreadable(match is_cli {
            true => "There is no profile in this file. A profile begins with its name in brackets, such as [default]."
                .into(),
            false => "There is no row below the names of the columns.".into(),
        })),
        count if count > MAX_ROWS => Err(unreadable(format!(
            "There are {count} rows in it; at most {MAX_ROWS} can be imported at once. Split it into several files."
        ))),
        _ => Ok(rows),
    }
}

/// A complaint about the file as a whole.
pub(super) fn unreadable(message: String) -> ApiError {
    ApiError::field("text", message)
}

fn is_setting(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// The line at which `offset` lies, from 1.
pub(super) fn line_at(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count();
    u32::try_from(before + 1).unwrap_or(u32::MAX)
}

/// The public key, if it looks like one.
pub(super) fn shown_key(text: &str) -> String {
    let text = text.trim();
    let is_key = (1..=24).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_key { text.to_owned() } else { String::new() }
}

/// The form, if nothing is wrong with it that can be seen without asking Atlas.
pub(super) fn content(form: ConnectionForm, org: Option<OrgId>) -> Content {
    let mut problems: Vec<String> = [
        ("The public key", &form.reader_public),
        ("The writer’s public key", &form.writer_public),
        ("The label", &form.label),
        ("The environment", &form.environment),
        ("The owner", &form.owner),
        ("The address of Atlas", &form.base_url),
    ]
    .iter()
    .filter(|(_, text)| holds_secret(text))
    .map(|(what, _)| format!("{what} looks like a private key. Put each value into its own column."))
    .collect();
    let is_missing = |text: &str| text.trim().is_empty();
    if is_missing(&form.reader_public) {
        problems.push("The public key is missing.".into());
    }
    if is_missing(&form.reader_private) {
        problems.push("The private key is missing.".into());
    }
    match (is_missing(&form.writer_public), is_missing(&form.writer_private)) {
        (true, false) => problems.push("The writer has a private key and no public key.".into()),
        (false, true) => problems.push("The writer has a public key and no private key.".into()),
        _ => {}
    }
    if problems.is_empty()
        && let Err(error) = form::read(&form, Purpose::Connect)
    {
        problems = words(&error);
    }
    if problems.is_empty() { Content::Form { form: Box::new(form), org } } else { Content::Bad(problems) }
}

/// Whether there is a private key or the secret of a service account in `text`.
fn holds_secret(text: &str) -> bool {
    let is_secret = |word: &str| {
        let parts: Vec<&str> = word.split('-').collect();
        let is_uuid = parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
            && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        is_uuid || word.starts_with("mdb_sa_sk_")
    };
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).any(is_secret)
}

/// A refusal of the form as sentences that stand beside a row.
pub(super) fn words(error: &ApiError) -> Vec<String> {
    let ApiError::Invalid { fields } = error else { return vec![error.to_string()] };
    let sentence = |field: &str, message: &str| match field {
        "reader_public" | "reader_private" => message.to_owned(),
        "writer_public" | "writer_private" => format!("Writer: {message}"),
        "base_url" => format!("Address of Atlas: {message}"),
        "label" => format!("Label: {message}"),
        "environment" => format!("Environment: {message}"),
        _ => format!("Owner: {message}"),
    };
    fields.iter().map(|error| sentence(&error.field, &error.message)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0f1e2d3c-1111-2222-3333-444455556666";

    fn complaint(text: &str) -> String {
        match read(text) {
            Err(ApiError::Invalid { fields }) => fields[0].message.clone(),
            Err(error) => panic!("{error:?}"),
            Ok(rows) => panic!("{} rows", rows.len()),
        }
    }

    /// Line, public key and what is wrong or passed over; nothing for what can be tested.
    fn outline(text: &str) -> Vec<(u32, String, String)> {
        let word = |content| match content {
            Content::Form { .. } => String::new(),
            Content::Bad(problems) => problems.join(" "),
            Content::Skipped(why) => why,
        };
        read(text).unwrap().into_iter().map(|row| (row.line, row.public_key, word(row.content))).collect()
    }

    #[test]
    fn a_table_is_read_whatever_the_order_and_case_of_its_columns() {
        let text = format!("\u{feff}Label;PRIVATE_KEY;Public Key\r\n\r\n\"Pay; EU\";{SECRET};abcdefgh\r\n;;\r\n");
        let rows = read(&text).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].line, rows[0].public_key.as_str()), (3, "abcdefgh"));
        let Content::Form { form, org: None } = &rows[0].content else { panic!("not read") };
        assert_eq!((form.label.as_str(), form.reader_private.as_str()), ("Pay; EU", SECRET));
        for text in [
            format!("public_key\tprivate_key\nabcdefgh\t{SECRET}"),
            format!("public_key,private_key\nabcdefgh,{SECRET}"),
        ] {
            assert_eq!(outline(&text), [(2, "abcdefgh".into(), String::new())]);
        }
    }

    #[test]
    fn each_fault_of_a_table_is_told_with_its_line() {
        let text = format!(
            "public_key,private_key,label\nabcdefgh,\n{SECRET},abcdefgh\nabcdefgh,{SECRET},\"two\nlines {SECRET}\"\n\
             abcdefgh,{SECRET},a,b\n,{SECRET}"
        );
        let rows = outline(&text);
        let lines: Vec<u32> = rows.iter().map(|(line, ..)| *line).collect();
        assert_eq!(lines, [2, 3, 4, 6, 7]);
        let expected = [
            "private key is missing",
            "looks like a private key",
            "label looks like",
            "4 cells",
            "public key is missing",
        ];
        for ((_, key, words), expected) in rows.iter().zip(expected) {
            assert!(words.contains(expected), "{words}");
            assert!(!words.contains(SECRET) && !key.contains(SECRET), "{key} {words}");
        }
    }

    #[test]
    fn a_file_that_is_no_table_is_refused_without_repeating_it() {
        for (text, expected) in [
            (String::new(), "Paste a CSV"),
            (format!("abcdefgh,{SECRET}"), "names of the columns"),
            ("public_key,private_key".into(), "no row"),
            (format!("public_key,private_key,{SECRET}\na,b,c"), "column 3"),
            ("public_key,private_key,public_key\na,b,c".into(), "twice"),
            ("x".repeat(70_000), "too large"),
            ("public_key,private_key\n".to_owned() + &"abcdefgh,x\n".repeat(51), "51 rows"),
            (format!("[default]\nprivate_api_key = \"{SECRET}\nx = 1"), "line 2"),
            ("telemetry_enabled = true".into(), "no profile"),
        ] {
            let words = complaint(&text);
            assert!(words.contains(expected) && !words.contains(SECRET), "{words}");
        }
    }

    #[test]
    fn profiles_of_the_atlas_cli_are_read_and_those_without_keys_named() {
        let text = format!(
            "telemetry_enabled = true\nversion = 2\n\n[default]\norg_id = \"5f1a2b3c4d5e6f7081920a1b\"\n\
             public_api_key = 'abcdefgh'\nprivate_api_key = '{SECRET}'\nservice = \"cloud\"\n\n[me]\n\
             access_token = 'eyJ'\nservice = 'cloud'\n[robot]\nclient_id = 'mdb_sa_id_1'\nclient_secret = 'mdb_sa_sk_1'\n\
             [half]\npublic_api_key = 'hgfedcba'\n[gov]\nservice = 'cloudgov'\npublic_api_key = 'hgfedcba'\n\
             private_api_key = '{SECRET}'\n[ops]\nservice = 'ops-manager'\npublic_api_key = 'a'\nprivate_api_key = 'b'\n"
        );
        let rows = read(&text).unwrap();
        let names: Vec<(u32, &str)> = rows.iter().map(|row| (row.line, row.profile.as_str())).collect();
        assert_eq!(names, [(4, "default"), (10, "me"), (13, "robot"), (16, "half"), (18, "gov"), (22, "ops")]);
        let Content::Form { form, org: Some(org) } = &rows[0].content else { panic!("not read") };
        assert_eq!((org.as_str(), form.base_url.as_str()), ("5f1a2b3c4d5e6f7081920a1b", atlas_cli::USUAL_ATLAS));
        let Content::Form { form, .. } = &rows[4].content else { panic!("not read") };
        assert_eq!(form.base_url, "https://cloud.mongodbgov.com");
        for (index, expected) in [(1, "signs in as a person"), (2, "service account"), (5, "not for Atlas")] {
            let Content::Skipped(why) = &rows[index].content else { panic!("not skipped") };
            assert!(why.contains(expected), "{why}");
        }
        let Content::Bad(problems) = &rows[3].content else { panic!("not bad") };
        assert!(problems[0].contains("keyring"), "{problems:?}");
    }
}
