//! What keeps rows, as files say that are no code: schemas of Prisma.

pub mod model;
pub mod prisma;
