//! `GET /admin/colours`: the colours this site has used lately, for fields that ask for one.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::Dashboard;
use super::error::Refused;
use super::guard::Signed;
use super::sight::Sight;
use crate::content::field::{FieldType, visit_fields};
use crate::store::Read;

/// How many entries are looked through, those saved last first.
const READ: usize = 60;
/// How many colours are offered.
const OFFERED: usize = 12;

/// The colours of the entries saved last, as `#RRGGBB` in capitals or as they were written.
pub(super) async fn show(State(dashboard): State<Dashboard>, signed: Signed) -> Result<Json<Value>, Refused> {
    let sight = Sight::of(&signed.user);
    let colours = dashboard.read(move |read| used(read, sight)).await?;
    Ok(Json(json!({"colours": colours})))
}

fn used(read: &Read<'_>, sight: Sight) -> Result<Vec<String>, Refused> {
    let mut colours: Vec<String> = Vec::new();
    for line in read.last_saved(sight.eyes(), READ)? {
        let Some(schema) = read.model().schema(line.schema) else { continue };
        let Some(version) = read.version_of(&line)? else { continue };
        visit_fields(&schema.fields, &version.revision.fields, read.model(), &mut |place| {
            let written = place.value.as_str().unwrap_or_default().to_ascii_uppercase();
            if matches!(place.field.kind, FieldType::Color(_)) && !written.is_empty() && !colours.contains(&written) {
                colours.push(written);
            }
        });
        if colours.len() >= OFFERED {
            break;
        }
    }
    colours.truncate(OFFERED);
    Ok(colours)
}
