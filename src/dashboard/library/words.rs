//! How sizes and types of files are said.

/// "1600 × 1067"; nothing for what has no pixels.
pub(super) fn measures(width: Option<u32>, height: Option<u32>) -> String {
    width.zip(height).map(|(width, height)| format!("{width} × {height}")).unwrap_or_default()
}

/// "86 KB", "2.1 MB": as people count, in thousands.
pub(super) fn weight(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
    let of = |unit: u64| bytes as f64 / unit as f64;
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..999_500 => format!("{:.0} KB", of(1_000)),
        999_500..999_950_000 => format!("{:.1} MB", of(1_000_000)),
        _ => format!("{:.1} GB", of(1_000_000_000)),
    }
}

/// "JPEG", "PDF", "Word": what people call a type; else the ending of the name.
pub(super) fn kind(media_type: &str, name: &str) -> String {
    let known = match media_type {
        "image/jpeg" => "JPEG",
        "image/png" => "PNG",
        "image/webp" => "WebP",
        "image/avif" => "AVIF",
        "image/gif" => "GIF",
        "image/svg+xml" => "SVG",
        "application/pdf" => "PDF",
        "video/mp4" => "MP4 film",
        "video/webm" => "WebM film",
        "audio/mpeg" => "MP3 sound",
        "audio/wav" | "audio/x-wav" => "WAV sound",
        "text/plain" => "Text",
        "text/csv" => "CSV",
        "application/zip" => "ZIP",
        _ => "",
    };
    if !known.is_empty() {
        return known.into();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| (1..=5).contains(&ending.len()));
    ending.map_or_else(|| media_type.to_owned(), str::to_uppercase)
}

/// "1 file", "2,306 files".
pub(super) fn files(count: u64) -> String {
    format!("{} {}", grouped(count), if count == 1 { "file" } else { "files" })
}

/// "1 place", "4 places".
pub(super) fn places(count: u64) -> String {
    format!("{} {}", grouped(count), if count == 1 { "place" } else { "places" })
}

/// A number with its thousands apart.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{files, grouped, kind, measures, weight};

    #[test]
    fn sizes_are_said_as_people_say_them() {
        assert_eq!(weight(0), "0 bytes");
        assert_eq!(weight(86_254), "86 KB");
        assert_eq!(weight(999_600), "1.0 MB");
        assert_eq!(weight(2_140_000), "2.1 MB");
        assert_eq!(weight(3_200_000_000), "3.2 GB");
        assert_eq!(measures(Some(1600), Some(1067)), "1600 × 1067");
        assert_eq!(measures(Some(1600), None), "");
        assert_eq!((grouped(12), grouped(1_234_567), files(1)), ("12".into(), "1,234,567".into(), "1 file".into()));
    }

    #[test]
    fn types_have_names() {
        assert_eq!(kind("image/jpeg", "a.png"), "JPEG");
        assert_eq!(kind("application/vnd.ms-excel", "Prices.xls"), "XLS");
        assert_eq!(kind("application/octet-stream", "noending"), "application/octet-stream");
    }
}
