//! `larder setting`

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Failure;
use super::place::{Place, signature};
use super::terminal;
use crate::content::settings;

/// The site's settings
#[derive(Subcommand)]
pub(super) enum Setting {
    Get(Get),
    Set(Set),
    Unset(Unset),
    List(List),
}

/// Print a setting's value
#[derive(Args)]
pub(super) struct Get {
    #[command(flatten)]
    place: Place,
    /// Its name
    name: String,
}

/// Set a setting
#[derive(Args)]
pub(super) struct Set {
    #[command(flatten)]
    place: Place,
    /// Its name
    name: String,
    /// Its value
    value: String,
}

/// Put a setting back to its default
#[derive(Args)]
pub(super) struct Unset {
    #[command(flatten)]
    place: Place,
    /// Its name
    name: String,
}

/// List all settings with their values
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Setting {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Get(get) => {
                let setting = find(&get.name)?;
                terminal::result(shown(&value(&get.place, setting)?))
            }
            Self::Set(set) => {
                let value = find(&set.name)?.parse(&set.value).map_err(Failure::Said)?;
                Ok(set.place.open()?.change_setting(&set.name, Some(value), signature())?)
            }
            Self::Unset(unset) => {
                find(&unset.name)?;
                Ok(unset.place.open()?.change_setting(&unset.name, None, signature())?)
            }
            Self::List(list) => list.run(),
        }
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let set = self.place.open()?.store().read(|read| read.settings())?;
        let value = |setting: &settings::Setting| set.get(setting.name).cloned().unwrap_or_else(|| setting.default());
        if self.json {
            let all: serde_json::Map<String, Value> =
                settings::Setting::ALL.iter().map(|setting| (setting.name.into(), value(setting))).collect();
            return terminal::json(&json!(all));
        }
        let row = |setting: &settings::Setting| [setting.name.into(), shown(&value(setting)), setting.help.into()];
        let rows: Vec<_> = settings::Setting::ALL.iter().map(row).collect();
        terminal::table(["name", "value", ""], &rows)
    }
}

fn find(name: &str) -> Result<&'static settings::Setting, Failure> {
    settings::Setting::find(name).ok_or_else(|| {
        let names: Vec<&str> = settings::Setting::ALL.iter().map(|setting| setting.name).collect();
        Failure::said(format!("there is no setting `{name}`; the settings are {}", names.join(", ")))
    })
}

fn value(place: &Place, setting: &settings::Setting) -> Result<Value, Failure> {
    let set = place.open()?.store().read(|read| read.settings())?;
    Ok(set.get(setting.name).cloned().unwrap_or_else(|| setting.default()))
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
