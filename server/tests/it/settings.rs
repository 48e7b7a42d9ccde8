//! Settings are checked as a whole, and each mistake names where it stands.

use std::{ffi::OsString, io::Write as _, path::Path};

use server::{
    sealing::KeySource,
    settings::{LogFormat, Settings, SettingsError},
    store::Location,
};

fn load(file: Option<&Path>, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let variables: Vec<(OsString, OsString)> =
        variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Settings::load(file, variables)
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn nothing_given_means_the_documented_defaults() {
    let settings = load(None, &[("PATH", "/bin"), ("MERIDIAN_LISTEN", ""), ("MERIDIAN_TEST_X", "1")]).unwrap();
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:7420");
    assert_eq!(settings.server.public_url.origin(), "http://127.0.0.1:7420");
    assert_eq!(settings.atlas.base_urls, ["https://cloud.mongodb.com"]);
    assert!(matches!(settings.storage.database, Location::Sqlite { .. }));
    assert!(matches!(settings.storage.key, KeySource::File(_)));
}

#[test]
fn a_variable_wins_over_the_file() {
    let file = file(
        "[server]\nlisten = \"127.0.0.1:1\"\npublic_url = \"https://A.example/\"\n[logging]\nformat = \"json\"\n[sessions]\nhours = 3\n[atlas]\nbase_urls = [\"https://cloud.mongodbgov.com\", \"http://127.0.0.1:7430\"]",
    );
    let settings = load(Some(file.path()), &[("MERIDIAN_LISTEN", "127.0.0.1:2")]).unwrap();
    assert_eq!(settings.server.listen.port(), 2);
    assert_eq!(settings.server.public_url.join("/x"), "https://a.example/x");
    assert_eq!(settings.logging.format, LogFormat::Json);
    assert_eq!(settings.sessions.writers.as_hours(), 3);
    assert_eq!(settings.atlas.base_urls.len(), 2);
}

#[test]
fn every_mistake_is_named_with_the_place_it_stands() {
    let file = file("[server]\nlisten = \"nowhere\"\nlistn = \"x\"");
    let error = load(
        Some(file.path()),
        &[
            ("MERIDIAN_LISTNE", "127.0.0.1:1"),
            ("MERIDIAN_LOG_FORMAT", "xml"),
            ("MERIDIAN_SESSION_HOURS", "0"),
            ("MERIDIAN_TRUSTED_PROXIES", "10.0.0.0/8, 10.0.0.0/99"),
            ("MERIDIAN_ATLAS_BASE_URLS", "http://atlas.example"),
            ("DATABASE_URL", "mysql://root:hunter2@localhost"),
        ],
    )
    .unwrap_err();
    let text = error.to_string();
    let place = file.path().display();
    for expected in [
        format!("server.listen in {place}: `nowhere` is not an address"),
        format!("server.listn in {place}: there is no such setting"),
        "MERIDIAN_LISTNE: there is no such setting; did you mean MERIDIAN_LISTEN?".to_owned(),
        "MERIDIAN_LOG_FORMAT: `xml` is not text or json".to_owned(),
        "MERIDIAN_SESSION_HOURS: `0` is not a number from 1 to 720".to_owned(),
        "MERIDIAN_TRUSTED_PROXIES: `10.0.0.0/99`".to_owned(),
        "MERIDIAN_ATLAS_BASE_URLS: `http://atlas.example` is not encrypted".to_owned(),
        "DATABASE_URL: must start with postgres://".to_owned(),
    ] {
        assert!(text.contains(&expected), "missing: {expected}\nin: {text}");
    }
    assert!(!text.contains("hunter2"));
}

#[test]
fn a_secret_given_twice_is_refused_and_never_shown() {
    let key_file = file("k1/secretsecret\n");
    let path = key_file.path().to_str().unwrap();
    let error = load(None, &[("MERIDIAN_KEY", "k1/secretsecret"), ("MERIDIAN_KEY_FILE", path)]).unwrap_err();
    assert!(error.to_string().contains("MERIDIAN_KEY is set as well"), "{error}");
    assert!(!error.to_string().contains("secretsecret"));

    let settings = load(None, &[("MERIDIAN_KEY_FILE", path)]).unwrap();
    assert!(!format!("{settings:?}").contains("secretsecret"));

    let error = load(None, &[("MERIDIAN_KEY_FILE", "/nonexistent/key")]).unwrap_err();
    assert!(error.to_string().starts_with("MERIDIAN_KEY_FILE: /nonexistent/key cannot be read"), "{error}");
}

#[test]
fn a_file_that_is_not_toml_is_named_without_quoting_it() {
    let file = file("[storage]\nkey = hunter2");
    let error = load(Some(file.path()), &[]).unwrap_err();
    assert!(error.to_string().contains("is not TOML"), "{error}");
    assert!(!error.to_string().contains("hunter2"));
    assert!(load(Some(Path::new("/nonexistent.toml")), &[]).is_err());
}
