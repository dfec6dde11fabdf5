//! `GET /admin`: where one left off, what is due, what needs a look, what went live.

use axum::extract::State;
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::Dashboard;
use super::attention::Concern;
use super::error::Refused;
use super::guard::Signed;
use super::list::row::{Row, Shower, When};
use super::nav::Section;
use super::sight::Sight;
use super::steps::first_steps;
use super::view::Screen;
use super::{address, attention};
use crate::account::Right;
use crate::authoring::now;
use crate::content::moment::Moment;
use crate::content::schema::{Kind, Model};
use crate::store::Read;

const SCREEN: Screen = Screen { template: "home.html", section: Section::Home };
/// How many lines each part has.
const LINES: usize = 6;
/// Among how many reviews those that this person sees are looked for.
const REVIEWS: usize = 100;
/// How far ahead "Scheduled" looks, in microseconds: seven days.
const AHEAD: i64 = 7 * 24 * 60 * 60 * 1_000_000;
/// How many types the menu of new pages offers.
const TYPES: usize = 30;

/// Something that goes live or is taken off by itself.
#[derive(Serialize)]
struct Timed {
    #[serde(flatten)]
    row: Row,
    at: When,
    /// In the site's time zone.
    set: String,
    publish: bool,
}

/// The start page.
pub(super) async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Response, Refused> {
    let asked = signed.clone();
    let copies = attention::of_copies(dashboard.copying.as_deref(), &signed.user);
    dashboard.screen(&signed, SCREEN, move |read| ask(read, &asked, copies)).await
}

fn ask(read: &Read<'_>, signed: &Signed, copies: Option<Concern>) -> Result<Value, Refused> {
    let sight = Sight::of(&signed.user);
    let eyes = sight.eyes();
    let mut shower = Shower::new(read, sight)?;
    let mut recent = Vec::new();
    for line in read.last_edited(signed.user.id, eyes, LINES)? {
        recent.extend(shower.row(&line, "")?);
    }
    let mut scheduled = Vec::new();
    for timed in read.upcoming(Moment::from_micros(now().micros() + AHEAD), eyes, LINES * 2)? {
        if let Some(row) = shower.row(&timed.line, "")? {
            let (at, set) = (When::of(timed.at, shower.zone()), shower.zone().format(timed.at, "%a %-d %b, %H:%M"));
            scheduled.push(Timed { row, at, set, publish: timed.publish });
        }
    }
    let mut live = Vec::new();
    for line in read.last_live(LINES)? {
        live.extend(shower.row(&line, "")?);
    }
    let mut reviews = Vec::new();
    for review in read.reviews(REVIEWS)? {
        if let Some(line) = read.line(review.entry, review.locale, eyes)? {
            reviews.extend(shower.row(&line, "")?.filter(Row::waits));
        }
    }
    reviews.truncate(LINES);
    let mut concerns = attention::concerns(read, sight, &shower)?;
    concerns.splice(..0, attention::of_webhooks(read, &signed.user, shower.zone())?);
    concerns.splice(..0, attention::of_cdn(read, &signed.user, shower.zone())?);
    concerns.splice(..0, copies);
    let writes = signed.user.may(Right::WriteOwn);
    Ok(context! {
        page => context! { title => "Home", section => "home" },
        steps => Value::from(Serde(first_steps(read, &signed.user)?)),
        first_name => signed.user.name.split_whitespace().next().unwrap_or_default(),
        recent => Value::from(Serde(recent)),
        reviews => Value::from(Serde(reviews)),
        scheduled => Value::from(Serde(scheduled)),
        concerns => Value::from(Serde(concerns)),
        live => Value::from(Serde(live)),
        zone => shower.zone().name(),
        new_post => if writes { read.model().schemas.iter().find(|schema| schema.kind == Kind::Post).map(address::new) } else { None },
        new_pages => if writes { new_pages(read.model()) } else { Vec::new() },
    })
}

/// The types of which pages can be made: their names and where.
fn new_pages(model: &Model) -> Vec<(String, String)> {
    let types = model.schemas.iter().filter(|schema| schema.kind == Kind::PageType).take(TYPES);
    types.map(|schema| (schema.name.clone(), address::new(schema))).collect()
}
