# frozen_string_literal: true

# Reads content from larder and from ButterCMS, and keeps a site up when they are down: it retries, goes over to standbys,
# and answers from copies. docs/clients/behaviour.md is exact about it.
module LarderCMS
end

require_relative "larder_cms/version"
require_relative "larder_cms/clock"
require_relative "larder_cms/errors"
require_relative "larder_cms/question"
require_relative "larder_cms/memory_store"
require_relative "larder_cms/file_store"
require_relative "larder_cms/redis_store"
require_relative "larder_cms/settings"
require_relative "larder_cms/copies"
require_relative "larder_cms/servers"
require_relative "larder_cms/cancel"
require_relative "larder_cms/http"
require_relative "larder_cms/flights"
require_relative "larder_cms/asking"
require_relative "larder_cms/record"
require_relative "larder_cms/resources"
require_relative "larder_cms/client"
