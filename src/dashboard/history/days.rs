//! Lines by day, with runs of autosaves folded into one.

use serde::Serialize;

use super::lines::Line;
use crate::content::moment::Moment;
use crate::content::zone::Zone;

/// Autosaves of one person within this time are one line, in microseconds.
const TOGETHER: i64 = 10 * 60_000_000;

/// What happened on one day.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Day {
    /// `Today`, `Yesterday`, else the date.
    pub(super) label: String,
    /// Newest first.
    pub(super) lines: Vec<Line>,
}

/// The days of these lines, which stand newest first.
pub(super) fn of(lines: Vec<Line>, zone: &Zone, now: Moment) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    let mut last = String::new();
    for line in lines {
        let date = zone.format(line.at, "%Y-%m-%d");
        if date != last || days.is_empty() {
            days.push(Day { label: label(line.at, zone, now), lines: Vec::new() });
            last = date;
        }
        if let Some(day) = days.last_mut() {
            add(&mut day.lines, line);
        }
    }
    days
}

/// Adds a line, or folds it into the one above.
fn add(lines: &mut Vec<Line>, line: Line) {
    let joins = |above: &Line| {
        above.autosave
            && line.autosave
            && above.by == line.by
            && line.named.is_none()
            && !line.is_live
            && above.at.micros() - line.at.micros() <= TOGETHER
    };
    match lines.last_mut() {
        Some(above) if joins(above) => {
            if !above.text.contains(&line.text) && line.text != "Nothing changed" {
                above.text = format!("{}; {}", line.text, above.text);
            }
            above.previous = line.previous;
            above.folded.push(line);
        }
        _ => lines.push(line),
    }
}

fn label(moment: Moment, zone: &Zone, now: Moment) -> String {
    let day = |moment| zone.format(moment, "%Y-%m-%d");
    let yesterday = Moment::from_micros(now.micros() - 24 * 60 * 60 * 1_000_000);
    if day(moment) == day(now) {
        "Today".into()
    } else if day(moment) == day(yesterday) {
        "Yesterday".into()
    } else if zone.format(moment, "%Y") == zone.format(now, "%Y") {
        zone.format(moment, "%A %-d %B")
    } else {
        zone.format(moment, "%A %-d %B %Y")
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, of};
    use crate::content::entry::RevisionId;
    use crate::content::moment::Moment;
    use crate::content::zone::Zone;

    const MINUTE: i64 = 60_000_000;

    fn line(minute: i64, by: &str, autosave: bool) -> Line {
        Line {
            kind: "autosave",
            word: "Saved",
            text: format!("Field {minute}"),
            detail: String::new(),
            by: by.into(),
            at: Moment::from_micros(minute * MINUTE),
            time: String::new(),
            rev: Some(RevisionId(minute)),
            previous: Some(RevisionId(minute - 1)),
            named: None,
            is_live: false,
            is_newest: false,
            folded: Vec::new(),
            autosave,
        }
    }

    #[test]
    fn autosaves_of_one_person_within_ten_minutes_are_one_line() {
        let lines = vec![
            line(100, "Ann", true),
            line(95, "Ann", true),
            line(91, "Ann", true),
            line(85, "Ann", true),
            line(84, "Bo", true),
            line(83, "Bo", false),
        ];
        let days = of(lines, &Zone::named("UTC"), Moment::from_micros(100 * MINUTE));
        let told: Vec<(i64, usize)> =
            days[0].lines.iter().map(|line| (line.at.micros() / MINUTE, line.folded.len())).collect();
        assert_eq!(told, [(100, 2), (85, 0), (84, 0), (83, 0)]);
        assert_eq!(days[0].lines[0].previous, Some(RevisionId(90)), "it is compared with what was before all of them");
        assert_eq!(days[0].label, "Today");
    }
}
