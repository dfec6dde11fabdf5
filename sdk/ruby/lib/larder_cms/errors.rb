# frozen_string_literal: true

module LarderCMS
  # What a call can fail with; docs/clients/behaviour.md says when each is raised. This is the base of all of them.
  class Error < StandardError
    # The answer's status, nil without one.
    attr_reader :status
    # The error's JSON as the server sent it, nil without one.
    attr_reader :body
    # With names in lower case.
    attr_reader :headers
    # How many requests were made for the call.
    attr_accessor :tries

    class << self
      # The kind's name in logs, the same in all of larder's SDKs.
      attr_accessor :kind
    end
    self.kind = "error"

    def initialize(message = nil, status: nil, body: nil, headers: {})
      super(message)
      @status = status
      @body = body
      @headers = headers
      @tries = 0
    end

    def kind = self.class.kind

    # What the server said about it.
    def detail
      detail = @body && @body["detail"]
      detail if detail.is_a?(String)
    end

    # Whether the server is healthy and does not answer the question.
    def refusal? = !status.nil? && !Error.ill?(status) && !is_a?(BadAnswer)

    # Whether a status says that the server, not the question, is at fault.
    def self.ill?(status) = status >= 500 || [408, 429].include?(status)

    # The error of an answer that is not a success.
    def self.of(reply)
      status, body = reply.status, reply.object
      if body.nil? && !ill?(status)
        return BadAnswer.new("The answer is not a JSON object (#{status})", status: status, headers: reply.headers)
      end

      kind = KINDS.fetch(status) { ill?(status) ? ServerError : BadRequest }
      said = (body || {}).map { |name, value| "#{name}: #{value}" }.join("; ")
      said = "The server failed" if said.empty?
      kind.new("#{said} (#{status})", status: status, body: body, headers: reply.headers)
    end
  end

  {
    BadRequest: "bad_request", Unauthorized: "unauthorized", Forbidden: "forbidden", NotFound: "not_found",
    RateLimited: "rate_limited", ServerError: "server_error", NetworkError: "network", BadAnswer: "bad_answer",
    TimeoutError: "timeout", Cancelled: "cancelled"
  }.each { |name, kind| const_set(name, Class.new(Error)).kind = kind }

  KINDS = {
    401 => Unauthorized, 403 => Forbidden, 404 => NotFound, 408 => ServerError, 410 => NotFound, 429 => RateLimited
  }.freeze
  private_constant :KINDS
end
