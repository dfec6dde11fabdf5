//! The dashboard, entered by its door: HTTP.

mod people;
mod rights;
mod sample;
mod settings;
mod setup;
mod sign_in;
mod visitor;
