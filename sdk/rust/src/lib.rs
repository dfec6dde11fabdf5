//! Reads content from larder and from ButterCMS, and keeps a site up when they are down: it retries, goes over to standbys, and
//! answers from copies. docs/clients/behaviour.md is exact about it.
//!
//! ```no_run
//! # async fn show() -> Result<(), Box<dyn std::error::Error>> {
//! let client = larder_cms::Client::builder("READ_TOKEN").base_url(["https://cms.example.com"]).build()?;
//! let posts = client.posts().list(&[("page_size", "5")]).await?;
//! println!("{}", posts.json["data"][0]["title"]);
//! # Ok(())
//! # }
//! ```
//!
//! To cancel a call, drop its future. Calls need the time and the tasks of a Tokio runtime.

mod asking;
mod client;
mod clock;
mod copies;
mod error;
mod file;
mod flights;
mod http;
mod question;
#[cfg(feature = "redis")]
mod redis;
mod resources;
mod servers;
mod settings;
mod store;

pub use client::{Answer, Client};
pub use clock::{Clock, SystemClock};
pub use error::{Error, Kind, Unset};
pub use file::FileStore;
pub use question::Params;
#[cfg(feature = "redis")]
pub use redis::RedisStore;
pub use resources::{Content, Feeds, Named, Pages, Posts};
pub use settings::{Builder, Event, Limits, Reason, Stale};
pub use store::{Later, MemoryStore, Store, StoreError};
