//! `Range` headers: one range of bytes. Several are answered with the whole file, which is allowed.

/// Bytes of a file, the last one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) struct Range {
    /// The first byte.
    pub(in crate::api) start: u64,
    /// The last byte.
    pub(in crate::api) end: u64,
}

impl Range {
    /// How many bytes these are.
    pub(in crate::api) fn length(self) -> u64 {
        self.end - self.start + 1
    }
}

/// What a request wants of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Everything.
    All,
    /// A part.
    Part(Range),
    /// A part that there is not.
    Outside,
}

/// Reads a `Range` header; one that cannot be understood does not count.
pub(super) fn wanted(header: Option<&str>, length: u64) -> Wanted {
    let Some(text) = header.and_then(|text| text.trim().strip_prefix("bytes=")) else { return Wanted::All };
    let Some((first, last)) = text.split_once('-').filter(|_| !text.contains(',')) else { return Wanted::All };
    let (first, last) = (first.trim(), last.trim());
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(start), Ok(end)) if start > end => return Wanted::All,
        (Ok(start), Ok(end)) => (start < length).then(|| Range { start, end: end.min(length - 1) }),
        (Ok(start), Err(_)) if last.is_empty() => (start < length).then(|| Range { start, end: length - 1 }),
        (Err(_), Ok(suffix)) if first.is_empty() => {
            (suffix > 0 && length > 0).then(|| Range { start: length.saturating_sub(suffix), end: length - 1 })
        }
        _ => return Wanted::All,
    };
    range.map_or(Wanted::Outside, Wanted::Part)
}

#[cfg(test)]
mod tests {
    use super::{Range, Wanted, wanted};

    #[test]
    fn one_range_is_understood() {
        let part = |start, end| Wanted::Part(Range { start, end });
        for (header, expected) in [
            ("bytes=0-0", part(0, 0)),
            ("bytes=2-5", part(2, 5)),
            ("bytes=2-", part(2, 9)),
            ("bytes=-3", part(7, 9)),
            ("bytes=-30", part(0, 9)),
            ("bytes=5-99", part(5, 9)),
            ("bytes=10-", Wanted::Outside),
            ("bytes=-0", Wanted::Outside),
            ("bytes=5-2", Wanted::All),
            ("bytes=0-1,3-4", Wanted::All),
            ("bytes=x-", Wanted::All),
            ("bytes=-", Wanted::All),
            ("items=0-1", Wanted::All),
        ] {
            assert_eq!(wanted(Some(header), 10), expected, "{header}");
        }
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Outside);
        assert_eq!(wanted(None, 10), Wanted::All);
    }
}
