//! The libraries' HTTP client, over ours.

use outbound::{Outbound, OutboundError, Purpose, Request};
use std::future::Future;
use std::pin::Pin;

/// Sends the requests of `oauth2` and `openidconnect` through [`Outbound`].
pub(crate) struct HttpClient<'a>(pub(crate) &'a Outbound);

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    #[error("the address can't be read")]
    Url,
    #[error("the answer can't be read")]
    Answer,
}

impl<'c> oauth2::AsyncHttpClient<'c> for HttpClient<'_> {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<oauth2::HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: oauth2::HttpRequest) -> Self::Future {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let url = head.uri.to_string().parse().map_err(|_| HttpError::Url)?;
            let request = Request {
                method: head.method,
                url,
                headers: head.headers,
                body: body.into(),
                purpose: Purpose::Upstream,
            };
            let answer = self.0.send(request).await?;
            let mut response = http::Response::builder().status(answer.status);
            if let Some(headers) = response.headers_mut() {
                *headers = answer.headers;
            }
            response.body(answer.body.to_vec()).map_err(|_| HttpError::Answer)
        })
    }
}
