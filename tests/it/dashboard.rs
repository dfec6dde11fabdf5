//! The dashboard, entered by its door: HTTP.

mod actions;
mod desk;
mod doors;
mod drafts;
mod editor;
mod explain;
mod history;
mod library;
mod model;
mod people;
mod preview;
mod redirects;
mod rights;
mod sample;
mod settings;
mod setup;
mod sign_in;
mod uploads;
mod visitor;
