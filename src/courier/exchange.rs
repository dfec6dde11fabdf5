//! What the log keeps of a question and its answer.

use http::HeaderMap;

use crate::content::outbox::Answered;
use crate::fetch::{Answer, Error};

/// How much of an answer is kept.
const BODY: usize = 64 << 10;
/// How long a header may be that is kept.
const HEADER: usize = 4 << 10;

/// Reads what is kept of an answer.
pub(super) async fn read(mut answer: Answer) -> (Answered, Option<Error>) {
    let (status, headers) = (answer.status().as_u16(), shown(answer.headers()));
    let (mut body, mut cut, mut error) = (Vec::new(), false, None);
    loop {
        match answer.next().await {
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            Ok(None) => break,
            Err(why) => {
                error = Some(why);
                break;
            }
        }
        if body.len() > BODY {
            body.truncate(BODY);
            cut = true;
            break;
        }
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    (Answered { status, headers, body, cut }, error)
}

/// Headers as the log shows them.
pub(super) fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).chars().take(HEADER).collect();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}
