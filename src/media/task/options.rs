//! The options of one task: `width:300,align:[top,left]`.

use std::ops::RangeInclusive;

use super::{BadTask, Colour};

/// Options that were not yet looked at.
pub(super) struct Options<'s> {
    task: &'s str,
    left: Vec<(&'s str, &'s str)>,
}

impl<'s> Options<'s> {
    /// Splits what stands behind the `=` of a task.
    pub(super) fn split(task: &'s str, text: &'s str) -> Result<Self, BadTask> {
        let mut options = Self { task, left: Vec::new() };
        let (mut start, mut depth) = (0, 0_u32);
        let ends = text.char_indices().filter(|(_, c)| {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            *c == ',' && depth == 0
        });
        let ends: Vec<usize> = ends.map(|(place, _)| place).chain([text.len()]).collect();
        for end in ends {
            options.add(&text[start..end])?;
            start = end + 1;
        }
        Ok(options)
    }

    /// Of a task that stands for itself.
    pub(super) fn none(task: &'s str) -> Self {
        Self { task, left: Vec::new() }
    }

    fn add(&mut self, option: &'s str) -> Result<(), BadTask> {
        let (name, value) = option.split_once(':').ok_or_else(|| {
            BadTask(format!("`{}` needs its options as name:value, not `{}`", self.task, cut(option)))
        })?;
        if self.left.iter().any(|(known, _)| *known == name) {
            return Err(BadTask(format!("`{}` has `{}` twice", self.task, cut(name))));
        }
        self.left.push((name, value));
        Ok(())
    }

    /// Takes an option out.
    pub(super) fn text(&mut self, name: &str) -> Option<&'s str> {
        let place = self.left.iter().position(|(known, _)| *known == name)?;
        Some(self.left.swap_remove(place).1)
    }

    /// Takes a whole number out.
    pub(super) fn number(&mut self, name: &str, range: RangeInclusive<u32>) -> Result<Option<u32>, BadTask> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match whole(text).filter(|number| range.contains(number)) {
            Some(number) => Ok(Some(number)),
            None => Err(self.bad(name, text, &format!("a whole number from {} to {}", range.start(), range.end()))),
        }
    }

    /// Takes a number out that may have decimals.
    pub(super) fn decimal(&mut self, name: &str, most: f32) -> Result<Option<f32>, BadTask> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let plain =
            !text.is_empty() && text.len() <= 8 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let number = text.parse::<f32>().ok().filter(|number| plain && (0.0..=most).contains(number));
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(self.bad(name, text, &format!("a number from 0 to {most}"))),
        }
    }

    /// Takes a colour out.
    pub(super) fn colour(&mut self, name: &str) -> Result<Option<Colour>, BadTask> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match Colour::read(text) {
            Some(colour) => Ok(Some(colour)),
            None => Err(self.bad(name, text, "a colour such as FFFFFF or FFFFFF80")),
        }
    }

    /// Takes a yes or no out.
    pub(super) fn switch(&mut self, name: &str) -> Result<Option<bool>, BadTask> {
        match self.text(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(self.bad(name, other, "true or false")),
        }
    }

    /// What is said of a value that cannot be.
    pub(super) fn bad(&self, name: &str, value: &str, expected: &str) -> BadTask {
        BadTask(format!("`{}` of `{}` is {expected}, not `{}`", name, self.task, cut(value)))
    }

    /// Ends reading: nothing may be left.
    pub(super) fn end(self) -> Result<(), BadTask> {
        match self.left.first() {
            None => Ok(()),
            Some((name, _)) => Err(BadTask(format!("`{}` has no option `{}`", self.task, cut(name)))),
        }
    }
}

/// Whole numbers as people write them: digits only.
pub(super) fn whole(text: &str) -> Option<u32> {
    (text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// What stands between brackets, split at commas; a text without brackets is one value.
pub(super) fn values(text: &str) -> impl Iterator<Item = &str> {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    inner.split(',').map(|value| value.trim().trim_matches(['\'', '"']))
}

/// The beginning of what somebody sent, to be named in an answer.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}
