//! What arrives piece by piece, from a client or from another server.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http_body::Body;
use tokio::time::timeout;

use super::Error;

/// How long a client may send nothing.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How much of what is of no use is read all the same: many clients read no answer before they have sent
/// everything.
const MOST_UNUSED: usize = 32 << 20;
/// How long what is of no use may take.
const PATIENCE_UNUSED: Duration = Duration::from_secs(10);

/// Reads what is of no use.
pub(super) async fn drain(body: &mut impl Pieces) {
    let arriving = async {
        let mut length = 0;
        while let Ok(Some(piece)) = body.next().await {
            length += piece.len();
            if length > MOST_UNUSED {
                break;
            }
        }
    };
    // One that takes longer loses its connection.
    let _ = timeout(PATIENCE_UNUSED, arriving).await;
}

/// Bytes that arrive.
pub trait Pieces: Send {
    /// The next of them; `None` at the end.
    ///
    /// # Errors
    /// When they break off.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, Error>> + Send;
}

/// The body of a request, whose sender may pause but not for long.
#[derive(Debug)]
pub struct Arriving<B>(pub B);

impl<B: Body<Data = Bytes> + Unpin + Send> Pieces for Arriving<B> {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let frame = timeout(PATIENCE, poll_fn(|cx| Pin::new(&mut self.0).poll_frame(cx))).await;
            match frame.map_err(|_| Error::Broken)? {
                None => return Ok(None),
                Some(Err(_)) => return Err(Error::Broken),
                // Trailers are passed over.
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(piece) => return Ok(Some(piece)),
                    Err(_) => continue,
                },
            }
        }
    }
}

impl Pieces for crate::fetch::Answer {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        Ok(Self::next(self).await?)
    }
}
