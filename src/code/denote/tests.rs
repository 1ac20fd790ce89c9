//! Small repositories, and what names in them stand for.
