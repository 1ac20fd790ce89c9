//! The binary: hands the arguments to the library and turns its answer into an exit status.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    vibecheck::cli::main()
}
