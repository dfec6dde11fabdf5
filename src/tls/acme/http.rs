//! How an authority is asked: as every service that whoever runs the server has named.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Limited};
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};

use crate::fetch::{Body, Service};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer, in bytes: a chain of certificates is a few thousand.
const LONGEST: usize = 1 << 20;

/// Asks an authority.
pub(super) struct Client(pub(super) Service);

impl HttpClient for Client {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let service = self.0.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_err(|never| Error::Other(Box::new(never)))?.to_bytes();
            let request = Request::from_parts(parts, Body::Bytes(body));
            let answer = service.send(request, PATIENCE).await.map_err(|error| Error::Other(Box::new(error)))?;
            let (parts, body) = answer.into_parts();
            let whole = tokio::time::timeout(PATIENCE, Limited::new(body, LONGEST).collect()).await;
            let body = whole.map_err(|late| Error::Other(Box::new(late)))?.map_err(Error::Other)?.to_bytes();
            Ok(BytesResponse::from(Response::from_parts(parts, BodyWrapper::from(body.to_vec()))))
        })
    }
}
