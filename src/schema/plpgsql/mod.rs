//! PL/pgSQL: blocks are run as far as they depend on the catalogue and not on data.
//!
//! The parser of SQL does not read all of the language (`select … into strict` is beyond it), so blocks are cut into
//! statements here, and each piece of SQL in them is given to the parser by itself.

mod aggregate;
mod body;
mod calls;
mod conditions;
mod doubt;
mod eval;
mod functions;
mod information;
mod loops;
mod parse;
mod parse_sql;
mod query;
mod reader;
mod run;
mod sources;
mod tokens;
mod value;

use parse::block;
