//! Form controls: each field by its type's template, lists and components with the controls inside them.

use serde_json::{Value, json};

use super::chosen::chosen;
use crate::account::Role;
use crate::authoring::{Filled, MediaFacts, Problems};
use crate::content::field::define::Writing;
use crate::content::field::text::plain_text;
use crate::content::field::{Field, FieldType, Width};
use crate::content::media::media_id;
use crate::content::schema::{Component, Model, in_use};
use crate::dashboard::address::schema_name;
use crate::dashboard::error::Refused;
use crate::dashboard::sight::Sight;
use crate::dashboard::view::View;
use crate::store::Read;

/// What stands for the name of an element that is not there yet.
const NEW: &str = "__id__";
/// How deep blank elements hold blank elements of their own: components may hold themselves.
const BLANKS: usize = 2;
/// The longest summary of a closed card, in characters.
const SUMMARY: usize = 120;

/// What controls are made of.
pub(in crate::dashboard) struct Controls<'a> {
    pub(in crate::dashboard) view: &'a View,
    pub(in crate::dashboard) read: &'a Read<'a>,
    pub(in crate::dashboard) model: &'a Model,
    pub(in crate::dashboard) sight: Sight,
    pub(in crate::dashboard) filled: &'a Filled,
    pub(in crate::dashboard) problems: &'a Problems,
    /// What they may fill in.
    pub(in crate::dashboard) role: Role,
    /// Whether this person may write HTML by hand.
    pub(in crate::dashboard) html: bool,
}

impl Controls<'_> {
    /// The controls of the fields in use, as HTML. `inside` is the path of the group, empty at the top.
    pub(in crate::dashboard) fn of(
        &self,
        fields: &[Field],
        inside: &str,
        depth: usize,
    ) -> Result<Vec<String>, Refused> {
        in_use(fields).map(|field| self.control(field, &path_in(inside, field), depth)).collect()
    }

    /// The control of one field.
    pub(super) fn control(&self, field: &Field, path: &str, depth: usize) -> Result<String, Refused> {
        let definition = field.write(&Writing { model: self.model, complete: false });
        let is_new = path.contains(NEW);
        let inside = path.rsplit_once('.').map_or("", |(inside, _)| inside);
        let value = match self.filled.values.get(path) {
            Some(value) => value.clone(),
            None if is_new => field.default.clone().unwrap_or(Value::Null),
            None => Value::Null,
        };
        let mut context = json!({
            "field": {
                "key": field.key, "name": field.name, "help": field.help, "required": field.required,
                "type": field.kind.name(), "options": definition.options, "half": field.width == Width::Half,
                "show_if": field.show_if.as_ref().map(|condition| json!({
                    "path": if inside.is_empty() { condition.field.clone() } else { format!("{inside}.{}", condition.field) },
                    "is": condition.is,
                })),
            },
            "path": path,
            "value": value,
            "problems": self.problems.get(path),
            "html": self.html,
        });
        match &field.kind {
            FieldType::Component(kind) => {
                let fields = self.model.component(kind.component).map_or(&[][..], |component| &component.fields);
                context["controls"] = json!(self.of(fields, path, depth)?);
            }
            FieldType::Repeater(repeater) => {
                context["members"] = self.members(path, |_| Some((None, &repeater.fields)), depth)?;
                if depth < BLANKS {
                    let controls = self.of(&repeater.fields, &format!("{path}[{NEW}]"), depth + 1)?;
                    context["blanks"] = json!([{"component": "", "controls": controls}]);
                }
            }
            FieldType::ComponentPicker(picker) => {
                let fields = |key: &str| {
                    let component = self.model.component_by_key(key)?;
                    Some((Some(component), component.fields.as_slice()))
                };
                context["members"] = self.members(path, fields, depth)?;
                if depth < BLANKS {
                    let blank = |component: &Component| {
                        let controls = self.of(&component.fields, &format!("{path}[{NEW}]"), depth + 1)?;
                        Ok(json!({"component": component.key, "name": component.name, "controls": controls}))
                    };
                    let blanks = picker.allowed(self.model).map(blank).collect::<Result<Vec<_>, Refused>>()?;
                    context["blanks"] = json!(blanks);
                }
            }
            FieldType::Media(media) => {
                context["facts"] = self.facts(&value)?;
                context["limits"] = json!(media.limits());
            }
            FieldType::Reference(reference) => {
                let schema = reference.to.schema().and_then(|id| self.model.schema(id));
                context["schema"] = json!(schema.map(schema_name).unwrap_or_default());
                context["chosen"] = chosen(self.read, self.sight, &value)?;
            }
            _ => {}
        }
        let shown = minijinja::Value::from(minijinja::value::Serde(context));
        let control = self.view.render(field.kind.rules().template(), shown)?;
        match field.only.filter(|only| !self.role.fills(Some(*only))) {
            Some(only) => {
                let shown = minijinja::context! { control, people => only.people() };
                self.view.render("field/_locked.html", shown)
            }
            None => Ok(control),
        }
    }

    /// What is known of a picture or file of our own; null for others.
    fn facts(&self, value: &Value) -> Result<Value, Refused> {
        let Some(id) = value["url"].as_str().and_then(media_id) else { return Ok(Value::Null) };
        let Some(media) = self.read.media(id)? else { return Ok(Value::Null) };
        Ok(MediaFacts::of(self.read, media)?.to_json())
    }

    /// The elements of the list at a path, each with its controls.
    fn members<'m>(
        &'m self,
        path: &str,
        fields: impl Fn(&str) -> Option<(Option<&'m Component>, &'m [Field])>,
        depth: usize,
    ) -> Result<Value, Refused> {
        let elements = self.filled.lists.get(path).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut members = Vec::with_capacity(elements.len());
        for element in elements {
            let (id, key) = (element["id"].as_str().unwrap_or_default(), element["component"].as_str());
            let Some((component, fields)) = fields(key.unwrap_or_default()) else { continue };
            let inside = format!("{path}[{id}]");
            members.push(json!({
                "id": id,
                "component": key,
                "name": component.map(|component| &component.name),
                "summary": self.summary(fields, &inside),
                "controls": self.of(fields, &inside, depth)?,
            }));
        }
        Ok(Value::Array(members))
    }

    /// The first words somebody wrote in an element.
    fn summary(&self, fields: &[Field], inside: &str) -> String {
        let words = in_use(fields).find_map(|field| {
            let text = plain_text(self.filled.values.get(&path_in(inside, field))?.as_str()?);
            (!text.is_empty()).then_some(text)
        });
        words.unwrap_or_default().chars().take(SUMMARY).collect()
    }
}

fn path_in(inside: &str, field: &Field) -> String {
    if inside.is_empty() { field.key.clone() } else { format!("{inside}.{}", field.key) }
}
