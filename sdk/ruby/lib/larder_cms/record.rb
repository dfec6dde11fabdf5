# frozen_string_literal: true

module LarderCMS
  # A JSON object whose members are read as methods, as in the official SDK: `post.author.first_name`. A member with a name
  # that every object has, such as `class`, is read with brackets: `fields[:class]`.
  class Record
    # Whatever a JSON value is: objects become records, also in lists.
    def self.of(value)
      case value
      when Hash then new(value)
      when Array then value.map { |one| of(one) }
      else value
      end
    end

    def initialize(object)
      @object = object
      @members = object.transform_values { |value| Record.of(value) }
    end

    # nil for what is not there.
    def [](name) = @members[name.to_s]

    def dig(name, *more)
      value = self[name]
      value.nil? || more.empty? ? value : value.dig(*more)
    end

    def each_pair(&) = @members.each_pair(&)

    # The JSON object, with texts as keys.
    def to_h = @object

    def ==(other) = other.is_a?(Record) && to_h == other.to_h

    def inspect = "#<#{self.class} #{@object.inspect}>"

    def respond_to_missing?(name, include_private = false) = @members.key?(name.to_s) || super

    def method_missing(name, *arguments)
      return super unless arguments.empty? && !name.end_with?("=", "?", "!")

      # nil for what is not there, as in the official SDK.
      @members[name.to_s]
    end
  end
end
