//! What arrives piece by piece, from a client or from another server.

use bytes::Bytes;

use super::Error;

/// Bytes that arrive.
pub trait Pieces: Send {
    /// The next of them; `None` at the end.
    ///
    /// # Errors
    /// When they break off.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, Error>> + Send;
}

impl Pieces for crate::fetch::Answer {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        Ok(Self::next(self).await?)
    }
}
