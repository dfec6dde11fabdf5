//! What a store says when it refuses.

use roxmltree::Document;

/// The code and the sentence in a refusal (`<Error><Code>..</Code><Message>..</Message></Error>`); empty when it holds
/// none.
pub(super) fn said(text: &str) -> String {
    let Ok(document) = Document::parse(text) else { return String::new() };
    let child = |name: &str| {
        let mut children = document.root_element().children();
        children.find(|child| child.has_tag_name(name)).and_then(|child| child.text()).unwrap_or_default().to_owned()
    };
    let (code, message) = (child("Code"), child("Message"));
    match (code.is_empty(), message.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!(": {code}"),
        (true, false) => format!(": {message}"),
        (false, false) => format!(": {code}, {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn a_refusal_is_told_in_the_stores_words() {
        let text = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>";
        assert_eq!(said(text), ": AccessDenied, Access Denied.");
        assert_eq!(said("<html>"), "");
    }
}
