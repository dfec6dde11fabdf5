//! A number with its name, and how Prometheus reads it: the text format 0.0.4
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::fmt;

use crate::content::moment::Moment;
use crate::delivery::Timings;

/// How a number moves.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// Up, until the process ends.
    Counter,
    /// Up and down.
    Gauge,
    /// As counts of what stayed within limits.
    Histogram,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// One number, or several that differ in their labels.
#[derive(Debug)]
pub struct Family {
    name: &'static str,
    kind: Kind,
    help: &'static str,
    samples: Vec<Sample>,
}

#[derive(Debug)]
struct Sample {
    /// What follows the family's name.
    suffix: &'static str,
    labels: Vec<(&'static str, String)>,
    value: f64,
}

impl Family {
    /// Numbers that only grow.
    pub(super) fn counter(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: Kind::Counter, help, samples: Vec::new() }
    }

    /// Numbers that come and go.
    pub(super) fn gauge(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: Kind::Gauge, help, samples: Vec::new() }
    }

    /// How long something took, in seconds.
    pub(super) fn timings(name: &'static str, help: &'static str, timings: &Timings) -> Self {
        let mut samples = Vec::new();
        let mut times = 0;
        let bucket =
            |limit: String, times| Sample { suffix: "_bucket", labels: vec![("le", limit)], value: float(times) };
        for (micros, within) in timings.within() {
            times = within;
            samples.push(bucket((float(micros) / 1e6).to_string(), within));
        }
        times += timings.longer();
        samples.push(bucket("+Inf".into(), times));
        samples.push(Sample { suffix: "_sum", labels: Vec::new(), value: timings.total().as_secs_f64() });
        samples.push(Sample { suffix: "_count", labels: Vec::new(), value: float(times) });
        Self { name, kind: Kind::Histogram, help, samples }
    }

    /// With this number.
    pub(super) fn is(self, value: u64) -> Self {
        self.at(&[], value)
    }

    /// With this number, unless it is not known.
    pub(super) fn may_be(self, value: Option<u64>) -> Self {
        match value {
            Some(value) => self.is(value),
            None => self,
        }
    }

    /// With this moment, unless it is not known.
    pub(super) fn when(self, moment: Option<Moment>) -> Self {
        self.may_be(moment.and_then(|moment| u64::try_from(moment.micros() / 1_000_000).ok()))
    }

    /// With this number where the labels are these.
    pub(super) fn at(mut self, labels: &[(&'static str, &str)], value: u64) -> Self {
        let labels = labels.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        self.samples.push(Sample { suffix: "", labels, value: float(value) });
        self
    }
}

/// As Prometheus counts: exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "the format knows no other numbers")]
fn float(value: u64) -> f64 {
    value as f64
}

impl fmt::Display for Family {
    /// Nothing when no number is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, kind, help, samples } = self;
        if samples.is_empty() {
            return Ok(());
        }
        writeln!(f, "# HELP {name} {help}\n# TYPE {name} {}", kind.name())?;
        for Sample { suffix, labels, value } in samples {
            write!(f, "{name}{suffix}")?;
            if !labels.is_empty() {
                let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                let labels: Vec<String> =
                    labels.iter().map(|(name, text)| format!("{name}=\"{}\"", escaped(text))).collect();
                write!(f, "{{{}}}", labels.join(","))?;
            }
            writeln!(f, " {value}")?;
        }
        Ok(())
    }
}
