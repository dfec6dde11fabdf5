//! Where a webhook listens.

use url::{Host, Url};

/// The longest address, in characters.
pub const ADDRESS_LENGTH: usize = 2_000;

/// An address that can be posted to, as it is written: receivers compare it.
///
/// # Errors
/// A sentence for people.
pub fn address(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() > ADDRESS_LENGTH {
        return Err(format!("An address has at most {ADDRESS_LENGTH} characters."));
    }
    let read = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = read.ok_or("Type the whole address, with https:// or http:// in front.")?;
    if !matches!(url.host(), Some(Host::Domain(name)) if !name.trim_matches('.').is_empty())
        && !matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_)))
    {
        return Err("The address names no server.".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "Take the user name and password out of the address and send them in a header: Authorization.".into()
        );
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_what_can_be_posted_to_is_an_address() {
        assert_eq!(address(" https://a.example/hook?x=1 ").as_deref(), Ok("https://a.example/hook?x=1"));
        assert!(address("http://[::1]:8080/").is_ok());
        for wrong in ["", "a.example/hook", "ftp://a.example/", "https://", "https://a:b@c.example/", "mailto:a@b"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
        assert!(address(&format!("https://a.example/{}", "x".repeat(2_000))).is_err());
    }
}
