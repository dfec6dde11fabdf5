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

/// A box of an AVIF.
fn boxed(name: &[u8; 4], body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    [&(body.len() as u32 + 8).to_be_bytes(), &name[..], &body].concat()
}

/// An AVIF as boxes go: a picture in `mdat`, EXIF behind it, XMP in `idat`, a small copy, and a box of somebody's own.
/// `word` stands wherever something is said.
fn avif(word: &[u8]) -> Vec<u8> {
    let item = |id: u8, kind: &[u8; 4]| boxed(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0], kind, b"\0"]);
    let infos = [item(1, b"av01"), item(2, b"Exif"), item(3, b"mime"), item(4, b"av01")].concat();
    let exif = [b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0", word].concat();
    let place = |id: u8, method: u8, offset: usize, length: usize| {
        let (offset, length) = ((offset as u32).to_be_bytes(), (length as u32).to_be_bytes());
        [&[0, id, 0, method, 0, 0, 0, 1], &offset[..], &length[..]].concat()
    };
    let meta = |data: usize| {
        let places = [
            place(1, 0, data, 5),
            place(2, 0, data + 5, exif.len()),
            place(3, 1, 0, word.len()),
            place(4, 0, data + 5 + exif.len(), word.len()),
        ];
        let body = [
            boxed(b"iinf", &[&[0, 0, 0, 0, 0, 4], &infos]),
            boxed(b"iref", &[&[0; 4], &boxed(b"thmb", &[&[0, 4, 0, 1, 0, 1]])]),
            boxed(b"iloc", &[&[1, 0, 0, 0, 0x44, 0, 0, 4], &places.concat()]),
            boxed(b"idat", &[word]),
        ];
        boxed(b"meta", &[&[0; 4], &body.concat()])
    };
    let head = [boxed(b"ftyp", &[b"avif\0\0\0\0mif1"]), boxed(b"uuid", &[word])].concat();
    let data = head.len() + meta(0).len() + 8;
    [head, meta(data), boxed(b"mdat", &[b"shown", &exif, word])].concat()
}

#[test]
fn avif_says_nothing_and_shows_the_same() {
    let laden = [&avif(SECRET)[..], SECRET].concat();
    let clean = cleaned(&laden, "image/avif").unwrap().expect("a copy");
    assert!(!holds(&clean, SECRET) && holds(&clean, b"shown"));
    assert_eq!(clean.len(), avif(SECRET).len(), "everything lies where it lay");
    assert!(cleaned(&clean, "image/avif").unwrap().is_none(), "cleaning again changes nothing");
    for end in [0, 1, 7, 20, clean.len() / 2, clean.len() - 1] {
        assert!(cleaned(&clean[..end], "image/avif").is_err(), "cut at {end}");
    }
}

#[test]
fn avif_without_words_is_served_as_it_is() {
    let pixels = [rgb::RGBA8::new(1, 2, 3, 255); 64];
    let picture = ravif::Img::new(&pixels[..], 8, 8);
    let encoded = |encoder: ravif::Encoder<'_>| encoder.with_speed(10).encode_rgba(picture).unwrap().avif_file;
    assert!(cleaned(&encoded(ravif::Encoder::new()), "image/avif").unwrap().is_none());
    let laden = encoded(ravif::Encoder::new().with_exif(exif(6)));
    assert!(holds(&laden, SECRET));
    let clean = cleaned(&laden, "image/avif").unwrap().expect("a copy");
    assert!(!holds(&clean, SECRET) && clean.len() == laden.len());
}

#[test]
fn odd_avif_is_refused_without_harm() {
    let whole = avif(SECRET);
    for place in 0..whole.len() {
        for byte in [0, 1, 0x7f, 0xff] {
            let mut odd = whole.clone();
            odd[place] = byte;
            // It may pass or not, but it ends, and nothing is read that is not there.
            if let Ok(Some(clean)) = cleaned(&odd, "image/avif") {
                assert!(clean.len() <= odd.len());
            }
        }
    }
}

#[test]
fn drawings_from_before_they_were_cleaned_are_cleaned() {
    let laden = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><path d='M0 0h1'/></svg>";
    let clean = cleaned(laden, "image/svg+xml").unwrap().expect("a copy");
    assert!(!holds(&clean, b"script") && holds(&clean, b"M0 0h1"));
    assert!(cleaned(&clean, "image/svg+xml").unwrap().is_none());
    for odd in [&b"<html><script>alert(1)</script></html>"[..], b"\xff<script>", b""] {
        let clean = cleaned(odd, "image/svg+xml").unwrap().expect("a copy");
        assert!(!holds(&clean, b"script") && holds(&clean, b"<svg"));
    }
}

#[test]
fn other_files_are_served_as_they_are() {
    let mut copy = tempfile::tempfile().unwrap();
    let original = written(SECRET);
    assert!(!clean(original.path(), Kind::parse("text/plain").unwrap(), &mut copy).unwrap());
    assert_eq!(copy.stream_position().unwrap(), 0);
    assert!(File::open(original.path()).is_ok());
}
