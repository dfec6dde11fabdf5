//! Signatures of addresses: whoever knows the site's key vouches for what an address asks to be done to a picture.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::task::Tasks;
use crate::content::picture_sizes::Key;

/// The signature of tasks done to a picture, as it stands behind `s=` in addresses: 43 letters, digits, `-` and `_`. How
/// the tasks are spelled makes no difference.
pub fn sign(key: &Key, id: &str, tasks: &Tasks) -> String {
    URL_SAFE_NO_PAD.encode(mac(key, id, tasks).finalize().into_bytes())
}

/// Whether a signature is the one of these tasks. Takes as long for a wrong one as for another.
pub fn is_signed(key: &Key, id: &str, tasks: &Tasks, signature: &str) -> bool {
    let sent = URL_SAFE_NO_PAD.decode(signature);
    sent.is_ok_and(|sent| mac(key, id, tasks).verify_slice(&sent).is_ok())
}

/// HMAC-SHA256 (RFC 2104) of the id, which has no line break in it, and the tasks in their one spelling.
fn mac(key: &Key, id: &str, tasks: &Tasks) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new(key.into());
    mac.update(format!("{id}\n{tasks}").as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::{is_signed, sign};
    use crate::media::task::Tasks;

    #[test]
    fn a_signature_holds_for_one_picture_one_key_and_one_meaning() {
        let tasks = Tasks::asked("resize=width:321,fit:clip").expect("tasks");
        let signed = sign(&[1; 64], "a1", &tasks);
        assert_eq!(signed.len(), 43);
        assert!(is_signed(&[1; 64], "a1", &tasks, &signed));
        assert!(is_signed(&[1; 64], "a1", &Tasks::asked("resize=fit:clip,width:321").expect("tasks"), &signed));
        assert!(!is_signed(&[2; 64], "a1", &tasks, &signed));
        assert!(!is_signed(&[1; 64], "a2", &tasks, &signed));
        assert!(!is_signed(&[1; 64], "a1", &Tasks::asked("resize=width:322").expect("tasks"), &signed));
        for wrong in ["", "=", &signed[..42], &format!("{signed}A"), "ä"] {
            assert!(!is_signed(&[1; 64], "a1", &tasks, wrong), "{wrong}");
        }
    }
}
