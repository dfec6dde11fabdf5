//! How long a target that fails is waited for: what becomes of its parcels, and when it is asked again.

use std::time::Duration;

use super::carrier::{Terms, Verdict};
use crate::content::moment::Moment;
use crate::content::outbox::{Parcel, Standing};
use crate::store::Next;

/// After so many failures in a row a target is left alone but for a try now and then.
pub(super) const TRIPS: u32 = 5;
/// How long it is left alone then, growing with every failure.
const REST: [Duration; 4] =
    [Duration::from_secs(30), Duration::from_secs(60), Duration::from_secs(120), Duration::from_secs(300)];
/// A target that asks for a longer pause is asked again after this all the same.
const LONGEST_REST: Duration = Duration::from_secs(60 * 60);

/// A length of time between 85 % and 115 % of what it should be, so that what failed together is not tried together.
/// `chance` picks it.
fn about(length: Duration, chance: u8) -> Duration {
    length.mul_f64(0.85 + 0.3 * f64::from(chance) / 255.0)
}

pub(super) fn after(moment: Moment, length: Duration) -> Moment {
    Moment::from_micros(moment.micros().saturating_add(micros(length)))
}

pub(super) fn before(moment: Moment, length: Duration) -> Moment {
    Moment::from_micros(moment.micros().saturating_sub(micros(length)))
}

fn micros(length: Duration) -> i64 {
    i64::try_from(length.as_micros()).unwrap_or(i64::MAX)
}

/// What becomes of a parcel.
pub(super) fn next(parcel: &Parcel, verdict: Verdict, terms: &Terms, now: Moment, chance: u8) -> Next {
    let pause = usize::try_from(parcel.tries).ok().and_then(|tried| terms.pauses.get(tried));
    match (verdict, pause) {
        (Verdict::Taken, _) => Next::Sent,
        (Verdict::Again(asked), Some(pause)) if parcel.since >= before(now, terms.oldest) => {
            let pause = about(*pause, chance).max(asked.unwrap_or_default().min(LONGEST_REST));
            Next::Again(after(now, pause))
        }
        (Verdict::Again(_) | Verdict::Never, _) => Next::Dead,
    }
}

/// How a target stands after a send.
pub(super) fn standing(old: Standing, verdicts: &[Verdict], now: Moment, chance: u8) -> Standing {
    let asked = verdicts.iter().filter_map(|verdict| match verdict {
        Verdict::Again(asked) => *asked,
        Verdict::Taken | Verdict::Never => None,
    });
    let asked = asked.max().map(|asked| after(now, asked.min(LONGEST_REST)));
    if verdicts.contains(&Verdict::Taken) {
        return Standing { resumes: asked, ..Standing::default() };
    }
    let failures = old.failures.saturating_add(1);
    let rest = failures.checked_sub(TRIPS).map(|over| {
        let rest = REST[usize::try_from(over).unwrap_or(usize::MAX).min(REST.len() - 1)];
        after(now, about(rest, chance))
    });
    Standing { failures, since: old.since.or(Some(now)), resumes: rest.max(asked) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::Value;

    use super::{Terms, Verdict, after, next, standing};
    use crate::content::moment::Moment;
    use crate::content::outbox::{Message, Parcel, ParcelId, ParcelState, Standing, TargetId};
    use crate::store::Next;

    const MINUTE: Duration = Duration::from_secs(60);
    const TERMS: Terms = Terms {
        at_once: 1,
        batch: 1,
        patience: MINUTE,
        pauses: &[Duration::from_secs(10), Duration::from_secs(100)],
        oldest: Duration::from_secs(3600),
    };

    fn noon() -> Moment {
        Moment::parse("2026-11-30T12:00:00Z").expect("a moment")
    }

    fn parcel(tries: u32) -> Parcel {
        let message = Message { name: "msg_1".into(), topic: "t".into(), body: Value::Null, at: noon() };
        let (id, target, state) = (ParcelId(1), TargetId(1), ParcelState::Waiting);
        Parcel { id, target, message, subject: None, state, tries, since: noon(), due: None, done: None, last: None }
    }

    fn pause(tries: u32, verdict: Verdict, chance: u8) -> Option<i64> {
        match next(&parcel(tries), verdict, &TERMS, noon(), chance) {
            Next::Again(due) => Some((due.micros() - noon().micros()) / 1_000_000),
            Next::Sent | Next::Dead => None,
        }
    }

    #[test]
    fn pauses_grow_and_differ_and_end() {
        let again = Verdict::Again(None);
        assert_eq!((pause(0, again, 0), pause(0, again, 255)), (Some(8), Some(11)));
        assert_eq!((pause(1, again, 0), pause(1, again, 255)), (Some(85), Some(115)));
        assert_eq!(next(&parcel(2), again, &TERMS, noon(), 0), Next::Dead);
        assert_eq!(next(&parcel(0), Verdict::Never, &TERMS, noon(), 0), Next::Dead);
        assert_eq!(next(&parcel(0), Verdict::Taken, &TERMS, noon(), 0), Next::Sent);
    }

    #[test]
    fn what_is_too_old_is_given_up_and_a_longer_pause_is_granted_up_to_an_hour() {
        let late = after(noon(), Duration::from_secs(3601));
        assert_eq!(next(&parcel(0), Verdict::Again(None), &TERMS, late, 0), Next::Dead);
        assert_eq!(pause(0, Verdict::Again(Some(MINUTE)), 0), Some(60));
        assert_eq!(pause(0, Verdict::Again(Some(MINUTE * 600)), 0), Some(3600));
    }

    #[test]
    fn a_target_that_fails_again_and_again_is_left_alone_for_longer_and_longer() {
        let mut stands = Standing::default();
        let mut rests = Vec::new();
        for _ in 0..10 {
            stands = standing(stands, &[Verdict::Again(None), Verdict::Never], noon(), 128);
            rests.push(stands.resumes.map(|resumes| (resumes.micros() - noon().micros()) / 1_000_000));
        }
        let rests: Vec<i64> = rests.into_iter().flatten().collect();
        assert_eq!(rests, [30, 60, 120, 300, 300, 300]);
        assert_eq!((stands.failures, stands.since), (10, Some(noon())));
        let taken = standing(stands, &[Verdict::Again(None), Verdict::Taken], noon(), 0);
        assert_eq!(taken, Standing::default());
    }

    #[test]
    fn a_target_that_asks_for_a_pause_gets_it_though_it_takes_some() {
        let stands = standing(Standing::default(), &[Verdict::Taken, Verdict::Again(Some(MINUTE))], noon(), 0);
        assert_eq!((stands.failures, stands.resumes), (0, Some(after(noon(), MINUTE))));
        let stands = standing(Standing::default(), &[Verdict::Again(Some(MINUTE))], noon(), 0);
        assert_eq!((stands.failures, stands.resumes), (1, Some(after(noon(), MINUTE))));
    }
}
