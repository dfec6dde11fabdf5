//! The name of a site, for which a certificate can be had.

use std::fmt;
use std::str::FromStr;

use url::Host;

/// A full name of a server in the internet, in ASCII and small letters: `cms.example.com`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Domain(String);

impl Domain {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Domain {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("*.") {
            return Err(format!(
                "{text} stands for many names: authorities give such certificates only to who can change \
                the name's zone. Give each name, or files with --tls-cert and --tls-key"
            ));
        }
        match Host::parse(text) {
            Ok(Host::Domain(name)) if name.contains('.') && !name.ends_with('.') => Ok(Self(name)),
            Ok(Host::Ipv4(_) | Host::Ipv6(_)) => Err(format!("{text} is an address; certificates are asked for names")),
            _ => Err(format!("\"{text}\" is no full name of a server, such as cms.example.com")),
        }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Domain;

    #[test]
    fn a_name_is_full_and_in_ascii() {
        let parsed = |text: &str| text.parse::<Domain>().map(|domain| domain.0);
        assert_eq!(parsed("CMS.Example.com"), Ok("cms.example.com".into()));
        assert_eq!(parsed("m\u{fc}hle.example"), Ok("xn--mhle-0ra.example".into()));
        for wrong in ["", "localhost", "*.example.com", "127.0.0.1", "[::1]", "a b.example", "example.com."] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }
}
