//! What content is: pure types and rules. Nothing here reads files, the database, the network or the clock.

pub mod comparison;
pub mod crop;
pub mod definition;
pub mod entry;
pub mod event;
pub mod field;
pub mod filter;
pub mod html;
pub mod index;
pub mod key;
pub mod locale;
pub mod markup;
pub mod media;
pub mod moment;
pub mod oversight;
pub mod picture_sizes;
pub mod post;
pub mod redirect;
pub mod schema;
pub mod settings;
pub mod setup;
pub mod slug;
pub mod types;
pub mod zone;
