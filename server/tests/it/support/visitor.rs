//! Somebody with a browser, without the browser: keeps the session's cookie and posts forms as a page without script would.

use std::sync::Mutex;

use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, COOKIE, LOCATION, SET_COOKIE},
    redirect::Policy,
};

/// A visitor of one server.
pub(crate) struct Visitor {
    client: Client,
    base: String,
    cookie: Mutex<Option<String>>,
    /// Every cookie it was ever given, as `name=value`.
    pub(crate) cookies: Mutex<Vec<String>>,
    /// Every answer it got: status, headers other than cookies, body.
    pub(crate) heard: Mutex<Vec<String>>,
}

/// What a form led to.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Where it redirected to; empty when it did not.
    pub(crate) location: String,
    pub(crate) body: String,
}

impl Visitor {
    pub(crate) fn new(base: &str) -> Self {
        // Every client needs one; the second test in this process finds it there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(Policy::none()).no_proxy().tls_certs_only([]).build().unwrap();
        Self {
            client,
            base: base.to_owned(),
            cookie: Mutex::default(),
            cookies: Mutex::default(),
            heard: Mutex::default(),
        }
    }

    /// The same person after the server was started anew elsewhere.
    pub(crate) fn at(self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self }
    }

    /// Opens a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = self.client.get(format!("{}{path}", self.base)).header(ACCEPT, "text/html");
        self.send(request).await.unwrap()
    }

    /// Posts a form, as a page without script does.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.try_post(path, fields).await.unwrap()
    }

    /// Posts a form; an error when the connection breaks, as it does when the server is killed.
    pub(crate) async fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::Result<Answer> {
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header(ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .form(fields);
        self.send(request).await
    }

    async fn send(&self, mut request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        if let Some(cookie) = &*self.cookie.lock().unwrap() {
            request = request.header(COOKIE, cookie);
        }
        let response = request.send().await?;
        self.remember(&response);
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (status, location) = (response.status(), header(LOCATION).to_owned());
        let mut headers = response.headers().clone();
        headers.remove(SET_COOKIE);
        let body = response.text().await?;
        self.heard.lock().unwrap().push(format!("{status} {headers:?}\n{body}"));
        Ok(Answer { status, location, body })
    }

    fn remember(&self, response: &Response) {
        for cookie in response.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.cookies.lock().unwrap().push(pair.clone());
            *self.cookie.lock().unwrap() = Some(pair);
        }
    }
}
