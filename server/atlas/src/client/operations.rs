//! One method per operation: request, exchange and answer in one call.
//!
//! Each is named after the constructor on [`AtlasRequest`](crate::AtlasRequest) that makes its request, and fails as
//! [`Client::execute`](super::Client::execute) and [`RawAnswer::decode`](crate::RawAnswer::decode) do.

/// Makes methods. The word in front tells what comes back: `one` thing, all of a `list`, a `page` (of a list that was
/// just changed and may be longer), an `optional` thing that may not be there yet, `text`, or `none`.
macro_rules! calls {
    ($($(#[$doc:meta])* $back:ident $name:ident($($part:ident: $kind:ty),* $(,)?) $(-> $answer:ty)?;)*) => {
        #[expect(clippy::missing_errors_doc, reason = "the same for all, said once for the module")]
        impl crate::Client {
            $(
                $(#[$doc])*
                pub async fn $name(
                    &self,
                    $($part: $kind),*
                ) -> Result<crate::client::operations::back!($back $($answer)?), crate::AtlasError> {
                    let request = crate::AtlasRequest::$name($($part),*);
                    crate::client::operations::call!($back self, request)
                }
            )*
        }
    };
}

/// The type of what comes back.
macro_rules! back {
    (one $answer:ty) => { $answer };
    (list $answer:ty) => { Vec<$answer> };
    (page $answer:ty) => { crate::Page<$answer> };
    (optional $answer:ty) => { Option<$answer> };
    (text) => { String };
    (none) => { () };
}

/// The call itself.
macro_rules! call {
    (one $client:ident, $request:ident) => {
        $client.execute(&$request).await?.decode()
    };
    (page $client:ident, $request:ident) => {
        $client.execute(&$request).await?.decode()
    };
    (list $client:ident, $request:ident) => {
        $client.list_all(&$request).await
    };
    (optional $client:ident, $request:ident) => {
        $client.execute(&$request).await?.decode_if_any()
    };
    (text $client:ident, $request:ident) => {
        $client.execute(&$request).await?.text()
    };
    (none $client:ident, $request:ident) => {
        $client.execute(&$request).await.map(drop)
    };
}

mod events;
mod invoices;
mod keys;
mod old_users;
mod organizations;
mod projects;
mod root;
mod service_accounts;
mod teams;
mod users;

use {back, call};
