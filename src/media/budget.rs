//! Memory for pictures: one amount that all jobs share.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Bytes that all work on pictures shares. Whoever asks first is served first, so that a large picture is not
/// kept waiting by many small ones.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    total: u64,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    taken: u64,
    next: u64,
    waiting: VecDeque<u64>,
}

/// More was asked for than there is in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this needs {} MiB of memory, and pictures may use {} MiB", .needed >> 20, .total >> 20)]
pub struct TooMuch {
    /// Bytes asked for.
    pub needed: u64,
    /// Bytes there are.
    pub total: u64,
}

/// Part of the budget, given back when it is dropped.
#[derive(Debug)]
pub struct Share {
    of: Arc<Shared>,
    bytes: u64,
}

impl Budget {
    /// Enough to open a photo of 24 megapixels at its full size.
    pub const DEFAULT: u64 = 200 << 20;

    /// A budget of `total` bytes.
    pub fn new(total: u64) -> Self {
        Self(Arc::new(Shared { total, state: Mutex::default(), changed: Condvar::new() }))
    }

    /// Takes `bytes`, waiting until they are free. Blocks. Who holds a share must not take a second one: two of
    /// them could wait for each other for ever.
    ///
    /// # Errors
    /// [`TooMuch`], at once, when they never could be free.
    pub fn take(&self, bytes: u64) -> Result<Share, TooMuch> {
        let shared = &self.0;
        if bytes > shared.total {
            return Err(TooMuch { needed: bytes, total: shared.total });
        }
        let mut state = shared.lock();
        let turn = state.next;
        state.next += 1;
        state.waiting.push_back(turn);
        while state.waiting.front() != Some(&turn) || state.taken + bytes > shared.total {
            state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting.pop_front();
        state.taken += bytes;
        drop(state);
        // The next in line may fit as well.
        shared.changed.notify_all();
        Ok(Share { of: self.0.clone(), bytes })
    }

    /// How many bytes are taken now.
    pub fn taken(&self) -> u64 {
        self.0.lock().taken
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(Self::DEFAULT)
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// Bytes held.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Gives back what is above `bytes`.
    pub fn shrink_to(&mut self, bytes: u64) {
        let back = self.bytes.saturating_sub(bytes);
        self.bytes -= back;
        self.of.lock().taken -= back;
        self.of.changed.notify_all();
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::{Budget, TooMuch};

    #[test]
    fn what_can_never_fit_is_refused_at_once() {
        let budget = Budget::new(10);
        let held = budget.take(10).unwrap();
        assert_eq!(budget.take(11).err(), Some(TooMuch { needed: 11, total: 10 }));
        drop(held);
        assert_eq!(budget.taken(), 0);
    }

    #[test]
    fn many_share_without_exceeding_the_total() {
        let budget = Budget::new(100);
        thread::scope(|scope| {
            for size in 1..=50 {
                let budget = &budget;
                scope.spawn(move || {
                    for _ in 0..20 {
                        let mut share = budget.take(size * 2).unwrap();
                        assert!(budget.taken() <= 100);
                        share.shrink_to(size);
                        assert_eq!(share.bytes(), size);
                    }
                });
            }
        });
        assert_eq!(budget.taken(), 0);
    }

    #[test]
    fn a_large_one_is_not_overtaken() {
        let budget = Budget::new(10);
        let held = budget.take(5).unwrap();
        let (tell, told) = mpsc::channel();
        let waiting = |bytes: u64, number: u32| {
            let (budget, tell) = (budget.clone(), tell.clone());
            thread::spawn(move || {
                let share = budget.take(bytes).unwrap();
                tell.send(number).unwrap();
                drop(share);
            })
        };
        let queued = |count| {
            while budget.0.lock().waiting.len() < count {
                thread::yield_now();
            }
        };
        let large = waiting(10, 1);
        queued(1);
        let small = waiting(1, 2);
        queued(2);
        drop(held);
        assert_eq!((told.recv(), told.recv()), (Ok(1), Ok(2)));
        large.join().unwrap();
        small.join().unwrap();
    }
}
