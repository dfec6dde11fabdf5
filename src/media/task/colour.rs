//! Colours in addresses: `FFF`, `FFFFFF`, `FFFFFF80` and a few names.

use std::fmt;

/// Red, green, blue, opacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub [u8; 4]);

/// The names of CSS's first sixteen colours, and none.
const NAMES: &[(&str, u32)] = &[
    ("transparent", 0),
    ("black", 0x0000_00ff),
    ("silver", 0xc0c0_c0ff),
    ("gray", 0x8080_80ff),
    ("white", 0xffff_ffff),
    ("maroon", 0x8000_00ff),
    ("red", 0xff00_00ff),
    ("purple", 0x8000_80ff),
    ("fuchsia", 0xff00_ffff),
    ("green", 0x0080_00ff),
    ("lime", 0x00ff_00ff),
    ("olive", 0x8080_00ff),
    ("yellow", 0xffff_00ff),
    ("navy", 0x0000_80ff),
    ("blue", 0x0000_ffff),
    ("teal", 0x0080_80ff),
    ("aqua", 0x00ff_ffff),
];

impl Colour {
    /// Nothing.
    pub const NONE: Self = Self([0; 4]);
    /// White.
    pub const WHITE: Self = Self([255; 4]);
    /// Black.
    pub const BLACK: Self = Self([0, 0, 0, 255]);

    /// Reads a colour; `None` when it is none.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('#').to_ascii_lowercase();
        if let Some((_, colour)) = NAMES.iter().find(|(name, _)| *name == text) {
            return Some(Self(colour.to_be_bytes()));
        }
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(&text, 16).ok()?;
        match text.len() {
            3 => {
                let [_, _, high, low] = number.to_be_bytes();
                Some(Self([high * 17, (low >> 4) * 17, (low & 15) * 17, 255]))
            }
            6 => Some(Self((number << 8 | 255).to_be_bytes())),
            8 => Some(Self(number.to_be_bytes())),
            _ => None,
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue, opacity] = self.0;
        write!(f, "{red:02x}{green:02x}{blue:02x}")?;
        if opacity < 255 { write!(f, "{opacity:02x}") } else { Ok(()) }
    }
}
