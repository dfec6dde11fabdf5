//! The newest posts as RSS, Atom or sitemap: XML inside JSON.

use std::fmt::Write as _;

use serde_json::Value;

use super::body::{Build, Stop};
use super::posts::{Part, Which};
use super::query::{Feed, FeedKind};
use super::shape::{self, PostParts};
use crate::content::entry::View;
use crate::content::moment::Moment;

/// How many posts RSS and Atom show. A sitemap shows all.
const NEWEST: u64 = 100;

/// What is said of the whole feed.
struct Channel<'a> {
    title: &'a str,
    /// The newest post's date; the site's when there is no post.
    updated: Moment,
    posts: &'a [PostParts],
}

impl Build<'_> {
    pub(super) fn feed(&mut self, feed: &Feed) -> Result<Value, Stop> {
        let locale = self.locale(feed.locale.as_deref())?;
        let which = Which { author: None, category: feed.category.as_deref(), tag: feed.tag.as_deref() };
        let limit = if feed.kind == FeedKind::Sitemap { i64::MAX.unsigned_abs() } else { NEWEST };
        let part = Part { locale, view: View::Live, offset: 0, limit };
        let (posts, _) = self.posts_which(which, part)?;
        let updated = match posts.first().and_then(|post| post.version.published) {
            Some(published) => published,
            None => self.recorder.site_created()?,
        };
        let settings = self.recorder.settings()?;
        let channel = Channel { title: &settings.blog_title, updated, posts: &posts };
        let xml = match feed.kind {
            FeedKind::Rss => rss(&channel),
            FeedKind::Atom => atom(&channel),
            FeedKind::Sitemap => sitemap(&posts),
        };
        Ok(shape::one(xml.into()))
    }
}

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

fn rss(channel: &Channel<'_>) -> String {
    let mut xml = format!(
        r#"{DECLARATION}
<rss xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" version="2.0">
   <channel>
      <title>{title}</title>
      <link>rss/</link>
      <description />
      <atom:link href="rss/" rel="self" />
      <language>en-us</language>
      <lastBuildDate>{updated}</lastBuildDate>
"#,
        title = escaped(channel.title),
        updated = rfc822(channel.updated),
    );
    channel.posts.iter().for_each(|post| push_item(&mut xml, post));
    xml.push_str("   </channel>\n</rss>\n");
    xml
}

fn push_item(xml: &mut String, post: &PostParts) {
    let picture = post
        .image
        .as_ref()
        .map_or(String::new(), |url| format!("         <media:content medium=\"image\" url=\"{}\"/>\n", escaped(url)));
    // Writing to a String cannot fail.
    let _ = write!(
        xml,
        r#"      <item>
         <title>{title}</title>
         <link>{url}</link>
{picture}         <dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">{author}</dc:creator>
         <pubDate>{published}</pubDate>
         <guid>{url}</guid>
         <description>{summary}</description>
         <content:encoded><![CDATA[{body}]]></content:encoded>
      </item>
"#,
        title = escaped(post.title()),
        url = escaped(&post.url()),
        author = escaped(&post.author.full_name()),
        published = rfc822(published(post)),
        summary = escaped(&post.summary),
        // CDATA cannot hold its own end: it is split between two.
        body = allowed(&post.body).replace("]]>", "]]]]><![CDATA[>"),
    );
}

fn atom(channel: &Channel<'_>) -> String {
    let mut xml = format!(
        r#"{DECLARATION}
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">
   <title>{title}</title>
   <link href="rss/" rel="alternate" />
   <link href="atom/" rel="self" />
   <id>rss/</id>
   <updated>{updated}</updated>
"#,
        title = escaped(channel.title),
        updated = rfc3339(channel.updated),
    );
    channel.posts.iter().for_each(|post| push_entry(&mut xml, post));
    xml.push_str("</feed>\n");
    xml
}

fn push_entry(xml: &mut String, post: &PostParts) {
    // Writing to a String cannot fail.
    let _ = write!(
        xml,
        r#"   <entry>
      <title>{title}</title>
      <link href="{url}" rel="alternate" />
      <published>{published}</published>
      <updated>{published}</updated>
      <author>
         <name>{author}</name>
      </author>
      <id>{url}</id>
      <summary type="html">{summary}</summary>
   </entry>
"#,
        title = escaped(post.title()),
        url = escaped(&post.url()),
        published = rfc3339(published(post)),
        author = escaped(&post.author.full_name()),
        summary = escaped(&post.summary),
    );
}

fn sitemap(posts: &[PostParts]) -> String {
    let mut xml = format!(
        r#"{DECLARATION}
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.sitemaps.org/schemas/sitemap/0.9 http://www.sitemaps.org/schemas/sitemap/0.9/sitemap.xsd">
"#
    );
    for post in posts {
        let changed = post.version.updated.format("%Y-%m-%d");
        // Writing to a String cannot fail.
        let _ = writeln!(xml, "  <url><loc>{}</loc><lastmod>{changed}</lastmod></url>", escaped(&post.url()));
    }
    xml.push_str("</urlset>\n");
    xml
}

fn published(post: &PostParts) -> Moment {
    post.version.published.unwrap_or(post.version.updated)
}

fn rfc822(moment: Moment) -> String {
    moment.format("%a, %d %b %Y %H:%M:%S +0000")
}

fn rfc3339(moment: Moment) -> String {
    moment.to_string().replace('Z', "+00:00")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in allowed(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Without the control characters that no XML document may hold, however written.
fn allowed(text: &str) -> String {
    let fits = |c: &char| match c {
        '\t' | '\n' | '\r' => true,
        other => *other >= ' ' && !matches!(other, '\u{fffe}' | '\u{ffff}'),
    };
    text.chars().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::{escaped, rfc822, rfc3339};
    use crate::content::moment::Moment;

    #[test]
    fn times_are_written_as_each_format_wants() {
        let moment = Moment::parse("2025-03-01T09:05:00.12Z").expect("a moment");
        assert_eq!(rfc822(moment), "Sat, 01 Mar 2025 09:05:00 +0000");
        assert_eq!(rfc3339(moment), "2025-03-01T09:05:00.120000+00:00");
    }

    #[test]
    fn text_becomes_safe_xml() {
        assert_eq!(escaped("a<b> & \"c\"\u{1}"), "a&lt;b&gt; &amp; &quot;c&quot;");
    }
}
