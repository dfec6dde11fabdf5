//! The syntax of addresses.

use proptest::prelude::*;

use super::{Align, Colour, Fit, Format, Output, Resize, Task, Tasks};

fn one(segment: &str) -> Task {
    let tasks = Tasks::read([segment]).unwrap_or_else(|error| panic!("{segment}: {error}"));
    assert_eq!(tasks.list.len(), 1, "{segment}");
    tasks.list[0]
}

fn resize(width: u32, height: u32, fit: Fit, align: Option<Align>) -> Task {
    let side = |side| (side > 0).then_some(side);
    Task::Resize(Resize { width: side(width), height: side(height), fit, align })
}

#[test]
fn every_task_is_read_with_its_options_and_defaults() {
    let output = |format, quality, background| Task::Output(Output { format, quality, background });
    let align = |x, y| Some(Align { x, y });
    let modulate = |brightness, saturation, hue| Task::Modulate { brightness, saturation, hue };
    let rounded = |radius, blur, background| Task::RoundedCorners { radius, blur, background };
    let red = Colour([255, 0, 0, 128]);
    for (segment, task) in [
        ("resize=width:300", resize(300, 0, Fit::Clip, None)),
        ("resize=width:0,height:20,fit:max", resize(0, 20, Fit::Max, None)),
        ("resize=height:9,width:8,fit:crop,align:[top,left]", resize(8, 9, Fit::Crop, align(0, 0))),
        ("resize=width:8,align:[left,bottom],fit:scale", resize(8, 0, Fit::Scale, align(0, 2))),
        ("resize=width:8,align:faces", resize(8, 0, Fit::Clip, None)),
        ("resize=width:8,align:center", resize(8, 0, Fit::Clip, align(1, 1))),
        ("resize=width:8,align:[\"top\",\"right\"]", resize(8, 0, Fit::Clip, align(2, 0))),
        ("crop=dim:[100,50,400,300]", Task::Crop([100, 50, 400, 300])),
        ("crop=dim:[0, 0, 1, 1]", Task::Crop([0, 0, 1, 1])),
        ("rotate=deg:90", Task::Rotate { degrees: 90, background: Colour::WHITE }),
        ("rotate=deg:0,background:F00", Task::Rotate { degrees: 0, background: Colour([255, 0, 0, 255]) }),
        ("rotate=deg:359,exif:false,background:ff000080", Task::Rotate { degrees: 359, background: red }),
        ("flip", Task::Flip),
        ("flop", Task::Flop),
        ("quality=value:80", Task::Quality(80)),
        ("output=format:webp", output(Some(Format::Webp), None, None)),
        ("output=format:jpg", output(Some(Format::Jpeg), Some(95), None)),
        ("output=format:pjpg,quality:input", output(Some(Format::ProgressiveJpeg), None, None)),
        ("output=quality:70,compress:true,strip:true,density:72,page:1", output(None, Some(70), None)),
        ("output=format:png,background:transparent", output(Some(Format::Png), None, Some(Colour::NONE))),
        ("auto_image", Task::AutoImage),
        ("blur", Task::Blur(2.0)),
        ("blur=amount:0.5", Task::Blur(0.5)),
        ("sharpen=amount:20", Task::Sharpen(20.0)),
        ("monochrome", Task::Monochrome),
        ("negative", Task::Negative),
        ("sepia", Task::Sepia(80)),
        ("blackwhite=threshold:0", Task::BlackWhite(0)),
        ("pixelate", Task::Pixelate(2)),
        ("rounded_corners", rounded(Some(10), 0.3, Colour::NONE)),
        ("rounded_corners=radius:max,blur:4,background:white", rounded(None, 4.0, Colour::WHITE)),
        ("circle", Task::Circle { background: Colour::NONE }),
        ("border=width:4", Task::Border { width: 4, color: Colour::BLACK, background: Colour::NONE }),
        ("modulate=hue:90", modulate(100, 100, 90)),
        ("modulate=brightness:10000,saturation:0", modulate(10_000, 0, 0)),
    ] {
        assert_eq!(one(segment), task, "{segment}");
    }
}

