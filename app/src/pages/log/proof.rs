//! How to convince oneself that nothing was changed afterwards.

use leptos::prelude::*;

use crate::{
    api::log::LogPage as Page,
    components::{Card, CodeBlock},
    islands::CopyButton,
};

/// The hash of the newest entry, and what to do with it. Nothing while there is no entry.
pub(super) fn proof_view(page: &Page) -> Option<AnyView> {
    if page.total == 0 {
        return None;
    }
    let head = page.head.clone();
    Some(
        view! {
            <Card title="Proof" subtitle="that nothing was changed afterwards">
                <div class="stack">
                    <div class="prose">
                        <p>"This is the hash of the newest entry. It covers every entry before it. Write it down somewhere else from time to time: whoever rewrites the log cannot bring it back."</p>
                    </div>
                    <div class="row wrap"><code class="whole" id="log-head">{head}</code><CopyButton from="log-head"/></div>
                    <div class="prose">
                        <p>"To check the whole log, run this where Meridian runs. It names the first entry that does not fit, or prints this hash."</p>
                    </div>
                    <CodeBlock title="On the server" code="meridian audit verify"/>
                </div>
            </Card>
        }
        .into_any(),
    )
}
