# frozen_string_literal: true

require "net/http"
require "openssl"
require "uri"
require "zlib"

module LarderCMS
  # What a server answered, whatever it is. Names of headers are in lower case.
  Reply = Struct.new(:status, :headers, :body) do
    # Its JSON object; nil when it is none.
    def object
      return @object if defined?(@object)

      @object = Spelling.object(body)
    end
  end

  # Requests over connections that are kept.
  class Http
    # Connections that wait for their next request, for each server; more are closed after use.
    IDLE = 10

    # What goes wrong below.
    FAULTS = [
      SystemCallError, SocketError, IOError, Timeout::Error, OpenSSL::SSL::SSLError, Net::ProtocolError,
      Net::HTTPBadResponse, Net::HTTPHeaderSyntaxError, Zlib::Error, ArgumentError, URI::Error
    ].freeze

    def initialize
      @idle = Hash.new { |all, origin| all[origin] = [] }
      @lock = Mutex.new
    end

    # One request with its whole answer, within `limit` seconds. It has a thread of its own, which is ended when time is up
    # or `cancel` is cancelled: what drips is cut off too, and looking up a host name, which cannot be ended, is left alone.
    def send(method, url, headers, body, limit, cancel)
      thread = Thread.new { exchange(method, URI(url), headers, body, limit) }
      thread.report_on_exception = false
      in_time = cancel.listening(-> { thread.kill }) { thread.join(limit) }
      raise Cancelled, "The call was cancelled" if cancel.cancelled?
      return thread.value if in_time

      raise TimeoutError, "No whole answer within #{limit.round(3)} s"
    rescue *FAULTS => problem
      raise NetworkError, "The server could not be reached: #{said(problem)}"
    ensure
      thread&.kill
    end

    private

    def exchange(method, uri, headers, body, limit)
      origin = [uri.scheme, uri.host, uri.port]
      # Said by hand, so that Net::HTTP leaves the decoding to us.
      headers = { "Accept-Encoding" => "gzip" }.merge(headers)
      # What waits is looked at by Net::HTTP itself before it is used again.
      connection = @lock.synchronize { @idle[origin].pop } || connect(uri)
      connection.open_timeout = connection.read_timeout = connection.write_timeout = limit
      kept = false
      reply = ask(connection, Net::HTTPGenericRequest.new(method, !body.nil?, true, uri.request_uri, headers), body)
      kept = keep(origin, connection)
      reply
    ensure
      close(connection) if connection && !kept
    end

    def connect(uri)
      connection = Net::HTTP.new(uri.host, uri.port)
      connection.use_ssl = uri.scheme == "https"
      # Trying again is decided elsewhere.
      connection.max_retries = 0
      connection.keep_alive_timeout = 30
      connection
    end

    def ask(connection, request, body)
      connection.start unless connection.started?
      began = false
      reply = nil
      connection.request(request, body) do |response|
        began = true
        response.read_body
        reply = Reply.new(response.code.to_i, response.to_hash.transform_values { |values| values.join(", ") }, text(response))
      end
      reply
    rescue *FAULTS => problem
      raise unless began

      raise BadAnswer, "The answer was cut off: #{said(problem)}"
    end

    # The whole text: Net::HTTP takes what there is before the connection ended for all of it.
    def text(response)
      body = response.body || +""
      raise EOFError, "it ends too early" if body.bytesize < (response.content_length || 0)

      body = Zlib.gunzip(body) if response["Content-Encoding"].to_s.casecmp?("gzip")
      body.force_encoding(Encoding::UTF_8)
    end

    def keep(origin, connection)
      return false unless connection.started?

      @lock.synchronize { @idle[origin].size < IDLE && @idle[origin].push(connection) && true }
    end

    def close(connection)
      connection.finish if connection.started?
    rescue *FAULTS
      # It is gone already.
    end

    def said(problem) = problem.message.empty? ? problem.class.name : problem.message
  end
end
