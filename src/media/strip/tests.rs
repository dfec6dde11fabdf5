//! What is taken away is gone, and the picture is the same to the last pixel.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::{clean, orientation};
use crate::media::decode::thumbnail;
use crate::media::kind::Kind;
use crate::media::{Budget, Picture};

const SECRET: &[u8] = b"GPS 52.0907 N 5.1214 E, taken by Ada";

fn written(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file.flush().unwrap();
    file
}

/// The clean copy's bytes; `None` when the original may be served.
fn cleaned(bytes: &[u8], kind: &str) -> std::io::Result<Option<Vec<u8>>> {
    let original = written(bytes);
    let copy = NamedTempFile::new().unwrap();
    let needed = clean(original.path(), Kind::parse(kind).unwrap(), &mut copy.reopen().unwrap())?;
    Ok(needed.then(|| std::fs::read(copy.path()).unwrap()))
}

fn shown(bytes: &[u8], kind: &str) -> Picture {
    thumbnail(written(bytes).path(), kind, 4_000, &Budget::default()).unwrap()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// EXIF data with an orientation, and something that nobody meant to publish.
fn exif(turned: u8) -> Vec<u8> {
    [&orientation::alone(turned)[..], SECRET].concat()
}

#[track_caller]
fn check(plain: &[u8], laden: &[u8], kind: &str) {
    assert!(cleaned(plain, kind).unwrap().is_none(), "there is nothing to be taken away");
    let clean = cleaned(laden, kind).unwrap().expect("a copy");
    assert!(!holds(&clean, SECRET));
    assert!(shown(&clean, kind) == shown(laden, kind), "it shows the same");
    assert!(cleaned(&clean, kind).unwrap().is_none(), "cleaning again changes nothing");
    for end in [0, 1, 7, 20, plain.len() / 2, plain.len() - 1] {
        assert!(cleaned(&plain[..end], kind).is_err(), "cut at {end}");
    }
}

fn photo() -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/starter/media/starter-jar.jpg");
    let bytes = std::fs::read(file).unwrap();
    cleaned(&bytes, "image/jpeg").unwrap().unwrap_or(bytes)
}

#[test]
fn jpeg_keeps_picture_profile_and_orientation() {
    let plain = photo();
    let segment = |marker: u8, body: &[u8]| {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], body].concat()
    };
    let profile = segment(0xe2, b"ICC_PROFILE\0\x01\x01no profile, but kept");
    let laden = [
        &plain[..2],
        &segment(0xe1, &[b"Exif\0\0", &exif(6)[..]].concat()),
        &segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
        &segment(0xed, &[b"Photoshop 3.0\0", SECRET].concat()),
        &segment(0xfe, SECRET),
        &plain[2..],
        SECRET,
    ]
    .concat();
    check(&plain, &laden, "image/jpeg");
    let clean = cleaned(&laden, "image/jpeg").unwrap().unwrap();
    assert!(shown(&clean, "image/jpeg").height > shown(&clean, "image/jpeg").width, "it stands upright");
    let profiled = [&plain[..2], &profile, &plain[2..]].concat();
    assert_eq!(cleaned(&profiled, "image/jpeg").unwrap(), None);
}

fn png(text: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 3, 2);
    encoder.set_color(png::ColorType::Rgb);
    if text {
        encoder.add_text_chunk("Author".into(), String::from_utf8_lossy(SECRET).into_owned()).unwrap();
    }
    encoder.write_header().unwrap().write_image_data(&(0..18).collect::<Vec<u8>>()).unwrap();
    bytes
}

#[test]
fn png_keeps_its_pixels() {
    check(&png(false), &[&png(true), SECRET].concat(), "image/png");
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let padding = vec![0; body.len() % 2];
    [&name[..], &(body.len() as u32).to_le_bytes(), body, &padding].concat()
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let inside = chunks.concat();
    [b"RIFF", &(inside.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &inside].concat()
}

#[test]
fn webp_keeps_its_pixels_and_orientation() {
    let mut simple = Vec::new();
    let pixels: Vec<u8> = (0..18).collect();
    image_webp::WebPEncoder::new(&mut simple).encode(&pixels, 3, 2, image_webp::ColorType::Rgb8).unwrap();
    let body = simple[12..].to_vec();
    let head = |flags: u8| chunk(b"VP8X", &[flags, 0, 0, 0, 2, 0, 0, 1, 0, 0]);
    let laden = riff(&[head(0x0c), body.clone(), chunk(b"EXIF", &exif(6)), chunk(b"XMP ", SECRET)]);
    check(&simple, &laden, "image/webp");
    let clean = cleaned(&laden, "image/webp").unwrap().unwrap();
    assert_eq!(clean, riff(&[head(0x08), body, chunk(b"EXIF", &orientation::alone(6))]));
}

#[test]
fn gif_keeps_its_pictures_and_their_timing() {
    let gif = |secret: bool| {
        let mut bytes = Vec::new();
        let mut encoder = gif::Encoder::new(&mut bytes, 2, 1, &[0, 0, 0, 255, 255, 255]).unwrap();
        encoder.set_repeat(gif::Repeat::Infinite).unwrap();
        if secret {
            encoder.write_raw_extension(gif::AnyExtension(0xfe), &[SECRET]).unwrap();
        }
        for _ in 0..3 {
            encoder.write_frame(&gif::Frame::from_indexed_pixels(2, 1, vec![0, 1], None)).unwrap();
        }
        drop(encoder);
        bytes
    };
    check(&gif(false), &[gif(true), SECRET.to_vec()].concat(), "image/gif");
}

#[test]
fn other_files_are_served_as_they_are() {
    let mut copy = tempfile::tempfile().unwrap();
    let original = written(SECRET);
    assert!(!clean(original.path(), Kind::parse("text/plain").unwrap(), &mut copy).unwrap());
    assert_eq!(copy.stream_position().unwrap(), 0);
    assert!(File::open(original.path()).is_ok());
}
