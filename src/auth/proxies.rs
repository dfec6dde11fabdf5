//! Who asks, when a proxy asks for others: what it says about them is believed if it is one of ours, and of nobody else.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use http::header::{FORWARDED, HOST, VIA};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use crate::fetch::Network;

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const SAID_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Its address.
    pub address: SocketAddr,
    /// Whether nobody on the way reads along.
    pub secure: bool,
}

/// The proxies that are believed.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Arc<[Network]>);

/// What proxies say of a request.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    client: Option<IpAddr>,
    scheme: Option<String>,
    host: Option<String>,
}

impl Proxies {
    /// Those in these networks.
    pub fn new(networks: Vec<Network>) -> Self {
        Self(networks.into())
    }

    /// Whether one is at an address.
    pub fn are_at(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }

    /// Makes the headers of a request say what is true, so that whoever reads them can believe them: `Host` is the server
    /// that was asked, and `X-Forwarded-Proto: https` stands there exactly when the way to the client is secure. Returns
    /// the client's address.
    pub fn settle(&self, peer: Peer, uri: &Uri, headers: &mut HeaderMap) -> SocketAddr {
        let said = if self.are_at(peer.address.ip()) { self.said(headers) } else { Said::default() };
        for name in [FOR, PROTO, SAID_HOST, FORWARDED] {
            headers.remove(name);
        }
        let secure = said.scheme.map_or(peer.secure, |scheme| scheme.eq_ignore_ascii_case("https"));
        if secure {
            headers.insert(PROTO, const { HeaderValue::from_static("https") });
        }
        // HTTP/2 asks for a server in the address and not in a header.
        let asked = uri.authority().filter(|_| !headers.contains_key(HOST)).map(ToString::to_string);
        if let Some(host) = said.host.or(asked).and_then(|host| HeaderValue::try_from(host).ok()) {
            headers.insert(HOST, host);
        }
        said.client.map_or(peer.address, |client| SocketAddr::new(client, 0))
    }

    /// Whether headers say that a proxy, ours or not, passes a request on.
    pub fn pass_on(headers: &HeaderMap) -> bool {
        [FOR, PROTO, SAID_HOST, FORWARDED, VIA].iter().any(|name| headers.contains_key(name))
    }

    /// What the headers say that proxies of ours have set. Where both kinds name a client and not the same, one of them came
    /// from the client itself and was passed on: neither is believed.
    fn said(&self, headers: &HeaderMap) -> Said {
        let (plain, standard) = (self.in_x_headers(headers), self.in_forwarded(headers));
        match (plain.client, standard.client) {
            (Some(one), Some(other)) if one != other => Said::default(),
            (None, Some(_)) => standard,
            _ => plain,
        }
    }

    fn in_x_headers(&self, headers: &HeaderMap) -> Said {
        let last = |name: HeaderName| list(headers, &name).pop().map(str::to_owned).filter(|text| !text.is_empty());
        let chain = list(headers, &FOR);
        let place = self.place_of_client(&chain, address);
        let client = place.and_then(|place| address(chain[place]));
        Said { client, scheme: last(PROTO), host: last(SAID_HOST) }
    }

    /// RFC 7239.
    fn in_forwarded(&self, headers: &HeaderMap) -> Said {
        let chain = list(headers, &FORWARDED);
        let named = |element: &str| part(element, "for").and_then(|text| address(&text));
        let Some(place) = self.place_of_client(&chain, named) else { return Said::default() };
        let element = chain[place];
        Said { client: named(element), scheme: part(element, "proto"), host: part(element, "host") }
    }

    /// Where in a chain the client stands: each proxy writes behind what it got, so it is looked at from the end, as far as
    /// those are proxies of ours. What is no address tells nothing, and nothing before it does.
    fn place_of_client(&self, chain: &[&str], address: impl Fn(&str) -> Option<IpAddr>) -> Option<usize> {
        let mut client = None;
        for (place, text) in chain.iter().enumerate().rev() {
            let Some(address) = address(text) else { break };
            client = Some(place);
            if !self.are_at(address) {
                break;
            }
        }
        client
    }
}

/// Whether nobody reads along between the client and the server, in headers that were settled.
pub fn is_secure(headers: &HeaderMap) -> bool {
    headers.contains_key(PROTO)
}

/// The parts of a header that may be given more than once, with commas between. Commas in quotes do not count.
fn list<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Vec<&'h str> {
    let mut parts = Vec::new();
    for value in headers.get_all(name).iter().filter_map(|value| value.to_str().ok()) {
        let mut quoted = false;
        let split = value.split(|letter| {
            quoted ^= letter == '"';
            letter == ',' && !quoted
        });
        parts.extend(split.map(str::trim));
    }
    parts
}

