//! The lines of a history: revisions and events, newest first.

use serde::Serialize;
use serde_json::Value;

use crate::content::comparison::{compare, in_words};
use crate::content::entry::{Origin, Revision, RevisionId};
use crate::content::event::{Event, EventKind};
use crate::content::moment::Moment;
use crate::content::zone::Zone;
use crate::dashboard::error::Refused;
use crate::dashboard::reach::Reached;
use crate::dashboard::times;
use crate::store::Read;

/// A planned time that was missed by less is not worth mentioning.
const LATE: i64 = 60_000_000;

/// One line.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    /// A word for its kind: `edited`, `published`, `restored`, …
    pub(super) kind: &'static str,
    /// That word for people.
    pub(super) word: &'static str,
    /// What changed or happened.
    pub(super) text: String,
    /// More about it.
    pub(super) detail: String,
    pub(super) by: String,
    pub(super) at: Moment,
    /// Clocks in the site's zone.
    pub(super) time: String,
    /// The revision, on lines of revisions.
    pub(super) rev: Option<RevisionId>,
    /// The revision before it.
    pub(super) previous: Option<RevisionId>,
    pub(super) named: Option<String>,
    pub(super) is_live: bool,
    pub(super) is_newest: bool,
    /// Earlier autosaves of the same person that this line stands for.
    pub(super) folded: Vec<Line>,
    #[serde(skip)]
    pub(super) autosave: bool,
}

/// The lines of one page, and from where on there are more.
pub(super) fn of(
    read: &Read<'_>,
    reached: &Reached,
    before: Option<RevisionId>,
    size: usize,
    zone: &Zone,
) -> Result<(Vec<Line>, Option<RevisionId>), Refused> {
    let (entry, locale) = (reached.entry.id, reached.locale());
    // One more than is shown: what changed is told against it.
    let revisions = read.revisions_before(entry, locale, before, size + 1)?;
    let more = revisions.len() > size;
    let mut lines = Vec::new();
    for (place, revision) in revisions.iter().take(size).enumerate() {
        lines.push(of_revision(read, reached, revision, revisions.get(place + 1), zone));
    }
    let until = before.map_or(Ok(None), |id| read.revision(id))?.map(|revision| revision.at);
    let from = more.then(|| revisions.get(size - 1).map(|revision| revision.at)).flatten();
    for event in read.events(entry, locale)? {
        let shown = until.is_none_or(|until| event.at < until) && from.is_none_or(|from| event.at >= from);
        if shown {
            lines.push(of_event(read, &event, zone)?);
        }
    }
    // What happened to a revision comes after it was made, even within the same microsecond.
    lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.rev.is_none(), line.rev.map(|rev| rev.0))));
    Ok((lines, revisions.get(size - 1).filter(|_| more).map(|revision| revision.id)))
}

fn of_revision(
    read: &Read<'_>,
    reached: &Reached,
    revision: &Revision,
    previous: Option<&Revision>,
    zone: &Zone,
) -> Line {
    let changes = previous.map(|previous| compare(read.model(), &reached.schema, previous, revision));
    let words = changes.as_deref().map(in_words);
    let (kind, word) = origin(revision);
    let text = match words {
        None if revision.kind == Origin::Import => "Brought in".into(),
        None => "Created".into(),
        Some(words) if words.is_empty() => "Nothing changed".into(),
        Some(words) => words,
    };
    let variant = &reached.variant;
    Line {
        kind,
        word,
        text,
        detail: String::new(),
        by: person(&revision.by),
        at: revision.at,
        time: zone.format(revision.at, "%H:%M"),
        rev: Some(revision.id),
        previous: previous.map(|previous| previous.id),
        named: revision.named.clone(),
        is_live: variant.live == Some(revision.id),
        is_newest: variant.draft.or(variant.live) == Some(revision.id),
        folded: Vec::new(),
        autosave: revision.kind == Origin::Autosave,
    }
}

