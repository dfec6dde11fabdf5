//! Cutting a line into words without cutting what belongs together: quotes and brackets.

/// What a letter is to somebody who reads from left to right.
#[derive(Default)]
struct Nesting {
    /// Open brackets.
    depth: usize,
    quoted: bool,
    escaped: bool,
}

impl Nesting {
    /// Takes the next letter in; whether it stands outside of quotes and brackets.
    fn outside(&mut self, letter: char) -> bool {
        if self.quoted {
            match letter {
                _ if self.escaped => self.escaped = false,
                '\\' => self.escaped = true,
                '"' => self.quoted = false,
                _ => {}
            }
            return false;
        }
        match letter {
            '"' => self.quoted = true,
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            _ => return self.depth == 0,
        }
        false
    }
}

/// The pieces of a text between letters that `parts` says separate them, unless in quotes or brackets.
///
/// # Errors
/// A sentence when a quote or bracket is not closed.
pub(super) fn split(text: &str, parts: impl Fn(char) -> bool) -> Result<Vec<&str>, String> {
    let (mut nesting, mut pieces, mut begin) = (Nesting::default(), Vec::new(), 0);
    for (place, letter) in text.char_indices() {
        if nesting.outside(letter) && parts(letter) {
            pieces.push(text[begin..place].trim());
            begin = place + letter.len_utf8();
        }
    }
    if nesting.quoted {
        return Err("a quote is opened and not closed".into());
    }
    if nesting.depth > 0 {
        return Err("a bracket is opened and not closed".into());
    }
    pieces.push(text[begin..].trim());
    pieces.retain(|piece| !piece.is_empty());
    Ok(pieces)
}

/// The words of a line.
pub(super) fn words(line: &str) -> Result<Vec<&str>, String> {
    split(line, char::is_whitespace)
}

/// Whether a text can stand without quotes.
pub(super) fn is_bare(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || "_-./#@+:%?&".contains(letter))
}

/// A text as it is typed: in quotes where it needs them.
pub(super) fn quoted(text: &str) -> String {
    if is_bare(text) { text.into() } else { in_quotes(text) }
}

/// A text in quotes.
pub(super) fn in_quotes(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The text that was typed, with or without quotes.
///
/// # Errors
/// A sentence when what is in the quotes cannot be read.
pub(super) fn unquoted(typed: &str) -> Result<String, String> {
    if !typed.starts_with('"') {
        return Ok(typed.into());
    }
    serde_json::from_str(typed).map_err(|_| format!("{typed} cannot be read: write \\\" for a quote inside quotes"))
}
