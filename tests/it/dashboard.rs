//! The dashboard, entered by its door: HTTP.

mod actions;
mod audit;
mod desk;
mod doors;
mod drafts;
mod editor;
mod explain;
mod history;
mod library;
mod model;
mod palette;
mod passkeys;
mod people;
mod preview;
mod redirects;
mod rights;
mod sample;
mod second_factor;
mod see_as;
mod settings;
mod setup;
mod sign_in;
mod tokens;
mod uploads;
mod visitor;
