//! Which files of a replica lead to a state: the newest whole database before it, then as few as possible.

use super::error::Error;
use super::place::{LEVELS, Level, Part, Place, Span};
use crate::content::moment::Moment;

/// Up to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The newest state.
    Latest,
    /// The state with this number.
    Transaction(u64),
    /// The newest state that was sealed no later than this.
    Time(Moment),
}

/// A file of a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// On which level it lies.
    pub level: Level,
    /// What it is.
    pub part: Part,
}

impl Copied {
    /// What people find it by.
    pub(super) fn name(&self) -> String {
        format!("level {} {}", self.level.number(), self.part.span)
    }

    fn span(&self) -> Span {
        self.part.span
    }
}

/// All files of a replica.
///
/// # Errors
/// When the place cannot be asked.
pub fn all(place: &Place) -> Result<Vec<Copied>, Error> {
    let mut files = Vec::new();
    for level in LEVELS {
        files.extend(place.list(level)?.into_iter().map(|part| Copied { level, part }));
    }
    Ok(files)
}

/// The newest transaction of a replica; 0 when it is empty.
pub fn newest(files: &[Copied]) -> u64 {
    files.iter().map(|file| file.span().last).max().unwrap_or(0)
}

/// Chooses the files that lead to a state, in order.
///
/// # Errors
/// `Empty`, `Gap`, `NoBeginning`, `TooEarly` or `NoSuchState`.
pub fn plan(place: &str, files: &[Copied], until: Until) -> Result<Vec<Copied>, Error> {
    let place = || place.to_owned();
    if files.is_empty() {
        return Err(Error::Empty(place()));
    }
    let wanted: Vec<Copied> = files.iter().copied().filter(|file| until.reaches(file.part)).collect();
    let Some(first) = wanted.iter().filter(|file| file.span().is_whole()).max_by_key(|file| file.span().last) else {
        let oldest = files.iter().filter(|file| file.span().is_whole()).min_by_key(|file| file.part.time);
        return Err(match (oldest, until) {
            (Some(oldest), Until::Time(asked)) => Error::TooEarly { place: place(), asked, oldest: oldest.part.time },
            (Some(oldest), Until::Transaction(asked)) => {
                Error::NoSuchState { place: place(), asked, nearest: oldest.span().last }
            }
            _ => Error::NoBeginning { place: place() },
        });
    };
    let mut chosen = vec![*first];
    let mut reached = first.span().last;
    // The longest step from here; one that overlaps only says again what is known.
    while let Some(next) = wanted
        .iter()
        .filter(|file| file.span().first <= reached + 1 && file.span().last > reached)
        .max_by_key(|file| file.span().last)
    {
        chosen.push(*next);
        reached = next.span().last;
    }
    if let Some(behind) = wanted.iter().filter(|file| file.span().last > reached).min_by_key(|file| file.span().first) {
        return Err(Error::Gap { place: place(), after: reached, next: behind.name() });
    }
    match until {
        Until::Transaction(asked) if asked != reached => {
            Err(Error::NoSuchState { place: place(), asked, nearest: reached })
        }
        _ => Ok(chosen),
    }
}

impl Until {
    fn reaches(self, part: Part) -> bool {
        match self {
            Self::Latest => true,
            Self::Transaction(last) => part.span.last <= last,
            Self::Time(time) => part.time <= time,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Copied, Error, Level, Part, Span, Until, plan};
    use crate::content::moment::Moment;

    fn files(list: &[(u8, u64, u64)]) -> Vec<Copied> {
        let file = |(level, first, last): &(u8, u64, u64)| Copied {
            level: Level::of(*level).expect("a level"),
            part: Part {
                span: Span { first: *first, last: *last },
                size: 1,
                time: Moment::from_micros((*last * 10).cast_signed()),
            },
        };
        list.iter().map(file).collect()
    }

    fn spans(list: &[(u8, u64, u64)], until: Until) -> Result<Vec<(u64, u64)>, Error> {
        let planned = plan("there", &files(list), until)?;
        Ok(planned.iter().map(|file| (file.part.span.first, file.part.span.last)).collect())
    }

    #[test]
    fn the_newest_snapshot_and_then_the_longest_steps() {
        let list = [(9, 1, 4), (9, 1, 20), (1, 1, 10), (1, 11, 22), (0, 21, 21), (0, 22, 22), (0, 23, 23), (2, 1, 22)];
        assert_eq!(spans(&list, Until::Latest).expect("planned"), [(1, 22), (23, 23)]);
        let list = [(9, 1, 20), (1, 11, 22), (0, 21, 21), (0, 22, 22), (0, 23, 23)];
        assert_eq!(spans(&list, Until::Latest).expect("planned"), [(1, 20), (11, 22), (23, 23)]);
        assert_eq!(spans(&list, Until::Transaction(21)).expect("planned"), [(1, 20), (21, 21)]);
        let time = Until::Time(Moment::from_micros(229));
        assert_eq!(spans(&list, time).expect("planned"), [(1, 20), (11, 22)]);
    }

    #[test]
    fn what_is_missing_is_said() {
        assert!(matches!(spans(&[], Until::Latest), Err(Error::Empty(_))));
        assert!(matches!(spans(&[(0, 2, 2)], Until::Latest), Err(Error::NoBeginning { .. })));
        assert!(matches!(spans(&[(9, 1, 4), (0, 6, 6)], Until::Latest), Err(Error::Gap { after: 4, .. })));
        let early = Until::Time(Moment::from_micros(39));
        assert!(matches!(spans(&[(9, 1, 4)], early), Err(Error::TooEarly { .. })));
        let between = Until::Transaction(6);
        assert!(matches!(spans(&[(9, 1, 4), (1, 5, 9)], between), Err(Error::NoSuchState { nearest: 4, .. })));
    }
}
