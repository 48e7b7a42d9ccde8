//! The application: which page answers which address.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::pages::{
    account::AccountPage,
    findings::FindingsPage,
    home::HomePage,
    import::ImportPage,
    key::KeyPage,
    keys::KeysPage,
    link::LinkPage,
    log::LogPage,
    narrow::NarrowPage,
    new_key::{NewKeyPage, NewKeyStepPage},
    new_organization::NewOrganizationPage,
    new_person::NewPersonPage,
    not_found::NotFoundPage,
    organization::OrganizationPage,
    organization_credentials::OrganizationCredentialsPage,
    organizations::OrganizationsPage,
    people::PeoplePage,
    person::PersonPage,
    projects::ProjectsPage,
    request::RequestPage,
    request_secret::RequestSecretPage,
    requests::RequestsPage,
    search::SearchPage,
    sign_in::SignInPage,
};

/// All pages. Each waits for its data (`SsrMode::Async`), so that it is whole without script.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/link/:token") view=LinkPage ssr=SsrMode::Async/>
                <Route path=path!("/organizations") view=OrganizationsPage ssr=SsrMode::Async/>
                <Route path=path!("/organizations/new") view=NewOrganizationPage ssr=SsrMode::Async/>
                <Route path=path!("/organizations/import") view=ImportPage ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:org") view=OrganizationPage ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:org/credentials") view=OrganizationCredentialsPage ssr=SsrMode::Async/>
                <Route path=path!("/projects") view=ProjectsPage ssr=SsrMode::Async/>
                <Route path=path!("/keys") view=KeysPage ssr=SsrMode::Async/>
                <Route path=path!("/keys/new") view=NewKeyPage ssr=SsrMode::Async/>
                <Route path=path!("/keys/new/:draft/:step") view=NewKeyStepPage ssr=SsrMode::Async/>
                <Route path=path!("/keys/:org/:key") view=KeyPage ssr=SsrMode::Async/>
                <Route path=path!("/keys/:org/:key/narrow") view=NarrowPage ssr=SsrMode::Async/>
                <Route path=path!("/findings") view=FindingsPage ssr=SsrMode::Async/>
                <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
                <Route path=path!("/requests") view=RequestsPage ssr=SsrMode::Async/>
                <Route path=path!("/requests/:number") view=RequestPage ssr=SsrMode::Async/>
                <Route path=path!("/requests/:number/secret") view=RequestSecretPage ssr=SsrMode::Async/>
                <Route path=path!("/log") view=LogPage ssr=SsrMode::Async/>
                <Route path=path!("/people") view=PeoplePage ssr=SsrMode::Async/>
                <Route path=path!("/people/new") view=NewPersonPage ssr=SsrMode::Async/>
                <Route path=path!("/people/:person") view=PersonPage ssr=SsrMode::Async/>
                <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
