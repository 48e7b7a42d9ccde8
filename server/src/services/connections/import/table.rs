//! A CSV table with the names of its columns in the first row, as people write it or a spreadsheet copies it.

use app::{
    api::{connections::ConnectionForm, import::COLUMNS},
    backend::Answer,
};
use csv::{ReaderBuilder, StringRecord};

use super::file::{Content, Row, content, line_at, shown_key, unreadable};

/// Reads a table whose cells are parted by commas, semicolons or tabs.
///
/// # Errors
///
/// When the first row does not name the columns.
pub(super) fn read(text: &str) -> Answer<Vec<Row>> {
    let head = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|one| (head.bytes().filter(|byte| byte == one).count(), *one == b','))
        .unwrap_or(b',');
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut columns = None;
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        // Text in memory that is UTF-8, with rows of any length: there is nothing left that could fail.
        if !reader.read_record(&mut record).map_err(|_| unreadable("This table cannot be read.".into()))? {
            break;
        }
        let Some(columns) = &columns else {
            columns = Some(columns_of(&record)?);
            continue;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        // The reader passes over empty lines only now.
        let empty = text.as_bytes().iter().skip(start).take_while(|byte| **byte == b'\n').count();
        rows.push(row(columns, &record, line_at(text, start + empty)));
    }
    Ok(rows)
}

/// Which of [`COLUMNS`] each column is.
fn columns_of(record: &StringRecord) -> Answer<Vec<usize>> {
    let mut found = Vec::new();
    let mut unknown = None;
    for (index, name) in record.iter().enumerate() {
        let name = name.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        let Some(column) = COLUMNS.iter().position(|column| *column == name) else {
            unknown = unknown.or(Some(index + 1));
            found.push(usize::MAX);
            continue;
        };
        if found.contains(&column) {
            return Err(unreadable(format!("The column {name} is there twice. Remove one of them.")));
        }
        found.push(column);
    }
    if !found.contains(&0) || !found.contains(&1) {
        return Err(unreadable(
            "The first row must hold the names of the columns; public_key and private_key have to be among them."
                .into(),
        ));
    }
    match unknown {
        Some(index) => {
            Err(unreadable(format!("The name of column {index} is not known. The columns are {}.", COLUMNS.join(", "))))
        }
        None => Ok(found),
    }
}

fn row(columns: &[usize], record: &StringRecord, line: u32) -> Row {
    let cell = |name: &str| {
        let at = columns.iter().position(|column| COLUMNS.get(*column) == Some(&name));
        at.and_then(|at| record.get(at)).unwrap_or_default().trim().to_owned()
    };
    let public_key = shown_key(&cell("public_key"));
    let is_too_long = record.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty());
    let content = if is_too_long {
        Content::Bad(vec![format!(
            "There are {} cells in this row and {} columns. Put a value that has a comma in it between quotation marks.",
            record.len(),
            columns.len()
        )])
    } else {
        let form = ConnectionForm {
            base_url: cell("base_url"),
            reader_public: cell("public_key"),
            reader_private: cell("private_key"),
            writer_public: cell("writer_public_key"),
            writer_private: cell("writer_private_key"),
            label: cell("label"),
            environment: cell("environment"),
            owner: cell("owner"),
        };
        content(form, None)
    };
    Row { line, profile: String::new(), public_key, content }
}
