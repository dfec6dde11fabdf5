# frozen_string_literal: true

module LarderCMS
  VERSION = "0.1.0"
end
