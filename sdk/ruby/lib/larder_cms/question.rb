# frozen_string_literal: true

require "json"

module LarderCMS
  # How a question is spelled: in the request, and in the key of its copy.
  module Spelling
    module_function

    # `/posts/jam/` of `["posts", "jam"]`.
    def path(parts)
      raise BadRequest, "#{parts.join("/")} is not a path" if parts.include?(".") || parts.include?("..")

      "/#{parts.map { |part| "#{escape(part)}/" }.join}"
    end

    # `?a=1&b=2`, sorted, so that one question has one spelling; empty without parameters.
    def query(params)
      pairs = params.compact.sort.map { |name, value| "#{escape(name)}=#{escape(value)}" }
      pairs.empty? ? "" : "?#{pairs.join("&")}"
    end

    def escape(value)
      value.to_s.encode(Encoding::UTF_8).b.gsub(/[^A-Za-z0-9\-._~]/n) { |byte| format("%%%02X", byte.ord) }
    end

    def on?(value) = %w[1 true].include?(value.to_s.downcase)

    # 32-bit FNV-1a, as 8 hex digits: tells sites in one store apart without giving the token away.
    def hash(text)
      value = text.each_byte.reduce(0x811c9dc5) { |sum, byte| ((sum ^ byte) * 0x01000193) & 0xffffffff }
      format("%08x", value)
    end

    # The object a text is in JSON; nil for everything else.
    def object(text)
      value = JSON.parse(text)
      value if value.is_a?(Hash)
    rescue JSON::ParserError, EncodingError
      nil
    end
  end

  # What a read asks. `text` is path and query below `/v2`, without the token; `key` is nil for previews, which have no
  # copies.
  Question = Struct.new(:text, :key, :timeout, :try_timeout, :retries)
end
