//! Certificates by ACME (RFC 8555): asked for when there is none for the site's names, and again before the one there is
//! ends. What is refused is asked for again after a pause that grows; until then the old one is shown.

mod account;
mod error;
mod http;
mod order;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::answer::Answers;
use super::domain::Domain;
use super::folder::{self, folder};
use super::pair::Pair;
use super::report::Board;
use super::{LOOK, now};
use crate::content::moment::Moment;
use crate::fetch::Authorities;

use error::Error;
use order::Way;

/// Where the certificate and its key lie.
pub(super) fn path(site: &Path) -> PathBuf {
    folder(site).join("certificate.pem")
}

/// The longest pause after a refusal, in seconds.
const LONGEST: u64 = 6 * 60 * 60;
/// The shortest after the authority has said that it is asked too often.
const LIMITED: u64 = 60 * 60;

/// What is asked of whom.
#[derive(Clone, Debug)]
pub struct Terms {
    /// For which names; at least one.
    pub domains: Vec<Domain>,
    /// Where the authority may write.
    pub email: Option<String>,
    /// Its directory.
    pub directory: String,
    /// Who vouches for its server, besides those whom browsers trust.
    pub trusted: Authorities,
    /// The first pause.
    pub pause: Duration,
    /// Whether it can ask by plain HTTP.
    pub by_http: bool,
}

/// What a process is among those that serve a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Another one asks for certificates.
    Idle,
    /// This one asks, and changes are made elsewhere: the name may lead there.
    Follows,
    /// This one asks.
    Leads,
}

/// Keeps a site's certificate from running out.
pub struct Renewal {
    terms: Terms,
    site: PathBuf,
    board: Arc<Board>,
    answers: Answers,
}

/// What was tried in vain.
#[derive(Default)]
struct Tries {
    count: u32,
    /// Not again before.
    next: Option<Moment>,
}

impl Renewal {
    /// Of a site's certificate, reporting on a board.
    pub fn new(site: &Path, terms: Terms, board: Arc<Board>) -> Self {
        Self { answers: Answers::of(site), site: site.into(), terms, board }
    }

    /// Asks for certificates for ever, while `standing` says that this process does. Blocks now and then for what is on
    /// the disk.
    pub async fn tend(self, standing: impl Fn() -> Standing) {
        let (mut tries, mut stood) = (Tries::default(), Standing::Idle);
        loop {
            let stands = standing();
            if stands != stood {
                // What failed because the name led elsewhere may work now.
                tries = Tries::default();
                folder::tidy(&folder(&self.site));
                stood = stands;
            }
            if stands != Standing::Idle {
                self.ask_if_due(&mut tries).await;
            }
            sleep(LOOK).await;
        }
    }

    async fn ask_if_due(&self, tries: &mut Tries) {
        let due = self.due();
        self.board.change(|report| report.renewal_at = due);
        let now = now();
        if due.is_some_and(|due| now < due) || tries.next.is_some_and(|next| now < next) {
            return;
        }
        let way = Way::of_try(tries.count, self.terms.by_http);
        match self.obtain(way).await {
            Ok(()) => {
                *tries = Tries::default();
                self.board.change(|report| (report.error, report.next_try) = (None, None));
            }
            Err(error) => {
                let pause = self.pause(tries.count, &error);
                tries.count = tries.count.saturating_add(1);
                let next = later(super::now(), pause);
                tries.next = Some(next);
                tracing::error!(%error, by = way.name(), next_try = %next, "no certificate could be had");
                self.board.change(|report| {
                    report.error = Some(error.to_string());
                    report.next_try = Some(next);
                });
            }
        }
    }

    /// When the next certificate is due; `None` when there is none that will do. Two thirds of its time are over then, and
    /// a little more, another for each certificate, so that not all servers of the world ask at once.
    fn due(&self) -> Option<Moment> {
        let path = path(&self.site);
        let pair = Pair::read(&path, &path).ok().filter(|pair| pair.is_for(&self.terms.domains))?;
        let (from, until) = (pair.validity.from.micros(), pair.validity.until.micros());
        let time = until.saturating_sub(from).max(0);
        let some = i64::try_from(pair.number() % 1_000).unwrap_or(0);
        Some(Moment::from_micros(from + time / 3 * 2 + time / 30 / 1_000 * some))
    }

    /// How long to wait after a try in vain.
    fn pause(&self, count: u32, error: &Error) -> Duration {
        let doubled = self.terms.pause.as_secs().saturating_mul(1 << count.min(20));
        let seconds = if error.is_limit() { doubled.max(LIMITED) } else { doubled }.min(LONGEST);
        Duration::from_millis(seconds * 1_000 + chance(seconds * 250))
    }
}

/// A number below a bound.
fn chance(bound: u64) -> u64 {
    let mut bytes = [0; 8];
    // Without randomness all wait equally long.
    let _ = getrandom::fill(&mut bytes);
    u64::from_be_bytes(bytes) % bound.max(1)
}

fn later(moment: Moment, pause: Duration) -> Moment {
    Moment::from_micros(moment.micros().saturating_add(i64::try_from(pause.as_micros()).unwrap_or(i64::MAX)))
}
