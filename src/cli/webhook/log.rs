//! `larder webhook log`

use clap::Args;
use serde_json::{Value, json};

use super::find;
use crate::cli::failure::Failure;
use crate::cli::place::Place;
use crate::cli::terminal;
use crate::content::outbox::{Attempt, Exchange, Parcel, ParcelId, ParcelState, TargetId};
use crate::store::ParcelQuery;

/// Show what was sent to a webhook and what came of it, newest first
#[derive(Args)]
pub(in crate::cli) struct Log {
    #[command(flatten)]
    place: Place,
    /// Its number in `larder webhook list`
    id: i64,
    /// Show this one whole: each attempt, with request and answer
    number: Option<i64>,
    /// Only what was given up
    #[arg(long)]
    dead: bool,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Log {
    pub(super) fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        find(&site, self.id)?;
        if let Some(number) = self.number {
            let (parcel, attempts) = site.store().read(|read| {
                let parcel = read.parcel(ParcelId(number))?.filter(|parcel| parcel.target.0 == self.id);
                Ok::<_, Failure>((parcel, read.attempts(ParcelId(number))?))
            })?;
            let parcel = parcel.ok_or_else(|| Failure::said(format!("there is no {number} in the log")))?;
            return self.show(&parcel, &attempts);
        }
        let state = self.dead.then_some(ParcelState::Dead);
        let query = ParcelQuery { target: TargetId(self.id), state, before: None, limit: self.limit };
        let parcels = site.store().read(|read| read.parcels(&query))?;
        if self.json {
            return terminal::json(&parcels.iter().map(shown).collect::<Vec<_>>());
        }
        let row = |parcel: &Parcel| {
            let (said, ms) = parcel.last.clone().unwrap_or_default();
            let took = if parcel.last.is_some() { format!("{ms:.0} ms") } else { String::new() };
            [
                parcel.id.0.to_string(),
                parcel.message.at.to_string(),
                parcel.message.topic.clone(),
                state_of(parcel).into(),
                said,
                took,
                parcel.tries.to_string(),
                parcel.message.name.clone(),
            ]
        };
        let rows: Vec<_> = parcels.iter().map(row).collect();
        terminal::table(["number", "at", "event", "is", "outcome", "took", "tries", "id"], &rows)
    }

    fn show(&self, parcel: &Parcel, attempts: &[Attempt]) -> Result<(), Failure> {
        if self.json {
            let mut whole = shown(parcel);
            whole["attempts"] = attempts.iter().map(attempt).collect();
            return terminal::json(&whole);
        }
        terminal::result(format_args!("{} {} {}", parcel.message.name, parcel.message.topic, state_of(parcel)))?;
        for attempt in attempts {
            terminal::result(format_args!("\n{}  {}, after {:.0} ms", attempt.at, attempt.said, attempt.ms))?;
            attempt.exchanges.iter().try_for_each(tell)?;
        }
        Ok(())
    }
}

/// A request and its answer, as they went over the wire.
fn tell(exchange: &Exchange) -> Result<(), Failure> {
    let Exchange { request, response, error, .. } = exchange;
    terminal::result(format_args!("> {} {}", request.method, request.address))?;
    for (name, value) in &request.headers {
        terminal::result(format_args!("> {name}: {value}"))?;
    }
    terminal::result(format_args!(">\n{}", request.body))?;
    if let Some(answer) = response {
        terminal::result(format_args!("< {}", answer.status))?;
        for (name, value) in &answer.headers {
            terminal::result(format_args!("< {name}: {}", plain(value)))?;
        }
        terminal::result(format_args!("<\n{}{}", plain(&answer.body), if answer.cut { "\n(cut)" } else { "" }))?;
    }
    error.iter().try_for_each(terminal::result)
}

/// A stranger's text without what steers terminals.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect()
}

fn state_of(parcel: &Parcel) -> &'static str {
    match parcel.state {
        ParcelState::Waiting => "waiting",
        ParcelState::Behind => "behind another",
        ParcelState::Sent => "sent",
        ParcelState::Dead => "given up",
    }
}

fn shown(parcel: &Parcel) -> Value {
    let (said, ms) = parcel.last.clone().map_or((None, None), |(said, ms)| (Some(said), Some(ms)));
    json!({
        "number": parcel.id,
        "id": parcel.message.name,
        "event": parcel.message.topic,
        "at": parcel.message.at,
        "state": parcel.state.as_str(),
        "tries": parcel.tries,
        "due": parcel.due,
        "done": parcel.done,
        "outcome": said,
        "ms": ms,
        "data": parcel.message.body,
    })
}

fn attempt(attempt: &Attempt) -> Value {
    json!({
        "at": attempt.at,
        "ms": attempt.ms,
        "taken": attempt.taken,
        "outcome": attempt.said,
        "exchanges": attempt.exchanges,
    })
}
