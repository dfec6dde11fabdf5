//! What an address asks to be done to a picture: `resize=width:300,fit:crop/flip/output=format:webp`, the syntax
//! of ButterCMS's addresses. Reading keeps everything that changes the picture and refuses what makes no sense.

mod colour;
mod options;
mod reading;
mod short;
#[cfg(test)]
mod tests;
mod writing;

use std::fmt;

use percent_encoding::percent_decode_str;

pub use colour::Colour;

/// More tasks than anybody needs in one address.
const MOST: usize = 20;

/// Tasks in the order in which they are done, and the names of known ones that larder does not do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tasks {
    /// What is done.
    pub list: Vec<Task>,
    /// What was asked for and is left out, each name once.
    pub skipped: Vec<&'static str>,
}

/// An address that makes no sense: what is wrong and what is expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadTask(pub(super) String);

/// One thing that is done to a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Task {
    /// Another size.
    Resize(Resize),
    /// A part: x, y, width, height in pixels.
    Crop([u32; 4]),
    /// Turned clockwise.
    Rotate {
        /// Degrees, 0 to 359.
        degrees: u16,
        /// What shows in the corners.
        background: Colour,
    },
    /// Top and bottom change places.
    Flip,
    /// Left and right change places.
    Flop,
    /// How good it is to look: 1 to 100.
    Quality(u8),
    /// Which file is made.
    Output(Output),
    /// WebP for whom takes it.
    AutoImage,
    /// How many pixels run into each other (the deviation of a Gaussian curve), 0 to 20.
    Blur(f32),
    /// How much edges are raised, 0 to 20.
    Sharpen(f32),
    /// Greys.
    Monochrome,
    /// Each colour's opposite.
    Negative,
    /// Brown of an old photo, 0 to 100.
    Sepia(u8),
    /// Black below this share of full brightness, 0 to 100, and white above.
    BlackWhite(u8),
    /// Squares with this side.
    Pixelate(u32),
    /// Round corners.
    RoundedCorners {
        /// Pixels; as round as possible when absent.
        radius: Option<u32>,
        /// How soft the edge is, 0 to 20.
        blur: f32,
        /// What shows behind.
        background: Colour,
    },
    /// The largest circle in the middle.
    Circle {
        /// What shows behind.
        background: Colour,
    },
    /// A frame around it.
    Border {
        /// Pixels on each side.
        width: u32,
        /// Its colour.
        color: Colour,
        /// What shows through transparent parts of the picture.
        background: Colour,
    },
    /// Percent of brightness and saturation, degrees of hue.
    Modulate {
        /// 100 leaves it as it is.
        brightness: u16,
        /// 100 leaves it as it is.
        saturation: u16,
        /// 0 leaves it as it is.
        hue: u16,
    },
}

/// Another size: at least one side is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resize {
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// What happens when the picture has another shape.
    pub fit: Fit,
    /// What stays when something is cut off; the picture's focal point when absent.
    pub align: Option<Align>,
}

/// How a picture gets into a box of another shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// All of it inside the box.
    #[default]
    Clip,
    /// The box is filled and what sticks out is cut off.
    Crop,
    /// Stretched.
    Scale,
    /// As [`Fit::Clip`], but never enlarged.
    Max,
}

/// Which part of a picture stays, in halves from the left and the top: 0, 1 for the middle, 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Align {
    /// From the left.
    pub x: u8,
    /// From the top.
    pub y: u8,
}

/// Which file is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// As the original when absent.
    pub format: Option<Format>,
    /// 1 to 100.
    pub quality: Option<u8>,
    /// What shows through transparent parts, also where the format could keep them.
    pub background: Option<Colour>,
}

/// A kind of file that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// JPEG that first shows the whole picture roughly.
    ProgressiveJpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// AVIF.
    Avif,
}

impl Format {
    /// Its media type.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Jpeg | Self::ProgressiveJpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }
}

impl Tasks {
    /// Reads the segments of a path between the library's name and the picture's.
    ///
    /// # Errors
    /// What is wrong, and what is expected.
    pub fn read<'p>(segments: impl IntoIterator<Item = &'p str>) -> Result<Self, BadTask> {
        let mut tasks = Self::default();
        for (count, segment) in segments.into_iter().enumerate() {
            if count == MOST {
                return Err(BadTask(format!("at most {MOST} tasks can stand in one address")));
            }
            match reading::task(segment)? {
                reading::Said::Do(task) => tasks.list.push(task),
                reading::Said::Nothing => {}
                reading::Said::Skip(name) if tasks.skipped.contains(&name) => {}
                reading::Said::Skip(name) => tasks.skipped.push(name),
            }
        }
        Ok(tasks)
    }

    /// Reads what an address asks for, as it is written there: the tasks before the id, without slashes around them,
    /// and the query with its `?`.
    ///
    /// # Errors
    /// What is wrong, and what is expected.
    pub fn asked(address: &str) -> Result<Self, BadTask> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let segments = path.split('/').filter(|segment| !segment.is_empty());
        let segments: Vec<_> = segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect();
        let mut tasks = Self::read(segments.iter().map(AsRef::as_ref))?;
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        tasks.read_short(pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())))?;
        Ok(tasks)
    }

    /// Adds what the short form asks for: the names and values after the `?`.
    ///
    /// # Errors
    /// What is wrong, and what is expected.
    pub fn read_short<'q>(&mut self, pairs: impl IntoIterator<Item = (&'q str, &'q str)>) -> Result<(), BadTask> {
        self.list.extend(short::tasks(pairs)?);
        Ok(())
    }

    /// The names of all tasks, skipped ones too, each once: what is left out of a file that is no picture.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = Vec::new();
        for name in self.list.iter().map(writing::name).chain(self.skipped.iter().copied()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether the answer depends on what the client can show.
    pub fn depends_on_client(&self) -> bool {
        self.list.contains(&Task::AutoImage)
    }
}

impl fmt::Display for Tasks {
    /// The tasks in their shortest spelling, in which equal ones are equal texts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, task) in self.list.iter().enumerate() {
            if place > 0 {
                f.write_str("/")?;
            }
            writing::task(f, task)?;
        }
        Ok(())
    }
}
