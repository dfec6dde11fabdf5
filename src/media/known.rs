//! What of a picture's address is known beforehand: sizes and formats of which there are only a few.

use std::mem;

use super::task::{Output, Resize, Task, Tasks};
use crate::content::picture_sizes::PictureSizes;

/// The dashboard's pictures of pictures: cut to a tile, whole in a square, and as large as a screen.
pub const TILE: [u32; 2] = [480, 360];
/// See [`TILE`].
pub const SQUARE: [u32; 2] = [480, 480];
/// See [`TILE`].
pub const SCREEN: [u32; 2] = [1600, 1600];

/// The tasks that are not known: what is left when at most one known size, one `auto_image` and one format have been
/// taken away. What is left of two addresses is equal when they differ in nothing else.
pub fn unknown(tasks: &Tasks, sizes: &PictureSizes) -> Vec<Task> {
    let (mut size, mut auto, mut format) = (false, false, false);
    let first = |seen: &mut bool| !mem::replace(seen, true);
    let mut known = |task: &Task| match task {
        Task::Resize(resize) => is_known(resize, sizes) && first(&mut size),
        Task::AutoImage => first(&mut auto),
        Task::Output(Output { quality: None, background: None, .. }) => first(&mut format),
        _ => false,
    };
    tasks.list.iter().filter(|task| !known(task)).copied().collect()
}

fn is_known(resize: &Resize, sizes: &PictureSizes) -> bool {
    let Resize { width: Some(width), height, align: None, .. } = *resize else { return false };
    let of_dashboard = |height| [TILE, SQUARE, SCREEN].contains(&[width, height]);
    sizes.know(width, height) || height.is_some_and(of_dashboard)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::unknown;
    use crate::content::picture_sizes::PictureSizes;
    use crate::content::schema::Model;
    use crate::content::settings::Settings;
    use crate::media::task::Tasks;

    #[test]
    fn a_known_size_and_format_leave_nothing() {
        let set = Map::from_iter([("image_widths".to_owned(), json!("320 640"))]);
        let sizes = PictureSizes::of(&Settings::read(&set), &Model::default(), [0; 64]);
        let left = |asked: &str| {
            let list = unknown(&Tasks::asked(asked).expect("tasks"), &sizes);
            Tasks { list, skipped: Vec::new() }.to_string()
        };
        for known in [
            "resize=width:320",
            "resize=width:640,fit:max/auto_image",
            "output=format:avif",
            "?w=320&fm=webp",
            "resize=width:480,height:360,fit:crop/auto_image",
            "",
        ] {
            assert_eq!(left(known), "", "{known}");
        }
        assert_eq!(left("crop=dim:[1,2,3,4]/resize=width:320/auto_image"), "crop=dim:[1,2,3,4]");
        for unknown in [
            "resize=width:321",
            "resize=height:320",
            "resize=width:320,height:10",
            "resize=width:320,align:top",
            "resize=width:320/resize=width:640",
            "?w=320&q=7",
            "output=format:webp,quality:7",
            "auto_image/auto_image",
            "flip",
        ] {
            assert_ne!(left(unknown), "", "{unknown}");
        }
    }
}
