//! Tasks in their shortest spelling.

use std::fmt::{Formatter, Result};

use super::{Align, Fit, Format, Output, Resize, Task};

/// Writes a task as it stands in addresses.
pub(super) fn task(f: &mut Formatter<'_>, task: &Task) -> Result {
    match *task {
        Task::Resize(ref it) => resize(f, it),
        Task::Crop([x, y, width, height]) => write!(f, "crop=dim:[{x},{y},{width},{height}]"),
        Task::Rotate { degrees, background } => write!(f, "rotate=deg:{degrees},background:{background}"),
        Task::Flip => f.write_str("flip"),
        Task::Flop => f.write_str("flop"),
        Task::Quality(value) => write!(f, "quality=value:{value}"),
        Task::Output(ref it) => output(f, it),
        Task::AutoImage => f.write_str("auto_image"),
        Task::Blur(amount) => write!(f, "blur=amount:{amount}"),
        Task::Sharpen(amount) => write!(f, "sharpen=amount:{amount}"),
        Task::Monochrome => f.write_str("monochrome"),
        Task::Negative => f.write_str("negative"),
        Task::Sepia(tone) => write!(f, "sepia=tone:{tone}"),
        Task::BlackWhite(threshold) => write!(f, "blackwhite=threshold:{threshold}"),
        Task::Pixelate(amount) => write!(f, "pixelate=amount:{amount}"),
        Task::RoundedCorners { radius: Some(radius), blur, background } => {
            write!(f, "rounded_corners=radius:{radius},blur:{blur},background:{background}")
        }
        Task::RoundedCorners { radius: None, blur, background } => {
            write!(f, "rounded_corners=radius:max,blur:{blur},background:{background}")
        }
        Task::Circle { background } => write!(f, "circle=background:{background}"),
        Task::Border { width, color, background } => {
            write!(f, "border=width:{width},color:{color},background:{background}")
        }
        Task::Modulate { brightness, saturation, hue } => {
            write!(f, "modulate=brightness:{brightness},saturation:{saturation},hue:{hue}")
        }
    }
}

/// What a task is called.
pub(super) fn name(task: &Task) -> &'static str {
    match task {
        Task::Resize(_) => "resize",
        Task::Crop(_) => "crop",
        Task::Rotate { .. } => "rotate",
        Task::Flip => "flip",
        Task::Flop => "flop",
        Task::Quality(_) => "quality",
        Task::Output(_) => "output",
        Task::AutoImage => "auto_image",
        Task::Blur(_) => "blur",
        Task::Sharpen(_) => "sharpen",
        Task::Monochrome => "monochrome",
        Task::Negative => "negative",
        Task::Sepia(_) => "sepia",
        Task::BlackWhite(_) => "blackwhite",
        Task::Pixelate(_) => "pixelate",
        Task::RoundedCorners { .. } => "rounded_corners",
        Task::Circle { .. } => "circle",
        Task::Border { .. } => "border",
        Task::Modulate { .. } => "modulate",
    }
}

fn resize(f: &mut Formatter<'_>, resize: &Resize) -> Result {
    let fit = match resize.fit {
        Fit::Clip => "clip",
        Fit::Crop => "crop",
        Fit::Scale => "scale",
        Fit::Max => "max",
    };
    write!(f, "resize=fit:{fit}")?;
    if let Some(width) = resize.width {
        write!(f, ",width:{width}")?;
    }
    if let Some(height) = resize.height {
        write!(f, ",height:{height}")?;
    }
    match resize.align {
        None => Ok(()),
        Some(align) => write!(f, ",align:{}", side(align)),
    }
}

fn side(align: Align) -> &'static str {
    match (align.x, align.y) {
        (0, 0) => "[top,left]",
        (1, 0) => "top",
        (_, 0) => "[top,right]",
        (0, 1) => "left",
        (1, 1) => "center",
        (_, 1) => "right",
        (0, _) => "[bottom,left]",
        (1, _) => "bottom",
        _ => "[bottom,right]",
    }
}

fn output(f: &mut Formatter<'_>, output: &Output) -> Result {
    let format = output.format.map(|format| match format {
        Format::Jpeg => "jpg",
        Format::ProgressiveJpeg => "pjpg",
        Format::Png => "png",
        Format::Webp => "webp",
        Format::Avif => "avif",
    });
    // Quality `input` is what is meant when nothing is said.
    f.write_str("output=")?;
    match output.quality {
        Some(quality) => write!(f, "quality:{quality}")?,
        None => f.write_str("quality:input")?,
    }
    if let Some(format) = format {
        write!(f, ",format:{format}")?;
    }
    match output.background {
        None => Ok(()),
        Some(background) => write!(f, ",background:{background}"),
    }
}
