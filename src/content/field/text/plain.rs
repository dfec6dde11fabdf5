//! HTML without its tags, for search and summaries.

/// The text of an HTML fragment: tags, comments, scripts and style sheets are left out, entities are
/// decoded, runs of white space become one space, and blocks are kept apart by one.
///
/// The result is text, not HTML, yet it never contains anything that reads as a tag: a `<` that would
/// begin one is followed by a space.
pub fn plain_text(html: &str) -> String {
    let mut text = Text::default();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.add(&rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('<') { after_markup(rest, &mut text) } else { after_entity(rest, &mut text) };
    }
    text.add(rest);
    text.0.truncate(text.0.trim_end().len());
    text.0
}

/// The text so far.
#[derive(Default)]
struct Text(String);

impl Text {
    fn add(&mut self, text: &str) {
        for letter in text.chars() {
            self.push(letter);
        }
    }

    fn push(&mut self, letter: char) {
        if letter.is_whitespace() || letter.is_control() {
            self.gap();
            return;
        }
        // A soft hyphen would split the word for every search.
        if letter == '\u{ad}' {
            return;
        }
        if self.0.ends_with('<') && opens_markup(letter) {
            self.0.push(' ');
        }
        self.0.push(letter);
    }

    fn gap(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with(' ') {
            self.0.push(' ');
        }
    }
}

/// Whether `<` followed by this letter is markup rather than a less-than sign.
fn opens_markup(letter: char) -> bool {
    letter.is_ascii_alphabetic() || matches!(letter, '/' | '!' | '?')
}

/// What follows the markup at the start of `rest`. Markup that never ends takes the rest with it, as in
/// browsers.
fn after_markup<'h>(rest: &'h str, text: &mut Text) -> &'h str {
    let inside = &rest[1..];
    if let Some(comment) = inside.strip_prefix("!--") {
        return after(comment, "-->");
    }
    if !inside.starts_with(opens_markup) {
        text.push('<');
        return inside;
    }
    let name = inside.strip_prefix('/').unwrap_or(inside);
    let name = name.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let following = after_tag(inside);
    if matches!(name.as_str(), "script" | "style") && !inside.starts_with('/') {
        return after_raw_text(following, &name);
    }
    if !INLINE.contains(&name.as_str()) {
        text.gap();
    }
    following
}

fn after<'h>(rest: &'h str, end: &str) -> &'h str {
    rest.find(end).map_or("", |at| &rest[at + end.len()..])
}

/// What follows the `>` that ends a tag; one inside a quoted attribute does not.
fn after_tag(rest: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in rest.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if letter == '>' => return &rest[at + 1..],
            // A quote only opens a value after `=`; elsewhere it is a stray character.
            None if matches!(letter, '"' | '\'') && before == '=' => quote = Some(letter),
            None => {}
        }
        if !letter.is_whitespace() {
            before = letter;
        }
    }
    ""
}

/// What follows the end tag of a script or style sheet, whose content is not text.
fn after_raw_text<'h>(mut rest: &'h str, name: &str) -> &'h str {
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return after_tag(rest);
        }
    }
    ""
}

/// Elements inside of which a word goes on: `in<b>side</b>`.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
    "samp", "script", "small", "span", "strike", "strong", "style", "sub", "sup", "tt", "u", "var", "wbr",
];

/// What follows the entity at the start of `rest`, or the `&` when it is none.
fn after_entity<'h>(rest: &'h str, text: &mut Text) -> &'h str {
    const LONGEST: usize = 10;
    let end = rest.bytes().take(LONGEST + 2).position(|byte| byte == b';');
    match end.and_then(|end| Some((end, decode(&rest[1..end])?))) {
        Some((end, letter)) => {
            text.push(letter);
            &rest[end + 1..]
        }
        None => {
            text.push('&');
            &rest[1..]
        }
    }
}

fn decode(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter)
}

/// The entities that editors and word processors write.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("shy", '\u{ad}'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("bull", '•'),
    ("middot", '·'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("deg", '°'),
    ("times", '×'),
    ("euro", '€'),
    ("pound", '£'),
    ("sect", '§'),
    ("frac12", '½'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("aring", 'å'),
    ("Aring", 'Å'),
    ("aelig", 'æ'),
    ("AElig", 'Æ'),
    ("oslash", 'ø'),
    ("Oslash", 'Ø'),
    ("agrave", 'à'),
    ("aacute", 'á'),
    ("acirc", 'â'),
    ("atilde", 'ã'),
    ("ccedil", 'ç'),
    ("egrave", 'è'),
    ("eacute", 'é'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("iacute", 'í'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ntilde", 'ñ'),
    ("oacute", 'ó'),
    ("ocirc", 'ô'),
    ("otilde", 'õ'),
    ("uacute", 'ú'),
    ("ugrave", 'ù'),
    ("ucirc", 'û'),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::plain_text;

    #[test]
    fn tags_go_and_blocks_stay_apart() {
        assert_eq!(plain_text("<h1>Jam</h1><p>in<b>side</b> a&nbsp;jar</p>"), "Jam inside a jar");
        assert_eq!(plain_text("one<br>two<br/>three"), "one two three");
        assert_eq!(plain_text("<a title=\"a > b\">here</a> it's"), "here it's");
    }

    #[test]
    fn what_nobody_reads_is_left_out() {
        assert_eq!(plain_text("a<script>if (1 < 2) {}</SCRIPT >b"), "ab");
        assert_eq!(plain_text("a<!-- <p>no</p> -->b<style>p > a {}</style>"), "ab");
        assert_eq!(plain_text("a<script>never closed"), "a");
    }

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(plain_text("Salt &amp; pepper &#8211; caf&eacute; &#x2603;"), "Salt & pepper – café ☃");
        assert_eq!(plain_text("&amp;lt; &unknown; & 1 < 2"), "&lt; &unknown; & 1 < 2");
    }

    #[test]
    fn nothing_decoded_becomes_a_tag() {
        assert_eq!(plain_text("&lt;script&gt;"), "< script>");
        assert_eq!(plain_text("<&#115;cript"), "< script");
        assert_eq!(plain_text("<<b>script"), "< script");
    }

    proptest! {
        #[test]
        fn any_text_is_stripped(html in any::<String>()) {
            plain_text(&html);
        }

        #[test]
        fn no_script_is_left(parts in prop::collection::vec(prop::sample::select(vec![
            "<", "<script", "script", ">", "&lt;", "&#60;", "</", "<!--", "-->", "s", "\"", "=", "'", "é", " ", "<b>",
        ]), 0..24)) {
            prop_assert!(!plain_text(&parts.concat()).to_lowercase().contains("<script"));
        }
    }
}
