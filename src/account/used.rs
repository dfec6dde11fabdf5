//! When, and from where, a token was used last: noted by every request, without waiting and without the database.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use crate::content::moment::Moment;

/// The addresses around one: 256 of version 4, the /48 of one customer of version 6. Enough to see whose they are,
/// too little to follow a visitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AddressRange(u64);

/// Set in ranges of version 4; their 32 bits are below.
const V4: u64 = 1 << 62;
/// Set in ranges of version 6; their first 48 bits are below.
const V6: u64 = 1 << 63;

impl AddressRange {
    /// Of somebody whose address is not known.
    pub const UNKNOWN: Self = Self(0);

    /// The range of an address.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self(V4 | u64::from(v4.to_bits() & 0xffff_ff00)),
            IpAddr::V6(v6) => {
                let [a, b, c, ..] = v6.segments();
                Self(V6 | u64::from(a) << 32 | u64::from(b) << 16 | u64::from(c))
            }
        }
    }
}

impl fmt::Display for AddressRange {
    /// As networks are written: `203.0.113.0/24`. Empty when it is not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [_, _, high, middle, low, ..] = [0, 0, self.0 >> 32, self.0 >> 16, self.0].map(|part: u64| part as u16);
        if self.0 & V4 != 0 {
            write!(f, "{}/24", Ipv4Addr::from_bits(self.0 as u32))
        } else if self.0 & V6 != 0 {
            write!(f, "{}/48", Ipv6Addr::new(high, middle, low, 0, 0, 0, 0, 0))
        } else {
            Ok(())
        }
    }
}

/// The last use of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastUse {
    /// When.
    pub at: Moment,
    /// From which range of addresses, as networks are written.
    pub from: String,
}

/// Where requests leave word that they used a token. They only say so when nobody has since the last look, so that
/// processors do not fight over it; whoever keeps the time looks several times a second.
#[derive(Debug, Default)]
pub struct Used {
    since_look: AtomicBool,
    from: AtomicU64,
    /// In microseconds; 0 when it was not used since the process started.
    at: AtomicI64,
    /// The last use that is in the database.
    kept: AtomicI64,
}

impl Used {
    /// A request uses it now. Never waits. Where it is not known from where, what was known of that before stays.
    pub fn note(&self, from: AddressRange) {
        if from != AddressRange::UNKNOWN && self.from.load(Ordering::Relaxed) != from.0 {
            self.from.store(from.0, Ordering::Relaxed);
        }
        if !self.since_look.load(Ordering::Relaxed) {
            self.since_look.store(true, Ordering::Relaxed);
        }
    }

    /// Looks whether it was used since the last look.
    pub fn look(&self, now: Moment) {
        if self.since_look.swap(false, Ordering::Relaxed) {
            self.at.store(now.micros(), Ordering::Relaxed);
        }
    }

    /// Whether it was used since the process started.
    pub fn ever(&self) -> bool {
        self.at.load(Ordering::Relaxed) != 0 || self.since_look.load(Ordering::Relaxed)
    }

    /// The last use since the process started, as far as it was looked for.
    pub fn last(&self) -> Option<LastUse> {
        let at = Some(self.at.load(Ordering::Relaxed)).filter(|at| *at != 0)?;
        let from = AddressRange(self.from.load(Ordering::Relaxed)).to_string();
        Some(LastUse { at: Moment::from_micros(at), from })
    }

    /// The last use, when it is newer by `age` microseconds than the one in the database.
    pub fn to_keep(&self, age: i64) -> Option<LastUse> {
        let kept = self.kept.load(Ordering::Relaxed);
        self.last().filter(|last| last.at.micros() > kept && (kept == 0 || last.at.micros() - kept >= age))
    }

    /// The database has the use of this moment.
    pub fn is_kept(&self, at: Moment) {
        self.kept.store(at.micros(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressRange, Used};
    use crate::content::moment::Moment;

    fn range(address: &str) -> AddressRange {
        AddressRange::of(address.parse().expect("an address"))
    }

    #[test]
    fn a_range_is_written_as_a_network() {
        assert_eq!(range("203.0.113.77").to_string(), "203.0.113.0/24");
        assert_eq!(range("::ffff:203.0.113.77").to_string(), "203.0.113.0/24");
        assert_eq!(range("2001:db8:12:34::9").to_string(), "2001:db8:12::/48");
        assert_eq!(range("0.0.0.1").to_string(), "0.0.0.0/24");
        assert_eq!(AddressRange::UNKNOWN.to_string(), "");
    }

    #[test]
    fn a_use_is_known_at_once_and_dated_by_the_next_look() {
        let (used, at) = (Used::default(), Moment::from_micros);
        used.look(at(5));
        assert!(!used.ever() && used.last().is_none());
        used.note(range("203.0.113.77"));
        used.note(AddressRange::UNKNOWN);
        assert!(used.ever() && used.last().is_none());
        used.look(at(7));
        used.look(at(9));
        let last = used.last().expect("used");
        assert_eq!((last.at, last.from.as_str()), (at(7), "203.0.113.0/24"));
    }

    #[test]
    fn the_database_hears_of_it_once_in_a_while() {
        let (used, at) = (Used::default(), Moment::from_micros);
        let use_at = |micros| {
            used.note(range("203.0.113.77"));
            used.look(at(micros));
        };
        assert_eq!(used.to_keep(0), None);
        use_at(7);
        assert_eq!(used.to_keep(100).map(|last| last.at), Some(at(7)), "the first use waits");
        used.is_kept(at(7));
        assert_eq!(used.to_keep(0), None);
        use_at(106);
        assert_eq!(used.to_keep(100), None);
        use_at(107);
        assert_eq!(used.to_keep(100).map(|last| last.at), Some(at(107)));
    }
}
