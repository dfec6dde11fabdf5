# frozen_string_literal: true

require "digest"
require "fileutils"
require "securerandom"

module LarderCMS
  # Copies in files: they outlive the process, and processes share them.
  class FileStore
    # The oldest files are looked for at every so many writes.
    TIDY_EVERY = 100

    def initialize(folder, files = 5000)
      @folder = folder.to_s
      @files = files
      @writes = 0
    end

    def get(key)
      written, _, text = File.binread(file(key)).partition("\n")
      text.force_encoding(Encoding::UTF_8) if written == Digest::SHA256.hexdigest(text)
    rescue Errno::ENOENT
      nil
    end

    def set(key, text, _max_age)
      FileUtils.mkdir_p(@folder)
      file = file(key)
      # Renamed when whole, so that nobody reads half of it and a full disk leaves what was there.
      draft = "#{file}.#{SecureRandom.hex}.tmp"
      begin
        File.binwrite(draft, "#{Digest::SHA256.hexdigest(text)}\n#{text}")
        File.rename(draft, file)
      rescue SystemCallError
        FileUtils.rm_f(draft)
        raise
      end
      @writes += 1
      tidy if (@writes % TIDY_EVERY).zero?
    end

    def delete(key)
      File.unlink(file(key))
    rescue Errno::ENOENT
      nil
    end

    private

    def file(key) = File.join(@folder, "#{Digest::SHA256.hexdigest(key)}.json")

    # Removes the oldest files, and drafts of processes that ended while writing.
    def tidy
      files = Dir.children(@folder).map { |name| File.join(@folder, name) }
      files.sort_by { |file| -time(file) }.drop(@files).each { |file| FileUtils.rm_f(file) }
    end

    def time(file)
      File.mtime(file).to_f
    rescue Errno::ENOENT
      # Another process removed it meanwhile.
      0.0
    end
  end
end
