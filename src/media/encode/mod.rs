//! Writing pictures as files.

use png::{BitDepth, ColorType};
use rgb::FromSlice as _;

use super::picture::Picture;
use super::task::Format;

/// What is good enough that nobody sees a difference on a page, where nothing else was asked for.
const JPEG_QUALITY: u8 = 82;
/// See [`JPEG_QUALITY`].
const WEBP_QUALITY: u8 = 80;
/// See [`JPEG_QUALITY`].
const AVIF_QUALITY: u8 = 60;
/// From this quality on colours are kept as sharp as brightness.
const FULL_COLOUR: u8 = 90;
/// The fastest but one: slower ones save a tenth of the bytes and take several times as long.
const AVIF_SPEED: u8 = 9;

/// The picture as a file, `quality` from 1 to 100. JPEG has no opacity: what is transparent becomes black there, so
/// flatten it before.
///
/// # Errors
/// The encoder's sentence.
pub(super) fn encode(picture: &Picture, format: Format, quality: Option<u8>) -> Result<Vec<u8>, String> {
    match format {
        Format::Jpeg => jpeg(picture, quality.unwrap_or(JPEG_QUALITY), false),
        Format::ProgressiveJpeg => jpeg(picture, quality.unwrap_or(JPEG_QUALITY), true),
        Format::Png => png(picture),
        Format::Webp => webp(picture, quality.unwrap_or(WEBP_QUALITY)),
        Format::Avif => avif(picture, quality.unwrap_or(AVIF_QUALITY)),
    }
}

/// Bytes of memory for each pixel that an encoder takes beside the picture, the file included.
pub(super) fn memory_per_pixel(format: Format) -> u64 {
    match format {
        Format::Jpeg | Format::ProgressiveJpeg | Format::Webp => 4,
        Format::Png => 3,
        Format::Avif => 40,
    }
}

fn jpeg(picture: &Picture, quality: u8, progressive: bool) -> Result<Vec<u8>, String> {
    use jpeg_encoder::{ColorType, Encoder, QuantizationTableType, SamplingFactor};
    let side = |pixels: u32| u16::try_from(pixels).map_err(|error| error.to_string());
    let (width, height) = (side(picture.width)?, side(picture.height)?);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, quality);
    encoder.set_progressive(progressive);
    encoder.set_optimized_huffman_tables(true);
    // A sixth fewer bytes than the standard's tables at the same error: docs/media.md.
    encoder.set_quantization_tables(QuantizationTableType::ImageMagick, QuantizationTableType::ImageMagick);
    let sampling = if quality >= FULL_COLOUR { SamplingFactor::F_1_1 } else { SamplingFactor::F_2_2 };
    encoder.set_sampling_factor(sampling);
    encoder.encode(&picture.pixels, width, height, ColorType::Rgba).map_err(|error| error.to_string())?;
    Ok(file)
}

fn png(picture: &Picture) -> Result<Vec<u8>, String> {
    let mut file = Vec::new();
    write_png(picture, &mut file).map_err(|error| error.to_string())?;
    Ok(file)
}

fn write_png(picture: &Picture, file: &mut Vec<u8>) -> Result<(), png::EncodingError> {
    use std::io::Write as _;
    let mut encoder = png::Encoder::new(file, picture.width, picture.height);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_color(if picture.opaque { ColorType::Rgb } else { ColorType::Rgba });
    let mut writer = encoder.write_header()?;
    let mut rows = writer.stream_writer()?;
    let mut rgb = Vec::with_capacity(picture.width as usize * 3);
    for row in picture.pixels.chunks_exact(picture.width as usize * 4) {
        if picture.opaque {
            rgb.clear();
            rgb.extend(row.as_chunks::<4>().0.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]));
            rows.write_all(&rgb)?;
        } else {
            rows.write_all(row)?;
        }
    }
    rows.finish()?;
    writer.finish()
}

fn webp(picture: &Picture, quality: u8) -> Result<Vec<u8>, String> {
    let mut config = webp::WebPConfig::new().map_err(|()| "the encoder is of another version".to_owned())?;
    config.quality = f32::from(quality);
    config.thread_level = 1;
    let encoder = webp::Encoder::from_rgba(&picture.pixels, picture.width, picture.height);
    let file = encoder.encode_advanced(&config).map_err(|error| format!("{error:?}"))?;
    Ok(file.to_vec())
}

fn avif(picture: &Picture, quality: u8) -> Result<Vec<u8>, String> {
    let pixels = ravif::Img::new(picture.pixels.as_rgba(), picture.width as usize, picture.height as usize);
    let encoder = ravif::Encoder::new().with_quality(f32::from(quality)).with_speed(AVIF_SPEED);
    // The pool of jobs decides how many threads work on pictures.
    let encoded = encoder.with_num_threads(Some(1)).encode_rgba(pixels).map_err(|error| error.to_string())?;
    Ok(encoded.avif_file)
}

#[cfg(test)]
mod tests {
    use super::encode;
    use crate::media::picture::Picture;
    use crate::media::task::Format;

    #[test]
    fn every_format_begins_as_it_should() {
        let picture = Picture::filled(33, 17, [200, 30, 60, 255]);
        for (format, place, sign) in [
            (Format::Jpeg, 0, &b"\xff\xd8\xff"[..]),
            (Format::ProgressiveJpeg, 0, b"\xff\xd8\xff"),
            (Format::Png, 0, b"\x89PNG"),
            (Format::Webp, 8, b"WEBP"),
            (Format::Avif, 4, b"ftypavif"),
        ] {
            let file = encode(&picture, format, None).unwrap();
            assert!(file[place..].starts_with(sign), "{format:?}");
            let small = encode(&picture, format, Some(1)).unwrap();
            assert!(small.len() <= file.len(), "{format:?}");
        }
    }
}
