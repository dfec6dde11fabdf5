//! Styles that load something or cover the page.

/// Written anywhere in a style, these load or run something.
const LOADING: &[&str] =
    &["url(", "src(", "image(", "image-set(", "@import", "expression(", "javascript:", "vbscript:"];

/// Whether a style sheet or the declarations of a `style` attribute load or cover something. Absolute
/// positions are harmless inside something `positioned`.
pub(super) fn is_dangerous(css: &str, positioned: bool) -> bool {
    let css = plain(css);
    LOADING.iter().any(|word| css.contains(word))
        || css.split(['{', '}', ';']).any(|declaration| covers(declaration, positioned))
}

/// The declarations of a `style` attribute that are not dangerous; `None` when none is left.
pub(super) fn without_danger(style: &str, positioned: bool) -> Option<String> {
    let kept: Vec<&str> = style
        .split(';')
        .map(str::trim)
        .filter(|declaration| !declaration.is_empty() && !is_dangerous(declaration, positioned))
        .collect();
    let kept = kept.join("; ");
    // Cut inside quotes or brackets, the pieces may mean something else together.
    (!kept.is_empty() && !is_dangerous(&kept, positioned)).then_some(kept)
}

/// Whether a `style` attribute makes absolute positions inside relate to its element.
pub(super) fn positions(style: &str) -> bool {
    plain(style).split(';').any(|declaration| {
        let (property, value) = declaration.split_once(':').unwrap_or_default();
        property == "position" && value.starts_with("relative")
    })
}

fn covers(declaration: &str, positioned: bool) -> bool {
    let (property, value) = declaration.split_once(':').unwrap_or_default();
    match property {
        "behavior" | "-moz-binding" => true,
        "position" => match value.trim_end_matches("!important") {
            "" | "static" | "relative" | "inherit" | "initial" | "unset" | "revert" => false,
            "absolute" => !positioned,
            _ => true,
        },
        _ => false,
    }
}

/// Lower case, without comments, white space and escapes: `p\6fsition : fixed` is `position:fixed`.
fn plain(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.find("*/").map_or("", |end| &comment[end + 2..]);
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if c == '\\' {
            let (escaped, after) = unescaped(rest);
            plain.extend(escaped.filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()));
            rest = after;
        } else if !c.is_whitespace() && !c.is_control() {
            plain.push(c.to_ascii_lowercase());
        }
    }
    plain
}

/// The character that stands behind a backslash, and what follows it.
fn unescaped(rest: &str) -> (Option<char>, &str) {
    let digits = rest.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    if digits == 0 {
        let mut letters = rest.chars();
        return (letters.next(), letters.as_str());
    }
    let escaped = u32::from_str_radix(&rest[..digits], 16).ok().and_then(char::from_u32);
    let after = &rest[digits..];
    (escaped, after.strip_prefix([' ', '\n', '\t']).unwrap_or(after))
}
