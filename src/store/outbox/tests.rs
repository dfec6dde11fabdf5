//! What waits, in which order, what is given up and what is kept.

use serde_json::json;
use tempfile::TempDir;

use super::{Next, ParcelQuery, Recorded};
use crate::content::moment::Moment;
use crate::content::outbox::{Letter, Parcel, ParcelId, ParcelState, Standing, Target, TargetId, TargetKind};
use crate::store::{Error, Store};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

struct Outbox {
    store: Store,
    target: TargetId,
    _folder: TempDir,
}

fn at(seconds: i64) -> Moment {
    Moment::from_micros(1_000 * DAY + seconds * SECOND)
}

fn target() -> Target {
    let (id, kind, name) = (TargetId(0), TargetKind::Webhook, "Website".to_owned());
    Target { id, kind, name, active: true, settings: json!({}), created: at(0) }
}

impl Outbox {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::create(folder.path()).expect("a store");
        let target = store.write(|write| write.add_target(&target())).expect("added");
        Self { store, target, _folder: folder }
    }

    fn post(&self, subject: Option<&str>, seconds: i64) {
        let letter = Letter { topic: "t".into(), subject: subject.map(str::to_owned), body: json!({"at": seconds}) };
        let target = self.target;
        self.store.write(move |write| write.post(&letter, &[target], at(seconds))).expect("posted");
    }

    /// When those were posted that are due at a moment, in order.
    fn due(&self, seconds: i64) -> Vec<i64> {
        self.due_parcels(seconds).iter().map(|parcel| parcel.message.body["at"].as_i64().expect("a number")).collect()
    }

    fn due_parcels(&self, seconds: i64) -> Vec<Parcel> {
        self.store.read(|read| read.due_parcels(self.target, at(seconds), 2_000)).expect("read")
    }

    fn note(&self, parcels: Vec<(ParcelId, Next)>, seconds: i64, abandon: Option<Moment>) {
        let recorded = Recorded {
            target: self.target,
            at: at(seconds),
            ms: 1.0,
            said: "HTTP 500".into(),
            exchanges: Vec::new(),
            parcels,
            standing: Standing::default(),
            now: at(seconds),
            abandon,
        };
        self.store.write(move |write| write.record_attempt(&recorded)).expect("noted");
    }

    /// Notes this of the first that is due.
    fn first_is(&self, next: Next, seconds: i64) {
        let first = self.due_parcels(seconds).first().expect("something is due").id;
        self.note(vec![(first, next)], seconds, None);
    }

    fn states(&self) -> Vec<ParcelState> {
        let query = ParcelQuery { target: self.target, state: None, before: None, limit: 2_000 };
        let mut states: Vec<_> =
            self.store.read(|read| read.parcels(&query)).expect("read").iter().map(|parcel| parcel.state).collect();
        states.reverse();
        states
    }
}

#[test]
fn those_of_one_subject_come_one_after_the_other() {
    let outbox = Outbox::new();
    for seconds in 1..=3 {
        outbox.post(Some("entry-1"), seconds);
    }
    outbox.post(Some("entry-2"), 4);
    outbox.post(None, 5);
    outbox.post(None, 6);
    assert_eq!(outbox.due(10), [1, 4, 5, 6]);
    outbox.first_is(Next::Again(at(60)), 10);
    assert_eq!(outbox.due(10), [4, 5, 6], "what follows it waits too");
    assert_eq!(outbox.store.read(|read| read.next_parcel(outbox.target, at(10))).expect("read"), Some(at(60)));
    assert_eq!(outbox.due(60), [4, 5, 6, 1]);
    let parcel = outbox.due_parcels(60).pop().expect("the first");
    outbox.note(vec![(parcel.id, Next::Sent)], 61, None);
    assert_eq!(outbox.due(61), [4, 5, 6, 2], "the next one's turn");
    let parcel = outbox.due_parcels(61).pop().expect("the second");
    outbox.note(vec![(parcel.id, Next::Dead)], 62, None);
    assert_eq!(outbox.due(62), [4, 5, 6, 3], "one that was given up keeps nobody");
}

