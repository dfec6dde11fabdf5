//! What the address of a picture asks for.

use form_urlencoded::parse;

use super::super::error::Refusal;
use crate::media::task::Tasks;

/// An address, read.
pub(super) struct Asked {
    /// What is to be done, in the short form too.
    pub(super) tasks: Tasks,
    /// `?v=`: the version that is meant.
    pub(super) version: Option<String>,
    /// `?s=`: a signature that may vouch for the tasks.
    pub(super) signature: Option<String>,
}

impl Asked {
    /// Reads what stands in front of the id and behind the `?`.
    pub(super) fn read(segments: &[&str], query: Option<&str>) -> Result<Self, Refusal> {
        let mut tasks = Tasks::read(segments.iter().copied()).map_err(|bad| Refusal::general(&bad.to_string()))?;
        let pairs: Vec<_> = parse(query.unwrap_or_default().as_bytes()).collect();
        let pairs = || pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()));
        tasks.read_short(pairs()).map_err(|bad| Refusal::general(&bad.to_string()))?;
        let value = |wanted| pairs().find(|(name, _)| *name == wanted).map(|(_, value)| value);
        let version = value("v").map(str::to_ascii_lowercase);
        let signature = value("s").map(str::to_owned);
        Ok(Self { tasks, version, signature })
    }
}
