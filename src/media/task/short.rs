//! The short form: `?w=600&h=400&fit=crop&q=80&fm=webp`, each of which may be left out.

use super::options::{cut, whole};
use super::reading::{fit, format};
use super::{BadTask, Fit, Output, Resize, Task};

/// The tasks that these names and values stand for; names that mean nothing here do not count.
pub(super) fn tasks<'q>(pairs: impl IntoIterator<Item = (&'q str, &'q str)>) -> Result<Vec<Task>, BadTask> {
    let (mut width, mut height, mut shape) = (None, None, None);
    let mut list = Vec::new();
    for (name, value) in pairs {
        let bad = |expected: &str| BadTask(format!("`{name}` is {expected}, not `{}`", cut(value)));
        let number = |most: u32| {
            let number = whole(value).filter(|number| (1..=most).contains(number));
            number.ok_or_else(|| bad(&format!("a whole number from 1 to {most}")))
        };
        match name {
            "w" => width = Some(number(10_000)?),
            "h" => height = Some(number(10_000)?),
            "fit" => shape = Some(fit(value).ok_or_else(|| bad("one of clip, crop, scale, max"))?),
            "q" => list.push(Task::Quality(number(100)?.try_into().unwrap_or(100))),
            "fm" if value == "auto" => list.push(Task::AutoImage),
            "fm" => {
                let format = format(value).ok_or_else(|| bad("one of auto, jpg, pjpg, png, webp, avif"))?;
                list.push(Task::Output(Output { format: Some(format), ..Output::default() }));
            }
            _ => {}
        }
    }
    if width.is_some() || height.is_some() {
        // A picture that is smaller already is not made larger: nobody who asks for a size in short wants that.
        let fit = shape.unwrap_or(Fit::Max);
        list.insert(0, Task::Resize(Resize { width, height, fit, align: None }));
    } else if shape.is_some() {
        return Err(BadTask("`fit` needs `w` or `h`".to_owned()));
    }
    Ok(list)
}
