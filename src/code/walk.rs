//! Going through statements and expressions.
