//! A site of one list and its posts, for the test that kills its CMS; tests/clients/README.md says what it must do.

use larder_cms::{Client, Error, Kind};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

async fn page(client: &Client, path: &str) -> Result<String, Error> {
    if let Some(slug) = path.strip_prefix("/posts/") {
        let post = client.posts().retrieve(slug, &[]).await?;
        return Ok(post.json["data"]["title"].as_str().unwrap_or_default().to_owned());
    }
    let posts = client.posts().list(&[("exclude_body", "true")]).await?;
    let slugs = posts.json["data"].as_array().into_iter().flatten().filter_map(|post| post["slug"].as_str());
    Ok(slugs.collect::<Vec<_>>().join("\n"))
}

async fn serve(client: Client, mut connection: TcpStream) -> std::io::Result<()> {
    let (reading, mut writing) = connection.split();
    let mut lines = BufReader::new(reading).lines();
    while let Some(first) = lines.next_line().await? {
        while lines.next_line().await?.is_some_and(|line| !line.is_empty()) {}
        let (status, text) = match page(&client, first.split(' ').nth(1).unwrap_or_default()).await {
            Ok(text) => (200, text),
            Err(error) if error.kind == Kind::NotFound => (404, error.to_string()),
            Err(error) => (500, error.to_string()),
        };
        let answer = format!("HTTP/1.1 {status} Status\r\nContent-Length: {}\r\n\r\n{text}", text.len());
        writing.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&std::env::var("LARDER_TOKEN")?).build()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(serve(client.clone(), connection));
        }
    });
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    Ok(())
}
