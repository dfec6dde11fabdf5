//! Signing addresses of pictures, for sites that make known sizes only.

use crate::authoring::{Authoring, Error};
use crate::content::media::{MEDIA, media_id};
use crate::media::signature::sign;
use crate::media::task::Tasks;

/// The name of the signature in an address.
const NAME: &str = "s";

impl Authoring {
    /// An address of a picture of this site, with tasks, signed: whoever has it is answered, whatever its size. Whether
    /// there is such a picture makes no difference. What stands in front of `/media/` and other parts of the query stay.
    ///
    /// # Errors
    /// `Refused` for what is no address of a picture here or asks for what makes no sense; the database's.
    pub fn sign_picture(&self, address: &str) -> Result<String, Error> {
        let (whole, fragment) = address.split_at(address.find('#').unwrap_or(address.len()));
        let path = whole.find(MEDIA).map_or("", |place| &whole[place..]);
        let id = media_id(path).ok_or_else(|| {
            Error::Refused(format!(
                "`{address}` is no address of a picture: one is /media/resize=width:640/k3Jq9mZbT0aQp2Lx7RwU"
            ))
        })?;
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let asked = format!("{}?{query}", &path[MEDIA.len()..path.len() - id.len()]);
        let tasks = Tasks::asked(&asked).map_err(|bad| Error::Refused(bad.to_string()))?;
        let key = self.store.read(|read| Ok::<_, Error>(read.picture_key()?))?;
        let before = whole.split('?').next().unwrap_or_default();
        let mut pairs: Vec<&str> =
            query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(NAME)).collect();
        let signature = format!("{NAME}={}", sign(&key, id, &tasks));
        pairs.push(&signature);
        Ok(format!("{before}?{}{fragment}", pairs.join("&")))
    }
}
