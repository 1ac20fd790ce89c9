//! What keeps rows, as files say that are no code: schemas of Prisma, rules of Firebase.

pub mod firebase;
pub mod model;
pub mod prisma;
