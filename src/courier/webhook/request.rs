//! What a webhook is sent, and how the log shows it.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::signature::sign;
use crate::content::moment::Moment;
use crate::content::outbox::{Asked, Parcel};
use crate::content::webhook::{Webhook, payload};
use crate::fetch::Request;

/// What stands in the log for what only the receiver shall know.
const MASK: &str = "********";

/// A request that is ready to be sent.
pub(super) struct Prepared {
    pub(super) request: Request,
    pub(super) shown: Asked,
}

impl Prepared {
    /// Of a parcel, signed at this moment.
    ///
    /// # Errors
    /// When a header cannot be sent.
    pub(super) fn of(webhook: &Webhook, parcel: &Parcel, public_url: &str, now: Moment) -> Result<Self, String> {
        let message = &parcel.message;
        let mut data = message.body.clone();
        if let Some(path) = data["url"].as_str().filter(|url| url.starts_with('/')) {
            // Who took it in need not know where the site is reached.
            data["url"] = format!("{public_url}{path}").into();
        }
        let body = payload::envelope(&data, &message.topic, &webhook.address).to_string();
        let mut headers = vec![(CONTENT_TYPE.to_string(), "application/json".to_owned())];
        if !webhook.plain {
            let seconds = now.micros().div_euclid(1_000_000).to_string();
            let signatures: Vec<String> =
                webhook.secrets(now).into_iter().map(|secret| sign(secret, &message.name, &seconds, &body)).collect();
            headers.push(("webhook-id".into(), message.name.clone()));
            headers.push(("webhook-timestamp".into(), seconds));
            headers.push(("webhook-signature".into(), signatures.join(" ")));
        }
        let masked = webhook.headers.iter().map(|(name, _)| (name.clone(), MASK.to_owned()));
        let shown = Asked {
            method: Method::POST.to_string(),
            address: webhook.address.clone(),
            headers: headers.iter().cloned().chain(masked).collect(),
            body: body.clone(),
        };
        let mut sent = HeaderMap::new();
        for (name, value) in headers.iter().chain(&webhook.headers) {
            let wrong = |_| format!("the header {name} cannot be sent: change the webhook");
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| wrong(error.to_string()))?;
            sent.append(name, HeaderValue::from_str(value).map_err(|error| wrong(error.to_string()))?);
        }
        let request =
            Request { method: Method::POST, address: webhook.address.clone(), headers: sent, body: Bytes::from(body) };
        Ok(Self { request, shown })
    }
}
