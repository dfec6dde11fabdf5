//! `larder cdn`

mod set;

use std::thread::sleep;
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal;
use crate::authoring::{Authoring, PurgeLine, PurgeState};
use crate::content::purge::Order;
use crate::courier::purge::{Outcome, Purger};
use crate::fetch::Fetch;
use crate::store::KeptCdn;

/// How often it is looked whether a purge is done.
const LOOK: Duration = Duration::from_millis(50);

/// The CDN or cache in front of the site, which is told what to drop after every change
#[derive(Subcommand)]
pub(super) enum Cdn {
    Set(set::Set),
    Unset(Unset),
    Show(Show),
    Test(Test),
    Purge(Purge),
    Log(Log),
}

/// Forget the CDN: it is not told of changes any more
#[derive(Args)]
pub(super) struct Unset {
    #[command(flatten)]
    place: Place,
}

/// Print how the CDN is set up; its token is never shown
#[derive(Args)]
pub(super) struct Show {
    #[command(flatten)]
    place: Place,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Try whether the CDN can be told: purges something that nobody has
#[derive(Args)]
pub(super) struct Test {
    #[command(flatten)]
    place: Place,
    /// The token, when it is not the stored one: better as a variable, because others can read arguments
    #[arg(long, env = "LARDER_CDN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    cdn_token: Option<String>,
    /// Where readers reach the site
    #[arg(long, env = "LARDER_PUBLIC_URL", value_name = "URL", default_value = "http://localhost")]
    public_url: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Have the CDN drop something; whoever serves the site sends it
#[derive(Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(super) struct Purge {
    #[command(flatten)]
    place: Place,
    /// Everything: until the CDN has fetched all of it again, each request comes here
    #[arg(long, group = "what")]
    all: bool,
    /// What carries this key: entry-12, media-2a8Wz; may be given several times
    #[arg(long, group = "what", value_name = "KEY")]
    key: Vec<String>,
    /// What lies at this address, as readers ask for it; may be given several times
    #[arg(long, group = "what", value_name = "URL")]
    url: Vec<String>,
    /// Do not ask before everything is dropped
    #[arg(long)]
    yes: bool,
    /// How long to wait until it is done, in seconds
    #[arg(long, value_name = "N", default_value_t = 10)]
    wait: u16,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// List what was purged lately, and what became of it
#[derive(Args)]
pub(super) struct Log {
    #[command(flatten)]
    place: Place,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u16,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Cdn {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Set(set) => set.run(),
            Self::Unset(unset) => Ok(unset.place.open()?.forget_cdn(&signature())?),
            Self::Show(show) => show.run(),
            Self::Test(test) => test.run(),
            Self::Purge(purge) => purge.run(),
            Self::Log(log) => log.run(),
        }
    }
}

/// The CDN that is set up.
fn kept(site: &Authoring) -> Result<KeptCdn, Failure> {
    let kept = site.store().read(|read| read.cdn())?;
    kept.ok_or_else(|| Failure::said("no CDN is set up; `larder cdn set --help` says how"))
}

impl Show {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let KeptCdn { cdn, token, changed } = match (site.store().read(|read| read.cdn())?, self.json) {
            (Some(kept), _) => kept,
            (None, true) => return terminal::json(&json!(null)),
            (None, false) => return terminal::result("No CDN is set up."),
        };
        let mut shown = serde_json::to_value(&cdn).unwrap_or_default();
        shown["token"] = json!(if token.is_some() { "stored" } else { "none" });
        shown["changed"] = json!(changed);
        if self.json {
            return terminal::json(&shown);
        }
        let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let rows = shown.as_object().into_iter().flatten();
        let rows: Vec<[String; 2]> = rows.map(|(name, value)| [name.replace('_', " "), text(value)]).collect();
        terminal::table(["setting", "value"], &rows)
    }
}

impl Test {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let kept = kept(&site)?;
        let fetch = Fetch::new(Vec::new(), None);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let tested = runtime.block_on(async {
            Purger::new(site.store().clone(), fetch, &self.public_url, self.cdn_token).test(&kept).await
        });
        let rows: Vec<(String, f64, Option<String>)> =
            tested.into_iter().map(|(name, purged)| (name, purged.ms, wrong(&purged.outcome))).collect();
        if self.json {
            let all = rows.iter().map(|(name, ms, wrong)| json!({"target": name, "ms": ms, "error": wrong}));
            terminal::json(&all.collect::<Vec<_>>())?;
        } else {
            let said = |wrong: &Option<String>| wrong.clone().unwrap_or_else(|| "it can be told".into());
            let rows: Vec<_> =
                rows.iter().map(|(name, ms, wrong)| [name.clone(), format!("{ms:.0} ms"), said(wrong)]).collect();
            terminal::table(["target", "took", ""], &rows)?;
        }
        match rows.iter().find_map(|(name, _, wrong)| wrong.as_ref().map(|why| (name, why))) {
            Some((name, why)) => Err(Failure::said(format!("{name} cannot be told: {why}"))),
            None => Ok(()),
        }
    }
}

fn wrong(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Done => None,
        Outcome::Later { why, .. } | Outcome::Refused(why) => Some(why.clone()),
    }
}

impl Purge {
    fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        kept(&site)?;
        let question = "Drop everything that the CDN holds? Until it has fetched all of it again, each request comes to \
            larder.";
        if self.all && !self.yes && !terminal::agrees(question)? {
            return Err(Failure::said("nothing was purged"));
        }
        let order = if self.all {
            Order::Everything
        } else if self.url.is_empty() {
            Order::Keys(self.key)
        } else {
            Order::Addresses(self.url)
        };
        let parcels = site.purge_cdn(order, &signature())?;
        let ends = Instant::now() + Duration::from_secs(self.wait.into());
        let mut lines = site.purges(&parcels)?;
        let open = |line: &PurgeLine| matches!(line.state, PurgeState::Waiting | PurgeState::Failing);
        while lines.iter().any(open) && Instant::now() < ends {
            sleep(LOOK);
            lines = site.purges(&parcels)?;
        }
        tell(&lines, self.json)?;
        let left: Vec<&PurgeLine> = lines.iter().filter(|line| line.state != PurgeState::Purged).collect();
        match left.first() {
            None => Ok(()),
            Some(PurgeLine { said: Some(why), target, state: PurgeState::GivenUp, .. }) => {
                Err(Failure::said(format!("{target} has not purged it: {why}")))
            }
            Some(PurgeLine { said: Some(why), target, .. }) => {
                Err(Failure::said(format!("{target} has not purged it yet, and is told again: {why}")))
            }
            Some(line) => Err(Failure::said(format!(
                "{} has not been told within {} seconds; whoever serves this site tells it, see `larder cdn log`",
                line.target, self.wait
            ))),
        }
    }
}

impl Log {
    fn run(self) -> Result<(), Failure> {
        let lines = self.place.open()?.last_purges(self.limit.into())?;
        tell(&lines, self.json)
    }
}

fn tell(lines: &[PurgeLine], json: bool) -> Result<(), Failure> {
    if json {
        return terminal::json(&lines);
    }
    let row = |line: &PurgeLine| {
        let took = line.ms.map(|ms| format!("{ms:.0} ms")).unwrap_or_default();
        let said = line.said.clone().unwrap_or_default();
        [line.at.to_string(), line.target.clone(), line.what.clone(), line.state.to_string(), took, said]
    };
    terminal::table(["when", "target", "what", "state", "took", ""], &lines.iter().map(row).collect::<Vec<_>>())
}
