# frozen_string_literal: true

require_relative "larder_cms"
require_relative "larder_cms/butter_cms"
