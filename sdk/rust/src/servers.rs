//! Which server is asked, and which is left alone for a while; and the stock of retries.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::error::Unset;
use crate::settings::Settings;

/// A server's place in the list.
pub(crate) type Place = usize;

pub(crate) struct Servers {
    /// Without `/v2` and without slashes at their ends.
    bases: Vec<String>,
    state: Mutex<State>,
}

struct State {
    health: Vec<Health>,
    budget: f64,
}

#[derive(Clone, Copy, Default)]
struct Health {
    faults: i32,
    rest_until: Option<Duration>,
}

impl Servers {
    pub(crate) fn new(settings: &Settings) -> Result<Self, Unset> {
        let bases = settings.addresses()?;
        let state = State { health: vec![Health::default(); bases.len()], budget: settings.retry_budget };
        Ok(Self { bases, state: Mutex::new(state) })
    }

    pub(crate) fn base(&self, place: Place) -> &str {
        &self.bases[place]
    }

    /// The first that does not rest, else the one whose rest ends first; and whether it rests.
    pub(crate) fn choose(&self, now: Duration) -> (Place, bool) {
        let state = self.state();
        let rest = |health: &Health| health.rest_until.filter(|until| *until > now);
        let rests = state.health.iter().map(rest);
        let (place, until) = rests.enumerate().min_by_key(|(place, until)| (*until, *place)).unwrap_or((0, None));
        (place, until.is_some())
    }

    /// For a time that doubles with each fault in a row, or as long as the server asked for.
    pub(crate) fn rest(&self, place: Place, settings: &Settings, now: Duration, retry_after: Duration) {
        let mut state = self.state();
        let health = &mut state.health[place];
        let pause = doubled(settings.cool_off, health.faults, settings.cool_off_cap);
        health.rest_until = Some(now + pause.max(retry_after));
        health.faults = health.faults.saturating_add(1);
    }

    pub(crate) fn recover(&self, place: Place) {
        self.state().health[place] = Health::default();
    }

    pub(crate) fn earn(&self, settings: &Settings) {
        let mut state = self.state();
        state.budget = (state.budget + settings.retry_ratio).min(settings.retry_budget);
    }

    /// Whether there was a retry left.
    pub(crate) fn spend(&self) -> bool {
        let mut state = self.state();
        let left = state.budget >= 1.0;
        if left {
            state.budget -= 1.0;
        }
        left
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `base` * 2^`times`, at most `cap`. In floating point, which has room for every power.
pub(crate) fn doubled(base: Duration, times: i32, cap: Duration) -> Duration {
    let limit = (base.as_secs_f64() * 2f64.powi(times)).min(cap.as_secs_f64());
    Duration::try_from_secs_f64(limit).unwrap_or(cap)
}

/// More than any call waits.
const LONGEST: u64 = 100 * 365 * 24 * 3600;

/// A `Retry-After` header; zero when there is none that means anything.
pub(crate) fn retry_after(header: Option<&str>, wall: SystemTime) -> Duration {
    let Some(header) = header else { return Duration::ZERO };
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        return Duration::from_secs(header.parse().unwrap_or(LONGEST).min(LONGEST));
    }
    let date = httpdate::parse_http_date(header).ok();
    date.and_then(|date| date.duration_since(wall).ok()).unwrap_or_default()
}
