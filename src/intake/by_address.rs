//! Files from other servers, by address.

use http::StatusCode;
use percent_encoding::percent_decode_str;

use super::{About, Error, Intake, Sender, Taken};
use crate::fetch::{Answer, Request};

impl Intake {
    /// Takes what lies at another server's address.
    ///
    /// # Errors
    /// Why it was not taken, in a sentence for people; nothing is left of it then.
    pub async fn from_address(&self, address: &str, alt: &str, sender: &Sender) -> Result<Taken, Error> {
        let _asked = self.asking.acquire().await.map_err(|_| Error::Undone(crate::work::Undone::Busy))?;
        let mut answer = self.fetch.send(Request::get(address), self.limits).await?;
        usable(&answer)?;
        let about = About::new(&name_of(answer.address()), alt);
        let held = self.hold(&mut answer).await?;
        self.keep(held, about, sender, None).await
    }
}

/// Whether an answer is a file. What kind of file is told by its bytes; a page is refused before they are read.
fn usable(answer: &Answer) -> Result<(), Error> {
    match answer.status() {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            return Err(Error::Unusable("There is nothing at this address. Check it.".into()));
        }
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            return Err(Error::NotNow(status.as_u16()));
        }
        status => {
            return Err(Error::Unusable(format!(
                "The server at this address does not hand the file out (it answered {}).",
                status.as_u16()
            )));
        }
    }
    match answer.kind().as_deref() {
        Some("text/html" | "application/xhtml+xml") => Err(Error::Unusable(
            "This is the address of a page, not of a picture or file. Open the picture itself and use its address."
                .into(),
        )),
        _ => Ok(()),
    }
}

/// What a file is called by its address: the last part of the path.
fn name_of(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let last = path.split_once('/').and_then(|(_, path)| path.rsplit('/').find(|part| !part.is_empty()));
    let last = percent_decode_str(last.unwrap_or_default()).decode_utf8_lossy();
    last.chars().filter(|c| !c.is_control() && *c != '/').collect()
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn files_are_called_by_the_end_of_their_address() {
        for (address, name) in [
            ("https://a.example/x/My%20jar.jpg?w=3#y", "My jar.jpg"),
            ("https://a.example/x/", "x"),
            ("https://a.example/", ""),
            ("https://a.example", ""),
            ("https://a.example/..%2f..%2fetc%2fpasswd", "....etcpasswd"),
        ] {
            assert_eq!(name_of(address), name);
        }
    }
}