#[test]
fn what_is_the_case_anyway_is_no_work() {
    for segment in [
        "no_metadata",
        "compress",
        "compress=metadata:false",
        "compress=strip:true",
        "rotate=deg:exif",
        "rotate=exif:true",
    ] {
        assert_eq!(Tasks::read([segment]), Ok(Tasks::default()), "{segment}");
    }
}

#[test]
fn what_is_known_but_not_done_is_named_once() {
    let tasks = Tasks::read(["polaroid", "flip", "vignette=amount:99,anything:[1,2]", "polaroid", "output=format:pdf"]);
    assert_eq!(tasks, Ok(Tasks { list: vec![Task::Flip], skipped: vec!["polaroid", "vignette", "output"] }));
}

#[test]
fn what_makes_no_sense_is_refused() {
    for segment in [
        "",
        "melt",
        "Resize=width:3",
        "resize",
        "resize=",
        "resize=width",
        "resize=width:0",
        "resize=width:-1",
        "resize=width:+1",
        "resize=width:1.5",
        "resize=width:x",
        "resize=width:10001",
        "resize=width:99999999999999999999",
        "resize=width:5,width:6",
        "resize=fit:wide,width:5",
        "resize=colour:red",
        "resize=width:5,align:[top,bottom]",
        "resize=width:5,align:[]",
        "resize=width:5,align:[top,left,center]",
        "resize=width:5,align:[top,faces]",
        "resize=width:5,,height:3",
        "crop",
        "crop=dim:[1,2,3]",
        "crop=dim:[1,2,3,4,5]",
        "crop=dim:[0,0,0,5]",
        "crop=dim:[-1,0,5,5]",
        "crop=dim:1",
        "crop=dim:[1,2,3,4",
        "rotate",
        "rotate=deg:360",
        "rotate=deg:90,background:ggg",
        "quality",
        "quality=value:0",
        "quality=value:101",
        "output=format:exe",
        "output=quality:0",
        "output=format:pdf,page:0",
        "blur=amount:21",
        "blur=amount:NaN",
        "blur=amount:1e1",
        "blur=amount:",
        "sharpen=amount:inf",
        "monochrome=a:1",
        "sepia=tone:101",
        "pixelate=amount:1",
        "rounded_corners=radius:0",
        "border=width:1001",
        "modulate=hue:360",
        "compress=metadata:maybe",
    ] {
        assert!(Tasks::read([segment]).is_err(), "{segment:?} is taken for {:?}", Tasks::read([segment]));
    }
    assert!(Tasks::read(std::iter::repeat_n("flip", 21)).is_err());
}

#[test]
fn the_short_form_means_the_same_as_tasks() {
    let short = |pairs: &[(&str, &str)]| {
        let mut tasks = Tasks::default();
        tasks.read_short(pairs.iter().copied()).map(|()| tasks.to_string())
    };
    let pairs = [("q", "80"), ("fm", "webp"), ("w", "600"), ("h", "400"), ("fit", "crop"), ("v", "0a1b2c")];
    let expected = "resize=fit:crop,width:600,height:400/quality=value:80/output=quality:input,format:webp";
    assert_eq!(short(&pairs).as_deref(), Ok(expected));
    assert_eq!(short(&[("w", "9"), ("fm", "auto")]).as_deref(), Ok("resize=fit:max,width:9/auto_image"));
    assert_eq!(short(&[("utm", "x"), ("v", "")]).as_deref(), Ok(""));
    for wrong in [("w", "0"), ("w", "x"), ("h", "10001"), ("q", "0"), ("q", "300"), ("fm", "exe"), ("fit", "crop")] {
        assert!(short(&[wrong]).is_err(), "{wrong:?}");
    }
}

