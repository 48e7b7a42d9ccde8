//! Secrets from the first start to the one look at a private key, searched for in everything that leaves the program or stays behind.

use std::path::Path;

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use sqlx::{Column as _, Connection as _, Row as _, sqlite::SqliteRow};

use super::support::story::{PASSWORD, Story};

/// Something that must not be found, in every form in which it could be written.
struct Secret {
    name: String,
    forms: Vec<Vec<u8>>,
}

impl Secret {
    fn text(name: &str, text: &str) -> Self {
        let escaped = app::paths::query_value(text);
        let forms = [text, &escaped, &escaped.replace("%20", "+"), &BASE64_STANDARD.encode(text), &hex::encode(text)];
        Self { name: name.to_owned(), forms: forms.map(|form| form.as_bytes().to_vec()).into() }
    }

    fn bytes(name: &str, bytes: &[u8]) -> Self {
        let forms = [
            bytes.to_vec(),
            hex::encode(bytes).into_bytes(),
            hex::encode_upper(bytes).into_bytes(),
            BASE64_STANDARD.encode(bytes).into_bytes(),
            BASE64_URL_SAFE_NO_PAD.encode(bytes).into_bytes(),
        ];
        Self { name: name.to_owned(), forms: forms.into() }
    }

    fn is_in(&self, place: &[u8]) -> bool {
        self.forms.iter().any(|form| place.windows(form.len()).any(|window| window == form))
    }
}

fn found(secrets: &[Secret], place: &[u8]) -> Vec<String> {
    secrets.iter().filter(|secret| secret.is_in(place)).map(|secret| secret.name.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_printed_stored_or_answered() {
    let (story, mut program) = Story::begin_with(&[("MERIDIAN_LOG", "trace")]).await;
    let request = story.ask().await;
    story.approve(&request).await;
    assert_eq!(story.end(&mut program).await, "applied");
    let wrong = story.operator.post(&format!("{request}/secret"), &[("password", "planted-wrong-password")]).await;
    assert!(wrong.status.is_client_error(), "{wrong:?}");
    let shown = story.operator.post(&format!("{request}/secret"), &[("password", PASSWORD)]).await;
    assert!(shown.status.is_success(), "{shown:?}");
    let reveal = story.operator.heard.lock().unwrap().pop().unwrap();
    let again = story.operator.post(&format!("{request}/secret"), &[("password", PASSWORD)]).await;
    assert_eq!(again.status, 409);
    for path in ["/", "/organizations", "/keys", "/keys.csv", "/requests", &request, "/log", "/people", "/account"] {
        for visitor in [&story.administrator, &story.operator, &story.approver] {
            visitor.get(path).await;
        }
    }

    let mut secrets = vec![
        Secret::text("the password", PASSWORD),
        Secret::text("a wrong password", "planted-wrong-password"),
        Secret::bytes("the sealing key", &sealing_key(&story.data.path().join("key"))),
    ];
    let credentials = story.atlas.sandbox.demo_credentials().into_iter().find(|org| org.is_paying).unwrap();
    secrets.push(Secret::text("the reader's private key", &credentials.reader.private_key));
    secrets.push(Secret::text("the writer's private key", &credentials.writer.unwrap().private_key));
    for visitor in [&story.administrator, &story.operator, &story.approver] {
        for cookie in &*visitor.cookies.lock().unwrap() {
            let (_, id) = cookie.split_once('=').unwrap();
            if let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(id)
                && bytes.len() == 16
            {
                secrets.push(Secret::bytes("a session's id", &bytes));
            }
        }
    }
    assert!(secrets.len() >= 8, "everybody had a session");
    assert_eq!(found(&secrets, reveal.as_bytes()), Vec::<String>::new(), "beside the key that it shows");
    secrets.push(Secret::text("the created private key", &created_key(&reveal)));
    assert_eq!(found(&secrets, reveal.as_bytes()), ["the created private key"], "the search finds what is there");

    for visitor in [&story.administrator, &story.operator, &story.approver] {
        for answer in &*visitor.heard.lock().unwrap() {
            assert_eq!(found(&secrets, answer.as_bytes()), Vec::<String>::new(), "{answer}");
        }
    }
    let printed = program.kill_and_read();
    assert!(
        printed.contains("\"level\":\"TRACE\"") && printed.contains("execution ended"),
        "it was told to print everything"
    );
    for line in printed.lines() {
        assert_eq!(found(&secrets, line.as_bytes()), Vec::<String>::new(), "{line}");
    }
    for (place, content) in dump(&story.data.path().join("meridian.db")).await {
        assert_eq!(found(&secrets, &content), Vec::<String>::new(), "in {place}");
    }
    for file in std::fs::read_dir(story.data.path()).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().is_some_and(|name| name != "key") {
            assert_eq!(found(&secrets, &std::fs::read(&path).unwrap()), Vec::<String>::new(), "in {}", path.display());
        }
    }
}

fn sealing_key(path: &Path) -> Vec<u8> {
    let text = std::fs::read_to_string(path).unwrap();
    BASE64_STANDARD.decode(text.trim().split_once('/').unwrap().1).unwrap()
}

/// The private key in the page that shows it: Atlas's have the form of a UUID.
fn created_key(page: &str) -> String {
    let mut words = page.split(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
    words.find(|word| word.len() == 36 && uuid::Uuid::try_parse(word).is_ok()).unwrap().to_owned()
}

/// Every value of every table, with the place it stands in: in the file a long one may be spread over pages.
async fn dump(path: &Path) -> Vec<(String, Vec<u8>)> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar("select name from sqlite_master where type = 'table'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert!(tables.iter().any(|table| table == "reveals"), "{tables:?}");
    let mut values = Vec::new();
    for table in tables {
        let rows: Vec<SqliteRow> = sqlx::query(all_of(&table)).fetch_all(&mut connection).await.unwrap();
        for row in rows {
            for column in row.columns() {
                let value: Option<Vec<u8>> = row.get_unchecked(column.ordinal());
                values.push((format!("{table}.{}", column.name()), value.unwrap_or_default()));
            }
        }
    }
    connection.close().await.unwrap();
    values
}

#[expect(clippy::disallowed_types, reason = "the names of tables come from the database itself")]
fn all_of(table: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("select * from \"{table}\""))
}
