//! Addresses in attributes: which run code, and which may be shown in a frame.

/// Schemes whose addresses are code, or a page of their own.
const CODE: &[&str] = &["javascript", "vbscript", "livescript", "data", "mocha", "jscript"];

/// Whether following or loading an address runs what stands in it. Browsers ignore control characters and
/// spaces before it, and tabs and line ends anywhere.
pub(super) fn runs_code(address: &str) -> bool {
    let address = address.trim_start_matches(|c: char| c <= ' ');
    let mut scheme = String::new();
    for c in address.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')) {
        match c {
            ':' => return CODE.contains(&scheme.as_str()),
            c if c.is_ascii_alphanumeric() || "+-.".contains(c) => scheme.push(c.to_ascii_lowercase()),
            _ => return false,
        }
    }
    false
}

/// Whether one of several addresses does.
pub(super) fn runs_code_in_list(addresses: &str) -> bool {
    addresses.split([' ', ',', ';', '\n', '\t', '\r', '\u{c}']).any(runs_code) || runs_code(addresses)
}

/// Whether a frame may show an address: one on a host in the list, or below it.
pub(super) fn is_embeddable(address: &str, hosts: &[String]) -> bool {
    let address = address.trim_matches(|c: char| c <= ' ').to_ascii_lowercase();
    let rest = address.strip_prefix("https:").or_else(|| address.strip_prefix("http:")).unwrap_or(&address);
    let Some(rest) = rest.strip_prefix("//") else { return false };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = &rest[..end];
    // Names and ports only: with a user name, a backslash or a line end, readers may see different hosts.
    if address.contains('\\') || !authority.chars().all(|c| c.is_ascii_alphanumeric() || "-.:".contains(c)) {
        return false;
    }
    let host = authority.split(':').next().unwrap_or_default();
    hosts
        .iter()
        .any(|allowed| host == allowed || host.strip_suffix(allowed.as_str()).is_some_and(|below| below.ends_with('.')))
}
