//! Since when and until when a certificate is valid (RFC 5280, 4.1.2.5).

use yasna::models::{GeneralizedTime, UTCTime};
use yasna::{ASN1Result, decode_der, parse_der};

use crate::content::moment::Moment;

/// What tells that a certificate says its version, which stands before all else: `[0]`, constructed.
const VERSION: u8 = 0xa0;
/// What a time that names its century begins with.
const GENERALIZED: u8 = 0x18;

/// A span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) from: Moment,
    pub(super) until: Moment,
}

/// That of a certificate, in DER; `None` when it is none.
pub(super) fn validity(certificate: &[u8]) -> Option<Validity> {
    let signed = elements(elements(certificate).ok()?.first()?).ok()?;
    // The version, if it is said; then serial number, algorithm, issuer.
    let before = if signed.first()?.first() == Some(&VERSION) { 4 } else { 3 };
    let times = elements(signed.get(before)?).ok()?;
    Some(Validity { from: moment(times.first()?).ok()?, until: moment(times.get(1)?).ok()? })
}

/// What a sequence is made of.
fn elements(der: &[u8]) -> ASN1Result<Vec<Vec<u8>>> {
    parse_der(der, |reader| reader.collect_sequence_of(|reader| reader.read_der()))
}

fn moment(der: &[u8]) -> ASN1Result<Moment> {
    let seconds = if der.first() == Some(&GENERALIZED) {
        decode_der::<GeneralizedTime>(der)?.datetime().unix_timestamp()
    } else {
        decode_der::<UTCTime>(der)?.datetime().unix_timestamp()
    };
    Ok(Moment::from_micros(seconds.saturating_mul(1_000_000)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::validity;
    use crate::content::moment::Moment;

    fn certificate(until: i32) -> Vec<u8> {
        let mut parts = CertificateParams::new(["a.example".to_owned()]).expect("a name");
        (parts.not_before, parts.not_after) = (date_time_ymd(2026, 11, 30), date_time_ymd(until, 3, 1));
        let key = KeyPair::generate().expect("a key");
        parts.self_signed(&key).expect("a certificate").der().to_vec()
    }

    #[test]
    fn both_ways_to_write_a_time_are_read() {
        for (year, until) in [(2027, "2027-03-01"), (2061, "2061-03-01")] {
            let read = validity(&certificate(year)).expect("its validity");
            assert_eq!((Some(read.from), Some(read.until)), (Moment::parse("2026-11-30"), Moment::parse(until)));
        }
    }

    proptest! {
        #[test]
        fn what_is_no_certificate_has_none(mut bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0..300_usize) {
            prop_assert_eq!(validity(&bytes), None);
            let whole = certificate(2027);
            bytes.splice(0..0, whole[..cut.min(whole.len() - 1)].iter().copied());
            let _ = validity(&bytes);
        }
    }
}
