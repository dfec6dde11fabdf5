//! All redirects of a site, and what keeps them free of loops and chains.

use std::collections::BTreeMap;

use super::{MOST, Rule, Status, Wrong, path_of};

/// The redirects by the path that they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    rules: BTreeMap<String, Rule>,
}

/// What putting a redirect did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// The redirect as it is now.
    pub rule: Rule,
    /// What was there for its path before.
    pub replaced: Option<Rule>,
    /// Where it was to lead: to a redirect, whose target it leads to instead.
    pub shortened: Option<String>,
    /// The paths whose redirects led to its path, and lead on now.
    pub led_on: Vec<String>,
}

impl Put {
    /// Whether nothing is different.
    pub fn is_nothing(&self) -> bool {
        self.replaced.as_ref() == Some(&self.rule) && self.led_on.is_empty()
    }
}

impl Table {
    /// A table of these rules, which are free of loops.
    pub fn of(rules: impl IntoIterator<Item = Rule>) -> Self {
        Self { rules: rules.into_iter().map(|rule| (rule.from.clone(), rule)).collect() }
    }

    /// The rules by their paths.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// The rule for a path.
    pub fn find(&self, from: &str) -> Option<&Rule> {
        self.rules.get(from)
    }

    /// Takes the rule for a path away.
    pub fn remove(&mut self, from: &str) -> Option<Rule> {
        self.rules.remove(from)
    }

    /// Puts a rule in the place of the one for its path. One that leads to another redirect leads to that
    /// one's target instead, as long as that is for good; and redirects that led to its path lead on.
    ///
    /// # Errors
    /// Says which addresses would lead to each other for ever, or that there are too many. Nothing is changed
    /// then.
    pub fn put(&mut self, rule: Rule) -> Result<Put, Wrong> {
        let wanted = rule.to.clone();
        let mut rule = rule;
        self.refuse_loop(&rule)?;
        if self.rules.len() >= MOST && !self.rules.contains_key(&rule.from) {
            return Err(Wrong::new("from", format!("There are {MOST} redirects, which is as many as are kept.")));
        }
        rule.to = self.end_of(rule.to);
        let led_on = self.lead_on(&rule);
        let replaced = self.rules.insert(rule.from.clone(), rule.clone());
        let shortened = wanted.filter(|wanted| rule.to.as_ref() != Some(wanted));
        Ok(Put { rule, replaced, shortened, led_on })
    }

    fn refuse_loop(&self, rule: &Rule) -> Result<(), Wrong> {
        let mut passed: Vec<&str> = Vec::new();
        let mut at = rule.to.as_deref().and_then(path_of);
        while let Some(path) = at {
            if path == rule.from {
                return Err(Wrong::new("to", looping(&rule.from, &passed)));
            }
            // Tables from elsewhere may hold a loop that this rule is no part of.
            if passed.contains(&path) {
                return Ok(());
            }
            passed.push(path);
            at = self.rules.get(path).and_then(|next| next.to.as_deref()).and_then(path_of);
        }
        Ok(())
    }

    /// Where a target leads in the end.
    fn end_of(&self, to: Option<String>) -> Option<String> {
        let mut to = to?;
        for _ in 0..self.rules.len() {
            let next = exactly(&to).and_then(|path| self.rules.get(path)).filter(|next| next.status.is_for_good());
            let Some(end) = next.and_then(|next| next.to.clone()) else { break };
            to = end;
        }
        Some(to)
    }

    fn lead_on(&mut self, rule: &Rule) -> Vec<String> {
        let Some(to) = rule.to.as_ref().filter(|_| rule.status.is_for_good()) else { return Vec::new() };
        let leads_here = |one: &&mut Rule| one.to.as_deref().and_then(exactly) == Some(rule.from.as_str());
        let mut led_on = Vec::new();
        for one in self.rules.values_mut().filter(|one| one.from != rule.from) {
            if leads_here(&one) {
                one.to = Some(to.clone());
                led_on.push(one.from.clone());
            }
        }
        led_on
    }

