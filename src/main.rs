//! The `larder` command; everything is in the library.

fn main() -> std::process::ExitCode {
    larder::cli::run()
}