/// What made a revision, as a word for scripts and one for people.
fn origin(revision: &Revision) -> (&'static str, &'static str) {
    match revision.kind {
        // What was published was edited first: the publish has a line of its own.
        Origin::Edit | Origin::Published => ("edited", "Edited"),
        Origin::Autosave => ("autosave", "Saved"),
        Origin::Restored => ("restored", "Restored"),
        Origin::Scheduled => ("scheduled", "Scheduled"),
        Origin::Import => ("import", "Imported"),
        Origin::Api => ("api", "API"),
    }
}

fn of_event(read: &Read<'_>, event: &Event, zone: &Zone) -> Result<Line, Refused> {
    let (kind, word, text) = happened(event, zone);
    let mut detail = Vec::new();
    if let Some(outcome) = read.outcome(event.id)? {
        let noun = if outcome.rebuilt == 1 { "response" } else { "responses" };
        detail.push(format!("In {}. {} {noun} refreshed.", times::millis(outcome.ms), outcome.rebuilt));
    }
    if let Some(late) = late(event) {
        detail.push(format!("{late} late: the server was not running."));
    }
    if let Some(why) = event.detail["why"].as_str() {
        detail.push(why.to_owned());
    }
    Ok(Line {
        kind,
        word,
        text,
        detail: detail.join(" "),
        by: person(&event.by),
        at: event.at,
        time: zone.format(event.at, "%H:%M"),
        rev: None,
        previous: None,
        named: None,
        is_live: false,
        is_newest: false,
        folded: Vec::new(),
        autosave: false,
    })
}

/// Who did it, as people call them.
fn person(by: &str) -> String {
    match by {
        "" => "A program".into(),
        "schedule" => "The schedule".into(),
        name => name.into(),
    }
}

/// How much later than planned the clock did it.
fn late(event: &Event) -> Option<String> {
    let moment = |value: &Value| value.as_str().and_then(Moment::parse);
    let (planned, done) = (moment(&event.detail["planned"])?, moment(&event.detail["done"])?);
    (done.micros() - planned.micros() > LATE).then(|| times::until(planned, done))
}

/// An event as a word for scripts, one for people, and a sentence.
fn happened(event: &Event, zone: &Zone) -> (&'static str, &'static str, String) {
    let at = || {
        let at = event.detail["at"].as_str().and_then(Moment::parse);
        at.map(|at| times::in_full(zone, at)).unwrap_or_default()
    };
    let (word, text) = match event.kind {
        EventKind::Published if event.previous.is_some() => ("Published", "Changes went live".into()),
        EventKind::Published => ("Published", "Went live".into()),
        EventKind::Unpublished if event.detail["archived"] == true => ("Archived", "Taken off and archived".into()),
        EventKind::Unpublished => ("Unpublished", "Taken off".into()),
        EventKind::PublishUndone if event.previous.is_some() => {
            ("Undone", "Took the publish back: the earlier version is live".into())
        }
        EventKind::PublishUndone => ("Undone", "Took the publish back: nothing is live".into()),
        EventKind::Scheduled => ("Scheduled", format!("Goes live on {}", at())),
        EventKind::Unscheduled => ("Unscheduled", "Does not go live by itself any more".into()),
        EventKind::UnpublishScheduled => ("Scheduled", format!("Is taken off on {}", at())),
        EventKind::UnpublishUnscheduled => ("Unscheduled", "Stays live".into()),
        EventKind::Failed => ("Failed", "Could not go live at its time".into()),
        EventKind::Discarded => ("Discarded", "Dropped the unpublished changes".into()),
        EventKind::ReviewAsked => ("Review", "Asked for a review".into()),
        EventKind::ReviewEnded => ("Review", "Ended the review".into()),
        EventKind::Deleted => ("Deleted", "Moved to the trash".into()),
        EventKind::Undeleted => ("Restored", "Brought back from the trash".into()),
    };
    (event.kind.as_str(), word, text)
}
