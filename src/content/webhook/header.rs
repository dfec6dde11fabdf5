//! Headers that a webhook adds.

/// Those that the request sets itself.
const OWN: [&str; 14] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "proxy-authorization",
];
/// The longest name and the longest value, in characters.
const LONGEST: (usize, usize) = (100, 4_000);

/// Whether larder sets a header itself.
pub fn is_own(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    OWN.contains(&name.as_str()) || name.starts_with("webhook-")
}

/// Reads `Name: value`.
///
/// # Errors
/// A sentence for people.
pub fn header(line: &str) -> Result<(String, String), String> {
    let (name, value) = line.split_once(':').ok_or_else(|| format!("{line} is no header: write Name: value."))?;
    let (name, value) = (name.trim(), value.trim());
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || name.len() > LONGEST.0 || !name.bytes().all(is_token) {
        return Err(format!("{name} is no name of a header: write Name: value."));
    }
    if value.len() > LONGEST.1 || !value.bytes().all(|byte| byte == b'\t' || (0x20..0x7f).contains(&byte)) {
        return Err(format!("The value of {name} may hold {} plain characters at most, in one line.", LONGEST.1));
    }
    if is_own(name) {
        return Err(format!("{name} is set by larder: leave it out."));
    }
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn a_header_is_a_name_and_a_value_and_none_of_ours() {
        assert_eq!(header("Authorization: Bearer a:b "), Ok(("Authorization".into(), "Bearer a:b".into())));
        assert_eq!(header("X-Empty:"), Ok(("X-Empty".into(), String::new())));
        for wrong in ["Authorization", ": x", "A b: x", "X: a\nY: b", "X: \u{e4}", "Host: x", "Webhook-Id: 1"] {
            assert!(header(wrong).is_err(), "{wrong}");
        }
    }
}
