# frozen_string_literal: true

require_relative "lib/larder_cms/version"

Gem::Specification.new do |spec|
  spec.name = "larder-cms"
  spec.version = LarderCMS::VERSION
  spec.summary = "Client for larder and ButterCMS that keeps a site up while its CMS is down"
  spec.description = "Reads content from larder and from ButterCMS with retries, failover to standbys and copies of answers " \
                     "in memory, files or Redis. Methods and answers are those of the official buttercms-ruby."
  spec.authors = ["The larder authors"]
  spec.licenses = ["MIT", "Apache-2.0"]
  spec.required_ruby_version = ">= 3.1"
  spec.files = Dir["lib/**/*.rb", base: __dir__] + %w[README.md LICENSE]
  spec.require_paths = ["lib"]
  spec.metadata["rubygems_mfa_required"] = "true"
end