#[test]
fn what_is_sent_by_hand_goes_first_though_the_target_is_left_alone() {
    let outbox = Outbox::new();
    outbox.post(Some("entry-1"), 1);
    outbox.first_is(Next::Dead, 2);
    outbox.post(Some("entry-2"), 3);
    let (target, resumes) = (outbox.target, Standing { resumes: Some(at(500)), ..Standing::default() });
    outbox.store.write(move |write| write.put_standing(target, resumes)).expect("written");
    assert!(outbox.store.write(|write| write.resend(ParcelId(1), at(4))).expect("written"));
    assert!(!outbox.store.write(|write| write.resend(ParcelId(1), at(4))).expect("written"), "it waits already");
    assert_eq!(outbox.due(4), [1, 3]);
    let letter = Letter { topic: "t".into(), subject: Some("test".into()), body: json!({"at": 5}) };
    outbox.store.write(move |write| write.post_by_hand(&letter, target, at(5))).expect("posted");
    assert_eq!(outbox.due(5), [1, 5, 3]);
    assert_eq!(outbox.store.read(|read| read.standing(target)).expect("read"), Standing::default());
}

#[test]
fn what_a_dead_target_has_not_taken_for_long_is_given_up_and_what_is_younger_waits() {
    let outbox = Outbox::new();
    for seconds in [1, 2, 3, 50] {
        outbox.post(Some("entry-1"), seconds);
    }
    let first = outbox.due_parcels(60)[0].id;
    outbox.note(vec![(first, Next::Again(at(90)))], 60, Some(at(10)));
    assert_eq!(outbox.states(), [ParcelState::Dead, ParcelState::Dead, ParcelState::Dead, ParcelState::Waiting]);
    assert_eq!(outbox.due(60), [50]);
    let dead = |but| outbox.store.read(|read| read.dead_since(outbox.target, at(59), but)).expect("read");
    assert_eq!((dead("test"), dead("entry-1")), (3, 0));
}

#[test]
fn the_log_is_kept_for_a_month_and_so_many() {
    let outbox = Outbox::new();
    let (target, letter) = (outbox.target, Letter { topic: "t".into(), subject: None, body: json!({"at": 0}) });
    let posted = outbox.store.write(move |write| {
        (0..1_005).try_for_each(|_| write.post(&letter, &[target], at(0)))?;
        Ok::<_, Error>(())
    });
    posted.expect("posted");
    let all = outbox.due_parcels(1).iter().map(|parcel| (parcel.id, Next::Sent)).collect();
    outbox.note(all, 1, None);
    outbox.post(None, 2);
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM outbox_{table}");
        outbox
            .store
            .read(|read| Ok::<i64, Error>(read.connection.query_row(&sql, [], |row| row.get(0))?))
            .expect("read")
    };
    let prune = |moment| outbox.store.write(move |write| write.prune_outbox(moment)).expect("pruned");
    prune(at(2));
    assert_eq!((count("parcel"), count("message"), count("attempt")), (1_001, 1_001, 1));
    assert_eq!(outbox.store.read(|read| read.old_parcels(at(2))).expect("read"), []);
    prune(Moment::from_micros(at(2).micros() + 31 * DAY));
    assert_eq!((count("parcel"), count("message"), count("attempt")), (1, 1, 0), "what waits stays");
    outbox.store.write(move |write| write.remove_target(target)).expect("removed");
    assert_eq!((count("parcel"), count("message"), count("target")), (0, 0, 0));
}

#[test]
fn two_that_are_sent_together_share_an_attempt() {
    let outbox = Outbox::new();
    outbox.post(None, 1);
    outbox.post(None, 2);
    let ids: Vec<ParcelId> = outbox.due_parcels(3).iter().map(|parcel| parcel.id).collect();
    outbox.note(vec![(ids[0], Next::Sent), (ids[1], Next::Again(at(9)))], 3, None);
    let taken = |id| {
        let attempts = outbox.store.read(|read| read.attempts(id)).expect("read");
        attempts.iter().map(|attempt| attempt.taken).collect::<Vec<_>>()
    };
    assert_eq!((taken(ids[0]), taken(ids[1])), (vec![true], vec![false]));
    assert_eq!(outbox.states(), [ParcelState::Sent, ParcelState::Waiting]);
}
