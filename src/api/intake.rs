//! The bodies of requests.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use tokio::time::timeout;

use super::error::Refusal;

/// The longest body there may be.
const MAX: usize = 10 * 1024 * 1024;
/// How much of a body that is of no use is read all the same: many clients read no answer before they
/// have sent everything, and a connection with unread bytes on it cannot be used again.
const MAX_UNUSED: usize = 128 * 1024 * 1024;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a body that is of no use may take.
const PATIENCE_UNUSED: Duration = Duration::from_secs(10);

/// All of a body.
///
/// # Errors
/// When it is too long, breaks off or takes too long.
pub(super) async fn whole(mut body: Body) -> Result<Bytes, Refusal> {
    let mut gathered = Vec::new();
    let arriving = async {
        while let Some(piece) = next(&mut body).await? {
            if gathered.len() + piece.len() > MAX {
                return Err(Refusal::too_large());
            }
            gathered.extend_from_slice(&piece);
        }
        Ok(())
    };
    let arrived = timeout(PATIENCE, arriving).await.unwrap_or_else(|_| Err(Refusal::malformed()));
    if let Err(refusal) = arrived {
        drain(body).await;
        return Err(refusal);
    }
    Ok(gathered.into())
}

/// Reads a body that is of no use.
pub(super) async fn drain(mut body: Body) {
    let arriving = async {
        let mut length = 0;
        while let Ok(Some(piece)) = next(&mut body).await {
            length += piece.len();
            if length > MAX_UNUSED {
                break;
            }
        }
    };
    // One that takes longer loses its connection.
    let _ = timeout(PATIENCE_UNUSED, arriving).await;
}

/// The next piece of a body; trailers are passed over.
async fn next(body: &mut Body) -> Result<Option<Bytes>, Refusal> {
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
        if let Ok(data) = frame.map_err(|_| Refusal::malformed())?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}
