//! Compressing large bodies after they were swapped in: a publish does not wait for it.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use super::Answer;

/// How many answers may wait. What comes on top is sent uncompressed until it is built anew.
const QUEUE: usize = 4096;

/// A thread that compresses.
pub(super) struct Compressor(SyncSender<Arc<Answer>>);

impl Compressor {
    /// Starts it; it ends with its owner.
    pub(super) fn start() -> io::Result<Self> {
        let (answers, queue) = sync_channel::<Arc<Answer>>(QUEUE);
        thread::Builder::new().name("larder-compressor".into()).spawn(move || {
            for answer in queue {
                answer.compress();
            }
        })?;
        Ok(Self(answers))
    }

    /// Compresses an answer soon.
    pub(super) fn compress(&self, answer: &Arc<Answer>) {
        // With a full queue or a dead thread the answer is sent as it is.
        let _ = self.0.try_send(answer.clone());
    }
}
