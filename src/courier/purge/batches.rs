//! Cutting what shall be dropped into requests.

/// Pieces of at most `most` words that take at most `bytes` with one byte between two. A word that is longer by itself
/// stands alone.
pub(super) fn batches(words: &[String], most: usize, bytes: usize) -> Vec<&[String]> {
    let mut pieces = Vec::new();
    let (mut from, mut length) = (0, 0);
    for (place, word) in words.iter().enumerate() {
        let added = word.len() + usize::from(place > from);
        if place > from && (place - from >= most || length + added > bytes) {
            pieces.push(&words[from..place]);
            (from, length) = (place, word.len());
        } else {
            length += added;
        }
    }
    if from < words.len() {
        pieces.push(&words[from..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::batches;

    proptest! {
        #[test]
        fn nothing_is_left_out_and_nothing_too_long(
            words in proptest::collection::vec("[a-z]{1,12}", 0..60), most in 1usize..9, bytes in 12usize..40,
        ) {
            let pieces = batches(&words, most, bytes);
            prop_assert_eq!(pieces.concat(), words.clone());
            for piece in pieces {
                prop_assert!(!piece.is_empty() && piece.len() <= most && piece.join(" ").len() <= bytes);
            }
        }
    }
}
