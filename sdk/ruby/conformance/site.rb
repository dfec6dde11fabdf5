# frozen_string_literal: true

# A site of one list and its posts, for the test that kills its CMS; tests/clients/README.md says what it must do.

require "socket"
require_relative "../lib/larder-cms"

ButterCMS.logger = Logger.new($stderr)
ButterCMS.api_token = ENV.fetch("LARDER_TOKEN")

def page(path)
  slug = path[%r{\A/posts/(.+)\z}, 1]
  return [200, ButterCMS::Post.find(slug).title] if slug

  [200, ButterCMS::Post.all(exclude_body: true).map(&:slug).join("\n")]
rescue ButterCMS::NotFound => error
  [404, error.message]
rescue StandardError => error
  [500, error.full_message(highlight: false)]
end

def serve(connection)
  while (first = connection.gets)
    nil until connection.gets.to_s.strip.empty?
    status, text = page(first.split[1])
    connection.write("HTTP/1.1 #{status} Status\r\nContent-Length: #{text.bytesize}\r\n\r\n#{text}")
  end
rescue SystemCallError
  # The visitor has gone.
ensure
  connection.close
end

server = TCPServer.new("127.0.0.1", 0)
Thread.new { loop { Thread.new(server.accept) { |connection| serve(connection) } } }
puts "http://127.0.0.1:#{server.addr[1]}"
$stdout.flush
$stdin.read
