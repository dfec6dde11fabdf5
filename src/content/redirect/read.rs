//! Reading many redirects at once: a table with commas, semicolons or tabs, or a host's file `_redirects`.

use std::collections::BTreeSet;

use super::{Rule, Status};

/// A line that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// From 1.
    pub number: usize,
    /// As it was written.
    pub text: String,
    /// What it says, or why that cannot be kept.
    pub rule: Result<Rule, String>,
}

/// The lines of a text. Empty ones, comments and the headings of a table are left out.
pub fn read(text: &str) -> Vec<Line> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines: Vec<(usize, &str)> = (1..).zip(text.lines().map(str::trim)).collect();
    lines.retain(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let separator = lines.first().and_then(|(_, line)| separator(line));
    if separator.is_some() && lines.first().is_some_and(|(_, line)| is_heading(line)) {
        lines.remove(0);
    }
    let rule = |line: &str| match separator {
        Some(separator) => of_cells(&cells(line, separator)),
        None => of_host(line),
    };
    lines.into_iter().map(|(number, line)| Line { number, text: line.to_owned(), rule: rule(line) }).collect()
}

/// What stands between the cells of a table; `None` for a host's file, whose words stand apart.
fn separator(line: &str) -> Option<char> {
    let mut words = line.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next());
    if !line.contains('\t') && !first.ends_with([',', ';']) && second.is_some_and(is_address) {
        return None;
    }
    ['\t', ';', ','].into_iter().find(|mark| line.contains(*mark))
}

fn is_address(word: &str) -> bool {
    word.starts_with('/') || word.starts_with("http://") || word.starts_with("https://")
}

/// Whether a line names columns: no address is in it.
fn is_heading(line: &str) -> bool {
    !line.contains('/')
}

fn of_cells(cells: &[String]) -> Result<Rule, String> {
    let cell = |place: usize| cells.get(place).map_or("", String::as_str);
    parse(cell(0), cell(1), cell(2))
}

/// `/old /new 301`, as Netlify and Cloudflare Pages read it.
fn of_host(line: &str) -> Result<Rule, String> {
    let said = line.split(" #").next().unwrap_or_default();
    let words: Vec<&str> = said.split_whitespace().collect();
    match words.as_slice() {
        [from, to] => parse(from, to, ""),
        [from, to, status] if status.starts_with(|first: char| first.is_ascii_digit()) => {
            parse(from, to, status.trim_end_matches('!'))
        }
        [_] => Err("A target is missing.".into()),
        _ => Err("Conditions on language, country or query are not kept here: set them at the host.".into()),
    }
}

fn parse(from: &str, to: &str, status: &str) -> Result<Rule, String> {
    if matches!(status.trim(), "200" | "404") {
        return Err("A rewrite with 200 or 404 is no redirect: set it at the host.".into());
    }
    // Whoever leaves both out has not said that nothing is there any more.
    let to = if Status::parse(status) == Ok(Status::Gone) { "" } else { to };
    Rule::parse(from, to, status).map_err(|wrong| {
        // Both addresses may be wrong for one reason.
        let reasons: BTreeSet<String> = wrong.into_iter().map(|one| one.text).collect();
        reasons.into_iter().collect::<Vec<_>>().join(" ")
    })
}

/// The cells of a line; what stands in quotes may hold the separator.
fn cells(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let (mut quoted, mut letters) = (false, line.chars().peekable());
    while let Some(letter) = letters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            letter if letter == separator && !quoted => cells.push(String::new()),
            letter => cell.push(letter),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, csv};
    use super::read;

    fn told(text: &str) -> Vec<String> {
        let line = |line: super::Line| match line.rule {
            Ok(rule) => format!("{} {} {} {}", line.number, rule.from, rule.destination(), rule.status.number()),
            Err(why) => format!("{} {why}", line.number),
        };
        read(text).into_iter().map(line).collect()
    }

    #[test]
    fn tables_are_read_with_and_without_headings() {
        let expected = ["2 /a /b 301", "3 /c,d https://example.com/ 302", "5 /gone nothing (410) 410"];
        let table = "from,to,status\n/a,/b,\n\"/c,d\",https://example.com/,302\n\n/gone,,410\n";
        assert_eq!(told(table), expected);
        assert_eq!(told("\u{feff}From;To\r\n/a;/b\r\n"), ["2 /a /b 301"]);
        assert_eq!(told("/a\t/b\t308"), ["1 /a /b 308"]);
        assert_eq!(told("/a, /b, 302"), ["1 /a /b 302"]);
        let kept: Vec<Rule> = read(table).into_iter().filter_map(|line| line.rule.ok()).collect();
        let again: Vec<Rule> = read(&csv(kept.iter())).into_iter().filter_map(|line| line.rule.ok()).collect();
        assert_eq!(again, kept);
    }

    #[test]
    fn files_of_hosts_are_read_and_what_they_alone_can_is_told() {
        let file = "# ours\n/a  /b\n/c,d /e 302!\n/f /g 301 Country=de\n/news/* /blog/:splat\n/app /index.html 200\n/h";
        let lines = told(file);
        assert_eq!(lines[..2], ["2 /a /b 301", "3 /c,d /e 302"]);
        assert!(lines[2].contains("Conditions"), "{lines:?}");
        assert!(lines[3].contains("Patterns"), "{lines:?}");
        assert!(lines[4].contains("rewrite"), "{lines:?}");
        assert!(lines[5].contains("target is missing"), "{lines:?}");
    }
}
