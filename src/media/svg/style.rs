//! Styles in drawings: whatever loads something is left out.

/// Written anywhere in a style, these load or run something. `url(#…)` does not.
const LOADING: &[&str] = &[
    "src(",
    "image(",
    "image-set(",
    "cross-fade(",
    "element(",
    "expression(",
    "javascript:",
    "vbscript:",
    "data:",
    "behavior:",
    "-moz-binding",
    "@import",
    "@charset",
    "@namespace",
    "@font-face",
    "@document",
    "//",
];

/// Whether a value refers to nothing outside of the drawing and runs nothing.
pub(super) fn loads_nothing(value: &str) -> bool {
    // An escape could stand for anything.
    if value.contains('\\') {
        return false;
    }
    let plain: String =
        value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).flat_map(char::to_lowercase).collect();
    // A comment between the letters of a word does not end the word for every reader.
    if plain.contains("/*") || plain.contains("*/") || plain.contains("<!--") {
        return false;
    }
    !LOADING.iter().any(|word| plain.contains(word))
        && plain
            .match_indices("url(")
            .all(|(place, word)| plain[place + word.len()..].trim_start_matches(['"', '\'']).starts_with('#'))
}

/// A style sheet, or the declarations of a `style` attribute, without what loads something.
pub(super) fn clean(css: &str) -> String {
    let css = without_comments(css);
    let mut kept = String::with_capacity(css.len());
    let mut rest = css.as_str();
    while !rest.is_empty() {
        let end = rest.find(['{', '}', ';']).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        if loads_nothing(piece) {
            kept.push_str(piece);
        }
        let mut letters = after.chars();
        kept.extend(letters.next());
        rest = letters.as_str();
    }
    // What was left out may have stood between two halves of something.
    if kept.split(['{', '}', ';']).all(loads_nothing) { kept } else { String::new() }
}

fn without_comments(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        // As style sheets have it, a comment parts two words.
        kept.push(' ');
        rest = rest[start + 2..].find("*/").map_or("", |end| &rest[start + 2 + end + 2..]);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn styles_keep_what_is_harmless() {
        for (css, kept) in [
            (".a{fill:url(#g);stroke:red}", ".a{fill:url(#g);stroke:red}"),
            ("/* x */fill: red", " fill: red"),
            (".a{fill:url(//x)}.b{fill:red}", ".a{}.b{fill:red}"),
            ("@import '//x';.a{fill:red}", ";.a{fill:red}"),
            (".a{background:u\\72l(x);fill:red}", ".a{;fill:red}"),
            ("fill:ur/**/l(http:x)", ""),
            ("fill:url( '#g' )", "fill:url( '#g' )"),
            ("fill:url(data:x;base64,y)", ";base64,y)"),
            ("/* never ends", " "),
        ] {
            assert_eq!(clean(css), kept, "{css}");
            assert_eq!(clean(kept), kept, "again: {kept}");
        }
    }
}
