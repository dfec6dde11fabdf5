//! One segment of an address becomes a task.

use super::options::{Options, cut, values, whole};
use super::{Align, BadTask, Colour, Fit, Format, Output, Resize, Task};

/// What a segment says.
pub(super) enum Said {
    /// Something that is done.
    Do(Task),
    /// Something that is the case anyway.
    Nothing,
    /// The name of something that is known and not done.
    Skip(&'static str),
}

/// Tasks of ButterCMS's addresses that larder does not do; their options are not looked at.
const SKIPPED: &[&str] = &[
    "animate",
    "ascii",
    "blur_faces",
    "cache",
    "caption",
    "collage",
    "copyright",
    "crop_faces",
    "detect_faces",
    "doc_detection",
    "enhance",
    "fallback",
    "imagesize",
    "metadata",
    "ocr",
    "oil_paint",
    "partial_blur",
    "partial_pixelate",
    "pixelate_faces",
    "polaroid",
    "redeye",
    "security",
    "sfw",
    "shadow",
    "smart_crop",
    "store",
    "tags",
    "torn_edges",
    "upscale",
    "urlscreenshot",
    "vignette",
    "watermark",
];

/// Formats of the original service that larder does not make.
const OTHER_FORMATS: &[&str] = &["gif", "tiff", "bmp", "pdf", "svg", "ico", "psd", "eps", "jp2", "jxr", "txt", "html"];

/// Reads one segment.
pub(super) fn task(segment: &str) -> Result<Said, BadTask> {
    let (name, text) = match segment.split_once('=') {
        Some((name, text)) => (name, Some(text)),
        None => (segment, None),
    };
    if let Some(skipped) = SKIPPED.iter().find(|skipped| **skipped == name) {
        return Ok(Said::Skip(skipped));
    }
    let mut options = match text {
        Some(text) => Options::split(name, text)?,
        None => Options::none(name),
    };
    let said = match name {
        "resize" => Said::Do(resize(&mut options)?),
        "crop" => Said::Do(crop(&mut options)?),
        "rotate" => rotate(&mut options)?,
        "flip" => Said::Do(Task::Flip),
        "flop" => Said::Do(Task::Flop),
        "quality" => Said::Do(quality(&mut options)?),
        "output" => output(&mut options)?,
        "compress" => compress(&mut options)?,
        "auto_image" => Said::Do(Task::AutoImage),
        "no_metadata" => Said::Nothing,
        "circle" => Said::Do(Task::Circle { background: options.colour("background")?.unwrap_or(Colour::NONE) }),
        "border" => Said::Do(border(&mut options)?),
        _ => Said::Do(look(name, &mut options)?),
    };
    options.end()?;
    Ok(said)
}

fn resize(options: &mut Options<'_>) -> Result<Task, BadTask> {
    // 0 stands for a side that follows from the other.
    let width = options.number("width", 0..=10_000)?.filter(|side| *side > 0);
    let height = options.number("height", 0..=10_000)?.filter(|side| *side > 0);
    if width.is_none() && height.is_none() {
        return Err(BadTask("`resize` needs a `width` or a `height` from 1 to 10000".to_owned()));
    }
    let fit = match options.text("fit") {
        None => Fit::default(),
        Some(text) => self::fit(text).ok_or_else(|| options.bad("fit", text, "one of clip, crop, scale, max"))?,
    };
    let align = match options.text("align") {
        None => None,
        Some(text) => align(text).ok_or_else(|| {
            options.bad("align", text, "one of center, top, bottom, left, right, faces or a pair such as [top,left]")
        })?,
    };
    Ok(Task::Resize(Resize { width, height, fit, align }))
}

/// A fit's name.
pub(super) fn fit(text: &str) -> Option<Fit> {
    match text {
        "clip" => Some(Fit::Clip),
        "crop" => Some(Fit::Crop),
        "scale" => Some(Fit::Scale),
        "max" => Some(Fit::Max),
        _ => None,
    }
}

/// Where to cut. Faces are not looked for: what shows them best is known of the picture or in its middle.
fn align(text: &str) -> Option<Option<Align>> {
    let (mut x, mut y) = (None, None);
    let mut centered = false;
    for (count, word) in values(text).enumerate() {
        let side = match word {
            "left" => (&mut x, 0),
            "right" => (&mut x, 2),
            "top" => (&mut y, 0),
            "bottom" => (&mut y, 2),
            "faces" if count == 0 && !text.contains(',') => return Some(None),
            "center" => {
                centered = true;
                if count > 1 {
                    return None;
                }
                continue;
            }
            _ => return None,
        };
        if count > 1 || side.0.replace(side.1).is_some() {
            return None;
        }
    }
    (centered || x.is_some() || y.is_some()).then(|| Some(Align { x: x.unwrap_or(1), y: y.unwrap_or(1) }))
}

fn crop(options: &mut Options<'_>) -> Result<Task, BadTask> {
    const EXPECTED: &str = "[x,y,width,height] with a width and height of at least 1";
    let Some(text) = options.text("dim") else {
        return Err(BadTask(format!("`crop` needs `dim` as {EXPECTED}")));
    };
    let numbers: Vec<u32> = values(text).map_while(whole).collect();
    match <[u32; 4]>::try_from(numbers) {
        Ok(dim @ [_, _, (1..), (1..)]) if values(text).count() == 4 && text.starts_with('[') => Ok(Task::Crop(dim)),
        _ => Err(options.bad("dim", text, EXPECTED)),
    }
}

fn rotate(options: &mut Options<'_>) -> Result<Said, BadTask> {
    // Pictures are upright before anything else is done.
    let exif = options.switch("exif")?.is_some();
    let background = options.colour("background")?.unwrap_or(Colour::WHITE);
    let degrees = match options.text("deg") {
        Some("exif") => return Ok(Said::Nothing),
        Some(text) => whole(text)
            .filter(|degrees| *degrees < 360)
            .ok_or_else(|| options.bad("deg", text, "a whole number from 0 to 359, or exif"))?,
        None if exif => return Ok(Said::Nothing),
        None => return Err(BadTask("`rotate` needs `deg` from 0 to 359, or `deg:exif`".to_owned())),
    };
    Ok(Said::Do(Task::Rotate { degrees: small(degrees), background }))
}

fn quality(options: &mut Options<'_>) -> Result<Task, BadTask> {
    match options.number("value", 1..=100)? {
        Some(value) => Ok(Task::Quality(byte(value))),
        None => Err(BadTask("`quality` needs `value` from 1 to 100".to_owned())),
    }
}

fn output(options: &mut Options<'_>) -> Result<Said, BadTask> {
    let format = options.text("format");
    let known = match format {
        None => None,
        Some(text) => self::format(text),
    };
    let quality = match options.text("quality") {
        // The original's default. What is asked for in another format gets larder's.
        None if matches!(known, Some(Format::Jpeg | Format::ProgressiveJpeg)) => Some(95),
        None | Some("input") => None,
        Some(text) => match whole(text) {
            Some(value @ 1..=100) => Some(byte(value)),
            _ => return Err(options.bad("quality", text, "a whole number from 1 to 100, or input")),
        },
    };
    let background = options.colour("background")?;
    for name in ["compress", "strip", "docinfo", "secure", "interlace"] {
        options.switch(name)?;
    }
    options.number("density", 1..=500)?;
    options.number("page", 1..=10_000)?;
    options.text("colorspace");
    if let Some(text) = format.filter(|_| known.is_none()) {
        if OTHER_FORMATS.contains(&text) {
            return Ok(Said::Skip("output"));
        }
        return Err(options.bad("format", text, "one of jpg, pjpg, png, webp, avif"));
    }
    Ok(Said::Do(Task::Output(Output { format: known, quality, background })))
}

/// A format's name.
pub(super) fn format(text: &str) -> Option<Format> {
    match text {
        "jpg" | "jpeg" | "jfif" => Some(Format::Jpeg),
        "pjpg" | "pjpeg" => Some(Format::ProgressiveJpeg),
        "png" => Some(Format::Png),
        "webp" => Some(Format::Webp),
        "avif" => Some(Format::Avif),
        _ => None,
    }
}

/// Files are made as small as they get, and without metadata.
fn compress(options: &mut Options<'_>) -> Result<Said, BadTask> {
    options.switch("metadata")?;
    options.switch("strip")?;
    Ok(Said::Nothing)
}

fn border(options: &mut Options<'_>) -> Result<Task, BadTask> {
    Ok(Task::Border {
        width: options.number("width", 0..=1_000)?.unwrap_or(2),
        color: options.colour("color")?.unwrap_or(Colour::BLACK),
        background: options.colour("background")?.unwrap_or(Colour::NONE),
    })
}

/// What changes colours and edges.
fn look(name: &str, options: &mut Options<'_>) -> Result<Task, BadTask> {
    let percent = |options: &mut Options<'_>, option, default| {
        Ok::<_, BadTask>(byte(options.number(option, 0..=100)?.unwrap_or(default)))
    };
    Ok(match name {
        "blur" => Task::Blur(options.decimal("amount", 20.0)?.unwrap_or(2.0)),
        "sharpen" => Task::Sharpen(options.decimal("amount", 20.0)?.unwrap_or(2.0)),
        "monochrome" => Task::Monochrome,
        "negative" => Task::Negative,
        "sepia" => Task::Sepia(percent(options, "tone", 80)?),
        "blackwhite" => Task::BlackWhite(percent(options, "threshold", 50)?),
        "pixelate" => Task::Pixelate(options.number("amount", 2..=100)?.unwrap_or(2)),
        "rounded_corners" => rounded(options)?,
        "modulate" => Task::Modulate {
            brightness: small(options.number("brightness", 0..=10_000)?.unwrap_or(100)),
            saturation: small(options.number("saturation", 0..=10_000)?.unwrap_or(100)),
            hue: small(options.number("hue", 0..=359)?.unwrap_or(0)),
        },
        other => return Err(BadTask(format!("there is no task `{}`", cut(other)))),
    })
}

fn rounded(options: &mut Options<'_>) -> Result<Task, BadTask> {
    let radius = match options.text("radius") {
        Some("max") => None,
        None => Some(10),
        Some(text) => match whole(text) {
            Some(radius @ 1..=10_000) => Some(radius),
            _ => return Err(options.bad("radius", text, "a whole number from 1 to 10000, or max")),
        },
    };
    let blur = options.decimal("blur", 20.0)?.unwrap_or(0.3);
    let background = options.colour("background")?.unwrap_or(Colour::NONE);
    Ok(Task::RoundedCorners { radius, blur, background })
}

/// Of a number that was checked to be small enough.
fn byte(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// Of a number that was checked to be small enough.
fn small(number: u32) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
