//! `larder status`

use std::fs;
use std::path::Path;

use clap::Args;
use serde_json::json;

use super::failure::{Failure, NOT_SOUND};
use super::place::{Place, holds_site};
use super::terminal;
use crate::authoring::now;
use crate::content::moment::Moment;
use crate::replica::group::read_report;
use crate::replica::{self, read_status};
use crate::store::{Error, FILE, Role};
use crate::tls;

/// Show how a site, its copies and its certificate stand
///
/// Sizes, how far copying is, what waits, when the replica was last verified, and until when the certificate is valid. Reads what the process that serves has last written, and starts nothing. Exit code 3 means that somebody should look.
#[derive(Args)]
pub(super) struct Status {
    #[command(flatten)]
    place: Place,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Status {
    pub(super) fn run(self) -> Result<(), Failure> {
        if !holds_site(&self.place.data) {
            return Err(Error::NoSite(self.place.data).into());
        }
        show(&read_status(&self.place.data).unwrap_or_default(), &self.place.data, self.json)
    }
}

/// Shows the status of a site.
pub(super) fn show(status: &replica::Status, folder: &Path, as_json: bool) -> Result<(), Failure> {
    let size = |name: &str| fs::metadata(folder.join(name)).map_or(0, |metadata| metadata.len());
    let (database, log) = (size(FILE), size(&format!("{FILE}-wal")));
    let is_copied = !status.place.is_empty();
    let runs = Role::is_held(folder);
    let now = now();
    let group = read_report(folder);
    let certificate = tls::Report::of(folder);
    let of_certificate = certificate.as_ref().and_then(|report| report.warning(now));
    let warning = is_copied.then(|| status.warning(now)).flatten().or(of_certificate);
    if as_json {
        let mut all = json!({
            "database_bytes": database,
            "log_bytes": log,
            "copying": runs,
            "warning": warning,
        });
        if is_copied {
            all["replica"] = serde_json::to_value(status).map_err(std::io::Error::from)?;
        }
        if let Some(report) = &certificate {
            all["certificate"] = serde_json::to_value(report).map_err(std::io::Error::from)?;
        }
        if let Some(report) = &group {
            all["group"] = serde_json::to_value(report).map_err(std::io::Error::from)?;
        }
        terminal::json(&all)?;
    } else {
        let ago = |moment: Option<Moment>| moment.map_or("never".into(), |at| format!("{at} ({})", since(at, now)));
        let mut rows = vec![
            ["database".into(), format!("{database} bytes, and {log} in its log")],
            ["copied to".into(), if is_copied { status.place.clone() } else { "nowhere".into() }],
        ];
        if is_copied {
            rows.push(["copying".into(), if runs { "on".into() } else { "off: no process does it now".into() }]);
            rows.push(["transaction".into(), format!("{:016x}, there {:016x}", status.transaction, status.copied)]);
            rows.push(["waiting".into(), format!("{} files, {} bytes", status.waiting_files, status.waiting_bytes)]);
            rows.push(["up to date".into(), ago(status.current_at)]);
            rows.push(["snapshot".into(), ago(status.snapshot_at)]);
            rows.push(["verified".into(), ago(status.verified_at)]);
            rows.extend(status.error.iter().map(|error| ["error".into(), error.clone()]));
        }
        if let Some(report) = &group {
            rows.push(["role".into(), format!("{} in epoch {}", report.duty.name(), report.epoch)]);
            rows.extend(report.primary.iter().map(|primary| ["primary".into(), primary.clone()]));
            rows.extend(report.lag(now).map(|lag| ["behind".into(), format!("{lag} s")]));
            rows.extend(report.lost.iter().map(|lost| ["put aside".into(), lost.display().to_string()]));
            rows.extend(report.error.iter().map(|error| ["error".into(), error.clone()]));
        }
        if let Some(report) = &certificate {
            let until = report.valid_until.map(|until| format!(" until {until}")).unwrap_or_default();
            rows.push(["certificate".into(), format!("{}{until}", report.state(now))]);
            rows.extend(report.renewal_at.iter().map(|at| ["renewal".into(), at.to_string()]));
            rows.extend(report.error.iter().map(|error| ["error".into(), error.clone()]));
            rows.extend(report.next_try.iter().map(|next| ["next try".into(), next.to_string()]));
        }
        terminal::table(["what", "is"], &rows)?;
    }
    warning.map_or(Ok(()), |warning| Err(Failure::Coded(NOT_SOUND, warning)))
}

/// How long ago, roughly.
fn since(moment: Moment, now: Moment) -> String {
    let seconds = (now.micros() - moment.micros()).max(0) / 1_000_000;
    match seconds {
        0..120 => format!("{seconds} s ago"),
        120..7_200 => format!("{} min ago", seconds / 60),
        7_200..172_800 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}
