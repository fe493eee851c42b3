//! The `rota` command.

fn main() -> std::process::ExitCode {
    rota_cli::main()
}