fn colour() -> impl Strategy<Value = Colour> {
    any::<[u8; 4]>().prop_map(Colour)
}

/// Tenths: what an address can say.
fn decimal() -> impl Strategy<Value = f32> {
    (0..=200_u16).prop_map(|tenths| f32::from(tenths) / 10.0)
}

fn any_resize() -> impl Strategy<Value = Task> {
    let fit = prop_oneof![Just(Fit::Clip), Just(Fit::Crop), Just(Fit::Scale), Just(Fit::Max)];
    let align = proptest::option::of((0..=2_u8, 0..=2_u8).prop_map(|(x, y)| Align { x, y }));
    (0..=10_000_u32, 1..=10_000_u32, fit, align)
        .prop_map(|(width, height, fit, align)| resize(width, height, fit, align))
}

fn any_output() -> impl Strategy<Value = Task> {
    let format = prop_oneof![
        Just(Format::Jpeg),
        Just(Format::ProgressiveJpeg),
        Just(Format::Png),
        Just(Format::Webp),
        Just(Format::Avif)
    ];
    let quality = proptest::option::of(1..=100_u8);
    (proptest::option::of(format), quality, proptest::option::of(colour()))
        .prop_map(|(format, quality, background)| Task::Output(Output { format, quality, background }))
}

fn any_task() -> impl Strategy<Value = Task> {
    prop_oneof![
        any_resize(),
        any_output(),
        (0..90_000_u32, 0..90_000_u32, 1..90_000_u32, 1..90_000_u32).prop_map(|(x, y, w, h)| Task::Crop([x, y, w, h])),
        (0..360_u16, colour()).prop_map(|(degrees, background)| Task::Rotate { degrees, background }),
        Just(Task::Flip),
        Just(Task::Flop),
        (1..=100_u8).prop_map(Task::Quality),
        Just(Task::AutoImage),
        decimal().prop_map(Task::Blur),
        decimal().prop_map(Task::Sharpen),
        Just(Task::Monochrome),
        Just(Task::Negative),
        (0..=100_u8).prop_map(Task::Sepia),
        (0..=100_u8).prop_map(Task::BlackWhite),
        (2..=100_u32).prop_map(Task::Pixelate),
        (proptest::option::of(1..=10_000_u32), decimal(), colour())
            .prop_map(|(radius, blur, background)| Task::RoundedCorners { radius, blur, background }),
        colour().prop_map(|background| Task::Circle { background }),
        (0..=1_000_u32, colour(), colour()).prop_map(|(width, color, background)| Task::Border {
            width,
            color,
            background
        }),
        (0..=10_000_u16, 0..=10_000_u16, 0..360_u16).prop_map(|(brightness, saturation, hue)| Task::Modulate {
            brightness,
            saturation,
            hue
        }),
    ]
}

/// Texts that look like tasks more often than chance would have it.
fn almost() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("resize".to_owned()),
        Just("crop=dim:".to_owned()),
        Just("rounded_corners=radius".to_owned()),
        Just("align:[top".to_owned()),
        "[=:,\\[\\]/a-z0-9.-]{0,6}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_the_same(list in proptest::collection::vec(any_task(), 0..20)) {
        let tasks = Tasks { list, skipped: Vec::new() };
        let text = tasks.to_string();
        prop_assert_eq!(Tasks::read(text.split('/').filter(|text| !text.is_empty())), Ok(tasks), "{}", text);
    }

    #[test]
    fn no_text_ends_the_reading_badly(text in almost()) {
        if let Ok(tasks) = Tasks::read([text.as_str()]) {
            let again = tasks.to_string();
            prop_assert_eq!(Tasks::read(again.split('/').filter(|text| !text.is_empty())).map(|t| t.list), Ok(tasks.list));
        }
        let mut short = Tasks::default();
        let _ = short.read_short([("w", text.as_str()), ("fm", text.as_str())]);
    }
}