    /// Follows an address that something has moved to: its own redirect goes, the old address leads to it.
    ///
    /// # Errors
    /// As [`Table::put`].
    pub fn moved(&mut self, from: &str, to: &str) -> Result<Put, Wrong> {
        let new = path_of(to).and_then(|path| self.rules.remove(path));
        let rule = Rule { from: from.to_owned(), to: Some(to.to_owned()), status: Status::Moved };
        self.put(rule).inspect_err(|_| self.rules.extend(new.map(|rule| (rule.from.clone(), rule))))
    }
}

/// The path that an address is, when nothing follows it.
fn exactly(address: &str) -> Option<&str> {
    path_of(address).filter(|_| !address.contains(['?', '#']))
}

fn looping(from: &str, passed: &[&str]) -> String {
    match passed {
        [] => format!("{from} would lead to itself: nobody would arrive."),
        [one] => format!("{one} leads back to {from}: nobody would arrive. Remove that redirect, or choose another."),
        [first, ..] => format!(
            "{first} leads on, and in the end back to {from}: nobody would arrive. Remove one of them, or choose another."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, Status};
    use super::Table;

    fn rule(from: &str, to: &str) -> Rule {
        Rule::parse(from, to, "").expect("a rule")
    }

    fn shown(table: &Table) -> Vec<String> {
        table.rules().map(|rule| format!("{} {}", rule.from, rule.destination())).collect()
    }

    #[test]
    fn chains_are_shortened_at_both_ends() {
        let mut table = Table::default();
        table.put(rule("/b", "/c")).expect("put");
        let put = table.put(rule("/a", "/b/")).expect("put");
        assert_eq!((put.rule.to.as_deref(), put.shortened.as_deref()), (Some("/c"), Some("/b/")));
        let put = table.put(rule("/c", "https://example.com/d")).expect("put");
        assert_eq!(put.led_on, ["/a", "/b"]);
        let end = "https://example.com/d";
        assert_eq!(shown(&table), [format!("/a {end}"), format!("/b {end}"), format!("/c {end}")]);
    }

    #[test]
    fn what_is_only_for_now_is_not_remembered_for_good() {
        let mut table = Table::default();
        table.put(Rule { status: Status::Found, ..rule("/b", "/c") }).expect("put");
        assert_eq!(table.put(rule("/a", "/b")).expect("put").rule.to.as_deref(), Some("/b"));
        table.put(rule("/x", "/y")).expect("put");
        table.put(Rule { status: Status::Temporary, ..rule("/y", "/z") }).expect("put");
        assert_eq!(table.find("/x").and_then(|rule| rule.to.as_deref()), Some("/y"));
        table.put(rule("/q", "/b?from=q")).expect("put");
        assert_eq!(table.find("/q").and_then(|rule| rule.to.as_deref()), Some("/b?from=q"));
    }

    #[test]
    fn loops_are_refused_and_change_nothing() {
        let mut table = Table::default();
        assert!(table.put(rule("/a", "/a/?again")).is_err());
        table.put(Rule { status: Status::Found, ..rule("/a", "/b") }).expect("put");
        table.put(Rule { status: Status::Found, ..rule("/b", "/c") }).expect("put");
        let before = table.clone();
        let wrong = table.put(rule("/c", "/a#top")).expect_err("a loop");
        assert!(wrong.text.contains("/a leads on") && wrong.text.contains("back to /c"), "{}", wrong.text);
        let wrong = table.put(rule("/b", "/a")).expect_err("a loop");
        assert!(wrong.text.starts_with("/a leads back to /b"), "{}", wrong.text);
        assert_eq!(table, before);
        table.put(rule("/a", "/d")).expect("another target for the same path is no loop");
    }

    #[test]
    fn what_moves_there_and_back_is_found_where_it_is() {
        let mut table = Table::default();
        table.moved("/one", "/two").expect("moved");
        table.moved("/two", "/three").expect("moved");
        assert_eq!(shown(&table), ["/one /three", "/two /three"]);
        table.moved("/three", "/one").expect("moved back");
        assert_eq!(shown(&table), ["/three /one", "/two /one"]);
    }
}
