//! Infrastructure code, one module for each tool. What it means takes all files of a stack, and is said by the extractor.

mod pulumi;
mod terraform;

use crate::facts::read::Reader;

/// The readers of infrastructure code.
pub static READERS: &[Reader] = &[
    Reader { name: "Terraform", wants: terraform::wants, read: terraform::read },
    Reader { name: "Pulumi YAML", wants: pulumi::wants, read: pulumi::read },
];
