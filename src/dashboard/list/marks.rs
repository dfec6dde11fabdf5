//! Marking the words somebody searched for.

use serde::Serialize;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Piece {
    text: String,
    /// Whether it was searched for.
    hit: bool,
}

/// How many characters of a text stand around the first word that was found.
const AROUND: usize = 60;

/// A text in pieces. A word is marked where it begins as one of those that were searched for.
pub(crate) fn marked(text: &str, query: &str) -> Vec<Piece> {
    let wanted: Vec<String> = words(query).map(|(_, word)| folded(word)).collect();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut push = |text: &str, hit: bool| match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.hit == hit => last.text.push_str(text),
        _ => pieces.push(Piece { text: text.to_owned(), hit }),
    };
    let mut done = 0;
    for (place, word) in words(text) {
        push(&text[done..place], false);
        let fits = wanted.iter().any(|wanted| folded(word).starts_with(wanted.as_str()));
        push(word, fits);
        done = place + word.len();
    }
    push(&text[done..], false);
    pieces
}

/// Whether any word is marked.
pub(crate) fn found(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| piece.hit)
}

/// The part of a long text around the first word that was searched for; `None` when there is none.
pub(crate) fn excerpt(text: &str, query: &str) -> Option<Vec<Piece>> {
    let wanted: Vec<String> = words(query).map(|(_, word)| folded(word)).collect();
    let (place, _) =
        words(text).find(|(_, word)| wanted.iter().any(|wanted| folded(word).starts_with(wanted.as_str())))?;
    let before: String = text[..place].chars().rev().take(AROUND / 2).collect::<Vec<_>>().into_iter().rev().collect();
    let after: String = text[place..].chars().take(AROUND).collect();
    let cut = |on: bool| if on { "…" } else { "" };
    let whole = format!("{}{before}{after}{}", cut(before.len() < place), cut(after.len() < text.len() - place));
    Some(marked(&whole.replace(['\n', '\r', '\t'], " "), query))
}

/// The words of a text, as search sees them, with where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let ends = |c: char| !c.is_alphanumeric();
    let pieces = text.split_inclusive(ends).scan(0, move |place, piece| {
        let at = *place;
        *place += piece.len();
        Some((at, piece.trim_end_matches(ends)))
    });
    pieces.filter(|(_, word)| !word.is_empty())
}

/// Without case, and without the accents of Latin letters, as search compares.
fn folded(word: &str) -> String {
    word.chars().flat_map(char::to_lowercase).map(plain).collect()
}

fn plain(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'į' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{excerpt, found, marked};

    fn shown(text: &str, query: &str) -> String {
        marked(text, query)
            .iter()
            .map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text.clone() })
            .collect()
    }

    #[test]
    fn words_are_marked_whatever_their_case_and_accents() {
        assert_eq!(shown("Crème brûlée & jam", "creme BRU"), "[Crème] [brûlée] & jam");
        assert_eq!(shown("<b>Oak</b>", "oak"), "<b>[Oak]</b>");
        assert_eq!(shown("خبز الزيتون 🫒", "خبز"), "[خبز] الزيتون 🫒");
        assert_eq!(shown("oak", "!!"), "oak");
        assert!(!found(&marked("beech", "oak")));
    }

    #[test]
    fn an_excerpt_is_cut_between_letters() {
        let text = format!("{} oak {}", "ä".repeat(300), "🫒".repeat(300));
        let pieces = excerpt(&text, "oak").expect("found");
        assert!(found(&pieces));
        assert!(pieces[0].text.starts_with('…'));
        assert_eq!(excerpt("beech", "oak"), None);
    }
}
