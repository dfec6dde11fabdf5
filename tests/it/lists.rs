//! The dashboard's lists, bulk work, order, trash, home and pickers, over HTTP.

mod bulk;
mod find;
mod home;
mod large;
mod office;
mod order;
mod sight;
mod table;
mod trash;
