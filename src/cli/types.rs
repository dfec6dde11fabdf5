//! `larder types`

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::place::Place;
use super::terminal::{self, note};
use crate::content::types::{Language, MediaForm, write_types};

/// Between two looks at the content model.
const PAUSE: Duration = Duration::from_millis(200);

/// Write types of the site's own content, for programs that read it
#[derive(Args)]
pub(super) struct Types {
    #[command(flatten)]
    place: Place,

    /// The programs' language
    #[arg(long)]
    lang: Lang,

    /// Write them here
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Go on, and write them again whenever the content model changes
    #[arg(long, requires = "out")]
    watch: bool,

    /// Media fields as they are answered with `alt_media_text=1`
    #[arg(long)]
    alt_media_text: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Lang {
    Ts,
    Python,
    Rust,
    Go,
}

impl Lang {
    fn language(self) -> Language {
        match self {
            Self::Ts => Language::TypeScript,
            Self::Python => Language::Python,
            Self::Rust => Language::Rust,
            Self::Go => Language::Go,
        }
    }
}

impl Types {
    pub(super) fn run(self) -> Result<(), Failure> {
        let site = self.place.open()?;
        let media = if self.alt_media_text { MediaForm::WithText } else { MediaForm::Address };
        let types = || Ok::<_, Failure>(write_types(&*site.model()?, self.lang.language(), media));
        let mut text = types()?;
        let Some(out) = &self.out else { return terminal::result(text.trim_end()) };
        write(out, &text)?;
        if !self.watch {
            return Ok(());
        }
        loop {
            thread::sleep(PAUSE);
            let now = types()?;
            if now != text {
                write(out, &now)?;
                text = now;
            }
        }
    }
}

/// Renamed when whole: what compiles it never sees half of it.
fn write(out: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::said(format!("cannot write {}: {error}", out.display()));
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut draft = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut draft, text.as_bytes()).map_err(failed)?;
    draft.persist(out).map_err(|error| failed(error.error))?;
    note(format_args!("wrote {}", out.display()));
    Ok(())
}
