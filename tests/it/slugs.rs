//! Slugs: whatever people type, what comes out is one or a sentence.

use larder::content::slug::{MAX_LENGTH, Slug};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_never_changes_a_slug(text in ".{0,120}") {
        if let Ok(slug) = Slug::parse(&text) {
            prop_assert_eq!(slug.as_str(), &text);
            prop_assert!(!text.is_empty() && text.chars().count() <= MAX_LENGTH);
            prop_assert!(!text.contains(['/', '\\', '?', '#', '%', ' ', '\0', ':']));
        }
    }

    #[test]
    fn any_text_gives_a_slug_that_stays_itself(text in any::<String>()) {
        let slug = Slug::from_text(&text);
        prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug.clone()));
        prop_assert_eq!(Slug::from_text(slug.as_str()), slug);
    }
}
