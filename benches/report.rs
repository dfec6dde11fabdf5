//! What was measured, against the aims.

/// An aim, and the value from which on something is broken rather than slow.
#[derive(Clone, Copy)]
pub(crate) enum Aim {
    /// At least the first; below the second is an alarm.
    AtLeast(f64, f64),
    /// At most the first; above the second is an alarm.
    AtMost(f64, f64),
}

/// How many aims were met, missed and missed by far.
#[derive(Default)]
pub(crate) struct Report {
    met: u32,
    missed: u32,
    alarms: u32,
}

/// Prints a line.
#[expect(clippy::print_stdout, reason = "a benchmark's result is what it prints")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

impl Report {
    /// Holds a value against its aim; whether it is met. An aim that is missed is told; only an alarm makes
    /// the benchmark fail.
    pub(crate) fn judge(&mut self, what: &str, value: f64, aim: Aim) -> bool {
        let (met, alarm, wanted) = match aim {
            Aim::AtLeast(aim, alarm) => (value >= aim, value < alarm, format!("at least {aim}")),
            Aim::AtMost(aim, alarm) => (value <= aim, value > alarm, format!("at most {aim}")),
        };
        self.met += u32::from(met);
        self.missed += u32::from(!met);
        self.alarms += u32::from(alarm);
        let verdict = match (met, alarm) {
            (true, _) => "met   ",
            (false, false) => "MISSED",
            (false, true) => "ALARM ",
        };
        say(&format!("{verdict}  {what}: {value:.2} ({wanted})"));
        met
    }

    /// Like [`Report::judge`], of an aim that is missed for a known reason: the reason is told, and what
    /// would be a step back is an alarm.
    pub(crate) fn judge_known(&mut self, what: &str, value: f64, aim: Aim, reason: &str) {
        if !self.judge(what, value, aim) {
            say(&format!("        {reason}"));
        }
    }

    /// Prints the sum; returns the number of alarms.
    pub(crate) fn finish(&self) -> u32 {
        say(&format!(
            "\n{} aims met, {} missed, {} of them by so far that something is broken",
            self.met, self.missed, self.alarms
        ));
        self.alarms
    }
}

/// The median of some values.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    percentile(values, 0.5)
}

/// The value below which a share of the values lies.
pub(crate) fn percentile(values: impl IntoIterator<Item = f64>, share: f64) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let place = (values.len() as f64 * share) as usize;
    values.get(place.min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
