//! Compressing answers after they were swapped in: a publish does not wait for it.

use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Weak};
use std::thread;

use super::Answer;

/// How many answers may wait.
const QUEUE: usize = 4096;

/// A thread that compresses.
pub(super) struct Compressor(SyncSender<Weak<Answer>>);

impl Compressor {
    /// Starts it; it ends with its owner.
    pub(super) fn start() -> io::Result<Self> {
        let (answers, queue) = sync_channel::<Weak<Answer>>(QUEUE);
        thread::Builder::new().name("larder-compressor".into()).spawn(move || {
            // What was replaced while it waited is gone.
            for answer in queue.iter().filter_map(|answer| answer.upgrade()) {
                answer.compress();
            }
        })?;
        Ok(Self(answers))
    }

    /// Compresses an answer soon; now, when too many wait.
    pub(super) fn compress(&self, answer: &Arc<Answer>) {
        if answer.is_being_compressed() && self.0.try_send(Arc::downgrade(answer)).is_err() {
            answer.compress();
        }
    }
}
