//! Everything that is tested through a door: the command line, the API, archives, the shape of the sources.

mod api_description;
mod api_html;
mod api_media;
mod api_tokens;
mod archive;
mod assets;
mod cli_commands;
mod cli_errors;
mod command;
mod dashboard;
mod docs;
mod explain;
mod golden;
mod lists;
mod plan;
mod plan_publish;
mod precision;
mod redirects;
mod schedule;
mod schema;
mod site;
mod slugs;
mod stale;
mod tidy;