/// A part of an element of `Forwarded`, without its quotes.
fn part(element: &str, wanted: &str) -> Option<String> {
    let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
    let value = value.trim().trim_matches('"');
    (!value.is_empty()).then(|| value.to_owned())
}

/// An address, with or without a port: `192.0.2.1`, `192.0.2.1:47011`, `2001:db8::1`, `[2001:db8::1]:47011`.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let plain = text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    let plain = plain.or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok());
    plain.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue, Uri};
    use proptest::prelude::*;

    use super::{Peer, Proxies, is_secure};

    /// What is made of headers that come from an address: the client, whether its way is secure, and the server it asked for.
    fn settled(from: &str, headers: &[(&str, &str)]) -> (String, bool, String) {
        let proxies = Proxies::new(vec!["10.0.0.0/8".parse().expect("a network"), "::1".parse().expect("one")]);
        let mut map = HeaderMap::new();
        map.append("host", HeaderValue::from_static("inner"));
        for (name, value) in headers {
            let name = HeaderName::try_from(*name).expect("a name");
            map.append(name, HeaderValue::try_from(*value).expect("a value"));
        }
        let peer = Peer { address: format!("{from}:99").parse().expect("an address"), secure: false };
        let client = proxies.settle(peer, &Uri::from_static("/"), &mut map);
        let host = map["host"].to_str().expect("text").to_owned();
        (client.ip().to_string(), is_secure(&map), host)
    }

    fn is(client: &str, secure: bool, host: &str) -> (String, bool, String) {
        (client.into(), secure, host.into())
    }

    #[test]
    fn strangers_are_not_believed() {
        let said = [
            ("x-forwarded-for", "192.0.2.1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "evil.example"),
            ("forwarded", "for=192.0.2.1;proto=https;host=evil.example"),
        ];
        assert_eq!(settled("203.0.113.9", &said), is("203.0.113.9", false, "inner"));
    }

    #[test]
    fn a_proxy_is_believed_about_whom_it_asks_for() {
        let said =
            [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "a.example")];
        assert_eq!(settled("10.1.2.3", &said), is("192.0.2.1", true, "a.example"));
        let standard = [("forwarded", "for=\"[2001:db8::1]:4711\";Proto=https;host=\"a.example:8443\"")];
        assert_eq!(settled("[::1]", &standard), is("2001:db8::1", true, "a.example:8443"));
        assert_eq!(settled("10.1.2.3", &[("x-forwarded-proto", "http")]), is("10.1.2.3", false, "inner"));
    }

    #[test]
    fn of_a_chain_the_last_stranger_is_the_client() {
        let chain = "198.51.100.1, 192.0.2.1, 10.9.9.9";
        assert_eq!(settled("10.1.2.3", &[("x-forwarded-for", chain)]).0, "192.0.2.1");
        let twice = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "192.0.2.1,10.9.9.9")];
        assert_eq!(settled("10.1.2.3", &twice).0, "192.0.2.1");
        assert_eq!(settled("10.1.2.3", &[("x-forwarded-for", "198.51.100.1, unknown, 10.9.9.9")]).0, "10.9.9.9");
        assert_eq!(settled("10.1.2.3", &[("x-forwarded-for", "10.9.9.9, 10.8.8.8")]).0, "10.9.9.9");
        let chain = "for=198.51.100.1;proto=https, for=192.0.2.1;proto=http, for=10.9.9.9;proto=https";
        assert_eq!(settled("10.1.2.3", &[("forwarded", chain)]), is("192.0.2.1", false, "inner"));
    }

    #[test]
    fn where_both_kinds_disagree_neither_is_believed() {
        let said = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=198.51.100.1;proto=https;host=evil.example")];
        assert_eq!(settled("10.1.2.3", &said), is("10.1.2.3", false, "inner"));
        let said = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1;proto=https")];
        assert_eq!(settled("10.1.2.3", &said).0, "192.0.2.1");
    }

    proptest! {
        #[test]
        fn nothing_in_them_is_worse_than_nothing(text in "[ -~]{0,80}") {
            let said = [("x-forwarded-for", text.as_str()), ("forwarded", &text), ("x-forwarded-host", &text)];
            settled("10.1.2.3", &said);
            prop_assert_eq!(settled("203.0.113.9", &said), is("203.0.113.9", false, "inner"));
        }
    }
}
