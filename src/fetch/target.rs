//! Whom an address means: scheme, server, port and line, read as browsers read them.

use std::net::IpAddr;

use http::{HeaderValue, Uri};
use url::{Host, Url};

use super::error::Error;

/// The longest address.
const LONGEST: usize = 4_096;
/// The first port above those that belong to the system's own services.
const OPEN: u16 = 1_024;
/// Open ports that belong to other services all the same; browsers do not ask them either.
const OTHERS: &[u16] = &[
    1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669,
    6679, 6697, 9200, 10080, 11211, 27017,
];

/// An address that may be asked once its server's addresses are judged.
#[derive(Clone, Debug)]
pub(super) struct Target {
    url: Url,
    host: String,
    port: u16,
}

impl Target {
    /// Reads an address. Numbers for a host, in whatever base, are the IPv4 address they mean.
    pub(super) fn parse(address: &str) -> Result<Self, Error> {
        let address = address.trim();
        let parsed = (address.len() <= LONGEST).then(|| Url::parse(address).ok()).flatten();
        Self::of(parsed.ok_or_else(|| no_address(address))?)?.at_usual_port()
    }

    /// An address that the operator has named: any port will do.
    pub(super) fn named(address: &str) -> Result<Self, Error> {
        Self::of(Url::parse(address).map_err(|_| no_address(address))?)
    }

    fn of(mut url: Url) -> Result<Self, Error> {
        if !matches!(url.scheme(), "http" | "https") || url.as_str().len() > LONGEST {
            return Err(no_address(url.as_str()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::Credentials);
        }
        url.set_fragment(None);
        let host = match url.host() {
            Some(Host::Domain(name)) if !name.trim_matches('.').is_empty() => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            _ => return Err(no_address(url.as_str())),
        };
        let port = url.port_or_known_default().unwrap_or(0);
        Ok(Self { url, host, port })
    }

    fn at_usual_port(self) -> Result<Self, Error> {
        let usual = matches!(self.port, 80 | 443) || (self.port >= OPEN && !OTHERS.contains(&self.port));
        if usual { Ok(self) } else { Err(Error::Port(self.port)) }
    }

    /// Where a redirect leads.
    pub(super) fn redirected(&self, location: &str) -> Result<Self, Error> {
        let next = self.url.join(location).map_err(|_| no_address(location))?;
        if self.is_safe() && next.scheme() == "http" {
            return Err(Error::Downgraded(self.host.clone()));
        }
        Self::of(next)?.at_usual_port()
    }

    /// Whether it is asked through TLS.
    pub(super) fn is_safe(&self) -> bool {
        self.url.scheme() == "https"
    }

    pub(super) fn is_same_server(&self, other: &Self) -> bool {
        self.url.origin() == other.url.origin()
    }

    /// The server's name or address.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The address itself, when it is no name.
    pub(super) fn literal(&self) -> Option<IpAddr> {
        match self.url.host()? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        }
    }

    /// All of it, as it is shown.
    pub(super) fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Path and query.
    pub(super) fn line(&self) -> Result<Uri, Error> {
        self.url[url::Position::BeforePath..].parse().map_err(|_| no_address(self.as_str()))
    }

    pub(super) fn host_header(&self) -> Result<HeaderValue, Error> {
        let text = &self.url[url::Position::BeforeHost..url::Position::AfterPort];
        HeaderValue::from_str(text).map_err(|_| no_address(self.as_str()))
    }
}

fn no_address(text: &str) -> Error {
    Error::NoAddress(text.chars().take(200).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Target;
    use crate::fetch::Error;
    use crate::fetch::network::is_public;

    #[test]
    fn every_way_to_write_a_loopback_address_means_it() {
        for address in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:7f00:1]/",
            "http://127.0.0.1./",
            "http://１２７.0.0.1/",
            "http:\\\\127.0.0.1\\",
            "http://0/",
        ] {
            let target = Target::parse(address).expect("an address");
            assert!(target.literal().is_some_and(|address| !is_public(address)), "{address}");
        }
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        for address in ["", "x", "/media/x", "ftp://a.example/", "file:///etc/passwd", "http://", "data:text/plain,x"] {
            assert!(matches!(Target::parse(address), Err(Error::NoAddress(_))), "{address}");
        }
        assert!(matches!(Target::parse("http://a:b@c.example/"), Err(Error::Credentials)));
        assert!(matches!(Target::parse("http://a@c.example/"), Err(Error::Credentials)));
        for port in [0, 22, 25, 81, 6379, 6667] {
            assert_eq!(Target::parse(&format!("http://a.example:{port}/")).err(), Some(Error::Port(port)));
        }
        assert!(Target::parse("https://a.example:8443/x?y#z").is_ok_and(|target| target.as_str().ends_with("/x?y")));
    }

    #[test]
    fn redirects_stay_safe() {
        let target = Target::parse("https://a.example/x/y").expect("an address");
        assert_eq!(target.redirected("../z").expect("relative").as_str(), "https://a.example/z");
        assert!(matches!(target.redirected("http://a.example/"), Err(Error::Downgraded(_))));
        assert!(matches!(target.redirected("file:///etc/passwd"), Err(Error::NoAddress(_))));
    }

    proptest! {
        #[test]
        fn any_text_is_an_address_or_refused(text in ".{0,80}", host in "[a-z0-9.:\\[\\]@%]{0,30}") {
            for text in [text, format!("http://{host}/x")] {
                if let Ok(target) = Target::parse(&text) {
                    prop_assert!(target.line().is_ok() && target.host_header().is_ok(), "{text}");
                }
            }
        }
    }
}
